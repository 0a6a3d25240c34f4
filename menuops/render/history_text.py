"""The runs of the past, as text and as JSON, and what of them can't come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from menuops.core.commands import Commands
from menuops.core.document import FORMAT_VERSION
from menuops.core.run_record import (
    UNFINISHED,
    AccountRecord,
    RunRecord,
    finished_by,
    run_to_json,
)
from menuops.render.called import called
from menuops.render.language.speech import labelled, said
from menuops.render.local_time import local_time
from menuops.render.short_commit import short_commit
from menuops.render.terminal import Paint, Style, count, safe

_STYLES: Final[dict[str, Style]] = {"done": "added", "no_changes": "dim", UNFINISHED: "warned"}


def history_text(
    shown: Sequence[RunRecord],
    runs: Sequence[RunRecord],
    commands: Commands,
    *,
    colour: bool = False,
) -> str:
    """Render runs, newest first; `runs` are all that are known, of which `shown` are a part."""
    paint = Paint(colour=colour)
    if not shown:
        return said("No run is known on this machine.\n")
    blocks = ["\n".join(_run(run, runs, commands, paint)) for run in reversed(shown)]
    return "\n\n".join(blocks) + "\n"


def _run(
    run: RunRecord, runs: Sequence[RunRecord], commands: Commands, paint: Paint
) -> Iterator[str]:
    when = "at a time that isn't known" if run.started_at is None else local_time(run.started_at)
    cause = said(_cause(run))
    head = paint(run.run, "bold")
    actor = safe(run.actor) if run.actor else said("nobody knows who")
    yield f"{head}   {said(when)}   {actor}   {cause}"
    yield f"  {paint(said(_outcome(run)), _STYLES.get(run.outcome, 'removed'))}" + _origin(run)
    for account in run.accounts:
        yield from _account(run, account)
    later = finished_by(runs, run.run)
    if later is not None:
        yield said(f"  went on as {later.run}: {later.outcome}")
    elif not run.is_whole and not run.damage:
        yield said(f"  Finish  {commands.resume(run.run)}")
    undo = undo_of(run, commands)
    if undo is not None:
        yield said(f"  Undo    {undo}")
    for each in run.damage:
        yield f"  {paint(said('! damaged:'), 'warned')} {said(safe(each))}"


def _cause(run: RunRecord) -> str:
    of = safe(run.of or "")
    match run.command:
        case "resume":
            return f"finishing {of}"
        case "restore":
            return f"restore of {of}"
        case "apply" | "destroy":
            return run.command
    return f"{run.command}{of}"


def _outcome(run: RunRecord) -> str:
    if run.outcome != UNFINISHED:
        return run.outcome
    if run.damage:
        return "how it ended isn't known"
    return "unfinished: killed, or still going on"


def _origin(run: RunRecord) -> str:
    commit = "" if run.commit is None else said(f"   commit {safe(short_commit(run.commit))}")
    return commit + ("" if run.digest is None else said(f"   digest {run.digest}"))


def _account(run: RunRecord, account: AccountRecord) -> Iterator[str]:
    numbers = Counter(call.outcome for call in account.calls)
    numbers_said = [f"{number} {word}" for word, number in numbers.items()]
    left = account.planned - len(account.calls)
    numbers_said += [f"{left} not tried"] if left > 0 else []
    calls = said(f"{count(account.planned, 'call')}: {', '.join(numbers_said)}")
    kept = said(f"   snapshot {run.run}/{safe(account.ref.name)}") if account.snapshot else ""
    yield f"  {safe(account.ref.name)}   {account.ref.appid}   {calls}{kept}"
    for call in account.calls:
        if call.outcome != "done":
            what = f"{call.call} {called(call.menu)}"
            told = labelled(what, safe(call.error)) if call.error else what
            yield f"    {said(call.outcome)} {told}"


def undo_of(run: RunRecord, commands: Commands) -> str | None:
    """Write the command that goes back to before a run; None where it changed nothing."""
    touched = [account for account in run.touched if account.snapshot is not None]
    if not touched:
        return None
    name = f"{run.run}/{touched[0].ref.name}" if len(touched) == 1 else run.run
    lifts = dict.fromkeys(lift for account in touched for lift in account.undo)
    return commands.restore(name, lifts)


def damage_lines(runs: Iterable[RunRecord]) -> Iterator[str]:
    """Name the journals that can't be read whole."""
    for run in runs:
        if run.damage:
            yield f"The journal of {run.run} is damaged: {safe('; '.join(run.damage))}"


def history_to_json(
    shown: Sequence[RunRecord], runs: Sequence[RunRecord], commands: Commands
) -> dict[str, Any]:
    """Give `{format_version, outcome, runs}`, newest first, each run with what undoes it."""
    listed = []
    for run in reversed(shown):
        later = finished_by(runs, run.run)
        listed.append(
            {
                **run_to_json(run),
                "finished_by": None if later is None else later.run,
                "undo": undo_of(run, commands),
            }
        )
    return {"format_version": FORMAT_VERSION, "outcome": "done", "runs": listed}


def lost_lines(name: str, taken_at: str, lost: Sequence[str]) -> Iterator[str]:
    """Say what of an account can't come back."""
    if not lost:
        return
    since = "is live now" if taken_at == "now" else "was live"
    when = f" at {local_time(taken_at)}" if taken_at not in ("", "now") else ""
    yield f"{safe(name)}: of what {since}{when}, the API can't make again"
    for each in lost:
        yield f"  ! {safe(each)}"
    yield "  It stays to be read in the snapshot."
