"""The job's own shell steps, run against the emulator: pull request, merge, night."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from menuops.emulator import Account

from .conftest import APPID, MENU, SECRET, GitHub, WeChat, pull
from .github import HEAD, REPOSITORY, SHA, Ran, Runner

NO_MENU = 46003
SKIPPED = Ran(result="skipped")


def opened(runner: Runner, repository: str = REPOSITORY, user: str = "User") -> Runner:
    runner.event_name, runner.ref = "pull_request", "refs/pull/7/merge"
    head = {"sha": HEAD, "repo": {"full_name": repository}, "ref": "x$(touch x)"}
    runner.event = {"pull_request": {"number": 7, "head": head, "user": {"type": user}}}
    return runner


def pull_request(runner: Runner) -> tuple[Ran, Ran]:
    """Plan and publish, for valid files; gives how both ended."""
    planned = opened(runner).job("plan", validate=Ran())
    return planned, runner.job("publish", plan=planned, apply=SKIPPED, ahead=SKIPPED)


def merge(runner: Runner) -> tuple[Ran, Ran]:
    """Find the digest and apply; gives how both ended."""
    runner.event_name, runner.ref, runner.event = "push", "refs/heads/main", {}
    found = runner.job("reviewed")
    return found, runner.job("apply", reviewed=found)


def by_hand(runner: Runner, digest: str) -> Ran:
    runner.event_name, runner.ref, runner.event = "workflow_dispatch", "refs/heads/main", {}
    runner.inputs = {"digest": digest}
    if not digest:
        return runner.job("plan", validate=SKIPPED)
    return runner.job("apply", reviewed=runner.job("reviewed"))


def test_a_pull_request_shows_its_plan_and_publishes_the_digest(
    runner: Runner, github: GitHub, wechat: WeChat
) -> None:
    planned, published = pull_request(runner)
    assert (planned.code, published.code) == (0, 0), planned.log + published.log
    read = planned.page.text
    assert re.search(r"1\s+新品\s+view https://shop\.example\.com/new", read)
    digest = planned.outputs["digest"]
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert f"in full {digest}" in read
    assert planned.outputs["outcome"] == "changes"
    status, of_account = github.statuses
    account = planned.outputs["account-digests"].partition("=")[2]
    assert of_account["context"] == "menuops/plan/wx0123456789abcdef"
    assert of_account["description"] == f"digest {account} of {digest}"
    assert (status["state"], status["description"]) == ("success", f"digest {digest}")
    assert status["context"] == "menuops/plan"
    assert wechat.menu["errcode"] == NO_MENU


def test_a_merge_applies_what_was_reviewed(runner: Runner, wechat: WeChat) -> None:
    planned, _ = pull_request(runner)
    found, applied = merge(runner)
    account = planned.outputs["account-digests"].partition("=")[2]
    assert found.outputs["expect"] == f"{planned.outputs['digest']},{account}"
    assert applied.code == 0, applied.log
    assert "menuops apply: applied on 1 account" in applied.page.text
    assert wechat.first == "新品"
    again = merge(runner)[1]  # a run can be started again
    assert again.code == 0, again.log
    assert "No changes." in again.page.text


def test_a_plan_without_changes_asks_nobody_and_stops_where_there_are_some_by_now(
    runner: Runner, github: GitHub, wechat: WeChat
) -> None:
    wechat.publish("现在的")
    menu = "button: [{name: 现在的, type: click, key: K}]\n"
    (runner.workspace / "menus/shop.yaml").write_text(menu, encoding="utf-8")
    planned, _ = pull_request(runner)
    assert (planned.outputs["outcome"], planned.outputs["digest"]) == ("no_changes", "")
    assert github.statuses[0]["description"] == "no changes"
    found, applied = merge(runner)
    assert applied.result == "skipped"
    assert runner.job("unchanged", reviewed=found).code == 0
    wechat.publish("别人改的")
    stopped = runner.job("unchanged", reviewed=found)
    assert stopped.code == 5
    assert "别人改的" in stopped.page.text
    assert wechat.first == "别人改的"


def test_live_that_moved_since_the_review_stops_the_merge_and_a_new_digest_goes_by_hand(
    runner: Runner, wechat: WeChat
) -> None:
    planned, _ = pull_request(runner)
    wechat.publish("别人改的")
    _, stopped = merge(runner)
    assert stopped.code == 5
    assert wechat.first == "别人改的"
    assert "workflow_dispatch" in stopped.summary
    found = re.search("with the digest `([0-9a-f]{64})`", stopped.summary)
    assert found
    assert found[1] != planned.outputs["digest"]
    assert by_hand(runner, "").outputs["digest"] == found[1]
    assert by_hand(runner, found[1]).code == 0
    assert wechat.first == "新品"


def test_files_that_moved_since_the_review_stop_the_merge(
    runner: Runner, wechat: WeChat, checkout: Path
) -> None:
    pull_request(runner)
    (checkout / "menus/shop.yaml").write_text(MENU.replace("新品", "旧品"), encoding="utf-8")
    assert merge(runner)[1].code == 5
    assert wechat.menu["errcode"] == NO_MENU


ROBOT = {"login": "github-actions[bot]", "type": "Bot"}


def status(**changes: Any) -> dict[str, Any]:
    good = {"id": 1, "context": "menuops/plan", "state": "success", "creator": ROBOT}
    return {**good, "description": "digest " + "a" * 64, **changes}


@pytest.mark.parametrize(
    ("pulls", "statuses", "why"),
    [
        ([pull()], [], "no plan was made"),
        ([], [status()], "isn't the merge of one pull request"),
        ([pull(), pull(number=8)], [status()], "isn't the merge of one pull request"),
        ([pull(merged_at=None)], [status()], "isn't the merge of one pull request"),
        ([pull(merge_commit_sha="d" * 40)], [status()], "isn't the merge of one pull request"),
        ([pull(base={"ref": "next"})], [status()], "isn't the merge of one pull request"),
        (
            [pull(head={"sha": HEAD, "repo": None})],
            [status()],
            "isn't the merge of one pull request",
        ),
        (
            [pull(head={"sha": HEAD, "repo": {"full_name": "fork/menus"}})],
            [status()],
            "isn't the merge of one pull request",
        ),
        (
            [pull(head={"sha": "../../x", "repo": {"full_name": REPOSITORY}})],
            [status()],
            "no commit for the pull request's head",
        ),
        ([pull()], [status(creator={"login": "eve", "type": "User"})], "no plan was made"),
        ([pull()], [status(creator={**ROBOT, "type": "User"})], "no plan was made"),
        ([pull()], [status(creator=None)], "no plan was made"),
        ([pull()], [status(context="menuops/plan ")], "no plan was made"),
        ([pull()], [status(state="failure")], "failed"),
        ([pull()], [status(id=2, state="failure"), status(id=1)], "failed"),
        ([pull()], [status(description="digest " + "a" * 63 + "\n")], "holds no digest"),
        ([pull()], [status(description=f"digest {'a' * 64},{'b' * 64}")], "holds no digest"),
        ([pull()], [status(description=None)], "holds no digest"),
    ],
)
def test_without_a_digest_from_the_jobs_own_token_nothing_is_applied(
    runner: Runner,
    github: GitHub,
    pulls: list[dict[str, Any]],
    statuses: list[dict[str, Any]],
    why: str,
) -> None:
    github.know(pulls=pulls, statuses=statuses)
    found, applied = merge(runner)
    assert (found.code, applied.result) == (9, "skipped")
    assert why in found.summary
    assert "workflow_dispatch" in found.summary


def test_the_newest_status_of_the_job_counts_whatever_others_wrote_since(
    runner: Runner, github: GitHub
) -> None:
    eve = {"login": "eve", "type": "User"}
    others = [status(id=9, creator=eve), status(id=3, description="digest " + "c" * 64), status()]
    github.know(pulls=[pull()], statuses=others)
    assert merge(runner)[0].outputs == {"expect": "c" * 64}


def test_digests_of_accounts_count_from_the_jobs_token_and_for_that_plan_alone(
    runner: Runner, github: GitHub
) -> None:
    whole, older, of = "a" * 64, "9" * 64, "menuops/plan/wx1"
    good = status(id=2, context=of, description=f"digest {'b' * 64} of {whole}")
    others = [
        status(**{"id": 9, "context": of, "description": f"digest {digit * 64} of {plan}", **keys})
        for digit, plan, keys in (
            ("c", whole, {"creator": {"login": "eve", "type": "User"}}),
            ("d", older, {}),
            ("e", whole, {"state": "failure"}),
            ("f", whole, {"context": "menuops/plan/wx1,x"}),
            ("1", whole, {"context": "menuops/switch/wx1"}),
        )
    ]
    github.know(pulls=[pull()], statuses=[*others, good, status()])
    assert merge(runner)[0].outputs == {"expect": f"{whole},{'b' * 64}"}


def test_the_digest_of_another_account_of_the_same_name_approves_nothing(
    runner: Runner, github: GitHub, wechat: WeChat, checkout: Path
) -> None:
    """Not even with the same menu, in a status of the job's own token."""
    other, project = "wxffffffffffffffff", checkout / "menuops.yaml"
    wechat.emulator.add_account(Account(appid=other, secret=SECRET))
    ours = project.read_text(encoding="utf-8")
    project.write_text(ours.replace(APPID, other), encoding="utf-8")
    theirs = runner.action("menuops", {"command": "plan"}).outputs["account-digests"]
    project.write_text(ours, encoding="utf-8")
    told = f"digest {theirs.partition('=')[2]} of {'a' * 64}"
    of_account = status(id=2, context=f"menuops/plan/{APPID}", description=told)
    github.know(pulls=[pull()], statuses=[of_account, status()])
    found, applied = merge(runner)
    assert theirs.partition("=")[2] in found.outputs["expect"]
    assert applied.code == 5, applied.log
    assert wechat.menu["errcode"] == NO_MENU


