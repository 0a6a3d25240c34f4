"""The page's files: nothing from elsewhere, nothing inline, all words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import menuops.emulator

PAGE = Path(menuops.emulator.__file__).parent / "page"
SCRIPTS = sorted((PAGE / "js").glob("*.js"))
HTML = (PAGE / "index.html").read_text(encoding="utf-8")
WORD = re.compile(r'^  (\w+): (".*"),$', re.M)
STARTS = ("does_", "type_", "field_", "fault_", "param_", "token_", "platform")
"""Of keys that are put together of a word and a value."""


def words(language: str) -> dict[str, str]:
    text = (PAGE / "js" / f"words_{language}.js").read_text(encoding="utf-8")
    found = WORD.findall(text)
    assert len(found) == len(dict(found)) == len(re.findall(r"(?m)^  \S", text))
    return dict(found)


def test_both_languages_have_the_same_words() -> None:
    english, chinese = words("en"), words("zh")
    # Chinese has no plural.
    assert {key for key in english if not key.endswith("One")} == set(chinese)


def test_a_text_says_the_same_things_in_both_languages() -> None:
    english = words("en")
    for key, text in words("zh").items():
        names = re.compile(r"\{(\w+)\}")
        assert set(names.findall(text)) == set(names.findall(english[key])), key


def test_every_word_is_there_and_none_is_left_over() -> None:
    english = set(words("en"))
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in SCRIPTS if not path.name.startswith("words_")
    )
    asked = set(re.findall(r'\b(?:t|count|hasWord)\("(\w+)"', code))
    asked |= set(re.findall(r'data-t="(\w+)"', HTML))
    assert asked <= english
    quoted = set(re.findall(r'"(\w+)"', code)) | set(re.findall(r"\b(\w+)\b", code)) | asked
    left = {key for key in english - quoted if not key.startswith(STARTS)}
    assert {key for key in left if key.removesuffix("One") not in quoted} == set()


def test_all_comes_from_the_emulator_and_nothing_is_inline() -> None:
    assert re.findall(r"<script(?![^>]*\bsrc=)", HTML) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", HTML) == []
    for path in [PAGE / "index.html", *SCRIPTS, *PAGE.glob("*.css")]:
        text = path.read_text(encoding="utf-8")
        links = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+", re.sub(r"(?m)^\s*//.*$", "", text)))
        assert links <= {"http://www.w3.org", "https://shop.example.com", "http://127.0.0.1"}, path
        assert "@import" not in text
        assert "url(" not in text


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_markup_or_code_of_text(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    barred = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc"
    assert re.findall(barred, code) == []


def test_the_files_are_those_that_the_server_gives() -> None:
    found = {path.suffix for path in PAGE.rglob("*") if path.is_file()}
    assert found == {".html", ".css", ".js", ".svg"}
    asked = re.findall(r'"/__emulator__/page/([^"]+)"', HTML)
    assert all((PAGE / name).is_file() for name in asked)
    assert len(asked) >= 4
