"""A client in a process of its own, and the emulator in another."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any, Final

import requests

from menuops.emulator import Account, Emulator, Follower, Tag
from tests.site import SECRET, TAGS

FAN: Final = Follower("o-of-a-fan", (100,), "1")
STRANGER: Final = Follower("o-of-somebody", (), "2")
_REPLY_S: Final = 30


class Lacks(Exception):
    """A client doesn't have a call; the text says why."""


@dataclass(frozen=True)
class Outcome:
    """What a client made of an answer: a value, or its own error."""

    result: Any = None
    error: str | None = None  # the class
    code: int | None = None  # what the error carries
    text: str = ""

    @property
    def ok(self) -> bool:
        """Neither an error nor an answer with an errcode."""
        return self.error is None and not self.errcode

    @property
    def errcode(self) -> int:
        """The errcode of an answer that came as if it were none; 0 for none."""
        found = self.result.get("errcode", 0) if isinstance(self.result, dict) else 0
        assert isinstance(found, int)
        return found

    def tells(self, code: int) -> bool:
        """Tell whether whoever called can know that it was this code."""
        if self.error is None:
            return self.errcode == code
        return self.code == code or re.search(rf"\b{code}\b", self.text) is not None

    def __str__(self) -> str:
        """Say it as a cell of the table does."""
        if self.error is None:
            return f"answer with `errcode` {self.errcode}" if self.errcode else "nothing"
        if self.code is not None:
            return f"`{self.error}` {self.code}"
        found = re.search(r"(?<!\d)\d{5}(?!\d)", self.text)
        return f"`{self.error}`" + (f", {found[0]} in its text" if found else "")


class Client:
    """One client of one account after another."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self._process = process
        self._url = url

    def open(self, appid: str, secret: str = SECRET) -> None:
        """Make a new object of the client; it holds no token."""
        assert self.call("open", self._url, appid, secret).ok

    def call(self, name: str, *arguments: Any) -> Outcome:
        """Make a call; raises Lacks."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        too_late = Timer(_REPLY_S, self._process.kill)
        too_late.start()
        try:
            self._process.stdin.write(json.dumps({"call": name, "args": arguments}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        finally:
            too_late.cancel()
        assert line, f"the driver ended with {self._process.wait(_REPLY_S)} at {name}"
        reply = json.loads(line)
        if "lacks" in reply:
            raise Lacks(reply["lacks"])
        if "result" in reply:
            return Outcome(reply["result"])
        error = reply["error"]
        code = error["code"] if isinstance(error["code"], int) else None
        return Outcome(None, error["type"], code, error["text"])

    def get(self, name: str, *arguments: Any) -> Any:
        """Make a call that has to succeed, and give what the client made of the answer."""
        outcome = self.call(name, *arguments)
        assert outcome.ok, f"{name}: {outcome} {outcome.text} {outcome.result}"
        return outcome.result


@contextmanager
def driven(
    command: Sequence[str], url: str, cwd: Path, environ: Mapping[str, str]
) -> Iterator[Client]:
    """Run a driver in a directory of its own: one client keeps its tokens in files there."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    for name in ("PYTHONPATH", "NODE_OPTIONS"):
        kept.pop(name, None)
    with subprocess.Popen(
        command,
        cwd=cwd,
        env={**kept, "PYTHONDONTWRITEBYTECODE": "1", **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Client(process, url)
        finally:
            process.kill()


@dataclass
class Emulated:
    """`menuops emulator` at `url`, and a way to its state: they share a file."""

    url: str
    state: Emulator
    _made: int = 0

    def new_account(self) -> str:
        """Add an account with tags and two followers, and give its appid."""
        self._made += 1
        appid = f"wxclient{self._made:010}"
        tags: tuple[Tag, ...] = TAGS
        account = Account(appid=appid, secret=SECRET, tags=tags, followers=(FAN, STRANGER))
        self.state.add_account(account)
        return appid

    def stable_token(self, appid: str) -> str:
        """Give the token that lives beside the classic one, which stays as it is."""
        asked = {"grant_type": "client_credential", "appid": appid, "secret": SECRET}
        answer = requests.post(f"{self.url}/cgi-bin/stable_token", json=asked, timeout=_REPLY_S)
        token = answer.json()["access_token"]
        assert isinstance(token, str)
        return token

    def ask(self, appid: str, path: str, body: Any = None) -> Any:
        """Give the JSON of an answer, read by no client."""
        answer = requests.request(
            "GET" if body is None else "POST",
            f"{self.url}/cgi-bin/{path}",
            params={"access_token": self.stable_token(appid)},
            json=body,
            timeout=_REPLY_S,
        )
        return json.loads(answer.content)

    def token_calls(self, appid: str) -> int:
        """Say how many calls of GET token the account had."""
        asked = self.ask(appid, "openapi/quota/get", {"cgi_path": "/cgi-bin/token"})
        used = asked["quota"]["used"]
        assert isinstance(used, int)
        return used


@contextmanager
def emulated(state_file: Path) -> Iterator[Emulated]:
    """Run `menuops emulator` on a free port."""
    command = [sys.executable, "-m", "menuops", "emulator", "--port", "0"]
    with subprocess.Popen(
        [*command, "--state", str(state_file)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            url = re.search(r"http://\S+", process.stdout.readline())
            assert url is not None
            yield Emulated(url[0], Emulator(state_file=state_file))
        finally:
            process.terminate()
