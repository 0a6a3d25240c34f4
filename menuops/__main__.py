"""The command `menuops`, also as `python -m menuops`."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Final

_INTERRUPTED: Final = (130, 143)


def main() -> int:
    """Run the command line; gives the exit code."""
    if sys.argv[1:] == ["--version"] and sys.stdout is not None:
        # Asked by scripts more often than all else; needs no command-line parser.
        import menuops

        sys.stdout.write(f"menuops {menuops.__version__}\n")
        return 0
    from menuops.cli.main import run

    code = run(sys.argv[1:])
    if code in _INTERRUPTED:
        # Python would wait for the threads that still read; all that counts is on disk.
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
