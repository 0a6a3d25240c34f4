"""Comments that silence a warning: `# menuops: ignore[name-cut]`.

It stands at the end of the line where the warning stands, or alone above it. Errors can't be
silenced; what a comment says in vain is a warning of its own.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from menuops.core.finding import IDLE_IGNORE, Finding, Place, errors_of
from menuops.files.capping import MOST_FINDINGS
from menuops.files.reader.comments import Comment, comments
from menuops.files.reader.encoding import lines_of
from menuops.files.reader.node import Node
from menuops.files.wording import did_you_mean, named

_OF_ACCOUNTS: Final = frozenset({"private-host", "oauth-appid"})
"""What is asked only of an account that isn't emulated."""
_COMMENT: Final = re.compile(r"#[ \t]*menuops:")
_IGNORE: Final = re.compile(r"#[ \t]*menuops:[ \t]*ignore\[([^\[\]]*)\]")
_NAME: Final = re.compile(r"[^,\s]+")
_FORM: Final = "write `# menuops: ignore[rule]`, or `ignore[one, two]`"


@dataclass(frozen=True, slots=True)
class _Ignore:
    """A rule that is silenced in a line, and where that is said."""

    rule: str
    line: int
    place: Place


@dataclass(frozen=True, slots=True)
class Silencer:
    """The comments of one file that silence something; `findings` is what is wrong with them."""

    file: str
    ignores: tuple[_Ignore, ...] = ()
    findings: tuple[Finding, ...] = ()
    _silenced: frozenset[tuple[str, int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        silenced = frozenset((ignore.rule, ignore.line) for ignore in self.ignores)
        object.__setattr__(self, "_silenced", silenced)

    def silences(self, finding: Finding) -> bool:
        """Tell whether a comment silences a finding of this file."""
        return finding.severity == "warning" and (finding.rule, finding.line) in self._silenced

    def applied(self, findings: Iterable[Finding], asked: Container[str]) -> tuple[Finding, ...]:
        """Leave out what is silenced; add what is wrong with the comments, and idle ones.

        Only a comment that names one of the rules `asked` can be idle. In a file with errors
        none is: a rule may not have come to its turn.
        """
        found = list(findings)
        own = list(self.findings)
        if not errors_of(found):
            there = {(finding.rule, finding.line) for finding in found}
            own += [
                self._idle(ignore)
                for ignore in self.ignores
                if ignore.rule in asked and (ignore.rule, ignore.line) not in there
            ]
        return tuple(sorted({each for each in (*found, *own) if not self.silences(each)}))

    def _idle(self, ignore: _Ignore) -> Finding:
        message = f"nothing is silenced by {named(ignore.rule)} here; delete it"
        return _finding(self.file, ignore.place, IDLE_IGNORE, message)


def read_silencer(text: str, root: Node, file: str) -> Silencer | None:
    """Read the comments of a file that silence something; None where there are none."""
    ignores: list[_Ignore] = []
    findings: list[Finding] = []
    spoken_of = _next_lines(lines_of(text))
    for comment in comments(text, root, _COMMENT):
        names = list(_names(comment))
        if not names:
            place = Place(comment.line + 1, comment.column + 1)
            findings.append(_finding(file, place, "ignore-form", _FORM))
        line = spoken_of[comment.line] if comment.alone else comment.line
        for name, place in names:
            ignores.append(_Ignore(name, line + 1, place))
            if len(findings) <= MOST_FINDINGS:  # to look for what was meant takes a while
                findings += _misnamed(file, name, place)
    return Silencer(file, tuple(ignores), tuple(findings)) if ignores or findings else None


def asked_of_menus(*, for_real: bool) -> frozenset[str]:
    """Name the warnings that are looked for in a menu file; `for_real`: of an account in use."""
    from menuops.core.rulebook import OF_MENU_FILES

    return OF_MENU_FILES if for_real else OF_MENU_FILES - _OF_ACCOUNTS


def _names(comment: Comment) -> Iterator[tuple[str, Place]]:
    ignore = _IGNORE.match(comment.text)
    for name in _NAME.finditer(ignore[1]) if ignore else ():
        assert ignore is not None
        yield name[0], Place(comment.line + 1, comment.column + ignore.start(1) + name.start() + 1)


def _next_lines(lines: list[str]) -> list[int]:
    """Say for each line of which one a comment alone in it speaks: the next that is no comment."""
    spoken_of = list(range(len(lines)))
    following: int | None = None
    for number in range(len(lines) - 1, -1, -1):
        spoken_of[number] = number if following is None else following
        inner = lines[number].strip()
        if inner and not inner.startswith("#"):
            following = number
    return spoken_of


def _misnamed(file: str, name: str, place: Place) -> Iterator[Finding]:
    from menuops.core.rulebook import RULEBOOK

    note = RULEBOOK.get(name)
    if note is None:
        hint = did_you_mean(name, RULEBOOK) or "; a finding ends with the name of its rule"
        message = f"no rule is called {named(name)}{hint}"
        yield _finding(file, place, "unknown-rule", message)
    elif note.severity == "error":
        message = f"{named(name)} is an error, and only warnings can be silenced; mend it"
        yield _finding(file, place, "useless-ignore", message)


def _finding(file: str, place: Place, rule: str, message: str) -> Finding:
    return Finding(file, place.line, place.column, rule, "warning", message)