def test_many_accounts_leave_the_digest_of_the_plan_alone(runner: Runner, github: GitHub) -> None:
    """GitHub stops who writes hundreds of statuses, and the one that counts comes last."""
    opened(runner)
    lines = [f"wx{number:016}={number:064}" for number in range(60)]
    outputs = {"outcome": "changes", "digest": "a" * 64, "account-digests": "\n".join(lines)}
    published = runner.job("publish", plan=Ran(outputs=outputs), apply=SKIPPED, ahead=SKIPPED)
    assert published.code == 0, published.log
    assert [each["description"] for each in github.statuses] == [f"digest {'a' * 64}"]
    assert "60 accounts" in published.log


LIES: list[Any] = [
    {"message": "<html>"},
    [1],
    [{"number": 7}],
    [pull(head=None)],
    [pull(base="main")],
    [pull(number="7; x")],
    [pull(head={"sha": 7, "repo": {"full_name": REPOSITORY}})],
]


@pytest.mark.parametrize("pulls", LIES)
def test_an_answer_that_is_no_pull_request_is_no_review(
    runner: Runner, github: GitHub, pulls: Any
) -> None:
    github.know(pulls=pulls, statuses=[status()])
    found, applied = merge(runner)
    assert (found.code, applied.result) == (9, "skipped"), found.log
    assert "No reviewed plan" in found.summary
    assert "Traceback" not in found.log


