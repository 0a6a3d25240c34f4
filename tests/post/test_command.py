"""`menuops report` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from menuops.render.report_comment import state_of
from tests.site import Site

from .standin import TOKEN, Fault, StandIn


@pytest.fixture
def planned(site: Site, stand_in: StandIn) -> Site:
    site.run("plan", "--out", "plan.json")
    site.environ |= stand_in.environ
    return site


def test_a_saved_plan_is_reported(planned: Site, stand_in: StandIn) -> None:
    ended = planned.run("report", "plan.json", "--to", "github", "--status", "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    assert [(each["what"], each["doing"]) for each in ended.json["sent"]] == [
        ("status", "created"),
        ("comment", "created"),
    ]
    assert len(stand_in.comments) == len(stand_in.statuses) == 1
    again = planned.run("report", "plan.json", "--to", "github")
    assert again.out == f"Unchanged: comment, pull request 7 {stand_in.comments[0]['html_url']}\n"


def test_what_a_command_printed_is_reported_from_stdin(planned: Site, stand_in: StandIn) -> None:
    applied = planned.run("apply", "--yes", "--format", "json").out
    ended = planned.command("report", "-", "--to", "github", stdin=applied.encode())
    assert (ended.code, ended.err) == (0, "")
    assert state_of(stand_in.comments[0]["body"]) == "applied"
    assert planned.command("report", "-", "--to", "github").code == 3


def test_a_comment_that_can_not_be_posted_is_7_with_its_reason(
    planned: Site, stand_in: StandIn
) -> None:
    stand_in.faults.append(Fault("GET", "/comments$", 404, {}, {"message": "Not Found"}))
    ended = planned.run("report", "plan.json", "--to", "github")
    assert (ended.code, ended.out) == (7, "")
    assert ended.err.splitlines()[0] == (
        "menuops: can't read the comments: GitHub answered HTTP 404: Not Found"
    )
    assert "`pull-requests: write`" in ended.err
    assert TOKEN not in ended.said
    none = planned.run("report", "plan.json", "--to", "github", environ={"GITHUB_TOKEN": None})
    assert (none.code, "github.token" in none.err) == (7, True)


def test_gh_token_is_taken_too(planned: Site, stand_in: StandIn) -> None:
    planned.environ["GITHUB_TOKEN"] = ""
    assert planned.run("report", "plan.json", "--to", "github").code == 7
    planned.environ["GH_TOKEN"] = TOKEN
    assert planned.run("report", "plan.json", "--to", "github").code == 0
    assert len(stand_in.comments) == 1


def test_gitlab_takes_a_picture(planned: Site, stand_in: StandIn) -> None:
    planned.environ |= stand_in.gitlab_environ
    assert planned.run("preview", "--plan", "plan.json", "--out", "menu.png").code == 0
    ended = planned.run("report", "plan.json", "--to", "gitlab", "--image", "menu.png")
    assert (ended.code, ended.err) == (0, "")
    assert stand_in.uploads == [(planned.root / "menu.png").read_bytes()]


def test_robots_are_those_of_the_project_file(planned: Site, stand_in: StandIn) -> None:
    ended = planned.run("report", "plan.json", "--to", "wecom")
    assert (ended.code, "names no wecom under `notify`" in ended.err) == (64, True)
    notify = [{"to": "wecom", "url_env": "ROBOT", "on": ["drift"]}]
    planned.write("menuops.yaml", {"accounts": {"shop": planned.shop()}, "notify": notify})
    planned.environ["ROBOT"] = f"{stand_in.url}/robot?key={TOKEN}"
    dry = planned.run("report", "plan.json", "--to", "wecom", "--dry-run")
    assert (dry.code, "plan: 1 account to change" in dry.out) == (0, True)
    assert stand_in.messages == []
    sent = planned.run("report", "plan.json", "--to", "wecom")
    assert (sent.code, sent.out) == (0, "Sent: message, wecom in ROBOT\n")
    assert [each["msgtype"] for each in stand_in.messages] == ["markdown", "image"]
    dead = planned.run("report", "plan.json", "--to", "wecom", environ={"ROBOT": "http://x/y"})
    assert dead.code == 7


@pytest.mark.parametrize(
    "arguments",
    [
        ("--to", "wecom", "--status"),
        ("--to", "webhook", "--issue"),
        ("--to", "wecom", "--pull-request", "1"),
        ("--to", "github", "-a", "shop"),
        ("--to", "github", "--image", "plan.json"),
        ("--to", "github", "--image", "nowhere.png"),
        ("--to", "github", "--pull-request", "0"),
        ("--to", "slack"),
        (),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(
    planned: Site, stand_in: StandIn, arguments: tuple[str, ...]
) -> None:
    assert planned.run("report", "plan.json", *arguments).code == 64
    assert stand_in.requests == []


def test_a_tampered_plan_is_5_and_what_is_none_is_3(planned: Site, stand_in: StandIn) -> None:
    path: Path = planned.root / "plan.json"
    path.write_text(path.read_text("utf-8").replace('"digest":"', '"digest":"f', 1), "utf-8")
    assert planned.run("report", "plan.json", "--to", "github").code in (3, 5)
    assert planned.run("report", "menuops.yaml", "--to", "github").code == 3
    assert planned.run("report", "nowhere.json", "--to", "github").code == 3
    assert stand_in.requests == []
