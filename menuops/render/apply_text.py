"""How an apply ended, as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from menuops.core.applied import AccountResult, Applied, StepOutcome, StepResult
from menuops.core.outcome import Outcome
from menuops.core.steps import DeleteConditional
from menuops.render.terminal import Paint, Style, count, pad, safe

_STYLES: Final[dict[StepOutcome, Style]] = {
    "done": "added",
    "failed": "removed",
    "unknown": "warned",
    "not_tried": "dim",
}


def apply_text(applied: Applied, *, colour: bool = False) -> str:
    """Render what was done to each account; ends in a line that says how it came out."""
    paint = Paint(colour=colour)
    return "\n".join(_lines(applied, paint)) + "\n"


def step_line(result: StepResult, number: int, of: int, paint: Paint) -> str:
    """Render one call: `done       1/3  menu/create default`."""
    step = result.step
    menuid = step.menuid if isinstance(step, DeleteConditional) else result.menuid
    word = paint(pad(result.outcome.replace("_", " "), 9), _STYLES[result.outcome])
    notes = [f"menuid {safe(menuid)}"] if menuid else []
    notes += ["found done by reading the account"] if result.found else []
    note = f"   {', '.join(notes)}" if notes else ""
    return f"  {word}  {number}/{of}  {step.CALL} {safe(step.menu)}{note}"


def _lines(applied: Applied, paint: Paint) -> Iterator[str]:
    for account in applied.accounts:
        yield from _account(account, paint)
    if applied.run is not None:
        yield ""
        yield f"Run     {applied.run}"
    yield from _verdict(applied)


def _account(account: AccountResult, paint: Paint) -> Iterator[str]:
    head = f"{paint(safe(account.name), 'bold')}   {account.appid}"
    if not account.steps:
        yield f"{head}   as the plan wants it, nothing to do"
        return
    before = f"   snapshot {safe(account.snapshot)}" if account.snapshot else ""
    yield f"{head}   {account.outcome}{before}"
    for number, result in enumerate(account.steps, 1):
        yield step_line(result, number, len(account.steps), paint)
        if result.error is not None:
            yield f"             {safe(result.error.message)}"
            if result.error.fix:
                yield f"             fix: {safe(result.error.fix)}"
    if account.outcome == "done":
        yield "  read back: as planned"
    if account.differs:
        yield paint("  read back: not as planned, at", "warned")
        for place in account.differs:
            yield f"    {safe(place)}"
    if account.error is not None:
        yield f"  {safe(account.error.message)}"


def _verdict(applied: Applied) -> Iterator[str]:
    steps = [step for account in applied.accounts for step in account.steps]
    numbers = {word: sum(step.outcome == word for step in steps) for word in _STYLES}
    listed = ", ".join(f"{number} {word.replace('_', ' ')}" for word, number in numbers.items())
    match applied.outcome:
        case Outcome.NO_CHANGES:
            yield "Nothing left to do: no call was needed."
        case Outcome.DONE:
            done = sum(account.outcome == "done" for account in applied.accounts)
            yield "Seen    when a follower next opens the chat, after about 5 minutes; at once"
            yield "        after unfollow and follow"
            yield f"Applied {count(numbers['done'], 'call')} on {count(done, 'account')}."
        case Outcome.INTERRUPTED | Outcome.TERMINATED:
            yield f"Interrupted after the call in flight: {listed}."
            yield "To see what is left and finish: menuops plan, then menuops apply"
        case _:
            if all(step.outcome == "done" for step in steps):
                yield "All calls were made, but what is live isn't what was planned, or not known."
            else:
                yield f"Partly applied: {listed}."
            yield "To see what is live and what is left: menuops plan; to finish: menuops apply"
