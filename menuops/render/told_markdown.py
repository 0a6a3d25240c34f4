"""What became of an apply, a drift or a failed command, as Markdown for a comment or an issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import starmap
from typing import Final

from menuops.core.commands import Commands, typed
from menuops.core.plan import ErrorNote, short
from menuops.core.told import (
    Told,
    ToldAccount,
    ToldApply,
    ToldChange,
    ToldDrift,
    ToldDriftAccount,
    ToldFailure,
    ToldStep,
)
from menuops.render.called import called
from menuops.render.drift_markdown import command_line
from menuops.render.drift_view import commands_about
from menuops.render.language.speech import enumerated, mark, said
from menuops.render.markdown import LONGEST_TARGET, code, marked_code, prose, spoken
from menuops.render.plan.shortened import short_value
from menuops.render.plan.values import sides_of
from menuops.render.short_commit import short_commit
from menuops.render.terminal import count, cut
from menuops.render.told_words import (
    apply_verdict,
    drift_headline,
    drift_verdict,
    failure_verdict,
    kind_word,
)

_TAIL_BYTES: Final = 300
_LONGEST: Final = 1_000
_PLACES: Final = 20


def told_markdown(told: Told, budget_bytes: int) -> str:
    """Render it in at most `budget_bytes` of UTF-8, at least 4,000; says what it left out."""
    match told:
        case ToldApply():
            head, pieces = _apply(told)
        case ToldDrift():
            head, pieces = _drift(told)
        case ToldFailure():
            head, pieces = _failure(told)
    text = f"{head}\n\n"
    room = budget_bytes - _TAIL_BYTES - len(text.encode())
    left_out = 0
    for piece in pieces:
        size = len(piece.encode()) + 2
        if size > room:
            left_out += 1
            continue
        room -= size
        text += f"{piece}\n\n"
    if left_out:
        text += said(
            f"**Left out, since a comment holds only so much:** {count(left_out, 'part')}. "
            "The log of the job has it.\n"
        )
    return text.rstrip("\n") + "\n"


def _apply(told: ToldApply) -> tuple[str, Iterator[str]]:
    lines = [said("## menuops apply: {told}").format(told=prose(apply_verdict(told)))]
    facts = []
    if told.digest:
        facts.append(said("Digest {digest}").format(digest=code(short(told.digest))))
    if told.run:
        facts.append(said("run {run}").format(run=code(told.run)))
    if told.commit:
        facts.append(said("files of {commit}").format(commit=code(short_commit(told.commit))))
    if facts:
        lines.append(mark(", ").join(facts))
    if told.error is not None:
        lines.append(_error(told.error))
    if told.run and any(each.is_cut_short for each in told.accounts):
        finish = said("**To finish:** {command} where this run's journal is, or a new plan")
        lines.append(finish.format(command=code(Commands().resume(told.run))))
    return "\n\n".join(lines), map(_account, sorted(told.accounts, key=_is_well))


def _is_well(account: ToldAccount) -> bool:
    return account.outcome in ("done", "unchanged") and account.error is None


def _account(account: ToldAccount) -> str:
    if account.is_left_out:
        word = "left as it is"
    elif account.outcome == "unchanged" and not account.steps:
        word = "as the plan wants it, nothing to do"
    else:
        word = account.outcome
    lines = [f"### {code(account.name)} {spoken(word)}"]
    if account.error is not None:
        lines.append(_error(account.error))
    if account.differs:
        more = len(account.differs) - _PLACES
        places = enumerated(map(prose, account.differs[:_PLACES]))
        rest = said(f" and {count(more, 'more place')}") if more > 0 else ""
        differs = said("> **Not read back as planned**, at {places}")
        lines.append(differs.format(places=places) + rest)
    if account.steps and not account.is_left_out:
        lines.append("\n".join(starmap(_step, enumerate(account.steps, 1))))
    if account.back:
        back = code(Commands().restore(account.back, account.lifts))
        lines.append(said("Way back: {command}").format(command=back))
    return "\n\n".join(lines)


def _step(number: int, step: ToldStep) -> str:
    error = ""
    if step.error is not None:
        # The message begins with the call, which stands before it already.
        message = said(step.error.message).removeprefix(f"{step.call}{mark(': ')}")
        fix = f"<br>{said('Fix')}{mark(': ')}{_lines(step.error.fix)}" if step.error.fix else ""
        error = f"{mark(': ')}{prose(cut(message, _LONGEST))}{fix}"
    outcome = spoken(step.outcome.replace("_", " "))
    return f"{number}. **{outcome}** {code(step.call)} {prose(called(step.menu))}{error}"


def _drift(told: ToldDrift) -> tuple[str, Iterator[str]]:
    lines = [
        said("## menuops drift: {told}").format(told=prose(drift_verdict(told))),
        said("Read at {at}").format(at=prose(told.at)),
    ]
    if told.commit:
        lines[-1] += said(", files of {commit}").format(commit=code(short_commit(told.commit)))
    if told.error is not None:
        lines.append(_error(told.error))
    return "\n\n".join(lines), _drifted(told)


def _drifted(told: ToldDrift) -> Iterator[str]:
    for account in told.accounts:
        if account.error is not None:
            title = said("### {account} can't be read").format(account=code(account.name))
            yield f"{title}\n\n{_error(account.error)}"
    for account in sorted(told.accounts, key=lambda each: not each.is_drift):
        if account.error is None and account.status != "in_sync":
            yield _drift_account(account)
    in_sync = [account.name for account in told.accounts if account.status == "in_sync"]
    if in_sync:
        listed = enumerated(map(code, in_sync[:20]))
        more = said(f" and {len(in_sync) - 20} more") if len(in_sync) > 20 else ""
        yield said("In sync: {names}").format(names=listed + more)


def _drift_account(account: ToldDriftAccount) -> str:
    lines = [
        f"### {code(account.name)}",
        f"{code(account.appid)}{mark(': ')}{prose(drift_headline(account))}",
    ]
    if account.status == "unknown_past":
        lines += _section("From live to the files", account.differences)
    else:
        lines += _section("What moved on live", account.live_changes)
        lines += _section("What moved in the files", account.file_changes)
    told = commands_about(
        account.name, account.status, account.lifts, _again, is_watched=account.mode == "watch"
    )
    if commands := "\n".join(map(command_line, told)):
        lines.append(commands)
    return "\n\n".join(lines)


def _again(name: str, lifts: tuple[str, ...]) -> str:
    return typed(("-a", name, *(word for lift in lifts for word in ("--allow", lift))))


def _section(title: str, changes: Sequence[ToldChange]) -> Iterator[str]:
    if changes:
        head = said("| | Menu | Place | Name | Change |\n|:--|:--|:--|:--|:--|")
        table = "\n".join([head, *map(_row, changes)])
        yield f"{said(title)}{mark(':')}\n\n{table}"


def _row(change: ToldChange) -> str:
    sides = []
    for each in change.fields_besides_name:
        for sign, value in zip("-+", sides_of(each.before, each.after), strict=True):
            if value is not None:
                shown = marked_code(short_value(value, LONGEST_TARGET))
                sides.append(f"{prose(f'{sign} {each.name}')} {shown}")
    place = prose(change.at)
    if change.was_at is not None:
        place = said("{was_at} to {at}").format(was_at=prose(change.was_at), at=place)
    cells = (
        f"**{spoken(kind_word(change.kind))}**",
        code(called(change.menu)),
        place,
        "" if change.name is None else code(change.name),
        "<br>".join(sides),
    )
    return f"| {' | '.join(cells)} |"


def _failure(told: ToldFailure) -> tuple[str, Iterator[str]]:
    name = f" {told.command}" if told.command else ""
    head = said("## menuops{name}: {told}")
    head = head.format(name=prose(name), told=prose(failure_verdict(told)))
    return f"{head}\n\n{_error(told.error)}", _findings(told)


def _findings(told: ToldFailure) -> Iterator[str]:
    for each in told.findings:
        word = "" if each.severity == "error" else f"{said('warning')}{mark(': ')}"
        yield (
            f"- {code(f'{each.file}:{each.line}:{each.column}')} {word}"
            f"{prose(cut(said(each.message), _LONGEST))} {code(each.rule)}"
        )


def _error(error: ErrorNote) -> str:
    fix = f"<br>{said('Fix')}{mark(': ')}{_lines(error.fix)}" if error.fix else ""
    return f"> {_lines(error.message)}{fix}"


def _lines(text: str) -> str:
    return "<br>".join(prose(cut(line, _LONGEST)) for line in said(text).splitlines()[:_PLACES])
