"""Each check of the doctor: when it is ok, warns, fails, and what it leaves alone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from menuops.core.check import ACCOUNT_WORDS, Check, Status
from menuops.core.errors import InvalidFiles
from menuops.emulator import Account, Fault
from menuops.run.doctor import diagnose
from menuops.run.file_modes import openness_of
from menuops.run.machine_checks import clock_check
from menuops.run.token_report import renew_tokens
from menuops.wechat.reach import Reached
from tests.redis_server import LocalRedis
from tests.site import APPID, NOON_S, SECRET, TAGS, Json, Site, click, conditional, view

SELFMENU = "get_current_selfmenu_info"
QUOTA = "openapi/quota/get"
CLASSIC: Json = {"token": {"source": "classic"}}
OTHER = "f" * 32


class Diagnosis(dict[tuple[str | None, str], Check]):
    """The checks by account and word."""

    def statuses(self, account: str | None = "shop") -> dict[str, Status]:
        return {word: check.status for (name, word), check in self.items() if name == account}

    def shop(self, word: str) -> Check:
        return self["shop", word]

    def machine(self, word: str) -> Check:
        return self[None, word]


def diagnosed(site: Site, *accounts: str, **keys: object) -> Diagnosis:
    """Run the doctor; what holds for every run of it is checked here."""
    checks = diagnose(site.settings(accounts=accounts, **keys), site.world)
    for check in checks:
        assert check.message
        assert bool(check.fix) or check.status in ("ok", "skipped"), check
        for secret in (SECRET, OTHER, *site.tokens()):
            assert secret not in f"{check}"
    assert site.writes == []
    return Diagnosis({(check.account, check.check): check for check in checks})


def skipped_after(diagnosis: Diagnosis, word: str, account: str = "shop") -> set[str]:
    """The words that weren't looked at since `word` failed."""
    return {
        check.check
        for (name, _), check in diagnosis.items()
        if name == account
        and check.status == "skipped"
        and check.message == f"after `{word}`, which failed"
    }


def emulate(site: Site, **keys: object) -> None:
    """Set the account `shop` up in another way."""
    site.emulator.add_account(Account(**{"appid": APPID, "secret": SECRET, "tags": TAGS, **keys}))  # type: ignore[arg-type]


# All is well


def test_a_sound_site_is_ok_in_every_check_at_the_cost_of_a_few_reads(site: Site) -> None:
    diagnosis = diagnosed(site)
    assert {check.status for check in diagnosis.values()} == {"ok"}
    assert list(diagnosis.statuses(None)) == ["config", "state", "store", "locks", "host", "clock"]
    assert list(diagnosis.statuses()) == list(ACCOUNT_WORDS)
    assert site.calls == [SELFMENU, "stable_token", *[QUOTA] * 5]


def test_nothing_is_left_in_the_directories_but_the_token_and_free_locks(site: Site) -> None:
    diagnosed(site)
    files = [path for path in site.home.rglob("*") if path.is_file()]
    assert sorted(path.suffix for path in files) == [".json", ".lock", ".lock"]
    assert site.plan().outcome.exit_code in (0, 2)


def test_an_emulated_account_needs_nothing_and_nothing_is_asked_for_it(site: Site) -> None:
    site.project(api="emulator")
    del site.environ["MENUOPS_SECRET_SHOP"]
    diagnosis = diagnosed(site)
    assert diagnosis.statuses() == {"source": "ok"}
    assert "no token" in diagnosis.shop("source").message
    assert diagnosis.statuses(None) == dict.fromkeys(["config", "state", "store", "locks"], "ok")
    assert site.calls == []


def test_one_accounts_failure_hides_no_others_and_a_host_is_asked_once(site: Site) -> None:
    names = site.accounts(12)
    for number, name in enumerate(names):
        site.environ[f"MENUOPS_SECRET_{name.upper()}"] = f"{number:032x}"
        secret = None if number % 3 else SECRET
        site.emulator.add_account(Account(appid=f"wx{name}", secret=secret))
    diagnosis = diagnosed(site)
    bad = [name for name in names if "failed" in diagnosis.statuses(name).values()]
    assert bad == names[::3]
    assert list(dict.fromkeys(account for account, _ in diagnosis)) == [None, *names]
    assert site.calls.count(SELFMENU) == 1


