"""The whole life of a menu in Git, by the jobs of the file that `init --ci gitlab` writes.

Git is real, WeChat is the emulator; GitLab's REST is a stand-in.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from menuops.render.report_comment import state_of
from tests.post.standin import TOKEN, StandIn, serving
from tests.render.reading import markdown_page

from .conftest import MENU, SECRET, WeChat
from .gitlab import Pipeline, Server
from .warm import WITHOUT_PREVIEW

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the jobs' image is a Debian")
BOT = "project_12_bot_0123456789abcdef"


@dataclass
class Life:
    """A project on GitLab, and what happens to it."""

    server: Server
    rest: StandIn
    wechat: WeChat
    title: str = "Change the menu"

    @property
    def root(self) -> Path:
        return self.server.repository

    def git(self, *arguments: str) -> str:
        return self.server.git(*arguments)

    def write(self, text: str, name: str = "menus/shop.yaml") -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def commit(self, menu: str, branch: str = "autumn") -> str:
        """Commit a menu on a branch, which is made of main if it isn't there."""
        if self.git("branch", "--show-current") != branch:
            self.git("switch", "-qc", branch)
        self.write(menu)
        self.git("add", ".")
        self.git("commit", "-qm", "Change the menu")
        return self.git("rev-parse", "HEAD")

    def request(
        self, head: str, number: int = 7, variables: Mapping[str, str] | None = None
    ) -> Pipeline:
        """Run the pipeline of a merge request at `head`."""
        pull = {"number": number, "head": {"sha": head}, "merged_at": None, "commits": [head]}
        self.rest.pulls[str(number)] = {**pull, "merge_commit_sha": None}
        made = self.server.pipeline(
            "merge_request_event",
            commit=head,
            before=self.git("merge-base", "main", head),
            **{
                "CI_MERGE_REQUEST_IID": str(number),
                "CI_MERGE_REQUEST_PROJECT_ID": "12",
                "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "12",
                "CI_MERGE_REQUEST_TITLE": self.title,
                "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": self.git("branch", "--show-current"),
                **(variables or {}),
            },
        )
        self.rest.pipelines[int(made.variables["CI_PIPELINE_ID"])] = head
        return made.run()

    def merge(self, branch: str, number: int = 7) -> Pipeline:
        """Merge a request, and run the pipeline of main until it waits for a person."""
        before = self.git("rev-parse", "main")
        self.git("switch", "-q", "main")
        self.git("merge", "-q", "--no-ff", "-m", f"Merge branch !{number}", branch)
        sha = self.git("rev-parse", "HEAD")
        pull = self.rest.pulls[str(number)]
        pull.update(merged_at="2026-11-29T00:00:00Z", merge_commit_sha=sha)
        pull["commits"].append(sha)
        return self.server.pipeline("push", commit=sha, before=before).run()

    def main(self, source: str, **variables: str) -> Pipeline:
        """Run a pipeline of main: by hand (`web`), or of the schedule."""
        return self.server.pipeline(source, commit=self.git("rev-parse", "main"), **variables).run()

    def by_hand(self, **variables: str) -> Pipeline:
        """Run main's pipeline by hand, and start its apply."""
        made = self.main("web", **variables)
        made.play("apply")
        return made

    @property
    def names(self) -> list[str]:
        """The names of the buttons that followers have, as far as the API made them."""
        return [each["name"] for each in self.wechat.menu.get("menu", {}).get("button", [])]

    def note(self, at: int = -1) -> tuple[str, str]:
        """Give a note's state and its text as somebody reads it."""
        body = self.rest.comments[at]["body"]
        return str(state_of(body)), markdown_page(body).text


