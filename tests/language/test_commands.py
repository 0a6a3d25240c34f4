"""Commands in Chinese: all that people read, and nothing that machines read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import get_args

import pytest

from menuops.cli.main import COMMANDS
from menuops.core.drift import drift_to_json
from menuops.core.plan import Plan
from menuops.core.sent import Doing, Sent
from menuops.core.told import ToldDrift
from menuops.core.told_reading import told_from_json
from menuops.files.results import read_result
from menuops.render.chat_text import chat_markdown, chat_text
from menuops.render.drift_markdown import drift_markdown
from menuops.render.drift_text import drift_text
from menuops.render.language.speech import speak
from menuops.render.plan_text import NextCommands, plan_text
from menuops.render.report_body import comment_body, issue_title
from menuops.render.sent_text import sent_text
from menuops.render.terminal import cells
from menuops.render.told_markdown import told_markdown
from menuops.run.reporting import status_of
from tests.language.english import english_left, vocabulary
from tests.render.drifts import DRIFTS
from tests.render.plans import PLANS
from tests.site import Site, conditional, view

CHINESE = {"MENUOPS_LANG": "zh"}
CHECKS = ("clock", "locks", "tags", "root")
"""Names of checks, as JSON has them, and who tests."""
TYPES = ("text", "pages", "sex", "line", "script")
"""What names and values of the plans below hold."""


@pytest.fixture
def _chinese() -> Iterator[None]:
    speak("zh")
    yield
    speak("en")


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("width", [60, 100])
def test_a_plan_is_said_in_chinese_and_fits(name: str, width: int) -> None:
    plan: Plan = PLANS[name]
    following = NextCommands("menuops apply plan.json", "menuops plan")
    text = plan_text(plan, next_commands=following, width=width)
    # What a test made up as the words of WeChat is nobody's to translate.
    assert plan.unreadable or english_left(text, *TYPES) == []
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
    yield ("token", "--renew", "-a", "shop")
    yield ("doctor", "-v")
    yield ("preview",)
    yield ("fmt", "--check")
    yield ("render", "--origin")
    yield ("preview", "--plan", "plan.json")
    yield ("preview", "--out", "menu.doc")
    yield ("import", "--out", "menus/shop.yaml")
    yield ("import", "--out", "menus/new.yaml")
    yield ("destroy", "-a", "shop", "--yes", "--confirm", "other")
    yield ("destroy", "-a", "shop", "--yes", "--confirm", "shop")
    yield ("apply",)
    yield ("init", "dir")
    site.project(mode="watch")
    yield ("plan",)
    site.project(protected=True)
    yield ("plan",)
    site.menu("button: [{name: 帮助帮助帮助, type: click, kye: HELP}]\nx: 1\n")
    yield ("validate",)
    yield ("plan", "-a", "shop")
    site.write("menuops.yaml", {"accounts": {"shop": site.shop(mode="off", token={"source": "x"})}})
    yield ("validate",)


MISTYPED = (
    ("plann",), ("plan", "--formt"), ("show",), ("schema", "x"), ("completion",),
    ("completion", "tcsh"), ("plan", "-a", "nobody"), ("plan", "--at", "x"), ("plan", "--var", "x"),
    ("plan", "--allow", "foo"), ("plan", "--parallel", "0"), ("plan", "--expires-in", "x"),
    ("plan", "--live", "none.json"), ("plan", "--base", "main"), ("plan", "-C", "none"),
    ("apply", "a", "b"), ("apply", "--expect"), ("apply", "--expect", "x"),
    ("apply", "--resume", "x"),
    ("restore",), ("restore", "none"), ("destroy",), ("history", "--last", "0"),
    ("report", "none.json"), ("report", "none.json", "--to", "mail"),
    ("import", "--raw", "--from", "x"), ("emulator", "--switch", "x=y"),
    ("emulator", "--switch", "x"), ("emulator", "--switch", "bom=x"),
    ("emulator", "--account", "x"), ("emulator", "--tag", "x"), ("emulator", "--port", "x"),
)  # fmt: skip


@pytest.mark.parametrize("words", MISTYPED, ids=" ".join)
def test_what_was_typed_wrong_is_said_in_chinese(site: Site, words: tuple[str, ...]) -> None:
    ended = site.run(*words, environ=CHINESE)
    told = re.sub(r"[\w=|-]*[|=、][\w=|、-]*", "", ended.err)  # names that may be chosen
    assert english_left(told) == [], ended.err
    assert re.search(r"[\u4e00-\u9fff]", ended.err)
    assert "\\t" not in ended.err


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_help_is_in_chinese_with_its_examples(site: Site, name: str | None) -> None:
    ended = site.run(*filter(None, [name]), "--help", environ=CHINESE)
    assert english_left(ended.out, *COMMANDS, "text", "none") == [], ended.out
    assert not re.search(r"。（|[\u4e00-\u9fff] \(", ended.out)
    assert [line for line in ended.out.splitlines() if cells(line) > 80] == []


def test_each_command_speaks_chinese_from_the_first_plan_to_the_last(site: Site) -> None:
    for words in life(site):
        ended = site.run(*words, environ=CHINESE)
        assert english_left(ended.said, *CHECKS) == [], (words, ended.said)
        assert re.search(r"[\u4e00-\u9fff]", ended.said), words


def test_what_report_does_is_said_in_chinese(site: Site) -> None:
    site.live([view()])
    site.write(
        "menuops.yaml",
        {
            "accounts": {"shop": site.shop()},
            "notify": [{"to": to, "url_env": "ROBOT"} for to in ("wecom", "webhook")],
        },
    )
    site.run("plan", "--out", "plan.json")
    site.write("drift.json", site.run("drift", "--format", "json").out)
    for words, first in {
        (
            "plan.json",
            "--to",
            "github",
            "--status",
        ): "将会发送：提交状态，menuops/plan：success, ",
        ("plan.json", "--to", "gitlab"): "将会发送：评论，内容如下",
        ("plan.json", "--to", "wecom"): "将会发送：消息，企业微信（URL 在变量 ROBOT 里）",
        ("plan.json", "--to", "webhook"): "将会发送：消息，webhook（URL 在变量 ROBOT 里）",
        ("drift.json", "--to", "github", "--issue"): "将会发送：issue，内容如下",
    }.items():
        ended = site.run("report", *words, "--dry-run", environ=CHINESE)
        assert ended.out.startswith(first), ended.out


@pytest.mark.parametrize("doing", get_args(Doing))
@pytest.mark.usefixtures("_chinese")
def test_each_thing_that_is_sent_has_its_line(doing: Doing) -> None:
    for what in ("comment", "status", "issue", "message", "picture"):
        for to in ("merge request 3", "pull request 3", "commit 3f2a9c1: success, digest 0"):
            (line,) = sent_text([Sent(what, doing, to)]).splitlines()
            line = line.replace(": success, digest 0", "").replace("：success, digest 0", "")
            assert english_left(line) == [], line
            assert re.match("[\u4e00-\u9fff]{2,6}：", line), line


def test_files_that_are_written_have_chinese_comments_and_say_the_same(site: Site) -> None:
    site.live([view()], conditional(view("乙"), client_platform_type="2"))
    texts = {}
    for language in ("en", "zh"):
        environ = {"MENUOPS_LANG": language}
        site.run("init", language, environ=environ)
        texts[language] = [
            re.sub("wxdemo[0-9a-f]{12}", "wxdemo", (site.root / language / name).read_text("utf-8"))
            for name in ("menuops.yaml", "menus/demo.yaml")
        ]
        texts[language].append(site.run("import", environ=environ).out)
    for english, chinese in zip(texts["en"], texts["zh"], strict=True):
        comments = [line.partition("#")[2] for line in chinese.splitlines() if "#" in line]
        ours = [each for each in comments if re.match(" [A-Z0-9\u4e00-\u9fff]", each)]
        assert english_left("\n".join(ours)) == []
        assert all(re.search(r"[\u4e00-\u9fff]", each) for each in ours)
        assert re.sub(r"(?m) *#.*$", "", english) == re.sub(r"(?m) *#.*$", "", chinese)


def test_a_comment_of_ours_is_said_and_what_the_console_holds_is_not(site: Site) -> None:
    odd = {"type": "odd", "name": "甲", "value": "new"}
    text = {"type": "text", "name": "文", "value": "removed"}
    button = [{"name": "联系", "sub_button": {"list": [odd]}}, text]
    site.write("answer.json", {"is_menu_open": 1, "selfmenu_info": {"button": button}})
    written = site.run("import", "--from", "answer.json", environ=CHINESE).out
    for line in (
        "# 联系，其下有：",
        "#   甲：类型 odd，API 无法创建",
        "#     value: new",
        "#   value: removed",
    ):
        assert f"  {line}\n" in written


def test_the_vocabulary_finds_a_single_word() -> None:
    assert len(vocabulary()) > 500
    assert english_left("有 3 处 changes")
    assert english_left("已发送：comment，合并请求 3")
    assert not english_left("运行 `menuops plan`，token 有效 [yaml-syntax]")


def without_times(text: str) -> str:
    text = re.sub(r'"checksum":"[0-9a-f]{64}"', '"checksum":"SUM"', text)  # of a time, too
    text = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]{4}", "RUN", text)
    return re.sub(r"\d{4}-\d\d-\d\d(T[\d:]+Z| [\d:]+ [+-]\d\d:\d\d)", "TIME", text)  # UTC, local


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
    assert DRIFTS[name].unreadable or english_left(text, *TYPES) == []
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
    assert english_left(text, *TYPES) == []


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
        assert DRIFTS[name].unreadable or english_left(text, *TYPES) == []
        assert not re.search(r"。[^。]*没有写入任何内容有", text)


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize("name", PLANS)
def test_messages_about_a_plan_are_in_chinese(name: str) -> None:
    text = chat_text(PLANS[name], 8_000)
    assert PLANS[name].unreadable or english_left(text, *TYPES) == []


def test_what_a_job_reports_is_in_chinese_and_its_mark_is_not(site: Site) -> None:
    site.live([view()])
    speak("zh")
    try:
        for words in (("plan",), ("apply", "--yes"), ("drift",)):
            document = site.run(*words, "--format", "json", environ=CHINESE).out
            speak("zh")
            result = read_result(document.encode(), "document")
            body = comment_body([result], run_url="https://ci.example/1")
            assert re.match(r"<!-- menuops report 1 state=\w+ -->\n", body)
            assert "[运行记录](https://ci.example/1)" in body
            assert english_left(shown(body).replace("https://ci.example/1", "")) == []
            if isinstance(result, Plan):
                assert status_of([result]).description == f"digest {result.digest}"
    finally:
        speak("en")
