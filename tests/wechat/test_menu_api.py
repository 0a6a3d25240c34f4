"""The menu calls against an emulated WeChat, and against answers that it never gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from menuops.core.outcome import Outcome
from menuops.emulator import Account as Emulated
from menuops.emulator import Fault, Switches
from menuops.transport import BadAnswer, Unreachable
from menuops.wechat.api import MenuApi, TagCount
from menuops.wechat.errors import (
    Busy,
    LostAnswer,
    NotAllowed,
    TokenRefused,
    UnknownConditional,
    WeChatError,
)
from menuops.wechat.tokens.void import TokenVoid

from .conftest import APPID, ENV, SECRET, ScriptedHttp, World, with_retry

Scripted: TypeAlias = Callable[..., tuple[MenuApi, ScriptedHttp]]

BUTTONS: list[dict[str, Any]] = [{"type": "click", "name": "帮助", "key": "HELP"}]
RULE = {"tag_id": "101"}

READS: dict[str, Callable[[MenuApi], object]] = {
    "menu/get": MenuApi.get_menu,
    "get_current_selfmenu_info": MenuApi.get_selfmenu,
    "menu/trymatch": lambda api: api.try_match("o-vip"),
    "tags/get": MenuApi.get_tags,
    "tags/getidlist": lambda api: api.get_tag_ids("o-vip"),
}
WRITES: dict[str, Callable[[MenuApi], object]] = {
    "menu/create": lambda api: api.create_menu(BUTTONS),
    "menu/addconditional": lambda api: api.add_conditional(BUTTONS, RULE),
    "menu/delconditional": lambda api: api.delete_conditional("450000002"),
    "menu/delete": MenuApi.delete_menu,
}
CALLS = READS | WRITES


@pytest.fixture
def api(world: World) -> MenuApi:
    """An account that has a default menu and one conditional menu."""
    made = world.api()
    made.create_menu(BUTTONS)
    made.add_conditional(BUTTONS, RULE)
    return made


def menuid(api: MenuApi) -> str:
    answer = api.get_menu()
    assert answer is not None
    return str(answer["conditionalmenu"][0]["menuid"])


class TestCalls:
    def test_no_menu_is_none(self, world: World) -> None:
        assert world.api().get_menu() is None
        assert world.api().try_match("o-vip") == []

    def test_menu_comes_as_it_was_answered(self, api: MenuApi) -> None:
        answer = api.get_menu()
        assert answer is not None
        assert answer["menu"]["button"][0]["name"] == "帮助"
        assert answer["conditionalmenu"][0]["matchrule"] == {"group_id": "101"}

    def test_selfmenu_tells_what_is_in_force(self, world: World) -> None:
        assert world.api().get_selfmenu() == {"is_menu_open": 0}
        world.api().create_menu(BUTTONS)
        assert world.api().get_selfmenu()["is_menu_open"] == 1

    def test_menuid_is_text_and_can_be_deleted_by(self, world: World) -> None:
        api = world.api()
        api.create_menu(BUTTONS)
        added = api.add_conditional(BUTTONS, RULE)
        assert isinstance(added, str)
        api.delete_conditional(added)
        with pytest.raises(UnknownConditional, match="65301"):
            api.delete_conditional(added)

    def test_delete_takes_everything_and_nothing_alike(self, api: MenuApi) -> None:
        api.delete_menu()
        assert api.get_menu() is None
        api.delete_menu()

    def test_deleting_no_menu_may_answer_that_there_is_none(self, scripted: Scripted) -> None:
        api, _ = scripted({"errcode": 46003, "errmsg": "menu no exist"})
        api.delete_menu()

    @pytest.mark.parametrize("shape", ["bare", "wrapped"])
    def test_both_shapes_of_trymatch_are_read(self, world: World, shape: str) -> None:
        switches = Switches(trymatch=shape)
        world.emulator.add_account(Emulated(appid=APPID, secret=SECRET, switches=switches))
        api = world.api()
        api.create_menu(BUTTONS)
        assert [button["key"] for button in api.try_match("o-vip")] == ["HELP"]

    def test_tags_have_text_ids(self, world: World) -> None:
        assert TagCount("101", "VIP", 3) in world.api().get_tags()

    def test_the_tags_of_a_follower_are_text_and_a_stranger_is_refused(self, world: World) -> None:
        assert world.api().get_tag_ids("o-vip") == ("101",)
        with pytest.raises(WeChatError) as caught:
            world.api().get_tag_ids("o-nobody")
        assert caught.value.code == "40003"

    def test_unverified_account_is_told_what_is_missing(self, world: World) -> None:
        world.emulator.add_account(Emulated(appid=APPID, secret=SECRET, rights=False))
        with pytest.raises(NotAllowed) as caught:
            world.api().get_menu()
        assert caught.value.code == "48001"
        assert "未认证" in caught.value.meaning
        assert world.token_calls() == 1  # another token doesn't help

    def test_refused_write_names_call_and_code(self, world: World) -> None:
        with pytest.raises(WeChatError, match="menu/create: WeChat answers 40016") as caught:
            world.api().create_menu([])
        assert caught.value.rid
        assert caught.value.rid not in caught.value.errmsg
        assert caught.value.outcome is Outcome.CANNOT_START


class TestToken:
    @pytest.mark.parametrize("name", CALLS)
    @pytest.mark.parametrize("end", ["void", "expire"])
    def test_refused_token_is_renewed_once_and_the_call_repeated_once(
        self, world: World, api: MenuApi, name: str, end: str
    ) -> None:
        """Writes too: what a refused token asked for wasn't done."""
        known = menuid(api)
        if end == "void":
            world.emulator.void_tokens(APPID)
        else:
            world.emulator.expire_tokens(APPID)
        before = len(world.emulator.calls)
        if name == "menu/delconditional":
            api.delete_conditional(known)
        else:
            CALLS[name](api)
        assert world.paths()[before:] == [name, "stable_token", name]

    @pytest.mark.parametrize("name", CALLS)
    def test_second_refusal_in_a_row_ends_it(self, world: World, api: MenuApi, name: str) -> None:
        world.emulator.void_tokens(APPID)
        world.emulator.fail_next(name, Fault.errcode(40001), times=9)
        before = len(world.emulator.calls)
        with pytest.raises(TokenRefused):
            CALLS[name](api)
        assert world.paths()[before:] == [name, "stable_token", name]

    @pytest.mark.parametrize("code", [40001, 40014, 42001])
    def test_token_that_comes_back_the_same_is_not_used_again(
        self, world: World, api: MenuApi, code: int
    ) -> None:
        world.emulator.fail_next("menu/create", Fault.errcode(code))
        with pytest.raises(TokenVoid):
            api.create_menu(BUTTONS)
        assert world.paths().count("menu/create") == 2  # the fixture's and this one

    def test_token_of_a_variable_is_not_renewed(self, world: World) -> None:
        world.environ["SHOP_TOKEN"] = "x" * 140
        with pytest.raises(TokenVoid, match="SHOP_TOKEN"):
            world.api(world.account(ENV)).get_menu()
        assert world.paths() == ["menu/get"]


