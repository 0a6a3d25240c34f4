"""A run's outcome for a chat group: some lines of text, or the little Markdown that WeCom reads.

WeCom knows no escapes, so what it could read as syntax becomes the full-width character of the
same look; `<@userid>` would call a member, and `<@all>` everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from menuops.core.plan import AccountPlan, ErrorNote, Plan
from menuops.core.told import Result, ToldApply, ToldChange, ToldDrift, ToldFailure
from menuops.core.visible import safe
from menuops.render.called import called
from menuops.render.findings_text import finding_text
from menuops.render.language.speech import labelled, listed, mark, said
from menuops.render.plan.shortened import short_value
from menuops.render.plan.values import sides_of
from menuops.render.terminal import cut
from menuops.render.told_words import drift_headline, kind_word, verdict_of

_CHANGES: Final = 5
_LONGEST: Final = 200
_SIDE: Final = 30
_MORE_BYTES: Final = 60
_WIDE: Final = {ord(char): ord(char) + 0xFEE0 for char in "!#$&*<>@[\\]^_`|~()"}


def chat_markdown(result: Result, most_bytes: int, run_url: str = "") -> str:
    """Write it in WeCom's Markdown, in at most `most_bytes` of UTF-8, at least 1,000."""
    verdict, *rest = _lines(result)
    colour = "info" if _is_well(result) else "warning"
    head = f'**menuops** <font color="{colour}">{_escaped(verdict)}</font>'
    is_linked = run_url and set(run_url).isdisjoint("()[]<> ")
    tail = f"\n[{said('The run')}]({run_url})" if is_linked else ""
    return _fitted(head, (f"> {_escaped(line)}" for line in rest), most_bytes, tail)


def chat_text(result: Result, most_bytes: int, run_url: str = "") -> str:
    """Write it as plain text, in at most `most_bytes` of UTF-8, at least 1,000."""
    verdict, *rest = map(_unmentioning, _lines(result))
    tail = f"\n{run_url}" if run_url else ""
    return _fitted(f"menuops {verdict}", rest, most_bytes, tail)


def _fitted(head: str, lines: Iterator[str] | list[str], most_bytes: int, tail: str) -> str:
    text = head
    left_out = 0
    room = most_bytes - len(f"{head}{tail}".encode()) - _MORE_BYTES
    for line in lines:
        size = len(line.encode()) + 1
        if left_out or size > room:
            left_out += 1
            continue
        room -= size
        text += f"\n{line}"
    more = said(f"\n… {left_out} lines more") if left_out else ""
    return f"{text}{more}{tail}"


def _escaped(text: str) -> str:
    return _no_link(text).translate(_WIDE)


def _unmentioning(text: str) -> str:
    """Keep what other chats read as a mention or a link (<!channel>, @all) from being one."""
    return _no_link(text).translate({ord(char): _WIDE[ord(char)] for char in "<>@"})


def _no_link(text: str) -> str:
    return text.replace("://", "：//")


def _is_well(result: Result) -> bool:
    match result:
        case Plan():
            return result.outcome.word in ("changes", "no_changes")
        case ToldApply():
            return result.outcome in ("done", "no_changes") and result.error is None
        case ToldDrift():
            return result.outcome in ("in_sync", "pending")
    return False


def _lines(result: Result) -> Iterator[str]:
    """Give the verdict, then what there is to say; said, and on one line each."""
    for told in _of(result):
        for line in told.splitlines():
            yield cut(safe(line), _LONGEST)


def _of(result: Result) -> Iterator[str]:
    yield verdict_of(result)
    match result:
        case Plan():
            yield from _plan(result)
        case ToldApply():
            yield from _apply(result)
        case ToldDrift():
            yield from _drift(result)
        case ToldFailure():
            yield said(result.error.message)
            yield from map(finding_text, result.findings[:_CHANGES])


def _plan(plan: Plan) -> Iterator[str]:
    for guard in plan.stopped:
        told = said("stops: {guard}: {message}")
        yield told.format(guard=guard.allow, message=said(guard.message))
    for other in plan.unreadable:
        yield _unreadable(other.ref.name, other.error)
    for account in plan.changed:
        yield f"{account.ref.name}{mark(': ')}{_counted(account)}"


def _unreadable(account: str, error: ErrorNote) -> str:
    told = said("{account} can't be read: {error}")
    return told.format(account=account, error=said(error.message))


def _counted(account: AccountPlan) -> str:
    kinds = [change.kind for change in account.changes]
    if not kinds:
        return said(f"{len(account.steps)} calls, with nothing that a follower sees")
    return listed(f"{kinds.count(kind)} {kind_word(kind)}" for kind in dict.fromkeys(kinds))


def _apply(told: ToldApply) -> Iterator[str]:
    if told.error is not None:
        yield said(told.error.message)
    for account in told.accounts:
        word = "left as it is" if account.is_left_out else account.outcome
        because = ""
        if account.error is not None:
            because = f"{mark(': ')}{said(account.error.message)}"
        yield f"{labelled(account.name, word)}{because}"
    if told.run is not None:
        yield said("run {run}").format(run=told.run)


def _drift(told: ToldDrift) -> Iterator[str]:
    for account in told.accounts:
        if account.error is not None:
            yield _unreadable(account.name, account.error)
        elif account.is_drift:
            yield f"{account.name}{mark(': ')}{drift_headline(account)}"
            changes = account.live_changes or account.differences
            for change in changes[:_CHANGES]:
                yield f"  {_change(change)}"
            if len(changes) > _CHANGES:
                yield said(f"  and {len(changes) - _CHANGES} changes more")


def _change(change: ToldChange) -> str:
    fields = []
    for each in change.fields_besides_name[:2]:
        values = sides_of(each.before, each.after)
        sides = [short_value(side, _SIDE).whole for side in values if side is not None]
        fields.append(f"{each.name} {' -> '.join(sides)}")
    told = f"{mark(': ')}{mark(', ').join(fields)}" if fields else ""
    name = f" {change.name}" if change.name else ""
    return f"{said(kind_word(change.kind))} {called(change.menu)} {change.at}{name}{told}"
