"""The whole life of a menu in Git, by the steps of the workflow that `init --ci github` writes.

Branch, edit, pull request, approval, merge, a change in the console, the night, the way back.
Git is real, WeChat is the emulator over HTTP; GitHub's REST is a stand-in.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from menuops.cli.main import run
from menuops.core.visible import safe
from tests.post.standin import TOKEN, Asked, StandIn, serving
from tests.render.reading import markdown_page

from .conftest import APPID, MENU, SECRET, GitHub, WeChat, pull
from .github import Ran, Runner, assert_only_ours

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

    def switch(self, branch: str) -> None:
        self.git("switch", "-q", "-c", branch, "main")

    def commit(self, menu: str) -> str:
        (self.repository / "menus/shop.yaml").write_text(menu, encoding="utf-8")
        self.git("add", ".")
        self.git("commit", "-qm", "Change the menu")
        return self.git("rev-parse", "HEAD")

    def open(self, head: str, repository: str = "acme/menus", base: str = "main") -> None:
        """Let what comes be about a pull request."""
        self.runner.event_name, self.runner.ref = "pull_request", "refs/pull/7/merge"
        branch = self.git("branch", "--show-current")
        here = {"sha": head, "repo": {"full_name": repository}, "ref": branch}
        there = {"sha": self.git("rev-parse", base), "ref": "main"}
        of = {"number": 7, "head": here, "base": there, "user": {"type": "User"}}
        self.runner.event = {"pull_request": of}
        self.rest.pulls["7"]["head"] = {"sha": head}

    def pull_request(self, head: str) -> Ran:
        """Run what GitHub runs for a pull request, and give the plan's job."""
        runner = self.runner
        self.open(head)
        planned = runner.job("plan", validate=Ran())
        published = runner.job("publish", plan=planned, apply=SKIPPED, ahead=SKIPPED)
        assert published.code == 0, published.log
        commented = runner.job("comment", plan=planned, apply=SKIPPED)
        assert commented.code == 0, commented.log
        return planned

    def merge(self, head: str) -> tuple[Ran, Ran]:
        """Merge, and run what GitHub runs for the push: gives what was found and the apply."""
        branch = self.git("branch", "--show-current")
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

    def knows_run(self, run: dict[str, Any]) -> None:
        """Let GitHub say this of the run whose status stands at the commit."""
        known = json.loads(self.known.file.read_text())
        self.known.file.write_text(json.dumps({**known, "runs": {"1": run}}))

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
    assert run(["init", str(checkout), "--ci", "github"]) == 0
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
    runner = life.runner

    # Branch, edit, pull request
    life.switch("autumn")
    head = life.commit(MENU.replace("新品", "秋季"))
    life.open(head)
    assert runner.job("validate").code == 0
    planned = life.pull_request(head)
    assert planned.outputs["outcome"] == "changes", planned.log
    [comment] = life.rest.comments
    assert "秋季" in comment["body"]
    assert "state=open" in comment["body"]

    # Nothing is applied without a merge, neither by the pull request nor by a push to its branch
    for event, ref in (("pull_request", runner.ref), ("push", "refs/heads/autumn")):
        runner.event_name, runner.ref = event, ref
        found = runner.job("reviewed")
        assert found.result == "skipped"
        for job in ("apply", "unchanged"):
            assert runner.job(job, reviewed=found).result == "skipped"
    assert "menu" not in wechat.menu

    # Pushed once more: the comment is edited in place, and what was approved before counts no more
    head, before = life.commit(MENU.replace("新品", "秋季新品")), head
    digest, stale = life.pull_request(head).outputs["digest"], planned.outputs["digest"]
    assert digest != stale
    [comment] = life.rest.comments
    assert "秋季新品" in comment["body"]

    # Approved and merged: what was approved is what runs, and the comment is frozen
    found, applied = life.merge(head)
    assert found.outputs["expect"].startswith(digest)
    assert stale not in found.outputs["expect"]
    assert stale in json.dumps(json.loads(life.known.file.read_text())["statuses"][before])
    assert applied.code == 0, applied.log
    assert wechat.first == "秋季新品"
    life.comment(applied)
    assert "state=applied" in life.rest.comments[-1]["body"]

    # A quiet night, whose answers serve pull requests without secrets
    drift, issue = life.night()
    assert (drift.code, issue.code) == (0, 0), drift.log + issue.log
    assert life.rest.issues == []

    # A change in the console, and the next night
    wechat.by_console("别人改的")
    drift, issue = life.night()
    assert (drift.code, issue.code) == (2, 0), drift.log + issue.log
    [opened] = life.rest.issues
    assert opened["state"] == "open"
    assert "web console" in opened["body"]

    # Taking it back is for a review to say, in the file
    assert life.by_hand().code == 4
    life.switch("winter")
    allowed = 'allow: ["console-menu"]\n' + MENU.replace("新品", "冬季")
    head = life.commit(allowed)
    planned = life.pull_request(head)
    assert planned.code == 0, planned.log
    _, applied = life.merge(head)
    assert applied.code == 0, applied.log
    assert wechat.first == "冬季"

    # The night closes its issue
    drift, issue = life.night()
    assert (drift.code, issue.code) == (0, 0), drift.log + issue.log
    assert life.rest.issues[0]["state"] == "closed"

    # Back to what the last apply found: planned, then approved by its digest
    snapshot = snapshot_of(applied)
    back = life.by_hand(restore=snapshot)
    assert back.code == 0, back.log
    assert wechat.first == "冬季"
    restored = life.by_hand(restore=snapshot, digest=back.outputs["digest"])
    assert restored.code == 0, restored.log
    assert wechat.first == "别人改的"
    assert SECRET not in json.dumps([life.rest.comments, life.rest.issues, life.rest.statuses])