class TestReads:
    @pytest.mark.parametrize("name", READS)
    @pytest.mark.parametrize(
        "fault",
        [
            Fault.errcode(-1),
            Fault.status(502),
            Fault.reset_before(),
            Fault.reset_after(),
            Fault.half_answer(),
        ],
        ids=["-1", "502", "reset", "reset after", "half"],
    )
    def test_passing_trouble_is_waited_out(
        self, world: World, api: MenuApi, name: str, fault: Fault
    ) -> None:
        world.emulator.fail_next(name, fault, times=2)
        READS[name](api)
        assert world.clock.slept == [1.0, 2.0]

    def test_waits_end_with_the_accounts_budget(self, world: World) -> None:
        world.emulator.fail_next("menu/get", Fault.errcode(-1), times=99)
        with pytest.raises(Busy):
            world.api(with_retry(world.account(), 8.0)).get_menu()
        assert world.clock.slept == [1.0, 2.0, 4.0]

    def test_no_budget_is_one_try(self, world: World) -> None:
        world.emulator.fail_next("menu/get", Fault.errcode(-1))
        with pytest.raises(Busy):
            world.api(with_retry(world.account(), 0.0)).get_menu()
        assert world.clock.slept == []

    def test_refusals_are_not_repeated(self, world: World) -> None:
        world.emulator.fail_next("menu/get", Fault.errcode(45009))
        with pytest.raises(WeChatError, match="45009"):
            world.api().get_menu()
        assert world.paths().count("menu/get") == 1