@pytest.fixture
def life(tmp_path: Path, checkout: Path, wechat: WeChat, menuops: Path) -> Iterator[Life]:
    init = [str(menuops), "init", str(checkout), "--ci", "gitlab"]
    subprocess.run(init, check=True, capture_output=True)
    with serving() as rest:
        rest.me = BOT
        rest.pulls.clear()
        variables = {"CI_API_V4_URL": f"{rest.url}/api/v4", "MENUOPS_API_URL": wechat.url}
        variables |= {"MENUOPS_SECRET_SHOP": SECRET, "GITLAB_TOKEN": TOKEN}
        variables[WITHOUT_PREVIEW] = "1"  # a picture takes longer than all the rest of a plan
        made = Life(Server(checkout, tmp_path, menuops, variables), rest, wechat)
        made.git("init", "-q", "-b", "main")
        made.git("add", ".")
        made.git("commit", "-qm", "Begin")
        yield made


def test_a_life(life: Life) -> None:
    del life.server.variables[WITHOUT_PREVIEW]

    # A merge request: findings, counts for the widget, a note with the picture, a status
    head = life.commit(MENU.replace("新品", "秋季"))
    asked = life.request(head)
    assert {name: ran.code for name, ran in asked.ran.items()} == {"validate": 0, "plan": 0}, (
        asked.log
    )
    assert json.loads(asked["validate"].file("codequality.json")) == []
    counts = json.loads(asked["plan"].file("tfplan.json"))
    assert counts == {"create": 1, "update": 0, "delete": 0}
    digest = json.loads(asked["plan"].file("plan.json"))["digest"]
    [status] = life.rest.statuses
    assert (status["sha"], status["state"], status["name"]) == (head, "success", "menuops/plan")
    assert status["description"] == f"digest {digest}"
    assert str(status["pipeline_id"]) == asked.variables["CI_PIPELINE_ID"]
    [picture] = life.rest.uploads
    assert picture == asked["plan"].file("menu-shop.png")
    state, text = life.note()
    assert (state, "秋季" in text) == ("open", True)
    assert "![before and after](/uploads/" in life.rest.comments[0]["body"]
    assert life.names == []

    # Pushed once more: the note is edited in place
    life.request(life.commit(MENU.replace("新品", "秋季新品")))
    [comment] = life.rest.comments
    assert "秋季新品" in comment["body"]
    life.server.variables[WITHOUT_PREVIEW] = "1"

    # Merged: main's pipeline plans and waits; what it shows is what is applied, and the note ends
    merged = life.merge("autumn")
    assert {*merged.ran} == {"validate", "plan-main"}, merged.log
    assert life.names == []
    applied = merged.play("apply")
    assert applied.code == 0, applied.log
    assert life.names == ["秋季新品"]
    assert len(life.rest.comments) == 1
    state, text = life.note()
    assert (state, "applied on 1 account" in text) == ("applied", True)

    # A quiet night
    night = life.main("schedule")
    assert {name: ran.code for name, ran in night.ran.items()} == {"switch": 0, "drift": 0}, (
        night.log
    )
    assert life.rest.issues == []

    # A change in the console: the night opens an issue, the next one updates it
    life.wechat.by_console("别人改的")
    night = life.main("schedule")
    assert night["drift"].code == 2, night.log
    [issue] = life.rest.issues
    assert (issue["state"], "别人改的" in markdown_page(issue["body"]).text) == ("open", True)
    life.wechat.by_console("又改了")
    assert life.main("schedule")["drift"].code == 2
    [issue] = life.rest.issues
    assert "又改了" in markdown_page(issue["body"]).text

    # What the console made is a guard's: it is lifted in the file, where the review sees it
    stopped = life.main("web")
    assert stopped["plan-main"].code == 4, stopped.log
    lifted = f"{MENU.replace('新品', '冬季')}allow: [console-menu]\n"
    life.request(life.commit(lifted, "winter"), 8)
    merged = life.merge("winter", 8)
    assert merged["plan-main"].code == 0, merged.log
    assert merged.play("apply").code == 0, merged.log
    assert life.names == ["冬季"]
    assert [life.note(at)[0] for at in (0, 1)] == ["applied", "applied"]
    assert life.main("schedule")["drift"].code == 0
    assert issue["state"] == "closed"
    assert SECRET not in json.dumps([life.rest.comments, life.rest.issues, life.rest.statuses])


