"""What is told apart by the files at a commit: one's own changes from those of others."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from menuops.core.basis import Past
from menuops.core.errors import Usage
from menuops.core.outcome import Outcome
from tests.site import APPID, NOON_S, Json, Site, click, conditional, view


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ("git", *identity, *arguments), cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A shop whose files are in a repository, one folder down."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    git(site.root.parent, "init", "-q")
    site.project()
    site.menu({"button": [click("一", "A"), click("二", "B")]})
    commit(site)
    return site


def commit(site: Site) -> str:
    git(site.root.parent, "add", "-f", str(site.root))
    git(site.root.parent, "commit", "-qm", "menus")
    return git(site.root.parent, "rev-parse", "HEAD")


def base_of(site: Site, revision: str = "HEAD", **keys: object) -> Past | None:
    return site.account_plan(base=revision, **keys).basis.base


def names(past: Past | None) -> list[str] | None:
    return None if past is None else [entry.name for entry in past.menus.button]


def test_the_files_at_a_commit_are_read_and_those_of_now_are_planned(kept: Site) -> None:
    first = git(kept.root.parent, "rev-parse", "HEAD")
    kept.menu({"button": [click("新", "A"), click("二", "B")]})
    kept.live([click("一", "A"), click("二", "B")])
    account = kept.account_plan(base="HEAD")
    base = account.basis.base
    assert base is not None
    assert (base.source, base.revision, names(base)) == ("commit", first, ["一", "二"])
    assert [change.kind for change in account.changes] == ["rename"]
    second = commit(kept)
    assert names(base_of(kept, "HEAD~1")) == ["一", "二"]
    assert names(base_of(kept, second[:12])) == ["新", "二"]


def test_it_is_no_part_of_the_digest(kept: Site) -> None:
    kept.menu({"button": [view()]})
    assert kept.plan(base="HEAD").digest == kept.plan().digest


@pytest.mark.parametrize(
    "revision", ["nowhere", "", "--all", "HEAD~9", "HEAD:menuops.yaml", "a\0b"]
)
def test_what_is_no_commit_is_wrong_usage(kept: Site, revision: str) -> None:
    with pytest.raises(Usage, match="is no commit"):
        kept.plan(base=revision)


def test_without_a_repository_there_is_no_commit(site: Site) -> None:
    site.menu({"button": [view()]})
    site.environ["GIT_DIR"] = "/nowhere"
    with pytest.raises(Usage, match="is no commit"):
        site.plan(base="HEAD")


def test_variables_and_tags_are_filled_in_as_of_then(kept: Site) -> None:
    menu: Json = {
        "button": [view("一", "${base}/x")],
        "conditionalmenu": [conditional(click("v"), tag="VIP")],
    }
    kept.menu(menu)
    kept.project(vars={"base": "https://old.example"})
    commit(kept)
    kept.project(vars={"base": "https://new.example"})
    base = base_of(kept)
    assert base is not None
    assert base.menus.button[0].url == "https://old.example/x"  # type: ignore[union-attr]
    assert base.menus.conditionalmenu[0].matchrule.tag_id == "100"


def test_tags_that_only_the_old_files_name_are_looked_up(kept: Site) -> None:
    kept.menu({"button": [view()], "conditionalmenu": [conditional(click("v"), tag="VIP")]})
    commit(kept)
    kept.menu({"button": [view()]})
    base = base_of(kept)
    assert base is not None
    assert base.menus.conditionalmenu[0].matchrule.tag_id == "100"


@pytest.mark.parametrize("broken", ["project", "menu", "tag", "no menu", "another account"])
def test_files_that_tell_nothing_claim_nothing(kept: Site, broken: str) -> None:
    match broken:
        case "project":
            kept.write("menuops.yaml", "accounts: [")
        case "menu":
            kept.menu("button: [")
        case "tag":
            gone = conditional(view(), tag="nobody")
            kept.menu({"button": [view()], "conditionalmenu": [gone]})
        case "no menu":
            (kept.root / "menus/shop.yaml").unlink()
        case _:
            kept.project(appid="wx1")
    commit(kept)
    kept.project()
    kept.menu({"button": [view()]})
    assert base_of(kept) is None
    missing = kept.account_plan(base="HEAD").basis.base_missing
    assert missing is not None
    assert missing.startswith("nothing is known of the files at ")


def test_a_commit_before_the_project_claims_nothing(kept: Site) -> None:
    git(kept.root.parent, "rm", "-rq", "--cached", str(kept.root))
    git(kept.root.parent, "commit", "-qm", "none")
    assert base_of(kept) is None


def test_an_account_without_a_project_file_has_a_past_too(kept: Site) -> None:
    (kept.root / "menuops.yaml").unlink()
    kept.environ |= {"MENUOPS_APPID": APPID, "MENUOPS_SECRET": kept.environ["MENUOPS_SECRET_SHOP"]}
    kept.menu({"button": [view()]})
    base = base_of(kept, menu=kept.root / "menus/shop.yaml")
    assert names(base) == ["一", "二"]


def test_the_menu_of_the_time_counts_then_as_now(kept: Site) -> None:
    kept.menu({"button": [view("节日")]}, name="holiday")
    windows = [
        {"from": "2026-12-31T00:00+08:00", "menu": "menus/holiday.yaml"},
        {"menu": "menus/shop.yaml"},
    ]
    kept.project(menu=windows)
    commit(kept)
    assert names(base_of(kept)) == ["一", "二"]
    assert names(base_of(kept, at_s=1_798_700_000.0)) == ["节日"]


def test_a_switch_that_has_come_is_no_change_of_the_branch(kept: Site) -> None:
    """The menu counts that each commit's files have in force now: neither changed it."""
    kept.menu({"button": [click("节日", "A")]}, "sale")
    sale: Json = {"from": "2026-12-31T00:00+08:00", "menu": "menus/sale.yaml"}
    kept.project(menu=[sale, {"menu": "menus/shop.yaml"}])
    commit(kept)
    kept.live([click("一", "A"), click("二", "B")])
    (before, after) = (kept.account_plan(base="HEAD", at_s=at) for at in (NOON_S, 1_798_700_000.0))
    assert before.changes == ()
    assert {change.origin for change in after.changes} == {"reverts"}
    text = kept.run("plan", "--base", "HEAD", "--at", "2026-12-31T00:00+08:00").out
    text = " ".join(text.split())
    assert "reverts live means that those files say the same, and live doesn't" in text


