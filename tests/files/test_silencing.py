"""Comments that silence a warning, and texts that only look like them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.errors import InvalidFiles
from menuops.core.finding import Finding
from menuops.files.menu.menu_file import NOBODY, parse_menu
from menuops.files.project.project import parse_project
from menuops.files.reader.source import read_source
from menuops.files.rules.ignoring import silencer_of

NAME = "新品上架啦"
IGNORE = "# menuops: ignore[name-cut]"
BUTTON = f"button:\n  - name: {NAME}\n    type: click\n    key: K\n"


def rules(text: str, appid: str = "wx1", *, emulated: bool = False) -> list[tuple[int, str]]:
    loaded = parse_menu(text.encode(), "m").for_account({}, "a", appid, emulated=emulated)
    return [(finding.line, finding.rule) for finding in loaded.findings]


def lines_silenced(text: str) -> list[int]:
    """List the lines that comments of a file silence, whatever stands in them."""
    found = silencer_of(read_source(text.encode(), "m", 10_000), "m")
    return [] if found is None else [ignore.line for ignore in found.ignores]


@pytest.mark.parametrize(
    "text",
    [
        f'a: "x {IGNORE}"\n',
        f"a: 'x {IGNORE}'\n",
        f"a: 'it''s {IGNORE}'\n",
        f'a: "x \\" {IGNORE}"\n',
        f'a: "x\n  y {IGNORE}\n  z"\n',
        f"a: |\n  x\n  {IGNORE}\n\n  {IGNORE}\n",
        f"a: >-\n  {IGNORE}\n",
        f"a: |2\n   {IGNORE}\n  {IGNORE}\n",
        f"- |\n {IGNORE}\n- a: |+\n   {IGNORE}\n\n",
        f"a: &x !!str |\n  {IGNORE}\n",
        f'a: &x "{IGNORE}"\nb: *x\n',
        f'"x {IGNORE}": a\n',
        f'{{"a": "{IGNORE}"}}',
        f"a: x{IGNORE}\n",
        f"a: {{b: x{IGNORE}}}\n",
    ],
)
def test_a_sign_within_a_text_is_no_comment(text: str) -> None:
    assert lines_silenced(text) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"a: b {IGNORE}\n", [1]),
        (f"a: b\t{IGNORE}\n", [1]),
        (f"a: 'b' {IGNORE}\n", [1]),
        (f'a: "b\n  c" {IGNORE}\n', [2]),
        (f"a: | {IGNORE}\n  b\n", [1]),
        (f"a: |\n  b\n{IGNORE}\nc: d\n", [4]),
        (f"a:\n  b: |\n    c\n  {IGNORE}\n  d: e\n", [5]),
        (f"a: |\n{IGNORE}\nc: d\n", [3]),
        (f"{IGNORE}\n\n# more\na: b\n", [4]),
        (f"  {IGNORE}\n  {IGNORE}\na: b\n", [3, 3]),
        (f"a: b # why {IGNORE}\n", [1]),
        (f"a: {{b: c}} {IGNORE}\n", [1]),
        ("a: b # menuops: ignore[x,y , z]\n", [1, 1, 1]),
        ("a: b # menuops:ignore[x]\r\nc: d # menuops: ignore[y]\r\n", [1, 2]),
        (f"a: b\n{IGNORE}\n", [2]),
        (f"- b{IGNORE} {IGNORE}\n", [1]),
        (f"{IGNORE} and {IGNORE}\na: b\n", [2, 2]),
    ],
)
def test_a_comment_silences_its_line_or_that_below(text: str, lines: list[int]) -> None:
    assert lines_silenced(text) == lines


WORDS = st.sampled_from(
    [
        "a: b", "- c", "a: |", "a: >-", "'x", "y'", '"x', 'y"', "  ", "    z", " ", "\n", "\n  ",
        "\n    ", "# why", IGNORE, f" {IGNORE}", "{", "}", "[", "]", ", ", ": ", "&a ", "*a", "''",
    ]
)  # fmt: skip


@given(st.lists(WORDS, max_size=14).map("".join))
def test_comments_are_found_where_no_token_of_yaml_lies(text: str) -> None:
    """PyYAML gives the span of every token; what is in none of them is blank or comment."""
    source = read_source(text.encode(), "m", 10_000)
    found = silencer_of(source, "m")
    if source.root is None:
        assert found is None
        return
    spans = [
        (token.start_mark.index, token.end_mark.index)
        for token in yaml.scan(text, Loader=yaml.CSafeLoader)
        if not (isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"))
    ]
    lines = text.split("\n")
    comments = set()
    at = text.find(IGNORE)
    while at >= 0:
        inside = any(start <= at < end for start, end in spans) or _in_block(text, at)
        if not inside and text[at - 1 : at] in ("", " ", "\n"):
            comments.add(text.count("\n", 0, at) + 1)
        at = text.find(IGNORE, at + 1)
    places = set() if found is None else {ignore.place.line for ignore in found.ignores}
    assert places == comments, lines


def _in_block(text: str, at: int) -> bool:
    """Tell whether a block text has taken in the comment: then it is in that text's value."""
    marked = text[:at] + "§" + text[at + 1 :]
    try:
        tokens = list(yaml.scan(marked, Loader=yaml.CSafeLoader))
    except yaml.YAMLError:
        return False
    texts = [token for token in tokens if isinstance(token, yaml.ScalarToken)]
    return any("§" in token.value and token.style in ("|", ">") for token in texts)