def test_the_way_back_is_planned_by_hand_and_applied_as_it_was_planned(life: Life) -> None:
    life.by_hand()
    life.wechat.publish("别人改的")
    again = life.by_hand()
    assert life.names == ["新品"]
    document = json.loads(again["apply"].file("applied.json"))
    snapshot = document["accounts"][0]["snapshot"]
    back = life.main("web", RESTORE=snapshot)
    assert (back["plan-main"].code, life.names) == (0, ["新品"]), back.log
    assert "别人改的" in back["plan-main"].log
    assert back.play("apply").code == 0, back.log
    assert life.names == ["别人改的"]

    # A guard in the way back: what the run added goes away again
    more = "conditionalmenu:\n  - matchrule: {client_platform_type: ios}\n    button:\n"
    more += "      - {name: 下载, type: view, url: 'https://shop.example.com/app'}\n"
    life.request(life.commit(MENU + more), 9)
    added = life.merge("autumn", 9).play("apply")
    assert added.code == 0, added.log
    back_to = json.loads(added.file("applied.json"))["accounts"][0]["back"]
    assert life.main("web", RESTORE=back_to["snapshot"])["plan-main"].code == 4
    lifted = life.main("web", RESTORE=back_to["snapshot"], ALLOW=",".join(back_to["allow"]))
    assert lifted["plan-main"].code == 0, lifted.log
    assert lifted.play("apply").code == 0, lifted.log
    assert life.names == ["别人改的"]

    for odd in ("20260101T000000Z-0000/shop", "--yes", "'$(touch pwned)`touch pwned`\"; x\ny"):
        lost = life.main("web", RESTORE=odd)
        assert not lost["plan-main"].passed, lost.log
        assert not lost.can_play("apply")
    assert life.names == ["别人改的"]
    assert not [*life.server.temp.rglob("pwned")]


def test_live_that_moved_since_the_plan_stops_it_and_the_note_says_so(life: Life) -> None:
    life.request(life.commit(MENU.replace("新品", "秋季")))
    merged = life.merge("autumn")
    life.wechat.publish("别人改的")
    stale = merged.play("apply")
    assert (stale.code, life.names) == (5, ["别人改的"]), stale.log
    state, text = life.note()
    assert state == "applied"
    assert "Nothing was written" in text

    # A plan anew, by hand: somebody looks at what is live by now, and then it is done
    assert life.by_hand()["apply"].code == 0
    assert life.names == ["秋季"]


def switching(life: Life, at: str = "2099-01-01T00:00+08:00") -> None:
    """Commit a list of menus to main, whose other one comes at a moment."""
    life.write(MENU.replace("新品", "节日"), "menus/later.yaml")
    project = (life.root / "menuops.yaml").read_text(encoding="utf-8")
    listed = f"[{{from: {at}, menu: menus/later.yaml}}, {{menu: menus/shop.yaml}}]"
    life.write(project.replace("menus/shop.yaml", listed), "menuops.yaml")
    life.git("add", ".")
    life.git("commit", "-qm", "List the menus")


def test_a_switch_is_approved_with_its_merge_and_done_once_it_is_time(life: Life) -> None:
    switching(life)
    applied = life.by_hand()
    assert "Approved for 2098-12-31T16:00:00Z" in applied["apply"].log
    assert life.names == ["新品"]
    hour = life.main("schedule")
    assert "was approved for 2098-12-31T16:00:00Z" in hour["switch"].log
    assert (hour["switch"].code, hour["drift"].code) == (0, 0)

    # Its time: here the list's moment comes nearer, as no machine's clock is set
    project = (life.root / "menuops.yaml").read_text(encoding="utf-8")
    life.write(project.replace("2099-01-01", "2020-01-01"), "menuops.yaml")
    life.git("commit", "-qam", "It is 2099")
    approved = life.server.temp / "caches/menuops-state-protected/.state/switch/approved"
    approved.write_text(approved.read_text().replace("2098-12", "2019-12"))
    hour = life.main("schedule")
    assert (hour["switch"].code, life.names) == (0, ["节日"]), hour.log
    assert hour["drift"].code == 0, "the files say the same by then"
    assert not approved.exists(), "an approval counts once"
    assert "No switch of menus was approved" in life.main("schedule")["switch"].log


