"""`menuops token`: what it tells, renews and reveals, and that it prints a token only when told."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from menuops.emulator import Account as Emulated
from menuops.run.settings import World
from menuops.run.token_report import report_tokens
from tests.site import APPID, SECRET, Site

CLASSIC = {"token": {"source": "classic"}}


def token_calls(site: Site) -> int:
    return sum(call in ("token", "stable_token") for call in site.calls)


def test_it_makes_no_call_and_says_where_the_token_is_and_who_may_hold_it(site: Site) -> None:
    ended = site.run("token")
    assert ended.code == 0
    assert "none yet; fetched when it is needed" in ended.out
    assert "shared with: everyone who calls stable_token" in ended.out
    assert site.calls == []
    site.run("plan")
    ended = site.run("token")
    assert "good, 0 min old, expires" in ended.out
    assert token_calls(site) == 1


def test_renew_asks_although_a_token_is_kept_and_says_that_the_same_came(site: Site) -> None:
    site.run("plan")
    ended = site.run("token", "--renew", "--format", "json")
    assert ended.code == 0
    assert ended.json["accounts"][0]["renewed"] == "same"
    assert token_calls(site) == 2
    site.emulator.void_tokens(APPID)
    assert "   new, 0 min old" in site.run("token", "--renew").out


def test_a_classic_token_is_renewed_only_where_its_account_is_named(site: Site) -> None:
    site.project(**CLASSIC)
    ended = site.run("token", "--renew")
    assert ended.code == 4
    assert "voids the one that other servers" in ended.out
    assert "fix: when that does no harm: menuops token --renew -a shop" in ended.out
    assert site.run("token", "--renew", "-a", "s*").code == 4
    assert site.calls == []
    assert site.run("token", "--renew", "-a", "shop").code == 0
    assert site.calls == ["token"]


def test_a_classic_token_is_renewed_to_be_shown_only_where_its_account_is_named(
    site: Site,
) -> None:
    site.project(**CLASSIC)
    ended = site.run("token", "--reveal", "--renew")
    assert (ended.code, ended.out) == (4, "")
    assert "voids the one that other servers" in ended.err
    assert "menuops token --renew --reveal -a shop" in ended.err
    assert site.run("token", "--reveal", "--renew", "-a", "s*").code == 4
    assert site.calls == []
    first = site.run("token", "--reveal", "--renew", "-a", "shop")
    assert (first.code, site.calls) == (0, ["token"])
    assert site.run("token", "--reveal").out == first.out
    assert site.run("token", "--reveal", "-a", "shop").out == first.out
    assert site.calls == ["token"]


def test_a_renewal_that_fails_stops_no_other(site: Site) -> None:
    names = site.accounts(3)
    site.emulator.add_account(Emulated(appid="wxa02", secret=SECRET, ip_whitelist=("8.8.8.8",)))
    ended = site.run("token", "--renew", "--format", "json")
    assert ended.code == 7
    accounts = {each["name"]: each for each in ended.json["accounts"]}
    assert list(accounts) == names
    assert accounts["a02"]["error"]["code"] == "40164"
    assert accounts["a01"]["renewed"] == accounts["a03"]["renewed"] == "new"


def test_reveal_prints_the_token_alone_and_fetches_it_if_need_be(site: Site) -> None:
    ended = site.run("token", "--reveal", "-vv")
    assert ended.out.strip() in site.tokens()
    assert ended.out.count("\n") == 1
    assert ended.out.strip() not in ended.err
    assert site.run("token", "--reveal").out == ended.out
    assert token_calls(site) == 1
    assert site.run("token", "--reveal", "--renew").out == ended.out
    assert token_calls(site) == 2


def test_renew_says_nothing_of_a_token_that_somebody_else_renews(site: Site) -> None:
    site.project(token={"source": "env", "env": "HANDED"})
    there = {"HANDED": "a-token-that-somebody-handed-over"}
    ended = site.run("token", "--renew", "--format", "json", environ=there)
    assert ended.code == 0
    assert "renewed" not in ended.json["accounts"][0]
    assert "whoever renews it" in site.run("token", "--renew", environ=there).out
    assert site.calls == []


def test_reveal_gives_a_token_that_works(site: Site) -> None:
    token = site.run("token", "--reveal").out.strip()
    site.project(token={"source": "env", "env": "HANDED"})
    assert site.run("plan", environ={"HANDED": token}).code == 0
    assert token_calls(site) == 1


def test_reveal_is_for_one_account_and_for_text(site: Site) -> None:
    site.accounts(2)
    ended = site.run("token", "--reveal")
    assert ended.code == 64
    assert "2 accounts are selected" in ended.err
    assert site.run("token", "--reveal", "-a", "a01", "--format", "json").code == 64
    assert site.run("token", "--reveal", "-a", "a01").code == 0


def test_an_emulated_account_has_nothing_to_reveal_or_renew(site: Site) -> None:
    site.project(api="emulator")
    assert site.run("token", "--reveal").code == 64
    ended = site.run("token", "--renew")
    assert ended.code == 0
    assert "made anew by each run" in ended.out


@pytest.mark.parametrize("flags", [(), ("--renew",), ("--format", "json")])
def test_no_other_form_prints_a_token(site: Site, flags: tuple[str, ...]) -> None:
    site.run("plan")
    ended = site.run("token", "-vv", *flags)
    (token,) = site.tokens()
    assert token not in ended.said
    assert SECRET not in ended.said


def test_a_source_that_is_only_read_says_what_is_wrong_and_others_go_on(site: Site) -> None:
    site.write(
        "menuops.yaml",
        {
            "accounts": {
                "shop": site.shop(),
                "cloud": site.shop(appid="wx2", token={"source": "file", "path": "none"}),
            }
        },
    )
    ended = site.run("token", "--format", "json")
    assert ended.code == 0
    assert "no such file" in ended.json["accounts"][1]["problem"]
    assert ended.json["outcome"] == "done"


class Together(dict[str, str]):
    """An environment in which a token can only be read by two at once."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.tokens = {f"TOKEN_{name}" for name in names}
        self.barrier = threading.Barrier(len(names))

    def get(self, name: str, default: Any = None) -> Any:
        if name in self.tokens:
            self.barrier.wait(timeout=20)
            return f"token-of-{name}"
        return super().get(name, default)


def test_accounts_are_looked_at_side_by_side(site: Site) -> None:
    names = site.accounts(2)
    listed = {
        name: site.shop(appid=f"wx{name}", token={"source": "env", "env": f"TOKEN_{name}"})
        for name in names
    }
    site.write("menuops.yaml", {"accounts": listed})
    world = World(clock=site.clock, sleep=site.clock.sleep, environ=Together(names))
    report = report_tokens(site.settings(), world)
    assert [each.account.name for each in report] == names
    assert all(each.status is not None and each.status.present for each in report)
