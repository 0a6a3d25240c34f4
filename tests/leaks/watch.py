"""A site whose every secret is known, and a search of all that a command leaves behind."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from menuops.emulator import Account, Follower
from menuops.emulator.request import Request
from tests.redis_server import LocalRedis
from tests.site import APPID, TAGS, Ended, Json, Site, click, conditional, view
from tests.transport.conftest import RawServer

from .search import Secrets

APP_SECRET = "c3a91f7e5b2d48860fe49d17ab635c08"
OTHER_SECRET = "71d0b6f29c8e43a5e4083cfd92b75a16"
REDIS_PASSWORD = "rp-9Xw/4k?T#v@8:Zq%61"
HEADER = "Bearer srv+Key/71=.xQ8vLmN2~uT"
ODD_TOKEN = 'Od+7/tK="n&<q>\\~8.vZ!4xR|2yW'
PROXY_PASSWORD = "px-pA55+w0rd.81zz"

MENU: Json = {
    "button": [click()],
    "conditionalmenu": [{"matchrule": {"tag": "VIP"}, "button": [view()]}],
}


@dataclass
class Watch:
    """Runs commands on `site` and notes in `leaks` where a secret came to light.

    What a test itself writes with a secret in it lies in `vault`, which isn't searched; nor are
    the token store and the state of the embedded emulator. `redis` and `token_server` hold
    tokens for the sources that read there.
    """

    site: Site
    vault: Path
    secrets: Secrets
    redis: LocalRedis
    token_server: RawServer
    leaks: list[str] = field(default_factory=list)
    runs: int = 0
    last: Ended = field(default_factory=lambda: Ended(0, "", ""))

    @property
    def everything(self) -> Path:
        """The directory that home, project and vault lie in."""
        return self.site.root.parent

    def keep(self, name: str, content: str | bytes) -> Path:
        """Write a file with a secret in it where a user would have put it."""
        self.vault.mkdir(exist_ok=True)
        path = self.vault / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o600)
        return path

    def add(self, what: str, secret: str) -> str:
        """Have one more secret looked for; gives it back."""
        self.secrets.add(what, secret)
        return secret

    def issued(self) -> str:
        """Make a token that WeChat takes, as if another program had fetched it."""
        query = {"grant_type": "client_credential", "appid": APPID, "secret": APP_SECRET}
        answer = self.site.emulator.respond(Request("GET", "token", query)).value
        return self.add("a token of another program", str(answer["access_token"]))

    def fresh(self) -> None:
        """Forget all that commands left, and make the live menus differ from the files."""
        for kept in ("state", "cache"):
            shutil.rmtree(self.site.home / kept, ignore_errors=True)
        self.site.emulator.clear_faults()
        self.site.live([view()], conditional(click(), client_platform_type="1"))

    def drive(self, what: str, *arguments: str, **environ: str | None) -> Ended:
        """Run a command line in this process, and search all that it left behind."""
        self.runs += 1
        with _logging_restored():
            ended = self.site.run(*arguments, environ=environ)
        self.look(what, ended, reveals="--reveal" in arguments)
        self.last = ended
        return ended

    def look(self, what: str, ended: Ended, *, reveals: bool = False) -> None:
        """Search what a command printed, and every file; `reveals`: its result is a token."""
        for token in self.site.tokens():
            self.secrets.add("a token", token)
        out = ended.out
        if reveals and ended.code == 0:
            assert out == f"{out.strip()}\n", what  # one line, and nothing beside it
            out = ""
        found = [
            *(f"stdout: {each}" for each in self.secrets.found_in(out)),
            *(f"stderr: {each}" for each in self.secrets.found_in(ended.err)),
            *self.secrets.found_below(self.everything, but=self._unsearched()),
        ]
        self.leaks += [f"{what}: {each}" for each in found]

    def _unsearched(self) -> frozenset[Path]:
        home = self.site.home
        tokens = home / "cache" / "menuops" / "tokens"
        return frozenset({self.vault, tokens, self.site.state / "emulator.json"})

    def project(
        self, *, token: Json | None = None, top: Json | None = None, **keys: object
    ) -> None:
        """Write the project file of `shop`, with a source of tokens if it isn't the default."""
        shop = self.site.shop(**keys)
        if token is not None:
            shop["token"] = token
        self.site.write("menuops.yaml", {"accounts": {"shop": shop}, **(top or {})})


def set_up(watch: Watch) -> None:
    """Give the account its secret, the project its files, and all secrets to the search."""
    site = watch.site
    follower = Follower("o-vip", tags=(TAGS[0].id,))
    account = Account(appid=APPID, tags=TAGS, followers=(follower,))
    site.emulator.add_account(replace(account, secret=APP_SECRET))
    site.environ["MENUOPS_SECRET_SHOP"] = watch.add("the AppSecret", APP_SECRET)
    watch.add("the password of Redis", REDIS_PASSWORD)
    watch.add("what the token server is sent", HEADER)
    watch.project()
    site.menu(MENU)
    watch.fresh()


@contextmanager
def _logging_restored() -> Iterator[None]:
    """Let a command set up the log as it likes, and no other handler hear it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
