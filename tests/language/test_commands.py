"""Commands in Chinese: all that people read, and nothing that machines read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

import pytest

from menuops.core.drift import drift_to_json
from menuops.core.plan import Plan
from menuops.core.told import ToldDrift, told_from_json
from menuops.files.results import read_result
from menuops.render.chat_text import chat_markdown, chat_text
from menuops.render.drift_markdown import drift_markdown
from menuops.render.drift_text import drift_text
from menuops.render.language.speech import speak
from menuops.render.plan_text import NextCommands, plan_text
from menuops.render.terminal import cells
from menuops.render.told_markdown import told_markdown
from menuops.run.reporting import comment_of, issue_title, status_of
from tests.render.drifts import DRIFTS
from tests.render.plans import PLANS
from tests.site import Site, conditional, view

CHINESE = {"MENUOPS_LANG": "zh"}
TYPED = re.compile(r"`[^`]*`|menuops [a-z]+[^，。；：（）]*|https?://\S+|\S+\.(?:yaml|json)\S*")


@pytest.fixture
def _chinese() -> Iterator[None]:
    speak("zh")
    yield
    speak("en")


def english_left(text: str) -> list[str]:
    """Find what looks like English in a text: three small words in a row, not to be typed."""
    return [
        line
        for line in text.splitlines()
        if re.search(
            r"(?<![\w./:-])[a-z']{2,} [a-z']{2,} [a-z']{2,}(?![\w./:-])", TYPED.sub("", line)
        )
    ]


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("width", [60, 100])
def test_a_plan_is_said_in_chinese_and_fits(name: str, width: int) -> None:
    plan: Plan = PLANS[name]
    following = NextCommands("menuops apply plan.json", "menuops plan")
    text = plan_text(plan, next_commands=following, width=width)
    # What a test made up as the words of WeChat is nobody's to translate.
    assert plan.unreadable or english_left(text) == []
    for line in text.splitlines():
        whole = re.fullmatch(r".*[0-9a-f]{64}|.*(?:menuops|--allow) .*", line)
        assert cells(line) <= width or whole, line  # what is copied or typed is never broken
        assert not re.match(r"\s*[，。；：！？）”]", line), line


def life(site: Site) -> Iterator[tuple[str, ...]]:
    """Go through a site's life: the commands, one after the other."""
    site.live([view()], conditional(view("乙"), client_platform_type="2"))
    yield ("validate",)
    yield ("plan",)
    yield ("plan", "--allow", "remove-conditional", "--out", "plan.json")
    yield ("show", "plan.json")
    yield ("apply", "plan.json")
    yield ("apply", "plan.json")
    yield ("drift",)
    site.live([view("别人")])
    yield ("drift",)
    yield ("plan",)
    yield ("history",)
    yield ("restore", site.runs[-1].name, "--yes")
    yield ("who",)
    yield ("token",)
    yield ("doctor", "-v")
    yield ("preview",)
    yield ("fmt", "--check")
    yield ("import", "--out", "menus/shop.yaml")
    yield ("import", "--out", "menus/new.yaml")
    yield ("destroy", "-a", "shop", "--yes", "--confirm", "other")
    yield ("destroy", "-a", "shop", "--yes", "--confirm", "shop")
    yield ("apply",)
    yield ("init", "new")
    site.menu("button: [{name: 帮助帮助帮助, type: click, kye: HELP}]\nx: 1\n")
    yield ("validate",)
    yield ("plan",)


def test_each_command_speaks_chinese_from_the_first_plan_to_the_last(site: Site) -> None:
    for words in life(site):
        ended = site.run(*words, environ=CHINESE)
        assert english_left(ended.said) == [], (words, ended.said)
        assert re.search(r"[\u4e00-\u9fff]", ended.said), words


def without_times(text: str) -> str:
    text = re.sub(r'"checksum":"[0-9a-f]{64}"', '"checksum":"SUM"', text)  # of a time, too
    text = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]{4}", "RUN", text)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME", text)


def test_json_plans_and_exit_codes_are_the_same_in_both_languages(
    site: Site,
) -> None:
    site.live([view()], conditional(view("乙"), client_platform_type="2"))
    for words in (
        ("validate",), ("plan",), ("plan", "--live", "none.json"), ("drift",), ("who",),
        ("history",), ("apply",), ("doctor",), ("token",), ("render",), ("restore", "x"),
        ("plan", "-a", "x"),
    ):  # fmt: skip
        spoken = [
            site.run(*words, "--format", "json", environ={"MENUOPS_LANG": language})
            for language in ("en", "zh")
        ]
        assert spoken[0].code == spoken[1].code
        english, chinese = (json.loads(without_times(ended.out)) for ended in spoken)
        if words not in (("doctor",), ("token",)):  # these say how long ago, and how fast
            assert english == chinese, words
    for form in ("github", "gitlab", "sarif"):
        site.menu("button: [{name: 帮助, type: click, kye: HELP}]\n")
        assert (
            site.run("validate", "--format", form, environ=CHINESE).out
            == site.run("validate", "--format", form).out
        )


