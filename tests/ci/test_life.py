"""The whole life of a menu in Git, by the steps of the workflow that `init --ci github` writes.

Branch, edit, pull request, approval, merge, a change by hand, the night, the way back. Git is
real, WeChat is the emulator, a process of its own; GitHub's REST is a stand-in.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.post.standin import TOKEN, Asked, StandIn, serving

from .conftest import APPID, MENU, SECRET, GitHub, WeChat, pull
from .github import Ran, Runner

SKIPPED = Ran(result="skipped")
NIGHT = {"schedule": "23 18 * * *"}
NEEDED = (
    ("POST", "/comments", "pull-requests"),
    ("PATCH", "/issues/comments/", "pull-requests"),
    ("POST", "/issues", "issues"),
    ("PATCH", "/issues/", "issues"),
)


@contextmanager
def rest() -> Iterator[StandIn]:
    """Serve the REST calls of reports; a job's token may do what its permissions say."""
    with serving() as stand_in:
        answer = stand_in.answer

        def checked(asked: Asked) -> tuple[int, Any, dict[str, str]]:
            token = asked.headers.get("authorization", "").removeprefix("Bearer token:")
            may = json.loads(token)
            for method, part, right in NEEDED:
                if asked.method == method and part in asked.path:
                    if may.get(right) != "write":
                        return 403, {"message": "Resource not accessible by integration"}, {}
                    break
            asked.headers["authorization"] = f"Bearer {TOKEN}"
            return answer(asked)

        stand_in.answer = checked  # type: ignore[method-assign]
        yield stand_in


@dataclass
class Life:
    """A repository on a machine of its own, and its jobs."""

    repository: Path
    runner: Runner
    known: GitHub
    rest: StandIn

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments]
        done = subprocess.run(
            command, cwd=self.repository, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, menu: str) -> str:
        (self.repository / "menus/shop.yaml").write_text(menu, encoding="utf-8")
        self.git("commit", "-qam", "Change the menu")
        return self.git("rev-parse", "HEAD")

    def pull_request(self, head: str) -> Ran:
        """Run what GitHub runs for a pull request, and give the plan's job."""
        runner = self.runner
        runner.event_name, runner.ref = "pull_request", "refs/pull/7/merge"
        here = {"sha": head, "repo": {"full_name": "acme/menus"}}
        base = {"sha": self.git("rev-parse", "main"), "ref": "main"}
        of = {"number": 7, "head": here, "base": base, "user": {"type": "User"}}
        runner.event = {"pull_request": of}
        self.rest.pulls["7"]["head"] = {"sha": head}
        validated = runner.job("validate")
        assert validated.code == 0, validated.log
        planned = runner.job("plan", validate=validated)
        published = runner.job("publish", plan=planned, apply=SKIPPED)
        assert published.code == 0, published.log
        commented = runner.job("comment", plan=planned, apply=SKIPPED)
        assert commented.code == 0, commented.log
        return planned

    def merge(self, branch: str, head: str) -> tuple[Ran, Ran]:
        """Merge, and run what GitHub runs for the push: gives what was found and the apply."""
        self.git("switch", "-q", "main")
        self.git("merge", "-q", "--no-ff", "-m", "Merge pull request #7", branch)
        sha = self.git("rev-parse", "HEAD")
        self.runner.environ["GITHUB_SHA"] = sha
        merged = pull(merge_commit_sha=sha)
        merged["head"]["sha"] = head
        self.rest.pulls["7"].update(merge_commit_sha=sha, commits=[sha])
        known = json.loads(self.known.file.read_text())
        known["pulls"][sha] = [merged]
        self.known.file.write_text(json.dumps(known))
        self.runner.event_name, self.runner.ref, self.runner.event = "push", "refs/heads/main", {}
        found = self.runner.job("reviewed")
        applied = self.runner.job("apply", reviewed=found)
        return found, applied

    def comment(self, applied: Ran) -> None:
        ran = self.runner.job("comment", plan=SKIPPED, apply=applied)
        assert ran.code == 0, ran.log

    def night(self) -> tuple[Ran, Ran]:
        self.runner.event_name, self.runner.event = "schedule", NIGHT
        self.runner.ref = "refs/heads/main"
        drift = self.runner.job("drift")
        return drift, self.runner.job("issue", drift=drift)

    def by_hand(self, **inputs: str) -> Ran:
        self.runner.event_name, self.runner.event = "workflow_dispatch", {}
        self.runner.ref, self.runner.inputs = "refs/heads/main", {"digest": "", **inputs}
        if not self.runner.inputs["digest"]:
            return self.runner.job("plan", validate=SKIPPED)
        return self.runner.job("apply", reviewed=self.runner.job("reviewed"))


