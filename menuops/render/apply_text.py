"""How an apply ended, as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from menuops.core.applied import AccountResult, Applied, StepOutcome, StepResult
from menuops.core.commands import Commands
from menuops.core.errors import MenuopsError
from menuops.core.outcome import Outcome
from menuops.core.steps import DeleteConditional
from menuops.render.called import called
from menuops.render.language.speech import listed, said
from menuops.render.terminal import Paint, Style, count, pad, safe

_STYLES: Final[dict[StepOutcome, Style]] = {
    "done": "added",
    "failed": "removed",
    "unknown": "warned",
    "not_tried": "dim",
}


def apply_text(applied: Applied, commands: Commands | None = None, *, colour: bool = False) -> str:
    """Render what was done to each account, and the commands that go on and back.

    Ends in a line that says how it came out.
    """
    lines = _lines(applied, commands or Commands(), Paint(colour=colour))
    return "\n".join(lines) + "\n"


def step_line(result: StepResult, number: int, of: int, paint: Paint) -> str:
    """Render one call: `done       1/3  menu/create default`."""
    step = result.step
    menuid = step.menuid if isinstance(step, DeleteConditional) else result.menuid
    word = paint(pad(said(result.outcome.replace("_", " ")), 9), _STYLES[result.outcome])
    notes = [f"menuid {safe(menuid)}"] if menuid else []
    notes += ["found done by reading the account"] if result.found else []
    note = f"   {listed(notes)}" if notes else ""
    return f"  {word}  {number}/{of}  {step.CALL} {called(step.menu)}{note}"


def _lines(applied: Applied, commands: Commands, paint: Paint) -> Iterator[str]:
    for account in applied.accounts:
        yield from _account(account, paint)
    if applied.run is not None:
        yield ""
        yield said(f"Run     {applied.run}")
    yield from map(said, _ways_on(applied, commands))
    yield from map(said, _verdict(applied))


def _ways_on(applied: Applied, commands: Commands) -> Iterator[str]:
    """Name the command that finishes, that for what was left out, and that which goes back."""
    left_out = [each for each in applied.accounts if _is_left_out(each)]
    moved = [each for each in applied.accounts if each.differs]
    rest = [
        each
        for each in applied.accounts
        if not each.is_whole and not _is_left_out(each) and not each.differs
    ]
    touched = [each for each in applied.accounts if each.is_touched and each.snapshot]
    if applied.run is not None and rest:
        yield f"Finish  {commands.resume(applied.run)}"
    if left_out:
        yield f"Rest    {commands.plan(each.name for each in left_out)}"
    if moved:
        yield f"Look    {commands.plan(each.name for each in moved)}"
    if applied.run is not None and touched:
        names = [each.back or each.snapshot or "" for each in touched]
        of_one_run = len({name.partition("/")[0] for name in names}) == 1
        if len(names) > 1 and of_one_run:
            lifts = dict.fromkeys(lift for each in touched for lift in each.undo)
            yield f"Undo    {commands.restore(names[0].partition('/')[0], lifts)}"
            return
        for name, each in zip(names, touched, strict=True):
            yield f"Undo    {commands.restore(name, each.undo)}"


def _is_left_out(account: AccountResult) -> bool:
    return account.error is not None and account.snapshot is None


def _account(account: AccountResult, paint: Paint) -> Iterator[str]:
    head = f"{paint(safe(account.name), 'bold')}   {account.appid}"
    if account.is_whole and not account.steps:
        yield f"{head}   {said('as the plan wants it, nothing to do')}"
        return
    before = said(f"   snapshot {safe(account.snapshot)}") if account.snapshot else ""
    if _is_left_out(account):
        yield f"{head}   {said('left as it is')}"
        yield from _error(account.error)
        return
    yield f"{head}   {said(account.outcome)}{before}"
    for number, result in enumerate(account.steps, 1):
        yield step_line(result, number, len(account.steps), paint)
        if result.error is not None and result.error is not account.error:
            yield f"             {said(safe(result.error.message))}"
            if result.error.fix:
                yield said(f"             fix: {safe(result.error.fix)}")
    if account.outcome == "done":
        yield said("  read back: as planned")
    if account.differs:
        yield paint(said("  read back: not as planned, at"), "warned")
        for place in account.differs:
            yield f"    {said(safe(place))}"
    yield from _error(account.error)


def _error(error: MenuopsError | None) -> Iterator[str]:
    if error is None:
        return
    for line in said(error.message).splitlines():
        yield f"  {safe(line)}"
    for line in error.fix.splitlines():
        yield said(f"  fix: {safe(line)}")


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
        case Outcome.PARTIAL | Outcome.UNKNOWN:
            if all(step.outcome == "done" for step in steps):
                yield "All calls were made, but what is live isn't what was planned, or not known."
            else:
                yield f"Partly applied: {listed}."
        case _:
            yield "Nothing was written."