def test_a_commit_is_named_as_people_read_it(kept: Site) -> None:
    first = git(kept.root.parent, "rev-parse", "HEAD")
    kept.menu({"button": [click("新", "A")]})
    kept.live([click("一", "A"), click("二", "B")])
    for how in ("text", "markdown", "html"):
        said = kept.run("plan", "--base", "HEAD", "--format", how).out
        assert first[:10] in said
        assert first[:11] not in said, how
    (kept.root / "menus/shop.yaml").unlink()
    second = commit(kept)
    kept.menu({"button": [click("新", "A")]})
    said = kept.run("plan", "--base", "HEAD").out
    assert f"files at {second[:10]}: " in said
    assert (
        kept.run("plan", "--base", "HEAD", "--format", "json").json["accounts"][0]["base"] is None
    )


def test_a_plan_with_a_base_is_approved_by_a_run_without(kept: Site) -> None:
    """Ids of live menus are known through the base alone, and change no digest."""
    kept.menu({"button": [view()], "conditionalmenu": [conditional(click("v"), tag="VIP")]})
    with_id: Json = {"id": "vip", **conditional(click("v"), tag="VIP")}
    kept.menu({"button": [view()], "conditionalmenu": [with_id]})
    commit(kept)
    kept.live([view()], conditional(click("v"), tag_id="100"))
    moved: Json = {"id": "vip", **conditional(click("v"), tag="春季")}
    kept.menu({"button": [view()], "conditionalmenu": [moved]})
    known = kept.plan("remove-conditional", base="HEAD")
    assert [change.kind for change in known.changed[0].changes] == ["change"]
    assert known.digest == kept.plan("remove-conditional").digest
    assert kept.plan(base="HEAD").outcome is kept.plan().outcome is Outcome.REFUSED
    assert known.digest is not None
    assert kept.apply(None, "remove-conditional", expect=[known.digest]).outcome is Outcome.DONE
