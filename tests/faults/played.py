"""A line to an emulated WeChat without a network: what a network does to calls is played."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from menuops.core.secret import Secret
from menuops.emulator import Emulator
from menuops.emulator.request import Request
from menuops.transport import Answer, BadAnswer, Http, Unreachable
from tests.site import WRITES

HOST: Final = "wechat.example"
FAULTS: Final = (
    *("busy", "busy for long", "token refused", "quota of the day", "quota of the minute"),
    *("unknown code", "unknown code, done", "refused", "refused for long"),
    *("lost", "lost for long", "lost, done", "502", "502, done", "garbage", "garbage, done"),
    *("half, done", "late", "twice", "no errcode, done"),
)
DOUBLING: Final = ("late", "twice")
"""After these one call may be done twice, which no client can rule out."""
_LONG: Final = 30


class PlayedHttp(Http):
    """Gives each call to the emulator, unless `faults` say otherwise: by number, from 1."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self.emulator = emulator
        self.faults: dict[int, str] = {}
        self.between: dict[int, Callable[[], None]] = {}
        self.met: list[str] = []
        self._number = 0
        self._lasting = ("", 0)
        self._late: list[Request] = []

    def begin(self, faults: Mapping[int, str]) -> None:
        """Play these faults from now on, the next call being the first."""
        self.faults, self.met, self.between = dict(faults), [], {}
        self._number, self._lasting, self._late = 0, ("", 0), []

    def call(
        self,
        method: str,
        base_url: str,
        path: str,
        *,
        query: Mapping[str, str | Secret],
        body: Mapping[str, Any] | None,
        connect_timeout_s: float,  # noqa: ARG002  # as Http has it
        read_timeout_s: float,  # noqa: ARG002
        headers: Mapping[str, Secret] | None = None,  # noqa: ARG002
        name: str | None = None,
        gives_secret: bool = False,  # noqa: ARG002
    ) -> Answer:
        assert base_url == f"https://{HOST}"
        opened = {key: _open(value) for key, value in query.items()}
        sent = None
        if body is not None:
            said = {key: _open(value) for key, value in body.items()}
            sent = json.dumps(said, ensure_ascii=False).encode()
        call = path.removeprefix("/cgi-bin/")
        request = Request(method, call, opened, sent or b"")
        self._number += 1
        if self._number in self.between:
            self.between.pop(self._number)()
        fault = self._fault(call)
        if fault:
            self.met.append(fault)
        return self._play(fault, request, name or call)

    def _fault(self, call: str) -> str:
        kind, left = self._lasting
        if left:
            self._lasting = (kind, left - 1)
            return kind
        fault = self.faults.pop(self._number, "")
        if fault in (*DOUBLING, "unknown code, done") and call not in WRITES:
            return ""
        if fault.endswith(" for long"):
            fault = fault.removesuffix(" for long")
            self._lasting = (fault, _LONG)
        return fault

    def _play(self, fault: str, request: Request, name: str) -> Answer:
        if request.path in WRITES and fault != "late":
            for late in self._late:
                self.emulator.respond(late)
            self._late = []
        fault, _, done = fault.partition(", ")
        if done or fault == "twice":
            self.emulator.respond(request)
        match fault:
            case "busy":
                return _answer({"errcode": -1, "errmsg": "system error"})
            case "token refused":
                return _answer({"errcode": 40001, "errmsg": "invalid credential"})
            case "quota of the day":
                return _answer({"errcode": 45009, "errmsg": "reach max api daily quota limit"})
            case "quota of the minute":
                return _answer({"errcode": 45011, "errmsg": "slower"})
            case "unknown code":
                return _answer({"errcode": 99999, "errmsg": ""})
            case "no errcode":
                return _answer({})
            case "refused":
                raise Unreachable(name, HOST, "refused", sent=False, detail="refused")
            case "lost" | "half":
                raise Unreachable(name, HOST, "reset", sent=True, detail="reset")
            case "late":
                self._late.append(request)
                raise Unreachable(name, HOST, "timeout", sent=True, detail="timed out")
            case "502":
                raise BadAnswer(name, "an error", status=502, transient=True)
            case "garbage":
                raise BadAnswer(name, "isn't UTF-8", status=200)
        return _answer(self.emulator.respond(request).value)


def _open(value: Any) -> Any:
    return value.reveal() if isinstance(value, Secret) else value


def _answer(value: Mapping[str, Any]) -> Answer:
    return Answer(200, json.loads(json.dumps(value)))
