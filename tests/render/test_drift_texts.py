"""Drift as a colleague reads it, and as GitHub and GitLab show it."""

from __future__ import annotations

import json
import re
import shlex
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from menuops.core.drift import Drift, drift_to_json, make_account_drift
from menuops.core.jsonform import canonical
from menuops.core.model import Click, Foreign, Menus, View
from menuops.core.plan import AccountPlan, AccountRef
from menuops.render.drift_markdown import drift_markdown
from menuops.render.drift_text import drift_text
from menuops.render.markdown import BUDGET_BYTES
from menuops.render.terminal import cells, safe

from ..core.strategies import account_plans, menu_for, parent  # noqa: TID252  # tests are no package on the path
from .drifts import DRIFTS, HOSTILE, drift, told
from .plans import MENU, numbered

CASES = Path(__file__).parent / "drift_cases"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
COMMAND = re.compile(r"^  [A-Z][\w ]+  menuops ")


def again(name: str, lifts: tuple[str, ...]) -> str:
    words = ["-a", name, *(word for lift in lifts for word in ("--allow", lift))]
    return "".join(f" {safe(shlex.quote(word))}" for word in words)


def written(found: Drift) -> str:
    return (
        json.dumps(json.loads(canonical(drift_to_json(found))), ensure_ascii=True, indent=1) + "\n"
    )


FORMS: dict[str, Callable[[Drift], str]] = {
    "drift.txt": lambda found: drift_text(found, again),
    "drift-60.txt": lambda found: drift_text(found, again, width=60),
    "drift.md": lambda found: drift_markdown(found, again),
    "drift.json": written,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", DRIFTS)
def test_the_case_is_told_so(name: str, form: str, *, update_goldens: bool) -> None:
    path = CASES / name / form
    text = FORMS[form](DRIFTS[name])
    if update_goldens:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_no_case_is_left_over() -> None:
    assert {path.name for path in CASES.iterdir()} == set(DRIFTS)
    assert {path.name for path in CASES.glob("*/*")} == set(FORMS)


@pytest.mark.parametrize("name", DRIFTS)
def test_colour_says_nothing_that_the_text_does_not(name: str) -> None:
    coloured = drift_text(DRIFTS[name], again, colour=True)
    assert coloured != drift_text(DRIFTS[name], again)
    assert ESCAPES.sub("", coloured) == drift_text(DRIFTS[name], again)


def assert_readable(text: str, width: int) -> None:
    for line in text.splitlines():
        # A command stays whole, to be copied.
        assert cells(line) <= width or COMMAND.match(line), line
        assert line == line.rstrip()
    for char in text.replace("\n", ""):
        assert unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}, ascii(
            char
        )


@pytest.mark.parametrize("width", [100, 60, 40])
@pytest.mark.parametrize("name", DRIFTS)
def test_lines_fit_and_are_clean(name: str, width: int) -> None:
    assert_readable(drift_text(DRIFTS[name], again, width=width), width)


@given(account_plans(), st.sampled_from([40, 60, 100]))
def test_any_drift_can_be_read(account: AccountPlan, width: int) -> None:
    found = drift(account, told(account.after, account.live, account.after))
    assert_readable(drift_text(found, again, width=width), width)


@pytest.mark.parametrize("name", DRIFTS)
def test_every_change_in_the_document_stands_in_the_text_and_in_the_markdown(name: str) -> None:
    text, markdown = (FORMS[form](DRIFTS[name]) for form in ("drift.txt", "drift.md"))
    found = DRIFTS[name]
    for account in found.read:
        if account.status in ("in_sync", "unknown_past"):
            continue
        for side in (account.live, account.files):
            assert side is not None
            for change in side.changes:
                place = change.at.removeprefix("#")
                assert re.search(rf"[-+~>] #?{re.escape(place)}|was #{place}", text), change
                assert f"| {place} |" in markdown or f"&#35;<wbr>{place}" in markdown, change


