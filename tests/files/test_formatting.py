"""One style: the cases, and what holds for every file whatever stands in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from menuops.files.formatting import style
from menuops.files.formatting.comments import spans, tidy
from menuops.files.formatting.style import Language, in_style
from menuops.files.menu.menu_file import parse_menu
from menuops.files.menu.menu_writer import scalar
from menuops.files.reader.node import List, Map, Node, Text
from menuops.files.reader.source import read_source
from tests.strategies import TEXT

from .formatting_strategies import pages
from .test_fuzz import mutations

ROOT = Path(__file__).parents[2]
CASES = sorted((ROOT / "tests" / "cases" / "fmt").iterdir())
FILES = ("menus/*.yaml", "menuops.yaml", "tests/payloads/*.json", "tests/cases/*/*/*.yaml")
MOST = 1 << 20


def formatted(text: str | bytes, language: Language = "yaml") -> str:
    raw = text.encode() if isinstance(text, str) else text
    styled = in_style(raw, "f", MOST, language)
    assert styled.content is not None, styled.findings
    return styled.content.decode()


def meaning(node: Node | None) -> object:
    """What a tree says: texts, what isn't a text, the order of keys."""
    match node:
        case Text():
            return None if node.is_null else node.text
        case List():
            return [meaning(item) for item in node.items]
        case Map():
            return [(key, meaning(value)) for key, value in node.entries.items()]
    return node


def check_promises(raw: bytes, language: Language = "yaml") -> None:
    """A file says the same as before with the same comments, and a second run changes nothing."""
    styled = in_style(raw, "f", MOST, language)
    before = read_source(raw, "f", MOST)
    errors = [finding for finding in before.findings if finding.severity == "error"]
    if styled.content is None:
        assert styled.findings
        assert [*styled.findings] == errors or [each.rule for each in styled.findings] == [
            "not-formatted"
        ]
        assert "report" not in styled.findings[0].message
        return
    after = read_source(styled.content, "f", MOST)
    assert meaning(after.root) == meaning(before.root)
    assert comments(after.text) == comments(before.text)
    text = styled.content.decode()
    assert text.endswith("\n")
    assert not text.startswith(("\n", "\ufeff"))
    assert "\r" not in text
    assert in_style(styled.content, "f", MOST, language).content == styled.content


