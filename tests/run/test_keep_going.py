"""With --keep-going what stops one account leaves the others to be written."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest

from menuops.core.errors import Interrupted
from menuops.emulator import Account, Fault
from menuops.locks import FileLocks, LockKey
from tests.locks.test_locks import held_by_another
from tests.site import SECRET, Ended, Json, Site, click, conditional, view

IOS = {"client_platform_type": "1"}


@pytest.fixture(autouse=True)
def _three(site: Site) -> None:
    site.accounts(3)


def stale(site: Site) -> None:
    site.live([view("同事改的")], appid="wxa02")


def unreadable(site: Site) -> None:
    site.emulator.add_account(Account(appid="wxa02", secret=SECRET, rights=False))


def refused(site: Site) -> None:
    site.emulator.fail_next("menu/create", Fault.errcode(40018), after=1)


def saved(site: Site, *words: str) -> Ended:
    return site.run("apply", "plan.json", *words)


@pytest.mark.parametrize(
    ("trouble", "alone", "word"),
    [(stale, 5, "stale_plan"), (unreadable, 7, "48001"), (refused, 6, None)],
)
def test_one_account_stops_all_unless_told_to_keep_going(
    site: Site, trouble: Callable[[Site], None], alone: int, word: str | None
) -> None:
    site.run("plan", "--out", "plan.json")
    trouble(site)
    stopped = saved(site, "--format", "json")
    assert stopped.code == alone, stopped.said
    assert site.writes.count("menu/create") == (2 if trouble is refused else 0)
    if word is not None:
        assert stopped.json["error"]["code"] == word


@pytest.mark.parametrize(
    ("trouble", "word"), [(stale, "stale_plan"), (unreadable, "48001"), (refused, None)]
)
def test_the_others_go_on(site: Site, trouble: Callable[[Site], None], word: str | None) -> None:
    site.run("plan", "--out", "plan.json")
    trouble(site)
    ended = saved(site, "--keep-going", "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (6, "partial")
    outcomes = [(each["name"], each["outcome"]) for each in ended.json["accounts"]]
    assert outcomes == [("a01", "done"), ("a02", "unchanged"), ("a03", "done")]
    left = ended.json["accounts"][1]
    assert {step["outcome"] for step in left["steps"]} <= {"not_tried", "failed"}
    if word is not None:
        assert left["error"]["code"] == word
        assert "othing was written" in left["error"]["message"]
    assert site.now("wxa01")[0][0]["name"] == site.now("wxa03")[0][0]["name"] == "帮助"


def test_an_account_that_another_run_holds_is_left_to_it(site: Site) -> None:
    site.run("plan", "--out", "plan.json")
    key = LockKey(site.url, "wxa02", "apply")
    with held_by_another(FileLocks().directory, key):
        stopped = saved(site)
        assert (stopped.code, site.writes) == (8, [])
        ended = saved(site, "--keep-going", "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (6, "partial")
    outcomes = [(each["name"], each["outcome"]) for each in ended.json["accounts"]]
    assert outcomes == [("a01", "done"), ("a02", "unchanged"), ("a03", "done")]
    assert "Nothing was written" in ended.json["accounts"][1]["error"]["message"]


def test_if_others_hold_all_that_is_left_nothing_is_written(site: Site) -> None:
    key = LockKey(site.url, "wxa02", "apply")
    site.run("apply", "--yes", "-a", "a01", "-a", "a03")
    with held_by_another(FileLocks().directory, key):
        ended = site.run("apply", "--yes", "--keep-going")
    assert ended.code == 8, ended.said
    assert "Nothing was written" in ended.said


@pytest.mark.parametrize("trouble", [stale, refused])
def test_the_end_names_the_command_for_the_rest(
    site: Site, trouble: Callable[[Site], None]
) -> None:
    site.run("plan", "--out", "plan.json")
    trouble(site)
    ended = saved(site, "--keep-going")
    word = "Rest" if trouble is stale else "Finish"
    (line,) = [line for line in ended.out.splitlines() if line.startswith(f"{word} ")]
    assert ("a02" in line) == (trouble is stale)
    assert "a01" not in line
    assert site.run(*shlex.split(line)[2:]).code == 0
    if trouble is stale:
        assert saved(site).code == 0
    assert site.run("plan", "--detailed-exitcode").code == 0
    assert ended.out.splitlines()[-1].startswith("Partly applied: ")


def test_what_was_left_out_is_no_part_of_the_run(site: Site) -> None:
    """It wasn't approved for what it is now, so resuming mustn't touch it."""
    site.run("plan", "--out", "plan.json")
    stale(site)
    saved(site, "--keep-going")
    ended = site.run("apply", "--resume", site.runs[-1].name)
    assert site.now("wxa02")[0][0]["name"] == "同事改的"
    assert ended.code == 0, ended.said


def test_a_guard_stops_its_account_alone(site: Site) -> None:
    site.live([click()], conditional(view(), **IOS), appid="wxa02")
    stopped = site.run("apply", "--yes")
    assert (stopped.code, site.writes) == (4, [])
    ended = site.run("apply", "--yes", "--keep-going", "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (6, "partial")
    assert ended.json["accounts"][1]["error"]["code"] == "remove-conditional"
    assert site.writes == ["menu/create", "menu/create"]
    site.clock.now_s += 1
    alone = site.run("apply", "--yes", "--keep-going", "--format", "json")
    assert (alone.code, alone.json["outcome"]) == (4, "refused")
    fix = alone.json["error"]["fix"].removeprefix("if it is meant: ")
    assert site.run(*shlex.split(fix)[1:]).code == 0
    assert site.run("plan", "--detailed-exitcode").code == 0


def test_a_guard_over_all_accounts_stops_all(site: Site) -> None:
    site.accounts(3, max_accounts=2)
    ended = site.run("apply", "--yes", "--keep-going", "--format", "json")
    assert (ended.code, ended.json["error"]["code"]) == (4, "many-accounts")
    assert site.writes == []


def test_an_account_that_is_not_expected_is_left_out(site: Site) -> None:
    documents = site.run("plan", "--format", "json").json["accounts"]
    digests = ",".join(each["digest"] for each in documents[:2])
    assert site.run("apply", "--expect", digests).code == 5
    ended = site.run("apply", "--expect", digests, "--keep-going", "--format", "json")
    assert ended.code == 6
    assert ended.json["accounts"][2]["error"]["code"] == "another_digest"
    assert site.now("wxa03")[0] is None
    assert ended.json["left"]["accounts"] == [documents[2]]


def test_what_moved_is_left_with_its_plan_as_it_is_now(site: Site) -> None:
    site.run("plan", "--out", "plan.json")
    stale(site)
    left = saved(site, "--keep-going", "--format", "json").json["left"]
    assert left["digest"] == site.run("plan", "--format", "json").json["digest"]
    assert left["accounts"][0]["before"]["button"][0]["name"] == "同事改的"
    assert site.run("apply", "--expect", left["digest"]).code == 0
    assert site.now("wxa02")[0][0]["name"] == "帮助"


def test_a_file_that_keeps_what_is_live_has_no_such_plan(site: Site) -> None:
    """What it wants by now is another thing too, which a saved plan doesn't know."""
    site.write(
        "menuops.yaml",
        {
            "accounts": {
                name: site.shop(appid=f"wx{name}", unmanaged="keep") for name in ("a01", "a02")
            }
        },
    )
    site.live([view("首页")], conditional(click("苹果"), **IOS), appid="wxa02")
    site.run("plan", "--out", "plan.json")
    site.live([view("首页")], conditional(click("平果"), **IOS), appid="wxa02")
    ended = saved(site, "--keep-going", "--format", "json")
    assert ended.json["accounts"][1]["error"]["code"] == "stale_plan"
    assert "left" not in ended.json