@pytest.mark.parametrize(
    "statuses",
    [{"message": "x"}, [1], [{}], [status(creator="x")], [status(id="x")], [status(description=1)]],
)
@pytest.mark.parametrize("by_clock", [False, True])
def test_an_answer_that_is_no_status_is_no_review(
    runner: Runner, github: GitHub, statuses: Any, by_clock: bool
) -> None:
    """And no hour in which nothing was to be done, either: somebody has to look."""
    known = {"pulls": {SHA: [pull()]}, "statuses": {HEAD: statuses, SHA: statuses}}
    github.file.write_text(json.dumps(known), encoding="utf-8")
    if by_clock:
        runner.event_name, runner.ref = "schedule", "refs/heads/main"
        runner.event = {"schedule": "4 * * * *"}
        for each in statuses if isinstance(statuses, list) else []:
            if isinstance(each, dict) and "context" in each:
                each["context"] = "menuops/switch"
        github.file.write_text(json.dumps(known), encoding="utf-8")
        found = runner.job("reviewed")
    else:
        found, _ = merge(runner)
    assert (found.code, found.outputs.get("expect", "")) == (9, ""), found.log
    assert "Traceback" not in found.log


def test_a_digest_that_was_not_reviewed_writes_nothing(runner: Runner, wechat: WeChat) -> None:
    stopped = by_hand(runner, "a" * 64)
    assert stopped.code == 5
    assert wechat.menu["errcode"] == NO_MENU