def comments(text: str) -> list[str]:
    return [tidy(comment) for _, comment in spans(text)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_before_becomes_after(case: Path) -> None:
    """Byte for byte; and both parsers of PyYAML lead to it."""
    raw = (case / "before.yaml").read_bytes()
    after = (case / "after.yaml").read_bytes()
    for pure in (False, True):
        assert in_style(raw, "f", MOST, "yaml", pure=pure).content == after
        assert in_style(after, "f", MOST, "yaml", pure=pure).content == after


@pytest.mark.parametrize("pattern", FILES)
def test_each_file_of_ours_keeps_its_meaning_and_its_comments(pattern: str) -> None:
    for path in ROOT.glob(pattern):
        raw = path.read_bytes()
        check_promises(raw)
        if path.suffix == ".json":
            check_promises(raw, "json")


@pytest.mark.parametrize("name", ["menuops.yaml", "menus/demo.yaml", "menus/full.yaml"])
def test_the_examples_are_in_the_style(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert formatted(text) == text


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(pages())
@example(b"- &n1 # a\n - # menuops: ignore[x]\n- &n2 [&n3 a,[[&n4 a]], # a\n ] # a\n... # a\n")
@example(b"[[ # a\n [&n1 a\n ,] # a\n ,]] # a\n... # a\n")
@example(b"[&n1 a # a\n , # a\n &n2 a #b\n ] # a\n")
@example(b"k0: &n1 a\n\n b #b\n")
@example(b"k0: &n1 !!str on #b\n")
@example(b"[# menuops: ignore[x]\n &n1 a,[[&n2 a]]] # a\n... # a\n")
@example(b"k:\n  - - --- # a\n")
@example(b"? a # b\n: # c\n  d # e\n")
@example(b"a: |+\n  b\n\n")
@example(b"- |+\n  a\n-\n\n  ~\n")
@example(b"a: |\n\n\n  b\n  \n")
@example(b"a: >2\n    b\n\n\n   c")
def test_what_people_write_keeps_its_meaning_and_its_comments(raw: bytes) -> None:
    check_promises(raw)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutations(), st.sampled_from(["yaml", "json", "either"]))
@example(b"%YAML 1.1\n---\na: 1\n", "yaml")
@example(b'{"a": NaN}', "either")
@example('{"s：u": []}'.encode(), "yaml")
@example(b"? # a\n# b\nvars:\n  c: d\n", "yaml")
@example(b"a: {?, b: 1}\n", "yaml")
@example(b"? &a # b\n", "yaml")
def test_a_file_with_slips_is_left_alone_or_keeps_its_meaning(
    raw: bytes, language: Language
) -> None:
    styled = in_style(raw, "f", MOST, language)
    assert (styled.content is None) is bool(styled.findings)
    assert not [finding for finding in styled.findings if "report" in finding.message]
    if styled.content is not None:
        check_promises(raw, language)


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_a_text_is_quoted_as_an_import_quotes_it(texts: list[str]) -> None:
    """Double quotes, and only where they are needed."""
    items = [text.replace("${", "") for text in texts]
    quoted = "".join(f"- {json.dumps(item)}\n" for item in items)
    if read_source(quoted.encode(), "f", MOST).findings:
        return
    assert formatted(quoted) == "".join(f"- {scalar(item)}\n" for item in items)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_json_is_written_as_a_person_would_indent_it(value: object) -> None:
    raw = json.dumps({"a": value})
    if read_source(raw.encode(), "f", MOST).findings:
        return
    text = formatted(raw, "json")
    assert json.loads(text) == {"a": value}
    assert formatted(text, "json") == text
    if "\\u" not in text:
        assert text == json.dumps({"a": value}, indent=2, ensure_ascii=False) + "\n"


def test_json_keeps_its_numbers_and_shows_its_characters() -> None:
    raw = '{"a": 1.0, "b": 1e3,"c":"\\u5e2e\\/\\ud83d\\ude00\\u200b","d":{},"e":[],"f":[null,true]}'
    assert formatted(raw, "json") == (
        '{\n  "a": 1.0,\n  "b": 1e3,\n  "c": "帮/😀\\u200b",\n  "d": {},\n  "e": [],\n'
        '  "f": [\n    null,\n    true\n  ]\n}\n'
    )


def test_json_stays_json_by_its_name_or_where_the_name_is_not_known() -> None:
    assert formatted('{"a": "b"}', "either") == '{\n  "a": "b"\n}\n'
    assert formatted("{a: b}", "either") == "a: b\n"
    assert formatted('{"a": "b"}', "yaml") == "a: b\n"
    (finding,) = in_style(b"{a: b}", "m.json", MOST, "json").findings
    assert (finding.rule, "isn't JSON" in finding.message) == ("not-formatted", True)


def test_a_file_with_an_error_has_the_findings_of_the_reader() -> None:
    for raw in (b"a: [", b"a: 1\na: 2\n", b"", b"\xff", b"- *a\n", b"a: 1\n---\nb: 2\n"):
        styled = in_style(raw, "f", MOST, "yaml")
        assert styled.content is None
        assert styled.findings == read_source(raw, "f", MOST).findings
    assert in_style(b"a: 1\n", "f", 3, "yaml").findings[0].rule == "too-large"


@pytest.mark.parametrize(
    "wrong",
    ["a: c # d\n", "a: b\n", "a: b # d e\n", "a: b # d\nc: d\n", "a: [b] # d\n", "a: [ # d\n"],
)
def test_a_mistake_of_ours_changes_no_file(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "yaml_in_style", lambda *_, **__: wrong)
    (finding,) = in_style(b"a: b # d\n", "f", MOST, "yaml").findings
    assert "report" in finding.message


def test_a_file_that_would_grow_too_long_is_left() -> None:
    raw = b"[" + b"{a: {b: c}}," * 50 + b"]"
    (finding,) = in_style(raw, "f", len(raw), "yaml").findings
    assert f"more than {len(raw)} bytes" in finding.message


def test_a_directive_is_left_to_the_person() -> None:
    for head in ("%YAML 1.1", "%TAG !a! tag:example.com:"):
        styled = in_style(f"{head}\n---\na: 1\n".encode(), "f", MOST, "yaml")
        assert "directive" in styled.findings[0].message


def test_one_text_is_no_file_of_ours() -> None:
    (finding,) = in_style(b"'a'", "f", MOST, "yaml").findings
    assert finding.message.endswith("it holds one text, and no key")


def test_a_key_that_is_no_word_keeps_its_quotes() -> None:
    """Plain, the first would be asked about: was an ASCII colon meant?"""
    text = '"key：a": 1\nb:\n  - {"a b": c, d: e}  # menuops: ignore[x]\n'
    assert formatted(text.replace("d:", "'d':")) == text


def test_a_comment_that_the_reader_asks_about_is_not_settled() -> None:
    text = "a: b  #1\nc: d  # 2\n"
    assert formatted(text) == text
    assert formatted('a: "b" #1\n') == "a: b  # 1\n"


def test_what_is_silenced_stays_silenced_and_no_comment_idle() -> None:
    raw = (ROOT / "tests" / "cases" / "fmt" / "silenced" / "before.yaml").read_bytes()
    after = formatted(raw).encode()
    assert rules_of(after) == []
    assert rules_of(after.replace(b"ignore[http", b"ignore[not-http")).count("http-link") == 6
    # Where a text was on a line of its own, the comment above its key had nothing to silence.
    assert set(rules_of(raw)) == {"http-link", "idle-ignore"}


def rules_of(raw: bytes) -> list[str]:
    return [found.rule for found in parse_menu(raw, "m").for_account({}, "a", "wx1").findings]