@pytest.fixture
def life(runner: Runner, github: GitHub, checkout: Path) -> Iterator[Life]:
    init = [sys.executable, "-m", "menuops", "init", str(checkout), "--ci", "github"]
    subprocess.run(init, check=True, capture_output=True)
    workflow = checkout / ".github/workflows/menus.yml"
    text = workflow.read_text(encoding="utf-8")
    # As its comment says: the demo's two steps aren't for accounts of one's own.
    start, end = text.index("      # The WeChat of `demo`"), text.index("      - name: Name where")
    workflow.write_text(text[:start] + text[end:], encoding="utf-8")
    github.file.write_text(json.dumps({"pulls": {}, "statuses": {}}))
    with rest() as stand_in:
        runner.root = checkout
        runner.environ = {"GITHUB_API_URL": f"{stand_in.url}/api/v3"}
        whole = Life(checkout, runner, github, stand_in)
        whole.git("init", "-q", "-b", "main")
        whole.git("add", ".")
        whole.git("commit", "-qm", "Begin")
        yield whole


def test_a_life(life: Life, wechat: WeChat) -> None:
    # Branch, edit, pull request
    life.git("switch", "-qc", "autumn")
    head = life.commit(MENU.replace("新品", "秋季"))
    planned = life.pull_request(head)
    assert planned.outputs["outcome"] == "changes", planned.log
    digest = planned.outputs["digest"]
    [comment] = life.rest.comments
    assert "秋季" in comment["body"]
    assert "state=open" in comment["body"]
    assert "menu" not in wechat.menu

    # Pushed once more: the comment is edited in place
    head = life.commit(MENU.replace("新品", "秋季新品"))
    digest, before = life.pull_request(head).outputs["digest"], digest
    assert digest != before
    [comment] = life.rest.comments
    assert "秋季新品" in comment["body"]

    # Approved and merged: what was approved is what runs, and the comment is frozen
    found, applied = life.merge("autumn", head)
    assert found.outputs["expect"].startswith(digest)
    assert applied.code == 0, applied.log
    assert wechat.menu["menu"]["button"][0]["name"] == "秋季新品"
    life.comment(applied)
    assert "state=applied" in life.rest.comments[-1]["body"]

    # A quiet night
    drift, issue = life.night()
    assert (drift.code, issue.code) == (0, 0), drift.log + issue.log
    assert life.rest.issues == []

    # A change by hand, and the next night
    wechat.publish("别人改的")
    drift, issue = life.night()
    assert (drift.code, issue.code) == (2, 0), drift.log + issue.log
    [opened] = life.rest.issues
    assert opened["state"] == "open"

    # The way back to what the merge made: planned, then approved by its digest
    again = life.by_hand()
    assert again.code in (0, 4), again.log
    applied = life.by_hand(digest=again.outputs["digest"])
    assert applied.code == 0, applied.log
    assert wechat.menu["menu"]["button"][0]["name"] == "秋季新品"

    # And to what that apply found, by its snapshot
    document = json.loads((life.runner.temp / "artifacts/menuops-report/result.json").read_bytes())
    snapshot = f"{document['run']}/{document['accounts'][0]['name']}"
    back = life.by_hand(restore=snapshot)
    assert back.code == 0, back.log
    assert wechat.menu["menu"]["button"][0]["name"] == "秋季新品"
    restored = life.by_hand(restore=snapshot, digest=back.outputs["digest"])
    assert restored.code == 0, restored.log
    assert wechat.menu["menu"]["button"][0]["name"] == "别人改的"

    # Forward again, and the night closes its issue
    again = life.by_hand()
    assert life.by_hand(digest=again.outputs["digest"]).code == 0
    drift, issue = life.night()
    assert (drift.code, issue.code) == (0, 0), drift.log + issue.log
    assert life.rest.issues[0]["state"] == "closed"
    assert SECRET not in json.dumps([life.rest.comments, life.rest.issues, life.rest.statuses])


def test_a_comment_that_somebody_edited_decides_nothing(life: Life, wechat: WeChat) -> None:
    life.git("switch", "-qc", "autumn")
    head = life.commit(MENU.replace("新品", "秋季"))
    digest = life.pull_request(head).outputs["digest"]
    comment = life.rest.comments[0]
    comment["body"] = re.sub("[0-9a-f]{4}", "dead", comment["body"])
    found, applied = life.merge("autumn", head)
    assert found.outputs["expect"].startswith(digest)
    assert applied.code == 0, applied.log
    assert wechat.menu["menu"]["button"][0]["name"] == "秋季"