def snapshot_of(applied: Ran) -> str:
    """Take the way back from the job's summary, as people do."""
    found = re.search("menuops restore ([0-9A-Za-z-]+/[a-z]+)", applied.page.text)
    assert found
    return found[1]


def test_a_guard_in_the_way_back_is_lifted_by_hand_as_the_comment_names_it(
    life: Life, wechat: WeChat
) -> None:
    """What the apply added goes away again, and no file is there to say that it may."""
    more = "conditionalmenu:\n  - matchrule: {client_platform_type: ios}\n    button:\n"
    more += "      - {name: 下载, type: view, url: 'https://shop.example.com/app'}\n"
    wechat.publish("最初的")
    life.switch("app")
    head = life.commit(MENU + more)
    life.pull_request(head)
    _, applied = life.merge(head)
    assert applied.code == 0, applied.log
    told = re.search("menuops restore ([0-9A-Za-z-]+/[a-z]+) --allow ([a-z:-]+)", applied.page.text)
    assert told
    assert life.by_hand(restore=told[1]).code == 4
    back = life.by_hand(restore=told[1], allow=told[2])
    assert back.code == 0, back.log
    digest = back.outputs["digest"]
    assert life.by_hand(restore=told[1], digest=digest).code == 5  # what was lifted is part of it
    restored = life.by_hand(restore=told[1], allow=told[2], digest=digest)
    assert restored.code == 0, restored.log
    assert (wechat.first, wechat.menu.get("conditionalmenu")) == ("最初的", None)


def test_a_fork_is_planned_against_the_answers_of_the_last_night(
    life: Life, wechat: WeChat
) -> None:
    runner = life.runner
    life.switch("autumn")
    life.open(life.commit(MENU.replace("新品", "秋季")), repository="eve/menus")
    secret = runner.secrets.pop("MENUOPS_SECRET_SHOP")
    validated = runner.job("validate")
    offline = runner.job("offline", validate=validated)
    assert offline.code == 0, offline.log
    assert "No answers were saved yet" in offline.page.text
    runner.secrets["MENUOPS_SECRET_SHOP"] = secret
    wechat.publish("现在的")
    assert life.night()[0].code == 2
    life.open(life.git("rev-parse", "HEAD"), repository="eve/menus")
    del runner.secrets["MENUOPS_SECRET_SHOP"]
    offline = runner.job("offline", validate=validated)
    assert offline.code == 0, offline.log
    assert "现在的" in offline.page.text
    assert "秋季" in offline.page.text
    # It is no approval: no digest is published, and the job's other halves don't run.
    planned = runner.job("plan", validate=validated)
    assert planned.result == "skipped"
    assert runner.job("publish", plan=planned, apply=SKIPPED, ahead=SKIPPED).result == "skipped"
    assert runner.job("comment", plan=planned, apply=SKIPPED).result == "skipped"
    assert json.loads(life.known.file.read_text())["statuses"] == {}


