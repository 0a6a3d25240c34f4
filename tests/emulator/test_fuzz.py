"""Whatever is posted, an errcode or a menu that reads back the same comes of it."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from menuops.emulator import Account, Emulator, Follower, Tag
from menuops.emulator.api import PATHS, respond
from menuops.emulator.buttons import FIELDS
from menuops.emulator.document import join_accounts, read_accounts, write_account
from menuops.emulator.request import Request
from menuops.emulator.state import AccountState, World

from .conftest import APPID, Caller, encoded

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
)
NAMES = st.sampled_from(
    [
        *("button", "sub_button", "name", "type", "key", "url", "appid", "pagepath", "media_id"),
        *("article_id", "menuid", "user_id", "matchrule", "tag_id", "client_platform_type", "sex"),
        *("tag", "id", "tagid", "openid", "openid_list", "next_openid", "cgi_path", "rid"),
        *("action", "check_operator", "appsecret", "secret", "grant_type"),
    ]
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=25,
)
TYPES = st.sampled_from(sorted(FIELDS))
NEARLY_FIELD = st.sampled_from(["A", "https://a.example/x", "wxa", "", "k" * 200, 5, None])
NEARLY_LEAF = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "菜单", "字" * 21, "", 5])},
    optional={
        "type": TYPES | SCALARS,
        **{name: NEARLY_FIELD for names in FIELDS.values() for name in names},
        "sub_button": st.sampled_from([[], None, 5, [{}], {"list": []}]),
    },
)
NEARLY_ENTRY = NEARLY_LEAF | st.fixed_dictionaries(
    {"name": st.just("a"), "sub_button": st.lists(NEARLY_LEAF, max_size=6)}
)
NEARLY_MENU = st.fixed_dictionaries(
    {"button": st.lists(NEARLY_ENTRY, max_size=4)},
    optional={
        "matchrule": st.dictionaries(
            st.sampled_from(["tag_id", "client_platform_type", "sex", "group_id"]),
            st.sampled_from(["1", "100", "999", "", 1, None, [1]]),
            max_size=3,
        )
        | ANYTHING
    },
)
OPENIDS = st.sampled_from(["oOne", "oTwo", "oGone", "oNobody", "", 5, None])
TAG_IDS = st.sampled_from([100, "100", 101, 102, 0, 2, 999, "", None, 1.5, True, 10**30])
NEARLY_TAG = st.fixed_dictionaries(
    {}, optional={"id": TAG_IDS, "name": st.sampled_from(["VIP", "a", "字" * 11, "", 5, "\ud800"])}
)
NEARLY_BODY = st.fixed_dictionaries(
    {},
    optional={
        "tag": NEARLY_TAG | SCALARS,
        "tagid": TAG_IDS,
        "openid": OPENIDS,
        "openid_list": st.lists(OPENIDS, max_size=4) | st.just(["oOne"] * 51) | SCALARS,
        "next_openid": OPENIDS,
        "cgi_path": st.sampled_from(["/cgi-bin/menu/get", "/sns/x", "x", "/cgi-bin/", 5, None]),
        "rid": st.sampled_from(["", "0" * 8 + "-" + "0" * 8 + "-" + "0" * 8, 5, None, []]),
        "appid": st.sampled_from([APPID, "wxno", "", 5, None, []]),
        "appsecret": st.sampled_from(["x", "", 5, None, {}]),
        "action": st.sampled_from(["dns", "all", "", 5, None, []]),
        "check_operator": st.sampled_from(["CAP", "", 5, None, {}]),
    },
)
OTHER_CALLS = sorted(path for path in PATHS if not path.startswith("menu/"))
POSTS = st.sampled_from(["menu/create", "menu/addconditional"])


def emulated() -> tuple[Emulator, dict[str, str]]:
    """Give an emulator with one account, and the query with its token."""
    emulator = Emulator(clock=lambda: 1e9)
    emulator.add_account(Account(APPID, tags=(Tag(100, "VIP"),)))
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": "x"}
    answer = emulator.respond(Request("POST", "stable_token", {}, encoded(asked)))
    return emulator, {"access_token": answer.value["access_token"]}


def ask(emulator: Emulator, path: str, query: dict[str, str], body: bytes = b"") -> dict[str, Any]:
    method = "POST" if body else "GET"
    answer = emulator.respond(Request(method, path, query, body))
    value = json.loads(answer.encode().decode("utf-8"))
    assert isinstance(value, dict)
    assert value.get("errcode") != -1, "an exception was met"
    return value


@settings(deadline=None, max_examples=300)
@given(POSTS, NEARLY_MENU | ANYTHING)
def test_any_json_is_refused_or_reads_back_and_posts_again(path: str, value: Any) -> None:
    emulator, query = emulated()
    default = {"button": [{"type": "click", "name": "a", "key": "k"}]}
    ask(emulator, "menu/create", query, encoded(default))
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    answer = ask(emulator, path, query, body)
    read = ask(emulator, "menu/get", query)
    if answer.get("errcode", 0) != 0:
        assert answer["errcode"] >= 40000
        assert "conditionalmenu" not in read
        assert read["menu"]["button"][0]["key"] == "k"
        return
    menu = read["menu"] if path == "menu/create" else read["conditionalmenu"][0]
    again = {"button": menu["button"]}
    assert ask(emulator, "menu/create", query, encoded(again))["errcode"] == 0
    assert ask(emulator, "menu/get", query)["menu"]["button"] == menu["button"]
    copied, copied_query = emulated()
    copied.put_live(APPID, read)
    assert ask(copied, "menu/get", copied_query) == read


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted(PATHS)), st.sampled_from(["GET", "POST", "PUT"]), st.binary())
def test_any_bytes_get_an_answer(path: str, method: str, body: bytes) -> None:
    emulator, query = emulated()
    answer = emulator.respond(Request(method, path, query, body))
    assert answer.errcode != -1


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(PATHS)), ANYTHING)
def test_any_json_gets_an_answer_from_every_call(path: str, value: Any) -> None:
    emulator, query = emulated()
    body = json.dumps(value).encode()
    assert emulator.respond(Request("POST", path, query, body)).errcode != -1


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(OTHER_CALLS), NEARLY_BODY), max_size=6))
def test_nearly_good_calls_get_an_answer_and_leave_a_state_that_can_be_kept(
    calls: list[tuple[str, dict[str, Any]]],
) -> None:
    account = Account(
        APPID,
        tags=(Tag(100, "VIP", 1),),
        followers=(
            Follower("oOne", tags=(100,)),
            Follower("oTwo"),
            Follower("oGone", subscribed=False),
        ),
        callback_url="https://bot.example/",
    )
    world = World([AccountState(account)])
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": "x"}
    granted = respond(world, Request("POST", "stable_token", {}, encoded(asked)), 1e9)
    query = {"access_token": granted.value["access_token"]}
    for path, value in calls:
        before = next(iter(world.states)).account
        request = Request("POST", path, query, json.dumps(value).encode())
        answer = respond(world, request, 1e9)  # an exception of ours fails here
        assert answer.encode()
        (state,) = world.states
        if answer.errcode:
            assert state.account == before, "what was refused changed something"
        for tag in state.account.tags:
            assert tag.count == sum(tag.id in one.tags for one in state.account.followers)
    assert read_accounts(join_accounts([write_account(state) for state in world.states])) == [
        *world.states
    ]


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.text(max_size=8), SCALARS | ANYTHING, max_size=4))
def test_put_live_takes_a_value_or_says_what_is_wrong(value: dict[str, Any]) -> None:
    emulator, query = emulated()
    with contextlib.suppress(ValueError):
        emulator.put_live(APPID, value)
    assert ask(emulator, "menu/get", query).keys() & {"menu", "errcode"}


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(POSTS, NEARLY_MENU | ANYTHING)
def test_any_json_over_http_gets_an_errcode(call: Caller, path: str, value: Any) -> None:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    answer = call.raw(path, body)
    assert answer.status_code == 200
    assert answer.json().get("errcode") != -1


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_and_any_query_over_http_get_an_errcode(
    call: Caller, body: bytes, token: str
) -> None:
    answer = call.send("POST", "menu/create", params={"access_token": token}, data=body)
    assert answer.status_code == 200
    assert answer.json()["errcode"] >= 40000


def test_deep_nesting_is_no_menu(capfd: pytest.CaptureFixture[str]) -> None:
    emulator, query = emulated()
    for depth in (10, 500, 990, 5_000, 200_000):
        body = b'{"button":' + b'[{"name":"a","sub_button":' * depth + b"[]" + b"}]" * depth + b"}"
        assert ask(emulator, "menu/create", query, body)["errcode"] in (40022, 47001)
    assert capfd.readouterr() == ("", "")
