"""Which language is spoken, and what becomes of texts that no catalogue has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.render.language.speech import (
    is_strange,
    labelled,
    language_of,
    listed,
    said,
    speak,
)
from menuops.render.language.template import joined, template


@pytest.fixture
def _chinese() -> Iterator[None]:
    speak("zh")
    yield
    speak("en")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "MENUOPS_LANG": "en"}, "en"),
        ({"LANG": "C", "MENUOPS_LANG": "zh"}, "zh"),
        ({"MENUOPS_LANG": "zh-CN"}, "zh"),
        ({"MENUOPS_LANG": "ZH_cn.UTF-8"}, "zh"),
        ({"MENUOPS_LANG": "", "LANG": "zh_CN"}, "zh"),
        ({"MENUOPS_LANG": "de", "LANG": "zh_CN"}, "en"),
        ({"MENUOPS_LANG": "zhuang"}, "en"),
    ],
)
def test_menuops_lang_decides_else_the_locale_else_english(
    environ: dict[str, str], language: str
) -> None:
    assert language_of(environ) == language
    assert is_strange(environ) == (environ.get("MENUOPS_LANG") in ("de", "zhuang"))


def test_english_texts_stay_as_they_are() -> None:
    assert said("Nothing was written.") == "Nothing was written."
    assert listed(["new", "was 2"]) == "new, was 2"
    assert labelled("shop", "can't be read") == "shop: can't be read"


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Nothing was written.", "没有写入任何内容。"),
        ("3 accounts to change.", "3 个公众号有变更。"),
        ("new, was 2", "新增，原在 2"),
        (
            (
                "refused by a guard. Nothing was written.\n  unmanaged: no file has x, and "
                "`unmanaged: error` keeps it from going"
            ),
            (
                "被保护项拦下。没有写入任何内容。\n"
                "  unmanaged：没有文件包含 x，而 `unmanaged: error` 不允许删除它"
            ),
        ),
        (
            "shop: no AppSecret: the environment variable MENUOPS_SECRET_SHOP isn't set",
            "shop：没有 AppSecret：环境变量 MENUOPS_SECRET_SHOP 没有设置",
        ),
        # Without the name, which stands above it.
        ("no AppSecret: the file `x` isn't text", "没有 AppSecret：文件 `x` 不是文本"),
        ("Nothing is known of the files at abc: menus/a.yaml isn't there", None),
        ("no such thing of yours was ever said here", "no such thing of yours was ever said here"),
        ("拨打 400-000, 新品", "拨打 400-000, 新品"),
        ("", ""),
        (" ", " "),
    ],
)
def test_a_text_is_said_with_all_the_texts_in_it(english: str, chinese: str | None) -> None:
    if chinese is None:
        assert said(english) == "不知道 abc 的文件内容：menus/a.yaml 不存在"
    else:
        assert said(english) == chinese


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize("name", ["新品, new", "removed", "{0}", "a\tb"])
def test_a_name_in_a_text_is_never_said(name: str) -> None:
    assert name in said(f"{name} is there already")
    assert name in said(f"the conditional menu for {name} (menuid 7) has no successor")


def test_any_text_can_be_said() -> None:
    """A text that was made by chance, of our own words too, ends no run."""
    words = st.sampled_from(
        [
            "Nothing was written", "{0}", "{", "}", ", ", "; ", ": ", ". ", "\n", "(", ")", "`",
            "!", "3 accounts", "new", "新品", " ", "can't be read", "shop", "\x1b",
            "the default menu",
        ]
    )  # fmt: skip
    speak("zh")
    try:

        @given(st.lists(words | st.text(max_size=5), max_size=12).map("".join))
        def is_said(text: str) -> None:
            assert isinstance(said(text), str)
            assert said(text).count("\n") == text.count("\n")

        is_said()
    finally:
        speak("en")


def test_a_long_text_is_said_in_no_time() -> None:
    """What is read in parts is read once; a list of a thousand names isn't tried in every way."""
    speak("zh")
    try:
        names = ", ".join(f"account-{number}" for number in range(1000))
        assert said(f"in sync: the default menu and {names}").startswith("一致：默认菜单和")
        assert said("; ".join(["it is empty"] * 200)) == "；".join(["它为空"] * 200)
    finally:
        speak("en")


def test_a_translation_that_does_not_fit_its_text_is_left_out() -> None:
    assert template("{0} files", "{1} 个文件") is None
    assert template("files", "{ 文件") is None


def test_chinese_and_latin_have_a_blank_between_them() -> None:
    assert joined("有", "3 个") == "有 3 个"
    assert joined("公众号 ", "默认菜单") == "公众号默认菜单"
    assert joined("针对 ", "tag:VIP") == "针对 tag:VIP"
    assert joined("`type`", "缺少") == "`type` 缺少"
    assert joined("", "3") == "3"


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize(
    ("english", "chinese"),
    {
        "ios, other": "ios、other",
        "tag:VIP+ios, others+android": "tag:VIP+ios、其他人+android",
        "others": "其他人",
        "tag:a, b": "tag:a, b",  # a comma in a name: no list of kinds
        "the guards are quota, delete-all": "保护项有：quota、delete-all",
        "2 accounts can't be read and would be left as they are, unseen: a, b and 3 more": (
            "2 个公众号无法读取，将在内容未知的情况下原样保留：a、b 等，另有 3 个"
        ),
        "3 changed": "修改 3 处",
        "url changed": "修改 url",
        "2 menu/create": "menu/create 2 次",
        "menu/get menu/create": "menu/get menu/create",  # no number
        "2 of 3 accounts can't be read. Nothing was written.": (
            "3 个公众号中的 2 个无法读取。没有写入任何内容。"
        ),
        "  ! 营业时间 (text) of default: the API can't make it": (
            "  ! 默认菜单的 营业时间（text）：API 无法创建"
        ),
    }.items(),
)
def test_lists_and_counts_are_said_as_chinese_says_them(english: str, chinese: str) -> None:
    assert said(english) == chinese


def test_what_is_quoted_stays_whatever_marks_it_holds() -> None:
    speak("zh")
    try:

        @given(st.text("新品甲q0.:;,!()[]{}<>~+- "))
        def stays(name: str) -> None:
            quoted = f"'{name}'"
            assert quoted in said(f"{quoted} is there already")
            assert quoted in said(f"Nothing was written. Saved {quoted}")

        stays()
    finally:
        speak("en")