# The project file


def test_what_is_odd_in_the_project_file_is_a_warning(site: Site) -> None:
    site.write(
        "menuops.yaml",
        f"accounts: {{shop: {{appid: {APPID}, menu: menus/shop.yaml, vars: {{a: on}}}}}}\n",
    )
    check = diagnosed(site).machine("config")
    assert check.status == "warning"
    assert check.message.startswith("menuops.yaml:1:")


def test_an_invalid_project_file_is_not_looked_past(site: Site) -> None:
    site.write("menuops.yaml", {"accounts": {"shop": {"appid": APPID}}})
    with pytest.raises(InvalidFiles):
        diagnose(site.settings(), site.world)
    assert site.calls == []


# The directories


@pytest.mark.parametrize("inside", ["", "runs", "used"])
def test_a_state_directory_that_can_not_be_written_is_a_failure(site: Site, inside: str) -> None:
    path = site.state / inside
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("no directory")
    check = diagnosed(site).machine("state")
    assert (check.status, str(path) in check.message) == ("failed", True)
    assert "state_dir" in check.fix


def test_a_state_directory_that_is_open_to_others_is_a_warning(site: Site) -> None:
    directory = site.root / "state"
    directory.mkdir(mode=0o755)
    site.write("menuops.yaml", {"accounts": {"shop": site.shop()}, "state_dir": "state"})
    check = diagnosed(site).machine("state")
    assert (check.status, check.fix) == ("warning", f"`chmod 700 {directory}`")
    directory.chmod(0o700)
    assert diagnosed(site).machine("state").status == "ok"


def test_what_belongs_to_another_user_is_said_to(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: uid + 1)
    found = openness_of(site.root)
    assert found is not None
    assert (found.problem, "chown" in found.fix) == ("belongs to another user", True)


def test_locks_that_can_not_be_taken_are_a_failure_that_ends_before_a_token(site: Site) -> None:
    site.state.mkdir(parents=True, mode=0o700)
    (site.state / "locks").write_text("no directory")
    diagnosis = diagnosed(site)
    assert diagnosis.machine("locks").status == "failed"
    assert skipped_after(diagnosis, "locks") == {"ip", "token", "rights", "quota", "tags"}
    assert diagnosis.shop("secret").status == "ok"
    assert site.calls == [SELFMENU]


def test_locks_that_others_can_hold_are_a_warning(site: Site) -> None:
    locks = site.state / "locks"
    locks.mkdir(parents=True)
    locks.chmod(0o777)
    check = diagnosed(site).machine("locks")
    assert (check.status, check.fix) == ("warning", f"`chmod 700 {locks}`")


# The store


def store(site: Site) -> Path:
    return site.home / "cache/menuops/tokens"


def test_a_store_that_can_not_be_written_is_a_failure_that_ends_before_a_token(site: Site) -> None:
    store(site).parent.mkdir(parents=True)
    store(site).write_text("no directory")
    diagnosis = diagnosed(site)
    assert diagnosis.machine("store").status == "failed"
    assert skipped_after(diagnosis, "store") == {"ip", "token", "rights", "quota", "tags"}
    assert site.calls == [SELFMENU]


def test_a_store_that_can_not_be_written_does_not_matter_to_who_keeps_nothing(site: Site) -> None:
    store(site).parent.mkdir(parents=True)
    store(site).write_text("no directory")
    site.project(token={"source": "env", "env": "SHOP_TOKEN"})
    site.environ["SHOP_TOKEN"] = site.emulator.cloudbase_token(APPID)
    diagnosis = diagnosed(site)
    assert diagnosis.machine("store").status == "ok"
    assert "not needed" in diagnosis.machine("store").message


def test_a_store_that_is_open_to_others_is_a_warning(site: Site) -> None:
    store(site).mkdir(parents=True)
    store(site).chmod(0o755)
    check = diagnosed(site).machine("store")
    assert (check.status, check.fix) == ("warning", f"`chmod 700 {store(site)}`")


