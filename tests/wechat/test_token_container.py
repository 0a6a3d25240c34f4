"""The token container against an emulated WeChat: when it asks, and when it doesn't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from menuops.core.account import EnvToken, TokenSource
from menuops.core.errors import MenuopsError
from menuops.core.secret import Secret
from menuops.emulator import Account as Emulated
from menuops.emulator import Fault
from menuops.transport import Answer, BadAnswer, Unreachable
from menuops.wechat.errors import Busy, NotWhitelisted, RateLimited, WrongSecret
from menuops.wechat.tokens.app_secret import NoSecret
from menuops.wechat.tokens.handed import NoToken
from menuops.wechat.tokens.memory_store import MemoryStore
from menuops.wechat.tokens.void import TokenVoid

from .conftest import (
    APPID,
    CLASSIC,
    ENV,
    SECRET,
    STABLE,
    ScriptedHttp,
    World,
    in_threads,
    with_retry,
)


class TestFetching:
    def test_registering_makes_no_call_and_reads_no_secret(self, world: World) -> None:
        world.environ.clear()
        container = world.container()
        assert container.is_registered(world.account())
        assert not container.status(world.account()).present
        assert world.paths() == []

    def test_unregistered_account_is_a_bug(self, world: World) -> None:
        container = world.container()
        stranger = world.account()
        with pytest.raises(LookupError):
            container.token(replace(stranger, appid="wxother"))

    @pytest.mark.parametrize(("source", "path"), [(STABLE, "stable_token"), (CLASSIC, "token")])
    def test_first_use_asks_once_and_later_ones_not(
        self, world: World, source: TokenSource, path: str
    ) -> None:
        account = world.account(source)
        container = world.container()
        first = container.token(account)
        assert container.token(account) == first
        assert world.container().token(account) == first  # a later process reads the store
        assert world.paths() == [path]

    def test_classic_source_never_forces_and_stable_never_voids(self, world: World) -> None:
        """A token that a server of the account holds still works after ours was fetched."""
        theirs = world.container(MemoryStore()).token(world.account())
        ours = world.container().token(world.account())
        assert ours == theirs

    def test_secret_is_read_at_each_renewal(self, world: World) -> None:
        container = world.container()
        container.token(world.account())
        world.environ["SHOP_APPSECRET"] = "0" * 32
        world.emulator.void_tokens(APPID)
        with pytest.raises(WrongSecret):
            container.refused(world.account(), container.token(world.account()))

    def test_missing_secret_is_named_and_nothing_is_asked(self, world: World) -> None:
        del world.environ["SHOP_APPSECRET"]
        with pytest.raises(NoSecret, match="SHOP_APPSECRET") as caught:
            world.container().token(world.account())
        assert caught.value.code == "no_secret"
        assert world.paths() == []


class TestRenewal:
    @pytest.mark.parametrize("source", [STABLE, CLASSIC])
    def test_renewed_ten_minutes_before_the_end(self, world: World, source: TokenSource) -> None:
        account = world.account(source)
        container = world.container()
        first = container.token(account)
        world.clock.now_s += 7200 - 601
        assert container.token(account) == first
        assert world.token_calls() == 1
        world.clock.now_s += 2
        second = container.token(account)
        assert world.token_calls() == 2
        # WeChat gives a new stable token in the last five minutes of the one before.
        assert (second == first) == (source is STABLE)

    @pytest.mark.parametrize("left_s", [300, 301, 345, 600, 1799])
    def test_stable_token_that_counts_down_is_used_and_not_asked_for_in_a_loop(
        self, world: World, left_s: int
    ) -> None:
        """Another program fetched it long ago, so we are given what is left of its life."""
        account = world.account()
        theirs = world.container(MemoryStore()).token(account)
        world.clock.now_s += 7200 - left_s
        container = world.container()
        for _ in range(20):
            assert container.token(account) == theirs
        assert world.token_calls() == 2
        for _ in range(left_s + 60):  # a call each second until the token is over
            world.clock.now_s += 1
            container.token(account)
        assert world.token_calls() <= 4
        assert container.token(account) != theirs

    @pytest.mark.parametrize("life_s", [1, 30, 299, 300, 7200])
    def test_remote_that_always_answers_the_same_is_not_asked_in_a_loop(
        self, world: World, life_s: int
    ) -> None:
        class Same(ScriptedHttp):
            def call(self, *_args: object, **_options: object) -> Answer:
                self.calls.append("stable_token")
                return Answer(200, {"access_token": "same", "expires_in": life_s})

        http = Same()
        container = world.container(http=http)
        for _ in range(100):
            container.token(world.account())
        assert len(http.calls) == 1

    def test_renew_asks_although_the_token_is_good(self, world: World) -> None:
        account = world.account(CLASSIC)
        container = world.container()
        first = container.token(account)
        container.renew(account)
        assert container.token(account) != first
        assert world.token_calls() == 2


class TestRefusal:
    def test_voided_stable_token_is_replaced_by_the_one_that_plain_mode_gives(
        self, world: World
    ) -> None:
        container = world.container()
        old = container.token(world.account())
        world.emulator.void_tokens(APPID)
        new = container.refused(world.account(), old)
        assert new != old
        assert container.token(world.account()) == new
        assert world.paths() == ["stable_token"] * 2

    def test_token_that_is_no_longer_the_stored_one_is_not_renewed_again(
        self, world: World
    ) -> None:
        one, two = world.container(), world.container()
        old = one.token(world.account())
        assert two.token(world.account()) == old
        world.emulator.void_tokens(APPID)
        new = one.refused(world.account(), old)
        assert two.refused(world.account(), old) == new
        assert two.token(world.account()) == new
        assert world.token_calls() == 2

    def test_same_token_again_is_an_error_and_never_forced(self, world: World) -> None:
        """WeChat refused it and gives it again: only voiding it for all would help."""
        container = world.container()
        token = container.token(world.account())
        with pytest.raises(TokenVoid, match="same one again") as caught:
            container.refused(world.account(), token)
        assert "forced" in caught.value.fix
        assert world.paths() == ["stable_token"] * 2

    def test_many_threads_renew_a_refused_token_once(self, world: World) -> None:
        container = world.container()
        old = container.token(world.account())
        world.emulator.void_tokens(APPID)
        got = in_threads(lambda: container.refused(world.account(), old), 12)
        assert len({token.reveal() for token in got}) == 1
        assert old not in got
        assert world.token_calls() == 2


class TestEnv:
    def test_variable_is_read_at_each_use(self, world: World) -> None:
        account = world.account(ENV)
        container = world.container()
        world.environ["SHOP_TOKEN"] = "first\n"
        assert container.token(account).reveal() == "first"
        world.environ["SHOP_TOKEN"] = "second"
        assert container.token(account).reveal() == "second"
        assert container.refused(account, Secret("first")).reveal() == "second"

    @pytest.mark.parametrize("value", [None, "", " \n"])
    def test_variable_without_a_token_is_named(self, world: World, value: str | None) -> None:
        if value is not None:
            world.environ["SHOP_TOKEN"] = value
        with pytest.raises(NoToken, match="SHOP_TOKEN"):
            world.container().token(world.account(ENV))

    def test_refused_one_is_never_renewed(self, world: World) -> None:
        world.environ["SHOP_TOKEN"] = "their-token"
        with pytest.raises(TokenVoid, match="SHOP_TOKEN") as caught:
            world.container().refused(world.account(ENV), Secret("their-token"))
        assert caught.value.code == "token_void"
        assert world.paths() == []

    def test_renewing_it_asks_nobody(self, world: World) -> None:
        with pytest.raises(NoToken):
            world.container().renew(world.account(EnvToken("NONE")))
        assert world.paths() == []


class TestTrouble:
    def test_busy_is_tried_again_with_growing_waits(self, world: World) -> None:
        world.emulator.fail_next("stable_token", Fault.errcode(-1), times=3)
        world.container().token(world.account())
        assert world.clock.slept == [1.0, 2.0, 4.0]

    @pytest.mark.parametrize(
        "fault", [Fault.reset_before(), Fault.reset_after(), Fault.status(502), Fault.half_answer()]
    )
    def test_lost_answers_are_tried_again(self, world: World, fault: Fault) -> None:
        world.emulator.fail_next("stable_token", fault)
        assert world.container().token(world.account())
        assert world.token_calls() == 2

    def test_tries_end_with_the_budget(self, world: World) -> None:
        world.emulator.fail_next("stable_token", Fault.errcode(-1), times=99)
        with pytest.raises(Busy):
            world.container().token(with_retry(world.account(), 4.0))
        assert sum(world.clock.slept) <= 4.0
        assert world.token_calls() == 3

    @pytest.mark.parametrize(
        ("code", "kind"), [(45009, RateLimited), (45011, RateLimited), (40001, WrongSecret)]
    )
    def test_refusals_are_not_tried_again(
        self, world: World, code: int, kind: type[MenuopsError]
    ) -> None:
        world.emulator.fail_next("stable_token", Fault.errcode(code), times=9)
        with pytest.raises(kind):
            world.container().token(world.account())
        assert world.token_calls() == 1

    def test_foreign_address_is_named_with_the_place_to_list_it(self, world: World) -> None:
        world.emulator.add_account(Emulated(appid=APPID, secret=SECRET, ip_whitelist=("8.8.8.8",)))
        with pytest.raises(NotWhitelisted) as caught:
            world.container().token(world.account())
        assert caught.value.code == "40164"
        assert caught.value.ip == "127.0.0.1"
        assert "127.0.0.1" in caught.value.fix
        assert "IP白名单" in caught.value.fix

    def test_threads_that_waited_share_a_failure(self, world: World) -> None:
        """A wrong secret or a foreign address is asked about once, not once a thread."""
        world.emulator.add_account(Emulated(appid=APPID, secret=SECRET, ip_whitelist=("8.8.8.8",)))
        world.emulator.fail_next("stable_token", Fault.delay(0.3))
        container = world.container()
        met: list[BaseException] = []

        def ask() -> None:
            try:
                container.token(world.account())
            except NotWhitelisted as error:
                met.append(error)

        in_threads(ask, 8)
        assert len(met) == 8
        assert world.token_calls() == 1
        with pytest.raises(NotWhitelisted):  # but a later use asks again
            container.token(world.account())
        assert world.token_calls() == 2

    @pytest.mark.parametrize(
        "answer",
        [
            {},
            {"access_token": "", "expires_in": 7200},
            {"access_token": 7, "expires_in": 7200},
            {"access_token": "a\nb", "expires_in": 7200},
            {"access_token": "t"},
            {"access_token": "t", "expires_in": 0},
            {"access_token": "t", "expires_in": -5},
            {"access_token": "t", "expires_in": True},
            {"access_token": "t", "expires_in": "7200"},
            {"access_token": "t", "expires_in": 10**9},
            {"errcode": "none"},
            {"errcode": None},
        ],
    )
    def test_answer_without_a_token_is_a_bad_answer(
        self, world: World, answer: dict[str, object]
    ) -> None:
        http = ScriptedHttp(answer)
        http.script_is_for_menus = False
        with pytest.raises(BadAnswer, match="stable_token"):
            world.container(http=http).token(world.account())
        assert not world.container().status(world.account()).present

    def test_unreachable_names_the_call(self, world: World) -> None:
        http = ScriptedHttp(*[Unreachable("token", "h", "dns", sent=False, detail="d")] * 9)
        http.script_is_for_menus = False
        with pytest.raises(Unreachable, match="token"):
            world.container(http=http).token(world.account())
        assert 3 <= len(http.calls) <= 6


class TestStatus:
    def test_says_all_but_the_token_and_asks_nobody(self, world: World) -> None:
        container = world.container()
        token = container.token(world.account())
        world.clock.now_s += 100
        status = container.status(world.account())
        assert (status.source, status.present, status.fresh) == ("stable", True, True)
        assert status.age_s == pytest.approx(100)
        assert status.expires_at_s == pytest.approx(world.clock.now_s + 7100)
        assert status.store.startswith("file (")
        assert token.reveal() not in repr(status)
        assert world.token_calls() == 1
        world.clock.now_s += 7150
        assert not container.status(world.account()).fresh

    def test_of_a_variable_is_whether_it_is_set(self, world: World) -> None:
        container = world.container()
        assert not container.status(world.account(ENV)).present
        world.environ["SHOP_TOKEN"] = "t"
        assert container.status(world.account(ENV)).present