class TestWrites:
    @pytest.mark.parametrize("name", WRITES)
    @pytest.mark.parametrize(
        "fault",
        [Fault.status(502), Fault.reset_before(), Fault.reset_after(), Fault.half_answer()],
        ids=["502", "reset", "reset after", "half"],
    )
    def test_lost_answer_is_never_repeated(
        self, world: World, api: MenuApi, name: str, fault: Fault
    ) -> None:
        before = world.paths().count(name)
        world.emulator.fail_next(name, fault)
        with pytest.raises(LostAnswer) as caught:
            WRITES[name](api)
        assert world.paths().count(name) == before + 1
        assert world.clock.slept == []
        assert caught.value.call == name
        assert caught.value.message.count(f"{name}:") == 1
        assert caught.value.outcome is Outcome.UNKNOWN
        assert caught.value.code == "lost_answer"

    @pytest.mark.parametrize("name", WRITES)
    def test_busy_is_left_to_the_caller(self, world: World, api: MenuApi, name: str) -> None:
        before = world.paths().count(name)
        world.emulator.fail_next(name, Fault.errcode(-1))
        with pytest.raises(Busy):
            WRITES[name](api)
        assert world.paths().count(name) == before + 1

    @pytest.mark.parametrize("name", WRITES)
    def test_what_surely_was_not_sent_is_tried_again(self, scripted: Scripted, name: str) -> None:
        unsent = Unreachable(name, "wechat.example", "refused", sent=False, detail="no connection")
        api, http = scripted(unsent, unsent, {"errcode": 0, "errmsg": "ok", "menuid": "4"})
        WRITES[name](api)
        assert http.calls == ["stable_token", name, name, name]

    def test_the_get_that_deletes_is_a_write_by_its_name_too(
        self, world: World, api: MenuApi
    ) -> None:
        world.emulator.fail_next("menu/delete", Fault.status(503))
        with pytest.raises(LostAnswer):
            api.get("menu/delete")
        assert world.paths().count("menu/delete") == 1
        assert world.clock.slept == []
        assert api.get("menu/delete")["errcode"] == 0

    def test_what_could_never_be_sent_is_unreachable_and_not_lost(self, scripted: Scripted) -> None:
        unsent = Unreachable("menu/create", "h", "dns", sent=False, detail="no name")
        api, _ = scripted(*[unsent] * 9)
        with pytest.raises(Unreachable):
            api.create_menu(BUTTONS)

    def test_certificate_that_is_not_trusted_stops_at_once(self, scripted: Scripted) -> None:
        unsent = Unreachable("menu/create", "h", "tls", sent=False, detail="self-signed")
        api, http = scripted(*[unsent] * 9)
        with pytest.raises(Unreachable):
            api.create_menu(BUTTONS)
        assert http.calls == ["stable_token", "menu/create"]

    def test_lost_answer_after_an_unsent_try_is_lost(self, scripted: Scripted) -> None:
        unsent = Unreachable("menu/create", "h", "refused", sent=False, detail="d")
        lost = Unreachable("menu/create", "h", "reset", sent=True, detail="d")
        api, http = scripted(unsent, lost, {"errcode": 0})
        with pytest.raises(LostAnswer):
            api.create_menu(BUTTONS)
        assert http.calls.count("menu/create") == 2


class TestShapes:
    @pytest.mark.parametrize(
        ("name", "answer"),
        [
            ("menu/get", {}),
            ("menu/get", {"menu": []}),
            ("menu/get", {"menu": {}}),
            ("menu/get", {"menu": {"button": {}}}),
            ("menu/get", {"menu": {"button": ["x"]}}),
            ("menu/get", {"menu": {"button": []}, "conditionalmenu": {}}),
            ("menu/get", {"errcode": "x"}),
            ("menu/get", {"errcode": 1.5}),
            ("get_current_selfmenu_info", {}),
            ("get_current_selfmenu_info", {"is_menu_open": 2}),
            ("get_current_selfmenu_info", {"is_menu_open": 1, "selfmenu_info": []}),
            ("menu/trymatch", {}),
            ("menu/trymatch", {"menu": {}}),
            ("menu/trymatch", {"menu": None}),
            ("tags/get", {}),
            ("tags/get", {"tags": [{"id": 1}]}),
            ("tags/get", {"tags": [{"name": "VIP"}]}),
            ("tags/get", {"tags": [1]}),
            ("tags/getidlist", {}),
            ("tags/getidlist", {"tagid_list": {}}),
            ("tags/getidlist", {"tagid_list": [True]}),
            ("tags/getidlist", {"tagid_list": [None]}),
        ],
    )
    def test_read_of_an_unknown_shape_names_its_call(
        self, scripted: Scripted, name: str, answer: dict[str, Any]
    ) -> None:
        api, _ = scripted(answer)
        with pytest.raises(BadAnswer, match=name):
            READS[name](api)

    @pytest.mark.parametrize(
        ("name", "answer"),
        [
            ("menu/create", {}),
            ("menu/create", {"menu": {}}),
            ("menu/create", {"errcode": None}),
            ("menu/addconditional", {}),
            ("menu/addconditional", {"errcode": 0}),
            ("menu/addconditional", {"menuid": ""}),
            ("menu/addconditional", {"menuid": None}),
            ("menu/addconditional", {"menuid": True}),
            ("menu/delconditional", {}),
            ("menu/delete", {}),
        ],
    )
    def test_write_of_an_unknown_shape_is_of_unknown_outcome(
        self, scripted: Scripted, name: str, answer: dict[str, Any]
    ) -> None:
        api, _ = scripted(answer)
        with pytest.raises(LostAnswer, match=name) as caught:
            WRITES[name](api)
        assert isinstance(caught.value.reason, BadAnswer)

    def test_numbers_that_come_as_text_and_the_reverse_are_read(self, scripted: Scripted) -> None:
        api, _ = scripted(
            {"menuid": 208379533},
            {"errcode": "0", "errmsg": "ok"},
            {"tags": [{"id": "2", "name": "星标组"}]},
        )
        assert api.add_conditional(BUTTONS, RULE) == "208379533"
        api.create_menu(BUTTONS)
        assert api.get_tags() == (TagCount("2", "星标组", 0),)