def error(document: Json) -> tuple[str, str]:
    return document["outcome"], document["error"]["code"]


def test_of_several_reasons_the_gravest_counts(site: Site) -> None:
    """7 before 5 before 4, where nothing at all was written."""
    site.run("plan", "--out", "plan.json")
    for name in ("wxa01", "wxa03"):
        site.live([view("同事改的")], appid=name)
    stale(site)
    ended = saved(site, "--keep-going", "--format", "json")
    assert (ended.code, error(ended.json)) == (5, ("error", "stale_plan"))
    unreadable(site)
    ended = saved(site, "--keep-going", "--format", "json")
    assert (ended.code, error(ended.json)) == (7, ("error", "48001"))
    assert site.writes == []
    text = saved(site, "--keep-going")
    assert text.code == 7
    assert text.out.splitlines()[-1] == "Nothing was written."
    assert text.out.count("left as it is") == 3
    assert site.runs == []


def test_all_that_wechat_refuses_is_7_with_each_account(site: Site) -> None:
    site.emulator.fail_next("menu/create", Fault.errcode(40018), times=3)
    ended = site.run("apply", "--yes", "--keep-going", "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (7, "error")
    assert len(ended.json["accounts"]) == 3
    assert site.writes == ["menu/create"] * 3
    (run,) = site.runs
    assert site.run("apply", "--resume", run.name).code == 0


def test_a_signal_stops_all_the_same(site: Site) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        site.apply(show=stop, keep_going=True)
    assert site.writes == []
