"""A plan says what a classic token does to an account's other servers."""

from __future__ import annotations

from tests.site import Site

CLASSIC = {"token": {"source": "classic"}}


def test_a_plan_says_what_fetching_a_classic_token_does(site: Site) -> None:
    site.project(**CLASSIC)
    ended = site.run("plan")
    assert ended.code == 0
    assert "menuops.yaml:1:15: warning: shop: `source: classic`: each token" in ended.err
    assert "voids the classic token that other servers" in ended.err
    assert "[classic-token]" in ended.err
    assert "classic" not in ended.out


def test_it_is_said_once_for_all_accounts(site: Site) -> None:
    site.accounts(3, defaults=CLASSIC)
    err = site.run("plan").err
    assert err.count("classic-token") == 1
    assert "a01 and 2 more" in err


def test_an_emulated_account_voids_nobodys(site: Site) -> None:
    site.project(**CLASSIC, api="emulator")
    assert "classic" not in site.run("plan").err


def test_stable_says_nothing(site: Site) -> None:
    assert "token" not in site.run("plan").err