@pytest.mark.parametrize(
    "digest", ["A" * 64, "no-changes", "a" * 64 + "\nexpect=no-changes", "$(x)"]
)
def test_what_is_no_digest_goes_nowhere(runner: Runner, digest: str) -> None:
    runner.event_name, runner.inputs = "workflow_dispatch", {"digest": digest}
    found = runner.job("reviewed")
    assert (found.code, found.outputs) == (9, {"expect": ""})


@pytest.mark.parametrize(("repository", "user"), [("fork/menus", "User"), (REPOSITORY, "Bot")])
def test_forks_and_bots_only_validate(runner: Runner, repository: str, user: str) -> None:
    opened(runner, repository, user)
    validated = runner.job("validate")
    assert validated.code == 0
    planned = runner.job("plan", validate=validated)
    assert planned.result == "skipped"
    assert runner.job("publish", plan=planned, apply=SKIPPED, ahead=SKIPPED).result == "skipped"
    assert runner.job("reviewed").result == "skipped"


def test_nothing_is_applied_or_planned_by_hand_from_another_branch(runner: Runner) -> None:
    runner.event_name, runner.ref = "workflow_dispatch", "refs/heads/eve"
    assert runner.job("plan", validate=Ran(result="skipped")).result == "skipped"
    runner.inputs = {"digest": "a" * 64}
    assert runner.job("reviewed").result == "skipped"


def test_invalid_files_are_annotated_and_stop_the_plan(runner: Runner, checkout: Path) -> None:
    (checkout / "menus/shop.yaml").write_text("button:\n  - name: 新品\n", encoding="utf-8")
    validated = opened(runner).job("validate")
    assert validated.code == 3
    name, properties, message = validated.annotations[0]
    assert (name, properties["file"], properties["line"]) == ("error", "menus/shop.yaml", "2")
    assert "an entry needs `type`" in message
    assert "menus/shop.yaml:2:5 an entry needs" in validated.page.text
    assert runner.job("plan", validate=validated).result == "skipped"


def test_a_plan_that_fails_has_a_summary_its_own_exit_code_and_a_failed_status(
    runner: Runner, github: GitHub
) -> None:
    runner.secrets["MENUOPS_SECRET_SHOP"] = "f" * 32
    planned, published = pull_request(runner)
    assert planned.code == 7
    assert "**Could not start.**" in planned.summary
    assert "shop" in planned.summary
    assert "f" * 32 not in planned.summary + planned.log
    assert published.code == 0
    assert [each["state"] for each in github.statuses] == ["failure"]


def test_a_refused_plan_is_shown_and_fails(runner: Runner, github: GitHub, wechat: WeChat) -> None:
    wechat.publish("现在的")
    wechat.add_for_ios("苹果")
    planned, _ = pull_request(runner)
    assert planned.code == 4
    assert "remove-conditional" in planned.page.text
    assert github.statuses[0]["state"] == "failure"
    assert merge(runner)[0].code == 9


def test_the_night_fails_with_drift_whatever_the_way_back(runner: Runner, wechat: WeChat) -> None:
    """Also where a guard would stop it; that it is quiet without drift is seen in a whole life."""
    wechat.publish("别人改的")
    wechat.add_for_ios("别人加的")
    drifted = runner.action("menuops", {"command": "drift"})
    assert (drifted.code, drifted.outputs["outcome"]) == (2, "changes")
    read = drifted.page.text
    assert "Drift: live moved" in read
    assert "别人改的" in read
    assert re.search(r"remove\s+ios", read)
    assert wechat.first == "别人改的"


def test_the_project_of_this_repository_goes_through_all_of_it(
    bare: Runner, github: GitHub
) -> None:
    bare.secrets["FAKE_GITHUB"] = str(github.file)
    planned, published = pull_request(bare)
    assert (planned.code, published.code) == (0, 0), planned.log
    applied = merge(bare)[1]
    assert applied.code == 0, applied.log
    bare.event_name, bare.event = "schedule", {"schedule": "23 18 * * *"}
    assert bare.job("plan", validate=SKIPPED).result == "skipped"
    drift = bare.job("drift")
    assert drift.code == 0, drift.log
    assert "No changes." in drift.summary