@pytest.mark.parametrize("count", [1, 5])
def test_a_kept_token_that_others_may_read_is_a_warning(site: Site, count: int) -> None:
    store(site).mkdir(parents=True, mode=0o700)
    for number in range(count):
        path = store(site) / f"{number}.json"
        path.write_text("{}")
        path.chmod(0o644)
    check = diagnosed(site).machine("store")
    assert check.status == "warning"
    assert "0.json" in check.message
    assert ("and 2 more" in check.message) is (count == 5)
    command = check.fix.split("`")[1]
    assert os.system(command) == 0
    assert [path for path in store(site).glob("*.json") if openness_of(path)] == []
    assert diagnosed(site).machine("store").status == "ok"


@pytest.mark.parametrize(("token", "status"), [({}, "ok"), (CLASSIC, "warning")])
def test_memory_fetches_anew_which_matters_to_a_classic_token(
    site: Site, token: Json, status: Status
) -> None:
    site.write("menuops.yaml", {"accounts": {"shop": site.shop(**token)}, "token_store": "memory"})
    check = diagnosed(site).machine("store")
    assert (check.status, "each run fetches" in check.message) == (status, True)
    assert ("token_store: file" in check.fix) is (status == "warning")


def in_redis(site: Site, url: str | None) -> None:
    site.write(
        "menuops.yaml",
        {
            "accounts": {"shop": site.shop(), "demo": site.shop(appid="wxdemo", api="emulator")},
            "token_store": "redis",
            "token_store_env": "TOKENS",
        },
    )
    if url is not None:
        site.environ["TOKENS"] = url


def test_a_redis_is_checked_as_store_and_locks(site: Site, redis_server: LocalRedis) -> None:
    in_redis(site, redis_server.url)
    diagnosis = diagnosed(site)
    assert {check.status for check in diagnosis.values()} == {"ok"}
    assert redis_server.address in diagnosis.machine("store").message
    assert len(redis_server.call("KEYS", "*")) == 1


def test_a_redis_that_is_out_of_reach_fails_both_and_stops_before_a_token(
    site: Site, own_redis: LocalRedis
) -> None:
    in_redis(site, own_redis.url)
    own_redis.stop()
    diagnosis = diagnosed(site)
    assert diagnosis.machine("store").status == diagnosis.machine("locks").status == "failed"
    assert skipped_after(diagnosis, "store") == {"ip", "token", "rights", "quota", "tags"}
    assert diagnosis.statuses("demo") == {"source": "ok"}


@pytest.mark.parametrize("url", [None, "", "http://127.0.0.1"])
def test_a_redis_that_is_not_named_fails_the_store(site: Site, url: str | None) -> None:
    in_redis(site, url)
    diagnosis = diagnosed(site)
    assert (diagnosis.machine("store").status, diagnosis.machine("locks").status) == (
        "failed",
        "skipped",
    )
    assert skipped_after(diagnosis, "store") == {"ip", "token", "rights", "quota", "tags"}


# Host and clock


def test_a_host_that_is_out_of_reach_fails_once_and_all_behind_it_is_skipped(site: Site) -> None:
    site.accounts(3)
    nowhere = "http://127.0.0.1:9"
    checks = diagnose(site.settings().__class__(directory=site.root, api_url=nowhere), site.world)
    diagnosis = Diagnosis({(check.account, check.check): check for check in checks})
    assert diagnosis.machine("host").status == "failed"
    assert diagnosis.machine("clock").status == "skipped"
    for name in ("a01", "a02", "a03"):
        assert skipped_after(diagnosis, "host", name) == {"ip", "token", "rights", "quota", "tags"}
        assert diagnosis[name, "secret"].status == "warning"  # one secret for three, still said
    assert site.calls == []


def test_what_answers_in_wechats_place_is_a_failure_of_the_host(site: Site) -> None:
    site.emulator.fail_next(SELFMENU, Fault.body(b"<html>Sign in to the hotel</html>"))
    diagnosis = diagnosed(site)
    assert diagnosis.machine("host").status == "failed"
    assert site.calls == [SELFMENU]


@pytest.mark.parametrize(
    ("ahead_s", "status"),
    [(0, "ok"), (59, "ok"), (-59, "ok"), (90, "warning"), (-90, "warning"), (400, "failed")],
)
def test_a_clock_is_held_against_the_hosts(site: Site, ahead_s: int, status: Status) -> None:
    site.clock.now_s = NOON_S - ahead_s
    world = site.world.__class__(
        clock=lambda: site.clock() + ahead_s, sleep=site.clock.sleep, environ=site.environ
    )
    checks = diagnose(site.settings(), world)
    (check,) = [each for each in checks if each.check == "clock"]
    assert check.status == status
    assert ("NTP" in check.fix or "ntp" in check.fix) is (status != "ok")


