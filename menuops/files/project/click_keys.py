"""The file of the keys that an account's bot answers: `click_keys` of the project file."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from menuops.core.finding import DataPath, Finding
from menuops.core.keys import wanted_keys
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.menu.menu_file import LoadedMenu
from menuops.files.reader.encoding import NotText, decode, lines_of
from menuops.files.reader.node import Node, place_at
from menuops.files.wording import did_you_mean, named

KEYS_BYTES: Final = 1024 * 1024
_FEW_KEYS: Final = 2000
"""Among more nobody looks for the nearest: it takes seconds."""


@dataclass(frozen=True, slots=True)
class ClickKeys:
    """The keys of a file, and those with a `*`, for any characters; or why it can't be read."""

    file: str
    keys: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def answers(self, key: str) -> bool:
        """Tell whether the bot knows a key."""
        return key in self.keys or any(
            fnmatchcase(key, pattern.replace("[", "[[]").replace("?", "[?]"))
            for pattern in self.patterns
        )

    def unanswered(self, loaded: LoadedMenu, menu_file: str, account: str) -> list[Finding]:
        """Find the keys of a menu without errors that the bot of an account doesn't answer."""
        assert loaded.menu is not None
        silent = [(path, key) for path, key in wanted_keys(loaded.menu) if not self.answers(key)]
        root = loaded.tree() if silent else None
        return [self._unanswered(root, path, key, menu_file, account) for path, key in silent]

    def _unanswered(
        self, root: Node | None, path: DataPath, key: str, menu_file: str, account: str
    ) -> Finding:
        assert root is not None  # it was read before, from the same text
        place = place_at(root, path)
        known = self.keys if len(self.keys) <= _FEW_KEYS else ()
        hint = did_you_mean(key, known) or "; add it there, or mend the key"
        message = f"the bot of {account} answers no key {named(key)}, says {self.file}{hint}"
        return Finding(menu_file, place.line, place.column, "unanswered-key", "error", message)


def read_click_keys(path: Path, shown_as: str) -> ClickKeys:
    r"""Read a key from each line; blanks around it and lines that begin with `#` don't count.

    `\#` begins a key that itself begins with `#`. Raises nothing: what is wrong is among the
    findings.
    """
    try:
        raw = read_bytes(path, KEYS_BYTES)
        if len(raw) > KEYS_BYTES:
            what = f"the file has more than {KEYS_BYTES:,} bytes"
            return _refused(shown_as, 1, 1, "too-large", what)
        lines = lines_of(decode(raw))
    except Unreadable as exc:
        return _refused(shown_as, 1, 1, "unreadable", str(exc))
    except NotText as exc:
        return _refused(shown_as, exc.place.line, exc.place.column, exc.rule, exc.message)
    words = [
        word.removeprefix("\\") if word.startswith("\\#") else word
        for line in lines
        if (word := line.strip()) and not word.startswith("#")
    ]
    patterns = tuple(word for word in words if "*" in word)
    return ClickKeys(shown_as, frozenset(words) - set(patterns), patterns)


def _refused(file: str, line: int, column: int, rule: str, message: str) -> ClickKeys:
    return ClickKeys(file, findings=(Finding(file, line, column, rule, "error", message),))