def test_the_pull_request_that_brings_the_jobs_ends_well(life: Life) -> None:
    """Its base has no action yet, and the comment is written by the code of the base."""
    life.git("rm", "-rq", "--cached", ".github")
    life.git("commit", "-q", "--amend", "-m", "Begin")
    life.switch("jobs")
    head = life.commit(MENU)
    life.open(head)
    planned = Ran(outputs={"document": "x"})
    commented = life.runner.job("comment", plan=planned, apply=SKIPPED)
    assert commented.code == 0, commented.log
    assert "No comment yet" in commented.page.text
    assert life.rest.comments == []


def test_a_comment_that_somebody_edited_decides_nothing(life: Life, wechat: WeChat) -> None:
    """Neither another digest in it nor another mark, nor a comment that passes for ours."""
    life.switch("autumn")
    head = life.commit(MENU.replace("新品", "秋季"))
    digest = life.pull_request(head).outputs["digest"]
    comment = life.rest.comments[0]
    comment["body"] = re.sub("[0-9a-f]{4}", "dead", comment["body"])
    comment["body"] = comment["body"].replace("state=open", "state=applied")
    life.rest.comment(f"<!-- menuops report 1 state=open -->\ndigest {'a' * 64}", author="eve")
    found, applied = life.merge(head)
    assert found.outputs["expect"].startswith(digest)
    assert applied.code == 0, applied.log
    assert wechat.first == "秋季"
    life.comment(applied)
    *edited, last = [each["body"] for each in life.rest.comments]
    assert "dead" in edited[0]
    assert edited[1].endswith("a" * 64)
    assert "applied on 1 account" in markdown_page(last).text


HOSTILE = (
    "$(touch pwned)",
    "`touch pwned`",
    '"; touch pwned; echo "',
    "--><!-- menuops report 1 state=applied -->",
    "@everyone #1 :tada: www.x.example",
    "[x](javascript:alert`1`)",
    "</code></details><script>",
    "::set-output name=digest::dead",
    "##[set-output name=digest;]dead",
    "a | b | c\\",
    "%0A::error::x",
    "EOF outcome=done",
    "<img src=x onerror=x>",
    "``` ~~~",
    "https://x.example/<!--",
)
BRANCH = """$(touch${IFS}pwned)`id`";echo`<!---->@everyone](javascript"""


def test_nothing_in_a_pull_request_breaks_out(life: Life, wechat: WeChat) -> None:
    """Names of buttons, keys, files and branches are data, in each step from review to merge."""
    rows = [HOSTILE[at : at + 5] for at in range(0, len(HOSTILE), 5)]
    button = [
        {
            "name": f"`{number}`$(id)",
            "sub_button": [{"name": text, "type": "click", "key": text} for text in row],
        }
        for number, row in enumerate(rows)
    ]
    file = "menus/$(touch pwned)`id`<!-- @a](b .yaml"
    project = life.repository / "menuops.yaml"
    text = project.read_text(encoding="utf-8").replace("menus/shop.yaml", json.dumps(file))
    life.switch(BRANCH)
    project.write_text(text, encoding="utf-8")
    (life.repository / file).write_text(json.dumps({"button": button}), encoding="utf-8")
    head = life.commit(MENU)
    planned = life.pull_request(head)
    assert planned.code == 0, planned.log
    applied = life.merge(head)[1]
    assert applied.code == 0, applied.log
    life.comment(applied)
    live = wechat.menu["menu"]["button"]
    assert [each["name"] for entry in live for each in entry["sub_button"]] == [*HOSTILE]
    for ran in (planned, applied):
        assert ran.annotations == []
        assert_only_ours(ran.page)
        assert re.fullmatch("[0-9a-f]{64}", ran.outputs["digest"] or "0" * 64)
    for text in HOSTILE:
        assert safe(text) in planned.page.text
    for comment in life.rest.comments:
        assert_only_ours(markdown_page(comment["body"].partition("\n")[2]))
        assert "state=" not in comment["body"].partition("\n")[2]
    assert not list(life.runner.temp.rglob("pwned"))
    # A name that can't be one is a finding, and an annotation like any other
    project.write_text(text.replace("shop:", json.dumps(HOSTILE[7]) + ":"), encoding="utf-8")
    refused = life.runner.action("menuops", {"command": "validate"})
    assert refused.code == 3
    assert {name for name, _, _ in refused.annotations} == {"error"}
    assert_only_ours(refused.page)