def test_a_slow_answer_is_no_skew() -> None:
    assert clock_check("h", Reached(0, 500, 500)).status == "ok"
    assert "ahead" in clock_check("h", Reached(500, 501, 0)).message
    assert "behind" in clock_check("h", Reached(0, 1, 500)).message


def test_a_host_that_says_no_time_leaves_the_clock_out() -> None:
    assert clock_check("h", Reached(0, 1, None)).status == "skipped"


# The AppSecret


@pytest.mark.parametrize("value", [None, "", "two words"])
def test_a_secret_that_is_not_there_is_a_failure_and_nothing_is_asked(
    site: Site, value: str | None
) -> None:
    del site.environ["MENUOPS_SECRET_SHOP"]
    if value is not None:
        site.environ["MENUOPS_SECRET_SHOP"] = value
    diagnosis = diagnosed(site)
    check = diagnosis.shop("secret")
    assert (check.status, "MENUOPS_SECRET_SHOP" in check.message) == ("failed", True)
    assert not check.message.startswith("shop:")
    assert skipped_after(diagnosis, "secret") == {"ip", "token", "rights", "quota", "tags"}
    assert site.calls == [SELFMENU]


def test_a_secret_of_another_form_is_a_warning_until_wechat_takes_it(site: Site) -> None:
    emulate(site, secret="not-hex")
    site.environ["MENUOPS_SECRET_SHOP"] = "not-hex"
    assert diagnosed(site).shop("secret").status == "ok"
    site.project(**CLASSIC)
    check = diagnosed(site).shop("secret")
    assert (check.status, "32 hexadecimal" in check.message) == ("warning", True)
    assert "not-hex" not in f"{check}"


@pytest.mark.parametrize(("errcode", "word"), [(40125, "reset"), (40001, "reset"), (40243, "解冻")])
def test_a_secret_that_wechat_refuses_is_a_failure_of_the_secret(
    site: Site, errcode: int, word: str
) -> None:
    site.emulator.fail_next("stable_token", Fault.errcode(errcode))
    diagnosis = diagnosed(site)
    check = diagnosis.shop("secret")
    assert (check.status, word in check.fix) == ("failed", True)
    assert skipped_after(diagnosis, "secret") == {"ip", "token", "rights", "quota", "tags"}
    assert site.calls.count("stable_token") == 1


def test_a_refused_secret_of_another_form_is_said_to_be_one(site: Site) -> None:
    site.environ["MENUOPS_SECRET_SHOP"] = f"{SECRET} ".strip()[:-1]
    check = diagnosed(site).shop("secret")
    assert (check.status, "32 hexadecimal" in check.message) == ("failed", True)


def test_a_secret_file_that_everybody_may_read_is_a_warning(site: Site) -> None:
    path = site.write("secret.txt", f"{SECRET}\n")
    site.project(token={"secret_file": "secret.txt"})
    path.chmod(0o644)
    check = diagnosed(site).shop("secret")
    assert (check.status, check.fix) == ("warning", f"`chmod o-rwx {path}`")
    path.chmod(0o640)
    assert diagnosed(site).shop("secret").status == "ok"
    path.unlink()
    assert diagnosed(site).shop("secret").status == "failed"


def test_a_secret_command_runs_once(site: Site) -> None:
    program = site.write("vault", f"#!/bin/sh\necho ran >> {site.root}/ran\necho {SECRET}\n")
    program.chmod(0o700)
    site.project(token={"secret_command": [str(program)]})
    assert set(diagnosed(site).statuses().values()) == {"ok"}
    assert (site.root / "ran").read_text() == "ran\n"
    site.project(token={"secret_command": ["false"]})
    assert diagnosed(site).shop("secret").status == "failed"


