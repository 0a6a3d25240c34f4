"""What was live before a run wrote: a file for each content, named after its hash.

STATE/snapshots/SHA256.json    both answers, as `menuops import --raw` has them

So `restore`, `plan --live` and `import --from` read it. The account is in it: no two share one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from menuops.core.document import FORMAT_VERSION
from menuops.core.plan import AccountRef
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.private import make_private, write_private
from menuops.state.unwritable import writing

_FRESH_S = 86400.0
"""A file that no journal names yet may belong to a run that is just about to name it."""
_GOING = ".going-"


class SnapshotLost(Exception):
    """A snapshot that isn't there any more, or isn't what was saved; the text says which."""


class Snapshots:
    """The directory of these files."""

    def __init__(self, root: Path) -> None:
        self.directory = root / "snapshots"

    def path(self, sha256: str) -> Path:
        """Name the file of a content."""
        return self.directory / f"{sha256}.json"

    def save(
        self, ref: AccountRef, menu: Mapping[str, Any] | None, selfmenu: Mapping[str, Any] | None
    ) -> str:
        """Keep both answers of an account as they came; gives the content's hash.

        It is on disk when this returns. Raises StateUnwritable.
        """
        answers = {
            "name": ref.name,
            "appid": ref.appid,
            "api": ref.api,
            "menu": menu,
            "selfmenu": selfmenu,
            "tags": None,
        }
        document = {"format_version": FORMAT_VERSION, "answers": [answers]}
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        # Half a surrogate, which a live name may hold, is written as JSON's own escape.
        content = text.encode("utf-8", "backslashreplace")
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        with writing(path.parent):
            make_private(path.parent)
        with writing(path):
            # Also where it is there already: it is then as fresh as the run that names it.
            write_private(path, content)
        return sha256

    def check(self, sha256: str) -> Path:
        """Give the file of a content that is whole. Raises SnapshotLost."""
        path = self.path(sha256)
        try:
            content = read_bytes(path, 64 * 1024 * 1024)
        except Unreadable as cause:
            raise SnapshotLost(f"{path}: {cause}") from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise SnapshotLost(f"{path} isn't what was saved: it was changed or damaged")
        return path

    def keep_only(self, named: Collection[str], now_s: float) -> None:
        """Drop what no journal names, but for what is fresh. What can't be dropped stays."""
        with suppress(OSError):
            for path in sorted(self.directory.glob("*.json")):
                if path.stem not in named and now_s - path.stat().st_mtime > _FRESH_S:
                    self._drop(path, now_s)

    def _drop(self, path: Path, now_s: float) -> None:
        # A run may save the same content at this very moment: taken aside, it can be looked at
        # once more, and what that run writes is another file.
        aside = path.with_name(f"{_GOING}{path.name}")
        with suppress(OSError):
            path.rename(aside)
            if now_s - aside.stat().st_mtime > _FRESH_S:
                aside.unlink()
            else:
                aside.rename(path)
