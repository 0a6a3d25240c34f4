"""Every rule is described, every description is of a rule, and each has its examples."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from menuops.core.rulebook import OF_MENU_FILES, OF_PROJECT_FILES, RULEBOOK, docs_anchor
from menuops.render.language.po import read_po
from tests.language.english import english_left

from .rules_page import (
    CASES,
    CHAPTERS,
    CHINESE_PAGE,
    PAGE,
    WORDS,
    chinese_page,
    page,
    words_kept_up,
)

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path for folder in ("files", "run") for path in (ROOT / "menuops" / folder).rglob("*.py")
]
NO_RULES = {
    "cat-file",
    "content-length",
    "embedded-emulator",
    "fonts-noto-cjk",
    "fonts-noto-color-emoji",
    "fonts-noto-core",
    "latin-1",
    "liberationsans-regular",
    "notosans-regular",
    "notosanscjk-regular",
    "notosanscjksc-regular",
    "rev-parse",
    "transfer-encoding",
    "utf-8",
}
"""Words of the source with a hyphen that no finding has for its rule."""
NO_FILE_SHOWS = {
    "adapted-account": "asked of a live menu",
    "classic-token": "asked when a plan is made",
    "console-entry": "asked of a live menu",
    "console-menu": "asked of a live menu",
    "dead-menu": "asked of a live menu",
    "idle-allow": "asked when a plan is made",
    "left-out": "asked of what is imported",
    "more-findings": "a file of thousands of findings",
    "no-answers": "asked of saved answers",
    "not-a-menu": "asked of what is imported",
    "not-a-plan": "asked of a saved plan",
    "not-a-result": "asked of what report was given",
    "not-answers": "asked of saved answers",
    "not-formatted": "asked by fmt",
    "nothing-in-force": "asked of a moment",
    "other-account": "asked of saved answers",
    "schema": "the last resort, which no case reaches",
    "too-large": "a file of a megabyte",
    "type-case": "asked of what is imported",
    "unanswered-key": "asked of a menu beside a bot's keys",
    "unknown-tag": "asked of an account",
    "unnamed-tags": "asked of a live menu",
    "unreadable": "no file at all",
    "unwritable": "asked by fmt",
}
ONLY_BAD = {"binary-file"}
WORD = re.compile(r"[a-z]+(?:-[a-z0-9]+)+\Z")


def words(path: Path) -> Iterator[str]:
    """List the texts of a source that have the form of a rule's name, of two words at least."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and WORD.match(node.value)
        ):
            yield node.value


def made_names(path: Path) -> Iterator[str]:
    """List the patterns of the names that a source puts together: `{field}-empty`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z-]+"
                for part in node.values
            ]
            yield "".join(parts)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_rule_that_a_source_names_is_in_the_rulebook(path: Path) -> None:
    assert {word for word in words(path) if word not in RULEBOOK} <= NO_RULES


def test_every_rule_of_the_rulebook_is_named_by_a_source() -> None:
    texts = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    made = re.compile("|".join({name for path in SOURCES for name in made_names(path)}))
    assert [rule for rule in RULEBOOK if rule not in texts and not made.fullmatch(rule)] == []


@pytest.mark.parametrize("rule", RULEBOOK)
def test_a_note_says_what_and_why(rule: str) -> None:
    note = RULEBOOK[rule]
    assert note.rule == rule
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", rule)
    assert re.fullmatch(r"[A-Z`$<].{5,80}\.", note.summary), note.summary
    assert note.help.endswith(".")
    assert "  " not in note.help
    assert len(note.help) > 20


def test_each_rule_stands_in_one_chapter_of_the_page() -> None:
    rules = [note.rule for _, _, notes in CHAPTERS for note in notes]
    assert rules == list(RULEBOOK)


@pytest.mark.parametrize("rule", RULEBOOK)
def test_each_rule_has_a_case_that_breaks_it_and_one_that_does_not(rule: str) -> None:
    kinds = {
        re.split("[-.]", case.name)[0]
        for folder in ("menu", "project")
        for case in (CASES / folder / rule).glob("*.yaml")
    }
    breaks = "bad" if RULEBOOK[rule].severity == "error" else "warn"
    assert (breaks in kinds) is (rule not in NO_FILE_SHOWS)
    assert ("good" in kinds) is (rule not in NO_FILE_SHOWS and rule not in ONLY_BAD)


def test_the_severity_of_each_finding_of_a_case_is_that_of_its_note() -> None:
    for beside in (*CASES.glob("menu/*/*.txt"), *CASES.glob("project/*/*.txt")):
        for line in beside.read_text(encoding="utf-8").splitlines():
            found = re.fullmatch(r"[^:]+:[0-9]+:[0-9]+: (warning: )?.*\[([a-z0-9-]+)\]", line)
            assert found, line
            assert (RULEBOOK[found[2]].severity == "warning") is bool(found[1]), line


def test_only_warnings_can_be_idle_ignores() -> None:
    for rule in OF_MENU_FILES | OF_PROJECT_FILES:
        assert RULEBOOK[rule].severity == "warning"


def test_the_page_has_each_rule_under_its_name() -> None:
    headings = re.findall("^### (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {docs_anchor(heading) for heading in headings} == {
        docs_anchor(rule) for rule in RULEBOOK
    }


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "renew it: python -m tests.files.rules_page"


def test_the_chinese_page_is_up_to_date_and_says_all_that_the_english_one_does() -> None:
    renew = "renew it, and translate what is new: python -m tests.files.rules_page"
    assert CHINESE_PAGE.read_text(encoding="utf-8") == chinese_page(), renew
    assert WORDS.read_text(encoding="utf-8") == words_kept_up(), renew
    words = read_po(words_kept_up())
    texts = [text for title, about, notes in CHAPTERS for text in (title, about)]
    texts += [text for note in RULEBOOK.values() for text in (note.summary, note.help)]
    assert [text for text in texts if text not in words] == [], renew
    for english, chinese in words.items():
        typed = re.findall(r"`[^`]+`|\b[456]\d{4}\b", english)
        assert [each for each in typed if each not in chinese] == [], english


def test_each_finding_of_the_chinese_page_is_in_chinese() -> None:
    blocks = re.findall(r"```text\n(.*?)```", CHINESE_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found = [line.partition(" ")[2] for block in blocks for line in block.splitlines()]
    assert len(found) > 100
    assert [line for each in found for line in english_left(each, "keep", "sex")] == []
