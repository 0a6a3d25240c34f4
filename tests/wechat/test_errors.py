"""Codes become errors with a meaning and a fix, in words that are fit to print."""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import Any

import pytest

from menuops.core.secret import Secret
from menuops.transport import BadAnswer
from menuops.wechat.codes import all_codes, code_of
from menuops.wechat.errors import (
    Busy,
    DomainLimit,
    MenuLimit,
    NoMenu,
    NotAllowed,
    NotWhitelisted,
    RateLimited,
    TokenRefused,
    UnknownConditional,
    WeChatError,
    WrongSecret,
    raise_for_code,
)
from menuops.wechat.pace import Pace

PAYLOADS = Path(__file__).parents[1] / "payloads"
RID = "617682e0-09059ac5-34a8e2ea"


def error_of(
    body: dict[str, Any], call: str = "menu/create", *, token_call: bool = False
) -> WeChatError:
    with pytest.raises(WeChatError) as caught:
        raise_for_code(call, body, token_call=token_call)
    return caught.value


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / name).read_text(encoding="utf-8"))


class TestTable:
    @pytest.mark.parametrize("row", payload("errors.json"), ids=lambda row: str(row["code"]))
    def test_every_known_code_has_meaning_and_fix_of_our_own(self, row: dict[str, Any]) -> None:
        code = code_of(row["code"])
        assert code.meaning
        assert code.fix
        assert code.message == ("" if row["message"] == str(row["code"]) else row["message"])
        assert (code.meaning, code.fix) != (row["meaning"], row["hint"])

    def test_table_has_no_others(self) -> None:
        assert set(all_codes()) == {row["code"] for row in payload("errors.json")}

    def test_unknown_code_says_where_to_look(self) -> None:
        error = error_of({"errcode": 99999, "errmsg": "new"})
        assert type(error) is WeChatError
        assert error.code == "99999"
        assert "https://" in error.fix


class TestKinds:
    @pytest.mark.parametrize(
        ("errcode", "kind"),
        [
            (-1, Busy),
            (40001, TokenRefused),
            (40014, TokenRefused),
            (42001, TokenRefused),
            (40164, NotWhitelisted),
            (61004, NotWhitelisted),
            (45009, RateLimited),
            (45011, RateLimited),
            (46002, NoMenu),
            (46003, NoMenu),
            (48001, NotAllowed),
            (65301, UnknownConditional),
            (65305, MenuLimit),
            (65316, DomainLimit),
            (40016, WeChatError),
        ],
    )
    def test_what_callers_tell_apart(self, errcode: int, kind: type[WeChatError]) -> None:
        error = error_of({"errcode": errcode, "errmsg": "x"})
        assert type(error) is kind
        assert error.errcode == errcode
        assert error.code == str(errcode)
        assert error.transient is (errcode == -1)

    @pytest.mark.parametrize("errcode", [40001, 40125])
    def test_on_a_token_call_it_is_the_secret_that_is_wrong(self, errcode: int) -> None:
        error = error_of({"errcode": errcode}, "token", token_call=True)
        assert type(error) is WrongSecret
        assert "AppSecret" in error.meaning
        assert error.code == str(errcode)

    @pytest.mark.parametrize("body", [{}, {"errcode": 0}, {"errcode": "0"}, {"menu": {}}])
    def test_success_is_silent(self, body: dict[str, Any]) -> None:
        raise_for_code("menu/get", body)

    @pytest.mark.parametrize("errcode", [None, "x", 1.5, True, False, [], {}])
    def test_errcode_that_is_no_number_is_a_bad_answer(self, errcode: object) -> None:
        with pytest.raises(BadAnswer, match="menu/get"):
            raise_for_code("menu/get", {"errcode": errcode})