def test_two_accounts_with_one_secret_are_a_slip(site: Site) -> None:
    site.accounts(4)
    site.environ["MENUOPS_SECRET_A03"] = OTHER
    site.emulator.add_account(Account(appid="wxa03", secret=OTHER))
    site.emulator.add_account(Account(appid="wxa04", secret="0" * 32))
    diagnosis = diagnosed(site)
    secrets = [diagnosis[name, "secret"] for name in ("a01", "a02", "a03", "a04")]
    assert [check.status for check in secrets] == ["warning", "warning", "ok", "failed"]
    assert "the AppSecret of a02, a04 too" in secrets[0].message
    assert "the AppSecret of a01, a02 too" in secrets[3].message


# The IP whitelist


def test_an_address_that_is_not_listed_is_named_with_the_ways_out(site: Site) -> None:
    emulate(site, ip_whitelist=("192.0.2.1",))
    diagnosis = diagnosed(site)
    check = diagnosis.shop("ip")
    assert check.status == "failed"
    for words in (
        "127.0.0.1",
        "IP白名单",
        "公众号后台",
        "微信开发者平台",
        "`source: url`",
        "`source: command`",
        "`source: sdk`",
        "`as: cloudbase`",
        "proxy",
        "docs/ci.md",
    ):
        assert words in check.fix
    assert "\n- " in check.fix  # a line for each
    assert diagnosis.shop("secret").status == "ok"
    assert skipped_after(diagnosis, "ip") == {"token", "rights", "quota", "tags"}


@pytest.mark.parametrize(
    ("errcode", "words"), [(89503, "confirm"), (89506, "24 hours"), (89507, "an hour")]
)
def test_an_address_that_the_administrator_refused_says_for_how_long(
    site: Site, errcode: int, words: str
) -> None:
    site.emulator.fail_next("stable_token", Fault.errcode(errcode))
    check = diagnosed(site).shop("ip")
    assert (check.status, words in f"{check.message} {check.fix}") == ("failed", True)
    assert site.calls.count("stable_token") == 1


# The token, by source


@pytest.mark.parametrize(
    "fault",
    [
        Fault.errcode(40013),
        Fault.errcode(50004),
        Fault.errcode(45009),
        Fault.errcode(-1),
        Fault.status(502),
        Fault.reset_before(),
        Fault.half_answer(),
    ],
)
def test_a_token_that_can_not_be_fetched_is_a_failure(site: Site, fault: Fault) -> None:
    site.emulator.fail_next("stable_token", fault)
    diagnosis = diagnosed(site)
    assert diagnosis.shop("token").status == "failed"
    assert skipped_after(diagnosis, "token") == {"ip", "rights", "quota", "tags"}


def test_a_kept_stable_token_is_asked_for_again_which_proves_secret_and_address(site: Site) -> None:
    renew_tokens(site.settings(accounts=("shop",)), site.world)
    with site.counting() as calls:
        assert diagnosed(site).shop("ip").status == "ok"
    assert calls.count("stable_token") == 1
    emulate(site, ip_whitelist=())
    assert diagnosed(site).shop("ip").status == "failed"


def test_a_stable_token_that_stays_refused_is_a_failure_of_the_token(site: Site) -> None:
    site.emulator.fail_next(QUOTA, Fault.errcode(40001), times=2)
    diagnosis = diagnosed(site)
    check = diagnosis.shop("token")
    assert (check.status, "gives the same one again" in check.message) == ("failed", True)
    assert diagnosis.shop("ip").status == "ok"


def test_a_classic_token_is_warned_about_and_never_fetched(site: Site) -> None:
    site.project(**CLASSIC)
    diagnosis = diagnosed(site)
    assert diagnosis.statuses() == {
        "source": "warning",
        "secret": "ok",
        "ip": "skipped",
        "token": "skipped",
        "rights": "skipped",
        "quota": "skipped",
        "tags": "skipped",
    }
    assert "voids the classic token" in diagnosis.shop("source").message
    assert "source: stable" in diagnosis.shop("source").fix
    assert "void" in diagnosis.shop("token").message
    assert "menuops token --renew -a shop" in diagnosis.shop("token").fix
    assert site.calls == [SELFMENU]


def test_a_classic_token_that_is_kept_is_proven(site: Site) -> None:
    site.project(**CLASSIC)
    renew_tokens(site.settings(accounts=("shop",)), site.world)
    with site.counting() as calls:
        diagnosis = diagnosed(site)
    assert calls == [SELFMENU, *[QUOTA] * 5]
    assert [diagnosis.shop(word).status for word in ("token", "rights", "quota")] == ["ok"] * 3
    assert "token 1999 of 2000" in diagnosis.shop("quota").message


