"""A statement about WeChat, and what comes of checking it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from .bench import Bench

Grade: TypeAlias = Literal["D", "O", "R", "I", "?"]
Verdict: TypeAlias = Literal["as stated", "differs", "settled", "couldn't tell"]

# What a fact needs that isn't done to a real account unless it is asked for by name.
Hazard: TypeAlias = Literal["classic-token", "wrong-secret", "tag-a-follower", "reserved-tags"]
HAZARDS: dict[Hazard, str] = {
    "classic-token": "GET token voids the one that a production server may hold",
    "wrong-secret": "a wrong AppSecret may count against the account's security",
    "tag-a-follower": "puts two tags on a follower for a moment",
    "reserved-tags": "asks to delete a tag that every account has",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen, and whether that is what is stated; a question has nothing to agree with."""

    seen: str
    agrees: bool = True


Check: TypeAlias = "Callable[[Bench], Finding]"


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of the reference.

    `section` is the reference's; `grade` its grade: D official documentation, O platform staff,
    R reported, I inferred, ? not established. `writes` is false where the account stays untouched
    whatever the server does.
    """

    name: str
    section: str
    grade: Grade
    statement: str
    check: Check
    writes: bool = True
    hazard: Hazard | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A fact with its verdict; `seen` holds the reason where nothing could be told."""

    fact: Fact
    verdict: Verdict
    seen: str


@dataclass(slots=True)
class Facts:
    """The facts of one part, in the order they are checked."""

    listed: list[Fact] = field(default_factory=list)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.listed)

    def stated(
        self, section: str, grade: Grade, statement: str, **options: Any
    ) -> Callable[[Check], Check]:
        """Take a check in, named by its function."""

        def taken(check: Check) -> Check:
            name = check.__name__.strip("_").replace("_", "-")
            self.listed.append(Fact(name, section, grade, statement, check, **options))
            return check

        return taken

    def question(self, section: str, statement: str, **options: Any) -> Callable[[Check], Check]:
        """Take in what the reference calls not established."""
        return self.stated(section, "?", statement, **options)

    def refused(
        self,
        name: str,
        section: str,
        grade: Grade,
        statement: str,
        body: Any,
        *codes: int,
        path: str = "menu/create",
    ) -> None:
        """Take in that a body is refused, with one of `codes`; with any number if there is none.

        `body` is a JSON value, or the bytes themselves.
        """

        def check(bench: Bench) -> Finding:
            found = bench.errcode(path, body, telling=codes)
            return Finding(said(found), found in codes if codes else found != 0)

        self.listed.append(Fact(name, section, grade, statement, check))


def said(errcode: int) -> str:
    """Put a number into words."""
    return f"errcode {errcode}" if errcode else "taken"
