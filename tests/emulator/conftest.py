"""A clock that stands still, an emulator that is served, and a caller with a token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from menuops.emulator import Account, Emulator, Follower, Tag

APPID = "wx0123456789abcdef"
SECRET = "0f0e0d0c0b0a09080706050403020100"
PAYLOADS = Path(__file__).parents[1] / "payloads"
NOON_S = 1_795_233_600.0  # 2026-11-21 12:00 in Shanghai


class Clock:
    """Seconds since 1970, moved by hand."""

    def __init__(self) -> None:
        self.now_s = NOON_S

    def __call__(self) -> float:
        return self.now_s

    def pass_s(self, seconds: float) -> None:
        self.now_s += seconds


class Caller:
    """A client over real HTTP; knows nothing of the emulator but its address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.token = ""

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, f"{self.url}/cgi-bin/{path}", timeout=10, **options)

    def fetch_token(self, appid: str = APPID, secret: str = SECRET) -> dict[str, Any]:
        asked = {"grant_type": "client_credential", "appid": appid, "secret": secret}
        return read(self.send("GET", "token", params=asked))

    def fetch_stable(
        self, force: bool = False, appid: str = APPID, secret: str = SECRET
    ) -> dict[str, Any]:
        asked = {
            "grant_type": "client_credential",
            "appid": appid,
            "secret": secret,
            "force_refresh": force,
        }
        return read(self.send("POST", "stable_token", data=encoded(asked)))

    def raw(self, path: str, body: bytes | None = None, **options: Any) -> requests.Response:
        """Call with the token: POST where there is a body, GET where there is none."""
        method = "GET" if body is None else "POST"
        return self.send(method, path, params={"access_token": self.token}, data=body, **options)

    def __call__(self, path: str, value: Any = None) -> dict[str, Any]:
        return read(self.raw(path, None if value is None else encoded(value)))

    def errcode(self, path: str, value: Any = None) -> int | None:
        found = self(path, value).get("errcode")
        assert found is None or isinstance(found, int)
        return found


class Control:
    """A client of the control interface."""

    def __init__(self, caller: Caller) -> None:
        self.url = caller.url
        self.session = caller.session

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(
            method, f"{self.url}/__emulator__/{path}", timeout=10, **options
        )

    def get(self, path: str, **parameters: Any) -> Any:
        answer = self.send("GET", path, params=parameters)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.json()

    def post(self, path: str, value: Any, status: int = 200) -> Any:
        answer = self.send("POST", path, json=value)
        assert answer.status_code == status, answer.text
        return answer.json()

    def account(self, appid: str = APPID) -> Any:
        [found] = [one for one in self.get("state")["accounts"] if one["appid"] == appid]
        return found


def encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def read(response: requests.Response) -> dict[str, Any]:
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json; encoding=utf-8"
    value = json.loads(response.content.decode("utf-8"))
    assert isinstance(value, dict)
    return value


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def account() -> Account:
    return Account(
        appid=APPID,
        secret=SECRET,
        tags=(Tag(100, "VIP", 3), Tag(101, "春季", 0)),
        followers=(
            Follower("oPlain"),
            Follower("oVip", tags=(101, 100), platform="1", wechat_id="vip_id"),
            Follower("oSpring", tags=(100, 101), platform="2"),
            Follower("oGone", subscribed=False),
        ),
    )


@pytest.fixture
def emulator(clock: Clock, account: Account) -> Emulator:
    emulator = Emulator(clock=clock)
    emulator.add_account(account)
    return emulator


@pytest.fixture
def anonymous(emulator: Emulator) -> Iterator[Caller]:
    """A caller without a token."""
    with emulator.serve() as url:
        caller = Caller(url)
        with caller.session:
            yield caller


@pytest.fixture
def call(anonymous: Caller) -> Caller:
    """A caller with a fresh stable token."""
    anonymous.token = anonymous.fetch_stable()["access_token"]
    return anonymous


@pytest.fixture
def control(call: Caller) -> Control:
    return Control(call)
