"""Drift as Markdown, for an issue, a comment or the summary of a job, on GitHub and GitLab."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from menuops.core.drift import AccountDrift, Drift
from menuops.core.live import Console
from menuops.core.plan import UnreadableAccount
from menuops.render.deeds import value_text
from menuops.render.drift_rows import ChangeRow, MenuRows
from menuops.render.drift_view import (
    LISTED,
    UNSEEN,
    Again,
    NextCommand,
    Story,
    dead_notes,
    drift_stories,
    next_commands,
    totals,
    verdict,
)
from menuops.render.language.speech import enumerated, is_english, mark, said
from menuops.render.markdown import BUDGET_BYTES, LONGEST_TARGET, TABLE, code, prose, spoken
from menuops.render.short_commit import short_commit
from menuops.render.terminal import count, cut

_TAIL_BYTES: Final = 1_000
_NAMED: Final = 20


def drift_markdown(drift: Drift, again: Again, *, budget_bytes: int = BUDGET_BYTES) -> str:
    """Render it in at most `budget_bytes` of UTF-8, at least 4,000; says what it left out."""
    pieces = [
        said("## menuops drift: {totals}").format(totals=spoken(totals(drift))),
        f"**{spoken(verdict(drift))}**",
        _head(drift),
    ]
    room = budget_bytes - _TAIL_BYTES - sum(len(piece.encode()) + 2 for piece in pieces)
    left_out = 0
    for piece, accounts in _pieces(drift, again):
        size = len(piece.encode()) + 2
        if size > room:
            left_out += accounts
            continue
        room -= size
        pieces.append(piece)
    if left_out:
        more = count(left_out, "account")
        whole = code("--format json")
        told = said(f"There was no room for {more}; the text and {{whole}} have them.")
        pieces.append(told.format(whole=whole))
    return "\n\n".join(pieces) + "\n"


def _head(drift: Drift) -> str:
    told = said("menuops {version}, read at {at}{commit}.")
    commit = ""
    if drift.commit:
        commit = said(", files at {commit}").format(commit=code(short_commit(drift.commit)))
    return told.format(version=prose(drift.menuops_version), at=prose(drift.at), commit=commit)


def _pieces(drift: Drift, again: Again) -> Iterator[tuple[str, int]]:
    """Give each block with the number of accounts that it is about; what is worst comes first."""
    for other in drift.unreadable:
        yield _unreadable(other), 1
    stories = drift_stories(drift)
    # What is only to be applied is no drift, and can wait.
    for story, members in sorted(stories, key=lambda told: told[0].status == "pending"):
        yield "\n\n".join(_story(story, members, again)), len(members)
    in_sync = drift.of("in_sync")
    if in_sync:
        yield "\n".join(_in_sync(in_sync)), len(in_sync)


def _unreadable(account: UnreadableAccount) -> str:
    error = account.error
    fix = f"<br>{said('fix')}{mark(': ')}{spoken(error.fix)}" if error.fix else ""
    title = said("### {account} can't be read").format(account=prose(account.ref.name))
    return f"{title}\n\n{spoken(error.message)}{fix}"


def _story(story: Story, members: Sequence[AccountDrift], again: Again) -> Iterator[str]:
    ref = members[0].ref
    if len(members) == 1:
        yield f"### {prose(ref.name)}"
        at = " at " if is_english() else mark(", ")
        yield f"{code(ref.appid)}{at}{code(ref.api)}"
    else:
        yield _named(members)
    yield f"**{spoken(story.headline)}**"
    if story.console:
        yield f"{spoken(story.console)}{mark('.')}"
    for section in story.sections:
        yield f"{spoken(section.title)}{mark(':')}"
        for menu in section.menus:
            yield from _menu(menu)
    if story.notes:
        yield "\n".join(f"- {spoken(note)}" for note in story.notes)
    commands = list(next_commands(members[0], again))
    if commands:
        # A paragraph between them keeps two lists apart.
        told = "Next:" if len(members) == 1 else "Next, for {account} and so for each:"
        yield said(told).format(account=prose(ref.name))
        yield "\n".join(map(command_line, commands))


def _named(members: Sequence[AccountDrift]) -> str:
    names = [prose(each.ref.name) for each in members[:_NAMED]]
    more = len(members) - len(names)
    rest = said(f" and {more} more") if more else ""
    title = said(f"### {len(members)} accounts: {{names}}")
    return title.format(names=f"{enumerated(names)}{rest}")


def command_line(following: NextCommand) -> str:
    """Write it as a line of a list."""
    told = f"- {spoken(following.purpose)}{mark(': ')}{code(following.command)}"
    return f"{told}{mark(', ')}{spoken(following.remark)}" if following.remark else told


def _menu(menu: MenuRows) -> Iterator[str]:
    note = f" ({spoken(menu.note)})" if menu.note else ""
    yield f"{spoken(menu.title)}{note}"
    if menu.rows:
        yield "\n".join([said(TABLE), *map(_row, menu.rows)])


def _row(row: ChangeRow) -> str:
    target = f" {code(cut(row.target, LONGEST_TARGET))}" if row.target else ""
    changes = [spoken(row.note)] if row.note else []
    for field in row.fields:
        for sign, value in (("-", field.before), ("+", field.after)):
            if value is not None:
                changes.append(f"{prose(f'{sign} {field.field}')} {code(value_text(value))}")
    cells = (
        prose(row.symbol),
        row.place,
        prose(row.name),
        f"{prose(row.type)}{target}",
        "<br>".join(changes),
    )
    return f"| {' | '.join(cells)} |"


def _in_sync(accounts: Sequence[AccountDrift]) -> Iterator[str]:
    if len(accounts) > LISTED:
        yield said(f"{len(accounts)} accounts are in sync.")
    else:
        names = enumerated(prose(each.ref.name) for each in accounts)
        yield said("In sync: {names}.").format(names=names)
    notes = []
    unseen = sum(each.plan.live.console is Console.UNREADABLE for each in accounts)
    if unseen:
        told = said("- for {accounts} {unseen}")
        accounts_said = said(count(unseen, "account"))
        notes.append(told.format(accounts=accounts_said, unseen=spoken(UNSEEN)))
    if len(accounts) > LISTED:
        dead = sum(len(each.plan.live.dead) for each in accounts)
        notes += [said(f"- {count(dead, 'dead menu')} on them, left alone")] if dead else []
    else:
        notes += [
            f"- {prose(account.ref.name)}{mark(': ')}{spoken(note)}"
            for account in accounts
            for note in dead_notes(account)
        ]
    yield from ("", *notes) if notes else ()