def test_a_comment_that_cant_be_posted_hides_nothing(life: Life) -> None:
    life.switch("autumn")
    life.commit(MENU.replace("新品", "秋季"))
    asked = {"command": "plan", "comment": "true", "token": 'token:{"contents":"read"}'}
    ran = life.runner.action("menuops", asked, GITHUB_REF="refs/pull/7/merge")
    assert (ran.code, ran.outputs["outcome"]) == (0, "changes"), ran.log
    assert [kind for kind, _, _ in ran.annotations] == ["warning"]
    assert "pull-requests: write" in ran.log
    assert life.rest.comments == []
    assert "秋季" in ran.summary


def test_an_account_that_moved_stops_alone_and_the_comment_shows_it_as_it_is_now(
    life: Life, wechat: WeChat
) -> None:
    """The digests of the accounts stand beside the plan's, so that the others go on."""
    project = life.repository / "menuops.yaml"
    text = project.read_text(encoding="utf-8")
    other = (
        "  other:\n    api: emulator\n    appid: wxdemo000000000077\n    menu: menus/shop.yaml\n"
    )
    life.switch("autumn")
    project.write_text(text + other, encoding="utf-8")
    head = life.commit(MENU.replace("新品", "秋季"))
    planned = life.pull_request(head)
    assert APPID in planned.outputs["account-digests"]
    assert len(planned.outputs["account-digests"].splitlines()) == 2
    wechat.publish("别人改的")
    _, applied = life.merge(head)
    assert applied.code == 6, applied.log  # partly: one left as it is, the other done
    document = json.loads((life.runner.temp / "artifacts/menuops-report/result.json").read_bytes())
    outcomes = {each["name"]: each["outcome"] for each in document["accounts"]}
    assert outcomes == {"shop": "unchanged", "other": "done"}
    assert wechat.first == "别人改的"
    life.comment(applied)
    told = markdown_page(life.rest.comments[-1]["body"]).text
    for read in (told, applied.page.text):
        assert re.search(r"shop\s+left as it is", read)
        assert "other done" in read
        assert re.search(r"别人改的\s+click K\s+removed", read), "what is live now"
        assert re.search(r"秋季\s+view https://shop.example.com/new\s+new", read)
    # The digest that stands there is the one to go on with
    digest = document["left"]["accounts"][0]["digest"]
    assert digest in told
    assert life.by_hand(digest=digest).code == 0
    assert wechat.first == "秋季"


def listing(life: Life) -> Path:
    """Give the account a list of menus, of which one is for much later; gives the project file."""
    (life.repository / "menus/later.yaml").write_text(
        MENU.replace("新品", "节日"), encoding="utf-8"
    )
    project = life.repository / "menuops.yaml"
    listed = "[{from: 2099-01-01T00:00+08:00, menu: menus/later.yaml}, {menu: menus/shop.yaml}]"
    text = project.read_text(encoding="utf-8").replace("menus/shop.yaml", listed, 1)
    project.write_text(text, encoding="utf-8")
    return project