class TestText:
    @pytest.mark.parametrize("body", payload("token-expired-responses.json"))
    def test_rid_is_taken_out_and_kept(self, body: dict[str, Any]) -> None:
        error = error_of(body)
        assert error.rid == RID
        assert RID not in error.errmsg
        assert not error.errmsg.endswith(("rid", ":", " "))
        assert error.message.count(RID) == 1

    def test_hint_is_taken_out_and_the_address_named(self) -> None:
        error = error_of(payload("token-response-error-ip.json"), "token", token_call=True)
        assert isinstance(error, NotWhitelisted)
        assert error.ip == "101.88.227.152"
        assert "hint" not in error.errmsg
        assert "101.88.227.152 under 基本配置 > IP白名单" in error.fix

    def test_address_of_the_sixth_version_alone_is_found(self) -> None:
        error = error_of({"errcode": 40164, "errmsg": "invalid ip ipv6 2001:db8::1, not in"})
        assert isinstance(error, NotWhitelisted)
        assert error.ip == "2001:db8::1"

    def test_no_address_leaves_the_fix_whole(self) -> None:
        error = error_of({"errcode": 40164, "errmsg": "invalid ip"})
        assert "the address that WeChat names" in error.fix

    def test_message_says_call_code_and_meaning(self) -> None:
        error = error_of({"errcode": 40018, "errmsg": f"invalid button name size rid: {RID}"})
        assert error.message == (
            "menu/create: WeChat answers 40018 (invalid button name size): "
            f"an entry's name is empty or too long [rid {RID}]"
        )
        assert "16 bytes" in error.fix

    def test_foreign_text_is_escaped_and_short(self) -> None:
        error = error_of({"errcode": 40016, "errmsg": "\x1b[2J\u202e" + "long " * 200})
        assert "\x1b" not in error.message
        assert "\u202e" not in error.message
        assert len(error.errmsg) <= 300

    @pytest.mark.parametrize("errmsg", [None, 5, ["x"], {}, ""])
    def test_text_of_another_type_does_no_harm(self, errmsg: object) -> None:
        assert error_of({"errcode": 40018, "errmsg": errmsg}).errcode == 40018

    def test_token_that_wechat_repeats_is_covered(self) -> None:
        token = "".join(("abc", "123"))  # a traceback shows our source lines, and not this
        with pytest.raises(WeChatError) as caught:
            raise_for_code(
                "menu/get",
                {"errcode": 40014, "errmsg": f"invalid access_token {token}"},
                secrets=[Secret(token)],
            )
        assert token not in "".join(traceback.format_exception(caught.value))


class TestPace:
    def test_waits_grow_up_to_a_limit_and_are_cut_at_random(self) -> None:
        slept: list[float] = []
        pace = Pace(sleep=slept.append, clock=lambda: 0.0, jitter=lambda: 1.0)

        def busy() -> None:
            raise Busy("menu/get", -1, "")

        with pytest.raises(Busy):
            pace.repeat(busy, budget_s=1000.0, when=lambda _: True)
        assert slept == [0.5, 1.0, 2.0, 4.0, 8.0]

    def test_time_that_the_calls_take_counts(self) -> None:
        now_s = 0.0

        def slow() -> None:
            nonlocal now_s
            now_s += 25.0
            raise Busy("menu/get", -1, "")

        slept: list[float] = []
        pace = Pace(sleep=slept.append, clock=lambda: now_s, jitter=lambda: 0.0)
        with pytest.raises(Busy):
            pace.repeat(slow, budget_s=30.0, when=lambda _: True)
        assert slept == [1.0]

    def test_why_somebody_waits_is_said_once(self, caplog: pytest.LogCaptureFixture) -> None:
        pace = Pace(sleep=lambda _: None, clock=lambda: 0.0, jitter=lambda: 0.0)

        def busy(call: str) -> None:
            raise Busy(call, -1, "")

        for call in ("menu/get", "get_current_selfmenu_info"):
            with pytest.raises(Busy):
                pace.repeat(lambda call=call: busy(call), budget_s=9.0, when=lambda _: True)  # type: ignore[misc]
        (said,) = [each for each in caplog.records if each.levelname == "WARNING"]
        assert said.getMessage().startswith("menu/get: ")
        assert said.getMessage().endswith("; trying again, for 9 s at most")

    def test_what_is_not_tried_again_is_not_said_to_be(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        pace = Pace(sleep=lambda _: None, clock=lambda: 0.0, jitter=lambda: 0.0)

        def busy() -> None:
            raise Busy("menu/get", -1, "")

        with pytest.raises(Busy):
            pace.repeat(busy, budget_s=0.0, when=lambda _: True)
        assert caplog.records == []

    def test_last_error_stands_alone(self) -> None:
        pace = Pace(sleep=lambda _: None, clock=lambda: 0.0, jitter=lambda: 0.0)
        errors = [Busy("a", -1, ""), Busy("b", -1, "")]

        def busy() -> None:
            raise errors.pop(0) if len(errors) > 1 else errors[0]

        with pytest.raises(Busy, match="b:") as caught:
            pace.repeat(busy, budget_s=1.5, when=lambda _: True)
        assert caught.value.__context__ is None
