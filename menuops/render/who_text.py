"""Who gets which menu, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from menuops.core.account import Account
from menuops.core.audience import Follower, KindNames, Unreachable
from menuops.core.document import FORMAT_VERSION
from menuops.core.labels import DEFAULT
from menuops.core.live import Console
from menuops.core.model import Buttons
from menuops.core.trial import AccountTrial, Expected, Trial, trial_to_json
from menuops.core.who import AccountOutlook, Outlook, outlook_to_json
from menuops.render.audience_words import DOUBTS
from menuops.render.language.speech import enumerated, said
from menuops.render.plan.menu_rows import plain_rows
from menuops.render.terminal import Paint, cells, cut, pad, safe, wrap

_WIDTH: Final = 100
_NAMES: Final = 10
"""So many names of accounts with the same answer are listed."""
_LONGEST_NAME: Final = 24
_LONGEST_WHO: Final = 44
_NARROWEST: Final = 30


# By the files.


def outlooks_text(found: Sequence[AccountOutlook], *, colour: bool = False) -> str:
    """Render what the files of accounts come to; accounts with the same answer stand together."""
    groups: dict[tuple[Outlook, str], list[Account]] = {}
    for each in found:
        groups.setdefault((each.outlook, each.file), []).append(each.account)
    paint = Paint(colour=colour)
    blocks = (
        [_head(accounts, file, paint), *_outlook(outlook, paint)]
        for (outlook, file), accounts in groups.items()
    )
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _head(accounts: Sequence[Account], file: str, paint: Paint) -> str:
    told = enumerated(safe(account.name) for account in accounts[:_NAMES])
    more = said(f" and {len(accounts) - _NAMES} more") if len(accounts) > _NAMES else ""
    appid = accounts[0].appid if len(accounts) == 1 else said(f"{len(accounts)} accounts")
    return f"{paint(told + more, 'bold')}   {appid}   {safe(file)}"


def _outlook(outlook: Outlook, paint: Paint) -> Iterator[str]:
    rows = [(said(safe(who)), said(_one_of(gets))) for who, gets in outlook.groups()]
    if len(rows) == 1:
        (who, gets) = rows[0]
        gets = paint(gets, "bold")
        yield f"  {said('{who} gets {gets}').format(who=who, gets=gets)}"
    else:
        width = min(_LONGEST_WHO, max(cells(who) for who, _ in rows))
        for who, gets in rows:
            first, *others = wrap(who, width)
            yield f"  {pad(first, width)}   {paint(gets, 'bold')}"
            yield from (f"  {line}" for line in others)
    yield from _tried(outlook)
    for unreachable in outlook.unreachable:
        yield from _said(f"! {_never(unreachable)}", paint)
    if outlook.doubt is not None:
        yield from _said(f"! {DOUBTS[outlook.doubt]}", paint)
    shown = dict.fromkeys(label for case in outlook.cases for label in case.gets)
    menus = dict(outlook.menus)
    for label in shown:
        yield ""
        if len(shown) > 1:
            yield f"  {said(_menu(label))}"
        yield from _rows(menus[label])


def _one_of(labels: Sequence[str]) -> str:
    return " or ".join(map(_menu, labels)) if labels else "no menu"


def _menu(label: str | None) -> str:
    return "no menu" if label is None else "the default menu" if label == DEFAULT else safe(label)


def _tried(outlook: Outlook) -> Iterator[str]:
    words = {"yes": "takes them", "no": "no", "maybe": "perhaps"}
    width = max((cells(safe(each.menu)) for each in outlook.tried), default=0)
    for number, each in enumerate(outlook.tried, 1):
        rule = "" if each.rule == each.menu else f"for {safe(each.rule)}; "
        text = said(f"{rule}{words[each.verdict]}: {safe(each.why)}")
        head = f"    {number:>2}. {pad(safe(each.menu), width)}   "
        for line in wrap(text, max(_NARROWEST, _WIDTH - cells(head))):
            yield f"{head}{line}"
            head = " " * cells(head)
    if outlook.tried and outlook.tried[-1].verdict != "yes":
        yield said("        then the default menu, if no rule takes them")


def _never(unreachable: Unreachable) -> str:
    what = "the default menu" if unreachable.menu == DEFAULT else safe(unreachable.menu)
    if not unreachable.because:
        return f"nobody ever gets {what}: its rule names no platform that is known"
    above = enumerated(map(safe, unreachable.because))
    if len(unreachable.because) == 1:
        return f"nobody ever gets {what}: {above} above it takes all its followers"
    return f"nobody ever gets {what}: {above} above it take all its followers"


def _said(text: str, paint: Paint) -> Iterator[str]:
    for number, line in enumerate(wrap(said(text), _WIDTH - 4)):
        yield f"  {'  ' if number else ''}{paint(line, 'warned')}"


def _rows(button: Buttons) -> Iterator[str]:
    rows = plain_rows(button)
    names = min(_LONGEST_NAME, max((cells(row.name) for row in rows), default=0))
    types = max((cells(row.type) for row in rows), default=0)
    for row in rows:
        place = pad("  " * (row.depth - 1) + row.position, 6)
        left = f"    {place}  {pad(cut(row.name, names), names)}  {pad(row.type, types)}"
        yield f"{left}  {cut(row.target, _WIDTH - cells(left) - 2)}".rstrip()


def outlooks_to_json(found: Iterable[AccountOutlook]) -> dict[str, Any]:
    """Build the document of `who --format json`; see `outlook_to_json`."""
    return {
        "format_version": FORMAT_VERSION,
        "outcome": "done",
        "accounts": [
            {
                "name": each.account.name,
                "appid": each.account.appid,
                "file": each.file,
                **outlook_to_json(each.outlook),
            }
            for each in found
        ],
    }


# By WeChat.


def trial_text(found: AccountTrial, *, colour: bool = False) -> str:
    """Render what WeChat gives a follower, and how the rules explain it."""
    trial, paint = found.trial, Paint(colour=colour)
    lines = [_head([found.account], found.file, paint)]
    for text, style in _sentences(trial, found.file):
        lines += [f"  {paint(line, style)}" for line in wrap(said(text), _WIDTH - 2)]
    lines += ["", *_rows(trial.answer)] if trial.answer else []
    return "".join(f"{line}\n" for line in lines)


def _sentences(trial: Trial, file: str) -> Iterator[tuple[str, Any]]:
    yield _tags(trial), "plain"
    if trial.console.in_force:
        yield from _behind_the_console(trial)
    else:
        yield f"WeChat gives this follower {_given(trial)}", "bold"
        if trial.agrees:
            yield (
                f"WeChat agrees with the rules: {_expected(trial, trial.believed, live=True)}",
                "plain",
            )
        else:
            yield _disagrees(trial)
    if trial.changes is False:
        yield f"By {safe(file)} the follower gets the same menu", "plain"
        return
    word = "may get another menu" if trial.changes is None else "would get another menu"
    expected = _expected(trial, trial.believed, live=False)
    yield f"By {safe(file)} the follower {word}: {expected}", "changed"


def _given(trial: Trial) -> str:
    given = " or ".join(map(_menu, trial.matching)) or "a menu that isn't among the live ones"
    return given if trial.answer else "no menu"


def _disagrees(trial: Trial) -> tuple[str, Any]:
    expected = _expected(trial, trial.expected, live=True)
    return f"! WeChat disagrees with the live rules, by which it is {expected}", "warned"


def _behind_the_console(trial: Trial) -> Iterator[tuple[str, Any]]:
    """Say what the follower sees; WeChat's answer is about the API's menus, which nobody sees."""
    if trial.console is Console.CLOSED:
        yield (
            "! the web console (公众号后台) switched the menu off: the follower sees none",
            "warned",
        )
    else:
        yield (
            "! the web console's menu (公众号后台) is in force: the follower sees that one",
            "warned",
        )
    yield f"Of the API's menus, which are not in force, WeChat names {_given(trial)}", "plain"
    if not trial.agrees:
        yield _disagrees(trial)


def _tags(trial: Trial) -> str:
    known, user = trial.known, safe(trial.known.user)
    if known.tags is None:
        return f"The tags of {user} can't be read: WeChat tells them for an openid alone"
    if not known.tags:
        return f"{user} has no tag"
    tags = enumerated(_tag(trial, id_) for id_ in known.tags)
    if len(known.tags) == 1:
        return f"{user} has the tag {tags}"
    if known.last is not None:
        return f"{user} has the tags {tags}; {_tag(trial, known.last)} was put on last, you say"
    return f"{user} has the tags {tags}; WeChat doesn't tell which was put on last (--tag says it)"


def _tag(trial: Trial, id_: str) -> str:
    name = trial.tag_names.get(id_)
    return safe(f"{name} ({id_})" if name else id_)


def _expected(trial: Trial, expected: Iterable[Expected], *, live: bool) -> str:
    """List menus, each with the kinds that get it; no kind where all that may be get the same."""
    by_menu: dict[str | None, list[Follower]] = {}
    for each in expected:
        by_menu.setdefault(each.live if live else each.files, []).append(each.follower)
    names = KindNames([each.follower for each in trial.expected], trial.tag_names)
    parts = []
    for menu, kinds in by_menu.items():
        who = names.name(kinds)
        parts.append(_menu(menu) if who == "everyone" else f"{_menu(menu)} for {safe(who)}")
    return "; ".join(parts)


def trial_document(found: AccountTrial) -> dict[str, Any]:
    """Build the document of `who --user --format json`; see `trial_to_json`."""
    return {
        "format_version": FORMAT_VERSION,
        "outcome": "done",
        "accounts": [
            {
                "name": found.account.name,
                "appid": found.account.appid,
                "file": found.file,
                **trial_to_json(found.trial),
            }
        ],
    }
