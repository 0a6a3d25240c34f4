"""The checks of `doctor`, as text and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any, Final

from menuops.core.check import Check, Status, outcome_of, tally
from menuops.core.document import FORMAT_VERSION
from menuops.core.outcome import Outcome
from menuops.render.language.speech import enumerated, labelled, said
from menuops.render.terminal import Paint, Style, cells, count, pad, safe, wrap

WIDTH: Final = 80
_MARK: Final = 9
"""Cells of the longest status and two blanks: `warning  `."""
_WORD: Final = 8
_STYLES: Final[dict[Status, Style]] = {
    "ok": "added",
    "warning": "warned",
    "failed": "removed",
    "skipped": "dim",
}


@dataclass(frozen=True, slots=True)
class NextCommands:
    """What to type next, whole: after checks that passed, and after mending what failed."""

    plan: str = "menuops plan"
    doctor: str = "menuops doctor"


def doctor_text(
    checks: Sequence[Check],
    *,
    colour: bool = False,
    everything: bool = False,
    next_commands: NextCommands | None = None,
) -> str:
    """Render what all accounts share, a line for each account that is well, and the others.

    Those come last, where they are seen, with the checks that aren't ok; `everything` lists each
    check of each account. Ends in a line that says how it came out and what to type next.
    """
    view = _View(Paint(colour=colour), everything=everything)
    lines = view.lines(checks)
    return "\n".join([*lines, "", said(_verdict(checks, next_commands or NextCommands()))]) + "\n"


class _View:
    def __init__(self, paint: Paint, *, everything: bool) -> None:
        self._paint = paint
        self._everything = everything

    def lines(self, checks: Sequence[Check]) -> Iterator[str]:
        accounts = by_account(checks)
        machine = accounts.pop(None, [])
        yield self._paint(said("This machine"), "bold")
        for check in machine:
            yield from self._check(check)
        well = {} if self._everything else {n: c for n, c in accounts.items() if _is_well(c)}
        if well:
            yield ""
            yield from self._in_a_line(well)
        for name, found in accounts.items():
            if name not in well:
                yield ""
                yield self._paint(safe(name or ""), "bold")
                yield from self._details(found)

    def _in_a_line(self, well: dict[str | None, list[Check]]) -> Iterator[str]:
        width = max(cells(safe(name or "")) for name in well)
        for name, found in well.items():
            mark = self._paint(said("ok"), _STYLES["ok"])
            yield f"{pad(safe(name or ''), width)}  {mark}  {said(safe(_gist(found)))}"

    def _details(self, found: Sequence[Check]) -> Iterator[str]:
        shown = found if self._everything else [each for each in found if each.status != "ok"]
        for _, alike in groupby(shown, key=_key):
            first, *others = alike
            if others:
                words = enumerated(each.check for each in (first, *others))
                yield f"  {self._mark(first.status)}{labelled(words, safe(first.message))}"
            else:
                yield from self._check(first)

    def _check(self, check: Check) -> Iterator[str]:
        head = f"  {self._mark(check.status)}{pad(check.check, _WORD)}"
        indent = " " * (2 + _MARK + _WORD)
        first, *rest = _wrapped(check.message)
        yield f"{head}{first}"
        fixes = f"fix: {check.fix}".split("\n") if check.fix else []
        for line in (*rest, *chain.from_iterable(map(_wrapped, fixes))):
            yield f"{indent}{line}"

    def _mark(self, status: Status) -> str:
        word = said(status)
        return self._paint(word, _STYLES[status]) + " " * (_MARK - cells(word))


def by_account(checks: Iterable[Check]) -> dict[str | None, list[Check]]:
    """Sort checks by their account, in their order; None is what all accounts share."""
    found: dict[str | None, list[Check]] = {}
    for check in checks:
        found.setdefault(check.account, []).append(check)
    return found


def _is_well(found: Sequence[Check]) -> bool:
    return all(check.status == "ok" for check in found)


def _gist(found: Sequence[Check]) -> str:
    """Choose what one line says of an account: its token, or why it needs none."""
    return next((each for each in found if each.check == "token"), found[0]).message


def _key(check: Check) -> tuple[Any, ...]:
    """Give alike keys to skipped checks with one reason; all others stand alone."""
    return ("skipped", check.message) if _is_bare(check) else (check.check,)


def _is_bare(check: Check) -> bool:
    return check.status == "skipped" and not check.fix


def _wrapped(text: str) -> list[str]:
    """Break a text into lines; what stands in backquotes is typed, so it stays in one.

    Lines of an item, which begins with `- `, stand below its text.
    """
    dash = "- " if text.startswith("- ") else ""
    text = said(safe(text.removeprefix(dash)))
    whole = re.sub(r"`[^`]*`", lambda found: found.group().replace(" ", "\xa0"), text)
    lines = wrap(whole, WIDTH - 2 - _MARK - _WORD - len(dash))
    shown = [line.replace("\xa0", " ") for line in lines]
    return [f"{' ' * len(dash) if number else dash}{line}" for number, line in enumerate(shown)]


def _verdict(checks: Sequence[Check], following: NextCommands) -> str:
    counted = tally(checks)
    beside = [count(counted["warning"], "warning")] if counted["warning"] else []
    if outcome_of(checks) is not Outcome.DONE:
        said = ", ".join([failures(checks), *beside])
        return f"{said}. Mend that, then: {following.doctor}"
    if counted["skipped"]:
        beside.append(f"{counted['skipped']} skipped")
    said = ", ".join(["No check failed", *beside]) if beside else "All is well"
    # A plan needs the menu files, which are read for their tags first.
    unread = [check for check in checks if check.check == "tags" and check.status == "skipped"]
    if any(check.fix for check in unread):
        return f"{said}. Mend that, then: {following.plan}"
    return f"{said}. Next: {following.plan}"


def failures(checks: Sequence[Check]) -> str:
    """Say how much failed: `2 checks of 1 account failed`."""
    failed = [check for check in checks if check.status == "failed"]
    accounts = {check.account for check in failed if check.account is not None}
    number = count(len(failed), "check")
    if not accounts:
        return f"{number} failed"
    where = count(len(accounts), "account")
    if any(check.account is None for check in failed):
        return f"{number} of this machine and {where} failed"
    return f"{number} of {where} failed"


def doctor_to_json(
    checks: Sequence[Check], next_commands: NextCommands | None = None
) -> dict[str, Any]:
    """Give `{outcome, checks: [{account, check, status, message, fix}], error?}`.

    `account` is null for what all accounts share; `fix` may be empty. `error` stands there where
    a check failed.
    """
    outcome = outcome_of(checks)
    document: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "outcome": outcome.word,
        "checks": [
            {
                "account": check.account,
                "check": check.check,
                "status": check.status,
                "message": check.message,
                "fix": check.fix,
            }
            for check in checks
        ],
    }
    if outcome is not Outcome.DONE:
        following = next_commands or NextCommands()
        document["error"] = {
            "code": "checks_failed",
            "message": failures(checks),
            "fix": f"mend what the failed checks name, then: {following.doctor}",
        }
    return document