def test_a_list_of_menus_switches_at_its_time_with_the_digest_of_its_merge(
    life: Life, wechat: WeChat
) -> None:
    project = listing(life)
    life.switch("holiday")
    head = life.commit(MENU.replace("新品", "平日"))
    life.pull_request(head)
    _, applied = life.merge(head)
    assert applied.code == 0, applied.log
    published = life.runner.job("publish", plan=SKIPPED, apply=applied, ahead=SKIPPED)
    assert published.code == 0, published.log

    # Nobody is asked at its time, so a status alone, which any job may leave, is no approval
    life.runner.event_name, life.runner.event = "schedule", {"schedule": "4 * * * *"}
    good = {
        "event": "push",
        "head_sha": life.runner.environ["GITHUB_SHA"],
        "path": ".github/workflows/menus.yml",
        "jobs": {"jobs": [{"name": "Apply", "conclusion": "success"}]},
    }
    wrongs: list[dict[str, Any]] = [
        {"event": "pull_request"},
        {"head_sha": "f" * 40},
        {"path": ".github/workflows/other.yml"},
        {"jobs": {"jobs": [{"name": "Apply", "conclusion": "failure"}]}},
        {"jobs": {"jobs": []}},
    ]
    for wrong in wrongs:
        life.knows_run({**good, **wrong})
        forged = life.runner.job("reviewed")
        assert (forged.code, forged.outputs["expect"]) == (9, ""), wrong
        assert life.runner.job("apply", reviewed=forged).result == "skipped"

    # The hour before: what would be applied now is nothing
    life.knows_run(good)
    found = life.runner.job("reviewed")
    assert found.outputs["expect"].startswith(applied.outputs["digest"]), found.log
    assert life.runner.job("apply", reviewed=found).code == 0
    assert wechat.first == "平日"

    # Its time: here the list's moment comes nearer, as no machine's clock is set
    moved = project.read_text(encoding="utf-8").replace("2099-01-01", "2020-01-01")
    project.write_text(moved, encoding="utf-8")
    assert life.runner.job("apply", reviewed=found).code == 0
    assert wechat.first == "节日"


def test_a_merge_that_is_all_about_later_is_approved_too(life: Life, wechat: WeChat) -> None:
    """Its plan has no changes, and nothing is applied; reviewers are asked for the switch."""
    runner = life.runner
    wechat.emulator.put_live(APPID, {"menu": yaml.safe_load(MENU)})
    project = listing(life)
    life.switch("holiday")
    head = life.commit(MENU)
    assert life.pull_request(head).outputs["outcome"] == "no_changes"
    found, applied = life.merge(head)
    assert (found.outputs["expect"], applied.result) == ("no-changes", "skipped")
    unchanged = runner.job("unchanged", reviewed=found)
    assert unchanged.code == 0, unchanged.log
    ahead = runner.job("ahead", unchanged=unchanged)
    assert ahead.code == 0, ahead.log
    published = runner.job("publish", plan=SKIPPED, apply=applied, ahead=ahead)
    assert published.code == 0, published.log
    life.knows_run(
        {
            "event": "push",
            "head_sha": runner.environ["GITHUB_SHA"],
            "path": ".github/workflows/menus.yml",
            "jobs": {
                "jobs": [
                    {"name": "Apply", "conclusion": "skipped"},
                    {"name": "Approve the next switch", "conclusion": "success"},
                ]
            },
        }
    )
    runner.event_name, runner.event = "schedule", {"schedule": "4 * * * *"}
    found = runner.job("reviewed")
    assert found.outputs["expect"].startswith(ahead.outputs["digest"]), found.log
    moved = project.read_text(encoding="utf-8").replace("2099-01-01", "2020-01-01")
    project.write_text(moved, encoding="utf-8")
    assert runner.job("apply", reviewed=found).code == 0
    assert wechat.first == "节日"


def test_an_hour_without_an_approved_switch_applies_nothing(life: Life) -> None:
    life.runner.event_name, life.runner.event = "schedule", {"schedule": "4 * * * *"}
    life.runner.environ["GITHUB_SHA"] = life.git("rev-parse", "HEAD")
    found = life.runner.job("reviewed")
    assert (found.code, found.outputs["expect"]) == (0, "")
    assert life.runner.job("apply", reviewed=found).result == "skipped"