def test_errors_are_not_silenced_and_leave_no_comment_idle() -> None:
    text = BUTTON.replace("key: K", "kei: K  # menuops: ignore[name-cut, unknown-key]")
    assert rules(text) == [(2, "name-cut"), (4, "unknown-key"), (4, "useless-ignore")]


def test_a_comment_in_a_file_with_errors_still_silences() -> None:
    text = BUTTON.replace(NAME, f"{NAME} {IGNORE}").replace("K\n", "'' \n")
    assert rules(text) == [(4, "key-empty")]


def test_what_is_not_asked_of_an_account_is_not_idle() -> None:
    text = BUTTON.replace(NAME, "新品 # menuops: ignore[private-host, oauth-appid, idle-allow]")
    assert rules(text) == [(2, "idle-ignore"), (2, "idle-ignore")]
    assert rules(text, emulated=True) == []
    assert rules(text, NOBODY[1]) == []


def test_findings_made_elsewhere_are_silenced_too() -> None:
    text = BUTTON.replace(NAME, "新品") + "allow:\n  - console-menu # menuops: ignore[idle-allow]\n"
    loaded = parse_menu(text.encode(), "m").for_account({}, "a", "wx1")
    here, there = (Finding("m", line, 5, "idle-allow", "warning", "") for line in (6, 5))
    error = Finding("m", 6, 5, "idle-allow", "error", "")
    assert loaded.findings == ()
    assert loaded.unsilenced([here, there, error]) == (there, error)


def test_a_comment_silences_in_the_project_file() -> None:
    text = "accounts:\n  shop:\n    appid: wx1\n    menu: on{}\n"
    ignore = "  # menuops: ignore[quote-it]"
    assert [f.rule for f in parse_project(text.format("").encode(), Path(), "p").findings] == [
        "quote-it"
    ]
    project = parse_project(text.format(ignore).encode(), Path(), "p")
    assert project.findings == ()
    found = Finding("p", 2, 3, "classic-token", "warning", "")
    assert project.unsilenced([found]) == (found,)
    text = text.replace("shop:", "shop: # menuops: ignore[classic-token, quote-it]")
    project = parse_project(text.format("").encode(), Path(), "p")
    assert [(f.line, f.rule) for f in project.findings] == [(2, "idle-ignore"), (4, "quote-it")]
    assert project.unsilenced([found]) == ()


def test_a_project_file_with_errors_has_its_warnings_silenced() -> None:
    text = "accounts:\n  shop:\n    appid: ''\n    menu: on  # menuops: ignore[quote-it]\n"
    with pytest.raises(InvalidFiles) as caught:
        parse_project(text.encode(), Path(), "p")
    assert [finding.rule for finding in caught.value.findings] == ["appid-form"]
