"""Chinese in lines of a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.render.language.lines import chinese_lines
from menuops.render.terminal import cells

TEXTS = st.lists(
    st.sampled_from(
        [*"变更预览发布公众号", *"，。：；（）“”、", " ", "menuops", "`a b`", "3", "x-y"]
    ),
    max_size=40,
).map("".join)


def test_chinese_breaks_between_characters_and_not_before_a_stop() -> None:
    lines = chinese_lines("没有变更。各公众号与文件一致，请重新预览。", 10, cells)
    assert lines == ["没有变更。", "各公众号与", "文件一致，", "请重新预", "览。"]


def test_words_and_what_is_typed_stay_whole() -> None:
    text = "请运行 `menuops plan -a shop` 再试"
    assert chinese_lines(text, 24, cells) == ["请运行", "`menuops plan -a shop`", "再试"]
    assert chinese_lines("a bb ccc", 4, cells) == ["a bb", "ccc"]


@given(TEXTS, st.integers(8, 40))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    lines = chinese_lines(text, width, cells)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines[1:]:
        assert not line or line[0] not in "，。：；）”、" or len(line) == 1 or cells(line) > 2
    for line in lines:
        one_piece = " " not in line.strip() and cells(line) > width
        assert cells(line.rstrip(" ")) <= width or one_piece or "`" in line


@pytest.mark.parametrize("text", ["", " ", "。", "（", "`"])
def test_little_texts_stay(text: str) -> None:
    assert "".join(chinese_lines(text, 10, cells)) == text