@pytest.mark.parametrize("spoil", ["void_tokens", "expire_tokens"])
def test_a_classic_token_that_wechat_refuses_is_not_replaced(site: Site, spoil: str) -> None:
    site.project(**CLASSIC)
    renew_tokens(site.settings(accounts=("shop",)), site.world)
    getattr(site.emulator, spoil)(APPID)
    with site.counting() as calls:
        assert diagnosed(site).shop("token").status == "failed"
    assert calls == [SELFMENU, QUOTA]


def test_a_classic_token_that_is_to_be_renewed_is_not(site: Site) -> None:
    site.project(**CLASSIC)
    renew_tokens(site.settings(accounts=("shop",)), site.world)
    site.clock.now_s += 7000
    with site.counting() as calls:
        assert diagnosed(site).shop("token").status == "skipped"
    assert calls == [SELFMENU]


def granting(site: Site) -> str:
    """The URL of a token server, whose part the emulator plays."""
    query = f"grant_type=client_credential&appid={APPID}&secret={SECRET}"
    return f"{site.url}/cgi-bin/token?{query}"


def given_by_command(site: Site) -> Json:
    program = site.write("printer", f"#!/bin/sh\ncat {site.root}/token\n")
    program.chmod(0o700)
    return {"source": "command", "command": [str(program)]}


def given_by_file(site: Site) -> Json:
    (site.root / "token").chmod(0o600)
    return {"source": "file", "path": "token"}


def given_by_env(site: Site) -> Json:
    site.environ["SHOP_TOKEN"] = (site.root / "token").read_text()
    return {"source": "env", "env": "SHOP_TOKEN"}


GIVEN: dict[str, Callable[[Site], Json]] = {
    "command": given_by_command,
    "file": given_by_file,
    "env": given_by_env,
}


@pytest.fixture
def token_at_hand(site: Site) -> Site:
    """A site with a good token in the file `token`."""
    renew_tokens(site.settings(accounts=("shop",)), site.world)
    (token,) = site.tokens()
    site.write("token", token)
    return site


@pytest.mark.parametrize("source", GIVEN)
def test_a_token_of_another_source_is_read_and_proven(token_at_hand: Site, source: str) -> None:
    site = token_at_hand
    site.project(token=GIVEN[source](site))
    with site.counting() as calls:
        diagnosis = diagnosed(site)
    assert set(diagnosis.statuses().values()) == {"ok"}
    assert "not needed" in diagnosis.shop("ip").message
    assert calls == [SELFMENU, *[QUOTA] * 4]


@pytest.mark.parametrize("source", GIVEN)
def test_a_token_of_another_source_that_is_void_is_a_failure(
    token_at_hand: Site, source: str
) -> None:
    site = token_at_hand
    site.project(token=GIVEN[source](site))
    site.emulator.void_tokens(APPID)
    diagnosis = diagnosed(site)
    assert diagnosis.shop("token").status == "failed"
    assert diagnosis.shop("ip").status == "ok"


def test_a_token_server_is_asked_once(site: Site) -> None:
    site.project(token={"source": "url", "url": granting(site)})
    with site.counting() as calls:
        assert set(diagnosed(site).statuses().values()) == {"ok"}
    assert calls == [SELFMENU, "token", *[QUOTA] * 4]


def test_a_bots_token_is_read_from_its_redis_and_left_as_it_is(
    token_at_hand: Site, redis_server: LocalRedis
) -> None:
    site = token_at_hand
    site.environ["BOT_REDIS"] = redis_server.url
    site.project(token={"source": "sdk", "sdk": "wechatpy", "store_env": "BOT_REDIS"})
    check = diagnosed(site).shop("token")
    assert (check.status, "wechatpy" in check.message) == ("failed", True)
    kept = json.dumps((site.root / "token").read_text())
    redis_server.call("SET", f"wechatpy:{APPID}_access_token", kept, "EX", 7000)
    diagnosis = diagnosed(site)
    assert set(diagnosis.statuses().values()) == {"ok"}
    assert "good for 117 min" in diagnosis.shop("token").message
    assert len(redis_server.call("KEYS", "*")) == 1
    with site.counting() as calls:
        site.emulator.void_tokens(APPID)
        assert diagnosed(site).shop("token").status == "failed"
    assert calls == [SELFMENU, QUOTA]