def test_a_comment_that_cant_be_posted_hides_nothing(life: Life) -> None:
    life.git("switch", "-qc", "autumn")
    life.commit(MENU.replace("新品", "秋季"))
    environ = {"GITHUB_API_URL": "http://127.0.0.1:9", "GITHUB_REF": "refs/pull/7/merge"}
    asked = {"command": "plan", "comment": "true", "token": "t"}
    ran = life.runner.action("menuops", asked, **environ)
    assert (ran.code, ran.outputs["outcome"]) == (0, "changes"), ran.log
    assert ("warning", {}) in [(kind, properties) for kind, properties, _ in ran.annotations]
    assert "秋季" in ran.summary


def test_an_account_that_moved_stops_alone(life: Life, wechat: WeChat) -> None:
    """The digests of the accounts stand beside the plan's, so that the others go on."""
    project = life.repository / "menuops.yaml"
    text = project.read_text(encoding="utf-8")
    other = (
        "  other:\n    api: emulator\n    appid: wxdemo000000000077\n    menu: menus/shop.yaml\n"
    )
    project.write_text(text + other, encoding="utf-8")
    life.git("commit", "-qam", "Add an account")
    life.git("switch", "-qc", "autumn")
    head = life.commit(MENU.replace("新品", "秋季"))
    planned = life.pull_request(head)
    assert APPID in planned.outputs["account-digests"]
    assert len(planned.outputs["account-digests"].splitlines()) == 2
    wechat.publish("别人改的")
    _, applied = life.merge("autumn", head)
    assert applied.code == 6, applied.log  # partly: one left as it is, the other done
    document = json.loads((life.runner.temp / "artifacts/menuops-report/result.json").read_bytes())
    outcomes = {each["name"]: each["outcome"] for each in document["accounts"]}
    assert outcomes["other"] == "done"
    assert outcomes["shop"] != "done"
    assert wechat.menu["menu"]["button"][0]["name"] == "别人改的"
    life.comment(applied)
    assert "shop" in life.rest.comments[-1]["body"]


def test_a_list_of_menus_switches_at_its_time_with_the_digest_of_its_merge(
    life: Life, wechat: WeChat
) -> None:
    (life.repository / "menus/later.yaml").write_text(
        MENU.replace("新品", "节日"), encoding="utf-8"
    )
    project = life.repository / "menuops.yaml"
    listed = "[{from: 2099-01-01T00:00+08:00, menu: menus/later.yaml}, {menu: menus/shop.yaml}]"
    text = project.read_text(encoding="utf-8").replace("menus/shop.yaml", listed, 1)
    project.write_text(text, encoding="utf-8")
    life.git("switch", "-qc", "holiday")
    life.git("add", ".")
    head = life.commit(MENU.replace("新品", "平日"))
    life.pull_request(head)
    _, applied = life.merge("holiday", head)
    assert applied.code == 0, applied.log
    published = life.runner.job("publish", plan=SKIPPED, apply=applied)
    assert published.code == 0, published.log

    # The hour before: what would be applied now is nothing
    life.runner.event_name, life.runner.event = "schedule", {"schedule": "4 * * * *"}
    found = life.runner.job("reviewed")
    assert found.outputs["expect"].startswith(applied.outputs["digest"])
    assert life.runner.job("apply", reviewed=found).code == 0
    assert wechat.menu["menu"]["button"][0]["name"] == "平日"

    # Its time: here the list's moment comes nearer, as no machine's clock is set
    moved = project.read_text(encoding="utf-8").replace("2099-01-01", "2020-01-01")
    project.write_text(moved, encoding="utf-8")
    assert life.runner.job("apply", reviewed=found).code == 0
    assert wechat.menu["menu"]["button"][0]["name"] == "节日"


def test_an_hour_without_an_approved_switch_applies_nothing(life: Life) -> None:
    life.runner.event_name, life.runner.event = "schedule", {"schedule": "4 * * * *"}
    life.runner.environ["GITHUB_SHA"] = life.git("rev-parse", "HEAD")
    found = life.runner.job("reviewed")
    assert (found.code, found.outputs["expect"]) == (0, "")
    assert life.runner.job("apply", reviewed=found).result == "skipped"
