"""The file of the keys that an account's bot answers: `click_keys` of the project file."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from menuops.core.finding import Finding
from menuops.core.keys import wanted_keys
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.encoding import NotText, decode
from menuops.files.menu_file import LoadedMenu
from menuops.files.wording import did_you_mean, named

KEYS_BYTES: Final = 1024 * 1024


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
        found = []
        for path, key in wanted_keys(loaded.menu):
            if not self.answers(key):
                place = loaded.place(path)
                hint = did_you_mean(key, self.keys) or "; add it there, or mend the key"
                message = (
                    f"the bot of {account} answers no key {named(key)}, says {self.file}{hint}"
                )
                found.append(
                    Finding(
                        menu_file, place.line, place.column, "unanswered-key", "error", message
                    )
                )
        return found


def read_click_keys(path: Path, shown_as: str) -> ClickKeys:
    """Read a key from each line; blanks around it and lines that begin with `#` don't count.

    Raises nothing: what is wrong is among the findings.
    """
    try:
        raw = read_bytes(path, KEYS_BYTES)
        if len(raw) > KEYS_BYTES:
            what = f"the file has more than {KEYS_BYTES:,} bytes"
            return _refused(shown_as, 1, 1, "too-large", what)
        lines = decode(raw).splitlines()
    except Unreadable as exc:
        return _refused(shown_as, 1, 1, "unreadable", str(exc))
    except NotText as exc:
        return _refused(shown_as, exc.place.line, exc.place.column, exc.rule, exc.message)
    words = [word for line in lines if (word := line.strip()) and not word.startswith("#")]
    patterns = tuple(word for word in words if "*" in word)
    return ClickKeys(shown_as, frozenset(words) - set(patterns), patterns)


def _refused(file: str, line: int, column: int, rule: str, message: str) -> ClickKeys:
    return ClickKeys(file, findings=(Finding(file, line, column, rule, "error", message),))