def test_a_switch_of_a_menu_that_moved_meanwhile_is_not_done_and_told_once(life: Life) -> None:
    switching(life)
    life.by_hand()
    approved = life.server.temp / "caches/menuops-state-protected/.state/switch/approved"
    approved.write_text(approved.read_text().replace("2098-12", "2019-12"))
    life.wechat.publish("别人改的")
    hour = life.main("schedule")
    assert (hour["switch"].code, life.names) == (5, ["别人改的"]), hour.log
    assert hour["drift"].code == 2, "it is looked for all the same"
    assert life.main("schedule")["switch"].code == 0


def test_without_a_token_and_without_caches_all_else_works(life: Life) -> None:
    del life.server.variables["GITLAB_TOKEN"]
    life.server.caches = False
    asked = life.request(life.commit(MENU.replace("新品", "秋季")))
    assert asked["plan"].code == 0, asked.log
    assert "Not posted: there is no GITLAB_TOKEN." in asked["plan"].log
    assert "秋季" in asked["plan"].log
    merged = life.merge("autumn")
    assert merged.play("apply").code == 0, merged.log
    assert life.names == ["秋季"]
    assert life.main("schedule")["drift"].code == 0
    life.wechat.publish("别人改的")
    night = life.main("schedule")
    assert (night["switch"].code, night["drift"].code) == (0, 2), night.log
    assert "别人改的" in night["drift"].log
    assert life.rest.requests == []


def test_a_gitlab_that_takes_nothing_hides_nothing(life: Life) -> None:
    life.server.variables["GITLAB_TOKEN"] = "glpat-revoked"
    asked = life.request(life.commit(MENU.replace("新品", "秋季")))
    assert asked["plan"].code == 0, asked.log
    assert "Not posted." in asked["plan"].log
    assert json.loads(asked["plan"].file("tfplan.json"))["create"] == 1
    assert life.merge("autumn").play("apply").code == 0
    assert life.names == ["秋季"]


def test_one_account_that_cant_be_read_leaves_the_others_to_be_applied(life: Life) -> None:
    other = "  other:\n    appid: wxfedcba9876543210\n    menu: menus/shop.yaml\n"
    project = (life.root / "menuops.yaml").read_text(encoding="utf-8")
    life.write(project + other, "menuops.yaml")
    life.git("commit", "-qam", "Add an account")
    asked = life.request(life.commit(MENU.replace("新品", "秋季")))
    assert (asked["plan"].code, asked["plan"].passed) == (7, False), asked.log
    assert life.rest.statuses[-1]["state"] == "failed"
    merged = life.merge("autumn")
    assert merged["plan-main"].passed, merged.log
    assert merged.play("apply").code == 0, merged.log
    assert life.names == ["秋季"]
    assert "other left as it is" in life.note()[1]