def test_a_saved_plan_has_one_digest_and_no_chinese_but_that_of_names(site: Site) -> None:
    site.live([view()])
    digests = []
    for language in ("en", "zh"):
        site.run("plan", "--out", "plan.json", environ={"MENUOPS_LANG": language})
        digests.append(json.loads((site.root / "plan.json").read_text(encoding="utf-8"))["digest"])
    assert digests[0] == digests[1]


def test_the_locale_is_heeded_where_nothing_else_is_asked_for(site: Site) -> None:
    asked = {"MENUOPS_LANG": None, "LC_ALL": None, "LC_MESSAGES": None, "LANG": "zh_CN.UTF-8"}
    assert "公众号" in site.run("plan", environ=asked).out
    assert "account" in site.run("plan", environ={**asked, "LC_ALL": "C.UTF-8"}).out


def test_a_language_that_is_not_spoken_is_named_and_english_it_is(site: Site) -> None:
    english = site.run("plan")
    ended = site.run("plan", environ={"MENUOPS_LANG": "de"})
    assert (ended.code, without_times(ended.out)) == (english.code, without_times(english.out))
    assert "MENUOPS_LANG is 'de'; en and zh are spoken here" in ended.err


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize("name", DRIFTS)
@pytest.mark.parametrize("width", [60, 100])
def test_drift_is_said_in_chinese_and_fits(name: str, width: int) -> None:
    text = drift_text(DRIFTS[name], lambda name, _: f" -a {name}", width=width)
    assert DRIFTS[name].unreadable or english_left(text) == []
    for line in text.splitlines():
        assert cells(line) <= width or "menuops " in line, line


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_comments_and_pages_are_in_chinese_where_it_is_asked_for(form: str, site: Site) -> None:
    site.live([view()], conditional(view("乙"), client_platform_type="2"))
    asked = ("plan", "--format", form, "--allow", "remove-conditional")
    page = site.run(*asked, environ=CHINESE).out
    page = re.sub(
        r"<(style|script)>.*?</\1>|<!--.*?-->|<code>.*?</code>", "", page, flags=re.DOTALL
    )
    text = re.sub(r"<[^>]*>", "\n", html.unescape(page.replace("<wbr>", "")))
    assert "个公众号有变更" in text
    assert english_left(text) == []


def shown(markdown: str) -> str:
    """Give what a page shows of Markdown, without code."""
    text = re.sub(r"<!--.*?-->|<code>.*?</code>", "", markdown, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "\n", html.unescape(text.replace("<wbr>", "")))


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize("name", DRIFTS)
def test_reports_of_drift_and_their_titles_and_messages_are_in_chinese(name: str) -> None:
    told = told_from_json(drift_to_json(DRIFTS[name]))
    assert isinstance(told, ToldDrift)
    texts = [
        shown(drift_markdown(DRIFTS[name], lambda name, _: f" -a {name}")),
        shown(told_markdown(told, 60_000)),
        chat_text(told, 8_000),
        re.sub(r"<font[^>]*>", "", chat_markdown(told, 4_096, "https://ci.example/1")),
        issue_title([told]),
    ]
    for text in texts:
        assert "公众号" in text
        # What a test made up as the words of WeChat is nobody's to translate.
        assert DRIFTS[name].unreadable or english_left(text) == []
        assert not re.search(r"。[^。]*没有写入任何内容有", text)


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize("name", PLANS)
def test_messages_about_a_plan_are_in_chinese(name: str) -> None:
    text = chat_text(PLANS[name], 8_000)
    assert PLANS[name].unreadable or english_left(text) == []


def test_what_a_job_reports_is_in_chinese_and_its_mark_is_not(site: Site) -> None:
    site.live([view()])
    speak("zh")
    try:
        for words in (("plan",), ("apply", "--yes"), ("drift",)):
            document = site.run(*words, "--format", "json", environ=CHINESE).out
            speak("zh")
            result = read_result(document.encode(), "document")
            body = comment_of([result], run_url="https://ci.example/1")
            assert re.match(r"<!-- menuops report 1 state=\w+ -->\n", body)
            assert "[运行记录](https://ci.example/1)" in body
            assert english_left(shown(body).replace("https://ci.example/1", "")) == []
            if isinstance(result, Plan):
                assert status_of([result]).description == f"digest {result.digest}"
    finally:
        speak("en")