@pytest.mark.parametrize(
    "token",
    [
        {"source": "env", "env": "NOWHERE"},
        {"source": "file", "path": "nowhere"},
        {"source": "command", "command": ["false"]},
        {"source": "url", "url": "http://127.0.0.1:9/token"},
    ],
)
def test_a_token_that_is_not_there_is_a_failure(site: Site, token: Json) -> None:
    site.project(token=token)
    diagnosis = diagnosed(site)
    assert diagnosis.shop("token").status == "failed"
    assert skipped_after(diagnosis, "token") == {"rights", "quota", "tags"}


def test_a_token_file_that_everybody_may_read_is_a_warning(token_at_hand: Site) -> None:
    site = token_at_hand
    site.project(token=given_by_file(site))
    (site.root / "token").chmod(0o644)
    check = diagnosed(site).shop("token")
    assert (check.status, check.fix) == ("warning", f"`chmod o-rwx {site.root / 'token'}`")


def in_cloud_run(site: Site) -> Site:
    path = site.write("cloudbase", site.emulator.cloudbase_token(APPID))
    path.chmod(0o644)
    site.project(token={"source": "file", "as": "cloudbase", "path": "cloudbase"})
    return site


def test_a_token_of_cloud_run_is_proven(site: Site) -> None:
    assert set(diagnosed(in_cloud_run(site)).statuses().values()) == {"ok"}


@pytest.mark.parametrize("errcode", [40001, 48001, 76022, 40066, -1])
def test_a_token_of_cloud_run_is_proven_by_the_menu_where_quotas_are_not_told(
    site: Site, errcode: int
) -> None:
    site.emulator.fail_next(QUOTA, Fault.errcode(errcode), times=2)
    diagnosis = diagnosed(in_cloud_run(site))
    assert diagnosis.shop("token").status == "ok"
    assert diagnosis.shop("rights").status == ("warning" if errcode in (48001, 76022) else "ok")
    assert diagnosis.shop("quota").status == "skipped"
    assert "menu/get" in site.calls


def test_a_path_that_cloud_run_does_not_list_is_a_matter_of_rights(site: Site) -> None:
    site.emulator.fail_next(QUOTA, Fault.errcode(48001))
    site.emulator.fail_next("menu/get", Fault.errcode(48001))
    check = diagnosed(in_cloud_run(site)).shop("rights")
    assert (check.status, "云调用" in check.fix) == ("failed", True)


# Rights


def test_an_account_without_rights_says_which_may_be_missing(site: Site) -> None:
    emulate(site, rights=False)
    diagnosis = diagnosed(site)
    check = diagnosis.shop("rights")
    assert check.status == "failed"
    for words in ("未认证", "认证过期", "无接口权限", "权限集"):
        assert words in check.message
    assert diagnosis.shop("token").status == "ok"
    assert skipped_after(diagnosis, "rights") == {"quota", "tags"}


def test_a_doubt_about_rights_that_reading_does_not_share_is_a_warning(site: Site) -> None:
    site.emulator.fail_next(QUOTA, Fault.errcode(76022))
    diagnosis = diagnosed(site)
    assert diagnosis.shop("rights").status == "warning"
    assert diagnosis.shop("quota").status == "skipped"


@pytest.mark.parametrize(
    ("after", "status"), [(1, "failed"), (2, "warning"), (3, "warning"), (4, "ok")]
)
def test_rights_are_told_apart_by_interface(site: Site, after: int, status: Status) -> None:
    """Asked for in turn: menu/create, menu/get, addconditional, delconditional, stable_token."""
    site.emulator.fail_next(QUOTA, Fault.errcode(76022), after=after)
    check = diagnosed(site).shop("rights")
    assert check.status == status
    assert ("个性化菜单" in check.message) is (status == "warning")


# Quota


