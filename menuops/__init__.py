"""Custom menus of WeChat Official Accounts as code.

As a library: `plan = menuops.plan("dir")`, look at it, `menuops.apply(plan, "dir")`. Both are
imported at first use, so that `import menuops` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from menuops.run.library import apply, plan

__all__ = ["__version__", "apply", "plan"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in ("apply", "plan"):
        from menuops.run import library

        return getattr(library, name)
    raise AttributeError(f"module 'menuops' has no attribute {name!r}")