UNSAFE = st.text(
    st.characters(categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Lo", "Po", "Sm"]),
    min_size=1,
    max_size=6,
)


@given(UNSAFE, UNSAFE, UNSAFE)
def test_no_unsafe_character_reaches_the_text(name: str, value: str, label: str) -> None:
    """Wherever a name of WeChat's, of a tag or of a file can stand."""
    past = Menus((Click(name, value), parent(value, Foreign(name, value, ((label, value),)))))
    live = Menus((View(value, name), Click(name, label)), (menu_for(label),))
    ref = AccountRef(label, "wx1", "emulator")
    found = drift(told(past, live, Menus(MENU, (menu_for(label),)), ids=[name], ref=ref))
    assert_readable(drift_text(found, again), 100)
    assert_harmless(drift_markdown(found, again))


# Markdown


class _Page(HTMLParser):
    """What a page shows and is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.rows: list[int] = []
        self.comments = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "tr":
            self.rows.append(0)
        elif tag in ("td", "th"):
            self.rows[-1] += 1

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:  # noqa: ARG002  # HTMLParser's signature
        self.comments += 1


OURS = {
    *("h2", "h3", "p", "strong", "code", "ul", "li", "br", "wbr"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def page(markdown: str) -> _Page:
    shown = _Page()
    shown.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))
    shown.close()
    return shown


def assert_harmless(markdown: str) -> _Page:
    """Nothing in it is read as syntax but what we wrote, nor found in the text of the page."""
    shown = page(markdown)
    assert shown.tags <= OURS
    assert shown.attributes <= {"style"}
    assert shown.comments == 0
    assert set(shown.rows) <= {5}
    assert not set("@`[]~*_$!") & set(markdown.replace("**", ""))
    for line in markdown.splitlines():
        assert not re.search(r"[@#][\w]|https?://|www\.", re.sub(r"&#\d+;", "", line)), line
    return shown


@pytest.mark.parametrize("name", DRIFTS)
def test_names_do_nothing_in_markdown(name: str) -> None:
    assert_harmless(drift_markdown(DRIFTS[name], again))


def test_names_are_shown_in_markdown_as_they_are() -> None:
    shown = assert_harmless(drift_markdown(drift(told(MENU, Menus(HOSTILE), MENU)), again))
    for text in (
        r"|a|b|<br>\n# 题",
        "</code></table><script>alert(1)</script>",
        "`x` **b** _i_ ~s~",
        "@octocat #1 !2 $x$ :tada: GH-3",
        "[a](https://evil.example)",
        "https://evil.example/?a=1&lt;|`",
        r"&amp; \| \` <!-- -->",
        r"```\n~~~",
        r"\u202eabc\u200b",
    ):
        assert text in shown.text, text


def test_what_there_is_no_room_for_is_counted() -> None:
    menus = [(*MENU[:2], Click(f"第{number}", f"KEY{number}")) for number in range(200)]
    found = drift(*(told(MENU, menu, MENU, ref=numbered(n)) for n, menu in enumerate(menus)))
    whole = drift_markdown(found, again, budget_bytes=10**7)
    assert "no room" not in whole
    for budget in (4_000, BUDGET_BYTES):
        text = drift_markdown(found, again, budget_bytes=budget)
        assert len(text.encode()) <= budget
        left_out = re.search(r"no room for (\d+) accounts", text)
        assert left_out is not None
        assert text.count("### city") + int(left_out[1]) == 200
        assert_harmless(text)


# Groups


def test_accounts_of_which_the_same_holds_stand_together() -> None:
    text = drift_text(DRIFTS["many-accounts"], again)
    assert "12 accounts: city-01, city-02, " in text
    assert "city-10 and 2 more" in text
    assert "2 accounts: city-13, city-14" in text
    assert "23 accounts in sync" in text
    assert "38 accounts: 13 drifted, 2 with files that moved, 23 in sync" in text


@pytest.mark.parametrize("name", DRIFTS)
def test_the_last_line_agrees_with_the_outcome(name: str) -> None:
    found = DRIFTS[name]
    last = drift_text(found, again, width=100).splitlines()[-1]
    words = {"drift": "Nothing was written", "error": "can't be read", "pending": "No drift: "}
    assert words.get(found.outcome.word, "No drift. ") in last
    assert ("No drift" in last) == (found.outcome.exit_code == 0)


def test_a_watched_account_has_no_command_that_writes() -> None:
    text = drift_text(DRIFTS["watched"], again)
    assert "menuops apply" not in text
    assert "--allow" not in text


def test_what_the_plan_says_is_what_the_drift_says() -> None:
    """A guard that the files lift needs no flag."""
    account = make_account_drift(told(MENU, MENU[:2], MENU))
    assert account.lifts == ("live-changed",)