@pytest.mark.parametrize(
    ("limit", "status"), [(0, "failed"), (1, "failed"), (2, "ok"), (1000, "ok")]
)
def test_calls_that_are_used_up_are_a_failure(site: Site, limit: int, status: Status) -> None:
    emulate(site, quotas={"menu/get": limit})
    renew_tokens(site.settings(accounts=("shop",)), site.world)
    (token,) = site.tokens()
    if limit:
        site.environ["SHOP_TOKEN"] = token
        site.project(token={"source": "env", "env": "SHOP_TOKEN"})
        site.plan()
    diagnosis = diagnosed(site)
    check = diagnosis.shop("quota")
    assert check.status == status
    assert f"menu/get {max(limit - bool(limit), 0)} of {limit}" in check.message
    assert ("midnight in China" in check.fix) is (status == "failed")
    assert diagnosis.shop("rights").status == "ok"


def test_few_calls_left_are_a_warning(site: Site) -> None:
    told = {"errcode": 0, "quota": {"daily_limit": 1000, "used": 901, "remain": 99}}
    site.emulator.fail_next(QUOTA, Fault.answer(told))
    check = diagnosed(site).shop("quota")
    assert check.status == "warning"
    assert check.message == "few calls left today: menu/create 99 of 1000"


def test_the_token_calls_own_quota_counts_too(site: Site) -> None:
    emulate(site, quotas={"stable_token": 1})
    assert "stable_token 0 of 1" in diagnosed(site).shop("quota").message


@pytest.mark.parametrize(
    "fault", [Fault.errcode(45009), Fault.errcode(-1), Fault.status(502), Fault.answer({})]
)
def test_a_quota_that_is_not_told_is_left_out(site: Site, fault: Fault) -> None:
    site.emulator.fail_next(QUOTA, fault)
    diagnosis = diagnosed(site)
    assert [diagnosis.shop(word).status for word in ("token", "rights", "quota")] == [
        "ok",
        "ok",
        "skipped",
    ]
    site.emulator.fail_next(QUOTA, fault, after=4)
    check = diagnosed(site).shop("quota")
    assert (check.status, check.message.endswith("; not told for stable_token")) == ("ok", True)


# The tags of its menus


def wants(site: Site, *rules: Json) -> None:
    menus = [conditional(click(), **rule) for rule in rules]
    site.menu({"button": [view()], "conditionalmenu": menus})


@pytest.mark.parametrize("rule", [{"tag": "VIP"}, {"tag_id": "100"}])
def test_tags_that_are_there_are_looked_up_once(site: Site, rule: Json) -> None:
    wants(site, rule, {"client_platform_type": "ios"})
    with site.counting() as calls:
        assert diagnosed(site).shop("tags").status == "ok"
    assert calls.count("tags/get") == 1


@pytest.mark.parametrize(
    ("rule", "said"),
    [({"tag": "VPI"}, "no tag 'VPI'; did you mean VIP?"), ({"tag_id": "999"}, "the id 999")],
)
def test_a_tag_that_the_account_lacks_is_a_failure_at_its_place(
    site: Site, rule: Json, said: str
) -> None:
    wants(site, rule)
    check = diagnosed(site).shop("tags")
    assert check.status == "failed"
    assert said in check.message
    assert "menus/shop.yaml:" in check.message


def test_tags_that_can_not_be_read_are_a_failure_of_their_own(site: Site) -> None:
    wants(site, {"tag": "VIP"})
    site.emulator.fail_next("tags/get", Fault.errcode(45009))
    diagnosis = diagnosed(site)
    assert [diagnosis.shop(word).status for word in ("quota", "tags")] == ["ok", "failed"]


def test_a_menu_file_with_errors_leaves_the_tags_unchecked(site: Site) -> None:
    (site.root / "menus/shop.yaml").write_text("button: [")
    check = diagnosed(site).shop("tags")
    assert (check.status, check.fix) == ("skipped", "see them: menuops validate")


def test_a_menu_file_that_is_not_there_yet_is_named_with_what_makes_it(site: Site) -> None:
    """As the guide has it: doctor before import."""
    (site.root / "menus/shop.yaml").unlink()
    check = diagnosed(site).shop("tags")
    assert (check.status, check.message) == (
        "skipped",
        "menus/shop.yaml: can't be read, or isn't there",
    )
    assert "`menuops import -a shop --out menus/shop.yaml`" in check.fix
