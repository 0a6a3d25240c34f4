"""Chat groups and webhooks are told how a run came out, and nothing of it depends on them."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from menuops.core.notice import Notice
from menuops.post.failure import NotSent
from menuops.render.chat_text import chat_markdown, chat_text
from menuops.render.webhook_json import webhook_json
from menuops.run.notifying import news_for, notify, send_news
from menuops.run.settings import World
from tests.site import APPID, Site, click

from .conftest import Results
from .standin import TOKEN, Fault, StandIn


def told(site: Site, stand_in: StandIn, *notices: dict[str, Any], **top: Any) -> None:
    """Let the project file name places; ROBOT and HOOK are their URLs."""
    site.write("menuops.yaml", {"accounts": {"shop": site.shop()}, "notify": list(notices), **top})
    site.environ["ROBOT"] = f"{stand_in.url}/robot?key={TOKEN}"
    site.environ["HOOK"] = f"{stand_in.url}/hook"


ROBOT = {"to": "wecom", "url_env": "ROBOT"}
HOOK = {"to": "webhook", "url_env": "HOOK"}


def contents(stand_in: StandIn) -> list[str]:
    markdown = [each for each in stand_in.messages if each.get("msgtype") == "markdown"]
    return [each["markdown"]["content"] for each in markdown]


def test_an_apply_is_told_with_pictures_of_before_and_after(site: Site, stand_in: StandIn) -> None:
    told(site, stand_in, ROBOT, HOOK)
    ended = site.run("apply", "--yes", environ={"CI_JOB_URL": "https://gitlab.example/jobs/9"})
    assert (ended.code, ended.err) == (0, "")
    (content,) = contents(stand_in)
    assert "apply: applied on 1 account" in content
    assert "[The run](https://gitlab.example/jobs/9)" in content
    kinds = [each.get("msgtype", "webhook") for each in stand_in.messages]
    assert kinds == ["markdown", "image", "webhook"]
    hook = stand_in.messages[-1]
    assert (hook["command"], hook["outcome"]) == ("apply", "done")
    assert [each["outcome"] for each in hook["accounts"]] == ["done"]
    assert "applied on 1 account" in hook["text"]


def test_what_changed_nothing_is_not_told(site: Site, stand_in: StandIn) -> None:
    site.run("apply", "--yes")
    told(site, stand_in, {**ROBOT, "on": ["plan", "apply", "drift"]})
    for command in (["plan"], ["apply", "--yes"], ["drift"]):
        assert site.run(*command).code == 0
    assert stand_in.messages == []


def test_a_plan_is_told_only_where_it_is_asked_for(site: Site, stand_in: StandIn) -> None:
    told(site, stand_in, HOOK)
    site.run("plan")
    assert stand_in.messages == []
    told(site, stand_in, {**HOOK, "on": ["plan"]})
    site.run("plan")
    site.run("apply", "--yes")
    assert [each["command"] for each in stand_in.messages] == ["plan"]


def test_drift_and_failures_are_told(site: Site, stand_in: StandIn) -> None:
    site.run("apply", "--yes")
    told(site, stand_in, ROBOT)
    site.live([click("别人", "THEIRS")])
    assert site.run("drift").code == 2
    assert site.run("apply", "--expect", "f" * 64).code == 5
    site.menu("button: 1\n")
    assert site.run("apply", "--yes").code == 3
    drift, stale, invalid = contents(stand_in)
    assert "drift: 1 account: 1 drifted" in drift
    assert "change default 1 别人: key HELP" in drift
    assert "apply: " in stale
    assert "\\n" not in stale
    assert "1 error in the files" in invalid
    assert "menus/shop.yaml:1:9" in invalid


def test_what_was_typed_wrong_or_not_approved_is_not_told(site: Site, stand_in: StandIn) -> None:
    told(site, stand_in, HOOK)
    assert site.run("apply", "-a", "nobody").code == 64
    assert site.run("apply").code == 9
    assert stand_in.messages == []


def test_only_the_accounts_of_a_place_are_told(site: Site, stand_in: StandIn) -> None:
    site.accounts(2)
    accounts = {f"a0{n}": site.shop(appid=f"wxa0{n}") for n in (1, 2)}
    told(
        site,
        stand_in,
        {**HOOK, "accounts": ["*2"]},
        {**HOOK, "accounts": ["b*"]},
        accounts=accounts,
    )
    assert site.run("apply", "--yes").code == 0
    (message,) = stand_in.messages
    assert [each["name"] for each in message["accounts"]] == ["a02"]
    assert "a01" not in message["text"]


def test_a_webhook_gets_what_programs_look_at_of_each_kind(site: Site, stand_in: StandIn) -> None:
    told(site, stand_in, {**HOOK, "on": ["plan", "apply", "drift"]})
    site.run("plan")
    site.run("apply", "--yes", "--expect", "f" * 64)
    site.live([click("别人", "THEIRS")])
    site.run("drift")
    heads = [(each["command"], each["outcome"]) for each in stand_in.messages]
    assert heads == [("plan", "changes"), ("apply", "error"), ("drift", "drift")]
    shop = {"name": "shop", "appid": APPID}
    accounts = [each["accounts"] for each in stand_in.messages]
    assert accounts == [[{**shop, "status": "changes"}], [], [{**shop, "status": "unknown_past"}]]
    digests = [each["digest"] is not None for each in stand_in.messages]
    assert digests == [True, False, False]
    keys = {"format_version", "command", "outcome", "digest", "commit", "accounts", "text", "url"}
    assert all(set(each) == keys for each in stand_in.messages)


def test_a_place_is_told_of_its_accounts_alone_whatever_ended(site: Site, results: Results) -> None:
    site.accounts(3)
    failed = results.of("plan", "-a", "nobody")
    place = Notice("webhook", "HOOK", accounts=("*2",))
    for whole in (results.plan(), results.of("drift")):
        news = news_for(place, whole)
        assert news is not None
        assert [each["name"] for each in webhook_json(news, "")["accounts"]] == ["a02"]
        assert news_for(Notice("webhook", "HOOK", accounts=("b*",)), whole) is None
    assert news_for(place, failed) is failed


@pytest.mark.parametrize("module", ["resvg_py", "fontTools"])
def test_where_nothing_can_draw_the_text_is_told_alone(
    site: Site, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    """As without menuops[preview]."""
    monkeypatch.setitem(sys.modules, module, None)
    for name in [name for name in sys.modules if name.startswith(f"{module}.")]:
        monkeypatch.delitem(sys.modules, name)
    plan = site.plan()
    world = World(environ={"ROBOT": f"{stand_in.url}/robot?key={TOKEN}"})
    assert list(notify([Notice("wecom", "ROBOT")], world, "plan", plan)) == []
    assert [each["msgtype"] for each in stand_in.messages] == ["markdown"]


def test_pictures_are_of_two_accounts_of_a_place_at_most(site: Site, stand_in: StandIn) -> None:
    site.accounts(4)
    world = World(environ={"ROBOT": f"{stand_in.url}/robot?key={TOKEN}"})
    for accounts, pictures in (((), 2), (("a03",), 1)):
        stand_in.messages.clear()
        notices = [Notice("wecom", "ROBOT", accounts=accounts)]
        assert list(notify(notices, world, "plan", site.plan())) == []
        kinds = [each["msgtype"] for each in stand_in.messages]
        assert kinds == ["markdown", *["image"] * pictures]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://qyapi.weixin.qq.com/send?key=k",
        "https://u:p@host.example/x",
        "ftp://127.0.0.1/x",
        "https://host.example/a b",
        "http://127.0.0.1:1/robot?key=0123456789abcdef",
        "not a url 0123456789abcdef",
    ],
)
def test_a_dead_place_fails_no_run_and_costs_one_line(
    site: Site, stand_in: StandIn, url: str
) -> None:
    told(site, stand_in, ROBOT)
    ended = site.run("apply", "--yes", environ={"ROBOT": url})
    assert ended.code == 0
    (line,) = ended.err.splitlines()
    assert line.startswith("menuops: not told: ")
    assert "ROBOT" in line
    assert "0123456789abcdef" not in line


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST", "robot", 500, {}, {"message": f"key={TOKEN}"}),
        Fault("POST", "robot", 200, {}, {"errcode": "0"}),
        Fault("POST", "robot", 200, {}, b"<html>"),
        Fault("POST", "robot", 307, {"Location": "http://localhost:1/x"}),
        Fault("POST", "robot", 307, {"Location": "https://[bad"}),
        Fault("POST", "robot", 200, {}, {"errcode": 93000, "errmsg": TOKEN}),
        Fault("POST", "robot", 200, {}, {"errcode": 45009, "errmsg": "freq"}),
    ],
)
def test_an_answer_that_refuses_fails_no_run_and_shows_no_key(
    site: Site, stand_in: StandIn, fault: Fault
) -> None:
    told(site, stand_in, ROBOT)
    stand_in.faults.append(fault)
    ended = site.run("apply", "--yes")
    assert ended.code == 0
    assert len(ended.err.splitlines()) == 1
    assert TOKEN[:10] not in ended.said


def test_json_on_stdout_stays_one_document(site: Site, stand_in: StandIn) -> None:
    told(site, stand_in, ROBOT)
    ended = site.run("apply", "--yes", "--format", "json", environ={"ROBOT": ""})
    assert ended.json["outcome"] == "done"


def test_a_report_waits_for_a_robot_that_was_asked_too_often(
    results: Results, stand_in: StandIn
) -> None:
    slept: list[float] = []
    world = World(sleep=slept.append, environ={"ROBOT": f"{stand_in.url}/robot?key={TOKEN}"})
    stand_in.errcodes.append(45009)
    notice = Notice("wecom", "ROBOT")
    send_news(notice, results.of("drift"), world)
    assert (slept, len(contents(stand_in))) == ([61.0], 1)
    stand_in.errcodes += [45009, 45009]
    with pytest.raises(NotSent, match="45009"):
        send_news(notice, results.of("drift"), world)


def test_a_picture_over_two_megabytes_is_refused(results: Results, stand_in: StandIn) -> None:
    world = World(environ={"ROBOT": f"{stand_in.url}/robot?key={TOKEN}"})
    with pytest.raises(NotSent, match="2 MB"):
        send_news(Notice("wecom", "ROBOT"), results.of("drift"), world, pictures=[bytes(3 << 20)])


def test_no_name_calls_anybody_or_makes_a_link(site: Site, results: Results) -> None:
    site.live(
        [
            click("<@all>", "[x](https://evil.example)"),
            click("<!channel>", "`*_#"),
            click("@all", "</font>"),
        ]
    )
    drift = results.of("drift")
    markdown, text = chat_markdown(drift, 4096), chat_text(drift, 4096)
    assert "＜＠all＞" in markdown
    assert "＜" in text
    for said in (markdown, text):
        assert not [bait for bait in ("<@", "<!", "@all", "://") if bait in said]
    assert "](" not in markdown
    assert markdown.count("</font>") == 1


def test_a_message_fits_however_many_accounts_there_are(site: Site, results: Results) -> None:
    site.accounts(90, max_accounts=100)
    plan = results.plan()
    for most in (1000, 4096):
        assert len(chat_markdown(plan, most, "https://x.example/1").encode()) <= most
        assert len(chat_text(plan, most, "https://x.example/1").encode()) <= most
    assert "lines more" in chat_markdown(plan, 1000)
