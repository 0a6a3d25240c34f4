"""The Chinese catalogue: it has every text, and says it with all that it holds."""

from __future__ import annotations

import re
from string import Formatter

from menuops.render.language.catalogue import Catalogue
from menuops.render.language.po import read_po
from menuops.render.language.template import template
from tests.language.texts import PACKAGE, listed
from tests.language.update import CATALOGUE, NOT_SHOWN, catalogue, not_shown, shown_texts

TEXT = CATALOGUE.read_text(encoding="utf-8")
ENTRIES = read_po(TEXT)
CHINESE = Catalogue(ENTRIES)
_TYPED = r"`[^`]*`|menuops [a-z]+(?: --\S+)*|--[a-z]+|plan\.json|[A-Z]{3,}\S*"
CJK = r"[\u3400-\u9fff]"
MEND = f"""
Run `python -m tests.language.update`, which adds it to {CATALOGUE.name}, and translate it there:
`{{0}}` is a value as it is, `{{0:t}}` one that is itself a text of ours. If nobody is ever shown
it (a key, a pattern, a command), add it to {NOT_SHOWN.name} instead, a line of JSON."""


def places(text: str) -> list[str]:
    return sorted(field for _, field, _, _ in Formatter().parse(text) if field is not None)


def test_every_text_of_the_code_has_a_translation() -> None:
    missing = [
        f"{text.where}: {template!r}"
        for template, text in shown_texts().items()
        if template not in ENTRIES
    ]
    assert not missing, "\n".join(["these texts have no Chinese:", *missing, MEND])


def test_no_translation_is_of_a_text_that_is_gone() -> None:
    gone = sorted(set(ENTRIES) - set(shown_texts()))
    assert not gone, f"run `python -m tests.language.update`, which takes these out: {gone}"


def test_an_update_changes_no_translation() -> None:
    assert read_po(catalogue(ENTRIES)) == ENTRIES


def test_what_nobody_is_shown_stands_in_the_code() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    words = {word for text in listed("words") for word in re.findall(r"[A-Za-z_']+", text)}
    assert [word for word in words if not re.search(rf"\b{word}\b", code)] == []
    assert not not_shown() & set(ENTRIES)


def test_a_translation_has_the_places_of_its_text() -> None:
    assert [each for each in ENTRIES.items() if places(each[0]) != places(each[1])] == []


def test_what_is_typed_stays_as_it_is() -> None:
    for english, chinese in ENTRIES.items():
        typed = re.findall(
            r"`[^`]+`|(?<![\w-])--[a-z][a-z-]+|menuops (?:[a-z]+ )?--[a-z-]+", english
        )
        assert [each for each in typed if each.strip("`") not in chinese] == [], english


def test_punctuation_is_chinese() -> None:
    found = [
        chinese
        for chinese in ENTRIES.values()
        if re.search(
            rf"{CJK}[,;:!?]|{CJK}\.(?:\s|\Z)|{CJK}\(.*{CJK}", chinese.replace("(AppSecret)", "")
        )
    ]
    assert found == []


def test_bold_ends_where_markdown_sees_it() -> None:
    """Behind a stop and before a character `**` ends nothing."""
    assert [each for each in ENTRIES.values() if re.search(r"[：，。；]\*\*[^\s，。]", each)] == []


def test_one_thing_has_one_word() -> None:
    words = {
        r"\bweb console\b": "公众号后台",
        r"\bconditional menus?\b": "个性化菜单",
        r"\bdefault menu\b": "默认菜单",
        r"\bsnapshots?\b": "备份",
        r"\bguards?\b(?!\[)": "保护项",
        r"\bplan(?:s|ned)?\b(?![:`]| -)": "预览",
    }
    wrong = [
        f"{english}\n  {chinese}"
        for english, chinese in ENTRIES.items()
        for pattern, word in words.items()
        if re.search(pattern, re.sub(_TYPED, "", english)) and word not in chinese
    ]
    assert not wrong, "\n".join(wrong)


def sample(english: str) -> tuple[str, list[str]]:
    """Fill a text with values that are no texts of ours, side by side only the first."""
    made = template(english, ENTRIES[english])
    assert made is not None
    value = "{0}7" if made.counts else "v{0}x"
    values = [value.format(number) for number in range(len(made.pieces) - 1)]
    for number, piece in enumerate(made.pieces[1:-1]):
        if not piece:
            values[number + 1] = ""
    text = made.pieces[0] + "".join(
        value + piece for value, piece in zip(values, made.pieces[1:], strict=True)
    )
    return text, values


def test_each_text_is_read_as_the_template_that_it_was_made_from() -> None:
    """No two templates fit one text so that the wrong one could be taken."""
    wrong = []
    for english, chinese in ENTRIES.items():
        text, values = sample(english)
        made = template(english, chinese)
        assert made is not None
        expected = made.filled(values, CHINESE.said)
        if CHINESE.said(text) != expected:
            wrong.append(f"{english!r}: {CHINESE.said(text)!r} is not {expected!r}")
    assert not wrong, "\n".join(wrong)


def test_a_sentence_about_several_kinds_of_followers_is_no_list_of_tags() -> None:
    """A tag may have blanks in its name, so the end of a sentence could pass for a part of it."""
    for tag in ("VIP", "Gold card"):
        kinds = f"tag:{tag}+android, tag:{tag}+other"
        said = f"tag:{tag}+android、tag:{tag}+other"
        assert CHINESE.said(kinds) == said
        assert CHINESE.said(f"{kinds} will get the default menu") == f"{said} 会看到默认菜单"
        assert CHINESE.said(f"{kinds} will get app") == f"{said} 会看到 app"
        assert CHINESE.said(f"{kinds}: the default menu, until now vip") == (
            f"{said}：默认菜单（此前：vip）"
        )