def test_nothing_that_the_checkout_holds_passes_for_a_plan(life: Life) -> None:
    """Nor for an approval: what has the digest that was approved is made of main's own files."""
    life.wechat.publish("别人改的")
    life.wechat.add_for_ios("苹果")  # a guard stops the plan that would remove it
    asked = life.request(life.commit(f"{MENU}allow: [remove-conditional:ios]\n"))
    (life.root / "plan.json").write_bytes(asked["plan"].file("plan.json"))
    (life.root / ".state/switch").mkdir(parents=True)
    life.write(f"2020-01-01T00:00:00Z {'5' * 64}\n", ".state/switch/approved")
    life.git("add", "-f", "plan.json", ".state")
    asked = life.request(life.commit(MENU.replace("新品", "秋季")))
    assert (asked["plan"].code, asked["plan"].passed) == (4, False), asked.log
    secret = life.server.variables.pop("MENUOPS_SECRET_SHOP")
    asked = life.request(life.git("rev-parse", "HEAD"))
    assert (asked["plan"].code, asked["plan"].has("plan.json")) == (7, False), asked.log
    assert life.rest.statuses[-1]["state"] == "failed"
    life.server.variables["MENUOPS_SECRET_SHOP"] = secret
    merged = life.merge("autumn")
    assert (merged["plan-main"].code, merged["plan-main"].passed) == (4, True), merged.log
    assert merged.play("apply").code == 4, merged.log
    night = life.main("schedule")
    assert night["switch"].code == 5, night.log
    assert "conditionalmenu" in life.wechat.menu


NAMES = (
    "$(touch pwned)",
    "`touch pwned`",
    "';touch pwned;",
    '"; touch pwned"',
    "/close",
    "@all !1 #1 ~2",
)


def test_what_things_are_called_changes_nothing(life: Life) -> None:
    hostile = "".join(NAMES) + "\n/close\n::error::x\n"
    life.title = hostile
    branch = "a`touch${IFS}pwned`;$(touch${IFS}pwned)"
    leaves: list[dict[str, str]] = [
        {"name": name, "type": "click", "key": name} for name in NAMES[:5]
    ]
    buttons: list[dict[str, Any]] = [
        {"name": "/close", "sub_button": leaves},
        {**leaves[0], "name": NAMES[5]},
    ]
    life.server.variables |= {"CI_COMMIT_MESSAGE": hostile, "CI_COMMIT_TITLE": hostile}
    head = life.commit(json.dumps({"button": buttons}), branch)
    asked = life.request(head, variables={"CI_COMMIT_REF_NAME": branch})
    assert {name: ran.code for name, ran in asked.ran.items()} == {"validate": 0, "plan": 0}, (
        asked.log
    )
    merged = life.merge(branch)
    assert merged.play("apply").code == 0, merged.log
    assert life.names == [each["name"] for each in buttons]
    life.wechat.publish(*NAMES[:3])
    assert life.main("schedule")["drift"].code == 2
    assert (len(life.rest.comments), len(life.rest.issues)) == (1, 1)
    assert not [*life.server.temp.rglob("pwned")]


def test_a_fork_gets_no_secret_and_is_planned_against_saved_answers(life: Life) -> None:
    fork = {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "99"}
    # In the fork's own project: neither variables nor caches of this one
    head = life.commit(MENU.replace("新品", "秋季"))
    theirs = Server(life.root, life.server.temp / "fork", life.server.menuops, {})
    known, life.server = life.server, theirs
    asked = life.request(head, variables={"CI_PROJECT_ID": "99", **fork})
    assert {name: ran.code for name, ran in asked.ran.items()} == {"validate": 0, "offline": 0}, (
        asked.log
    )
    assert asked["offline"].has("menus.html")
    assert "No answers were saved yet" in asked["offline"].log

    # In this one, run by a member, after a night
    life.server = known
    life.git("switch", "-q", "main")
    life.by_hand()
    life.main("schedule")
    life.git("switch", "-q", "autumn")
    life.server.protected["MENUOPS_SECRET_SHOP"] = life.server.variables.pop("MENUOPS_SECRET_SHOP")
    asked = life.request(head, variables=fork)
    assert {*asked.ran} == {"validate", "offline"}
    assert asked["offline"].code == 0, asked.log
    assert json.loads(asked["offline"].file("tfplan.json")) == {
        "create": 0,
        "update": 1,
        "delete": 0,
    }
    assert "秋季" in life.note()[1]
    assert life.rest.statuses == []

    # The same for protected secrets, which no merge request gets
    life.server.variables["OFFLINE_PLANS"] = "true"
    asked = life.request(head)
    assert {name: ran.code for name, ran in asked.ran.items()} == {"validate": 0, "offline": 0}
