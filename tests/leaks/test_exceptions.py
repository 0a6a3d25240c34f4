"""Whatever the container and the client raise, give or log: nothing that prints it has a secret."""

from __future__ import annotations

import inspect
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass, replace
from functools import partial

import pytest

from menuops.core.account import Account, GivenToken
from menuops.core.secret import Secret
from menuops.emulator import Follower
from menuops.files.project.project import load_project
from menuops.locks import FileLocks
from menuops.transport import Http
from menuops.wechat.api import MenuApi
from menuops.wechat.client import Client
from menuops.wechat.tokens.container import TokenContainer
from menuops.wechat.tokens.file_store import FileStore
from tests.site import APPID, TAGS, click

from .driving import some
from .faults import ALL, Sent
from .sources import SOURCES, Source
from .watch import APP_SECRET, ODD_TOKEN, Watch

MENU_CALLS: dict[str, Callable[[MenuApi], object]] = {
    "get": lambda api: api.get("menu/get"),
    "post": lambda api: api.post("menu/create", {"button": [click()]}),
    "read": lambda api: api.read("GET", "menu/get", None, lambda _name, body: body),
    "write": lambda api: api.write("POST", "menu/create", {}, lambda _name, body: body),
    "get_menu": MenuApi.get_menu,
    "get_selfmenu": MenuApi.get_selfmenu,
    "create_menu": lambda api: api.create_menu([click()]),
    "add_conditional": lambda api: api.add_conditional([click()], {"tag_id": "100"}),
    "delete_conditional": lambda api: api.delete_conditional("500"),
    "delete_menu": MenuApi.delete_menu,
    "try_match": lambda api: api.try_match("o-vip"),
    "get_tags": MenuApi.get_tags,
    "get_tag_ids": lambda api: api.get_tag_ids("openid"),
    "get_quota": lambda api: api.get_quota("menu/create"),
    "account": lambda api: repr(api.account),
}
TOKEN_CALLS: dict[str, Callable[[TokenContainer, Account], object]] = {
    "token": TokenContainer.token,
    "token_and_life": TokenContainer.token_and_life,
    "try_token": TokenContainer.try_token,
    "renew": TokenContainer.renew,
    "refused": lambda tokens, account: tokens.refused(account, Secret(ODD_TOKEN)),
    "status": TokenContainer.status,
    "is_registered": TokenContainer.is_registered,
    "register": TokenContainer.register,
    "unregister": TokenContainer.unregister,
    "close": lambda tokens, _account: tokens.close(),
}


def public(kind: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(kind) if not name.startswith("_")}


def test_every_public_call_is_made() -> None:
    """A new method fails here until it stands above."""
    assert set(MENU_CALLS) == public(MenuApi) | public(Client)
    assert set(TOKEN_CALLS) == public(TokenContainer)


def printed(thing: object) -> Iterator[str]:
    """All that a program can print of an exception or a value, and of all behind it."""
    seen: set[int] = set()
    todo = [thing]
    while todo:
        this = todo.pop()
        if id(this) in seen or isinstance(this, type):
            continue
        seen.add(id(this))
        yield from (str(this), repr(this), f"{this}")
        if isinstance(this, BaseException):
            yield "".join(traceback.format_exception(this))
            yield pickle.dumps(this).decode("latin-1")
            todo += [*this.args, this.__cause__, this.__context__]
            todo += getattr(this, "__notes__", [])
        if isinstance(this, dict):
            todo += [*this.keys(), *this.values()]
        elif isinstance(this, list | tuple | set | frozenset):
            todo += this
        elif is_dataclass(this) or isinstance(this, BaseException):
            todo += [getattr(this, name) for name in (*vars_of(this),)]


def vars_of(thing: object) -> list[str]:
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    return [name for name in (*slots, *getattr(thing, "__dict__", {})) if hasattr(thing, name)]


class Library:
    """A program that uses the container and the client, and prints whatever comes of it."""

    def __init__(self, watch: Watch, http: Http, log: pytest.LogCaptureFixture) -> None:
        self._watch = watch
        self._http = http
        self._log = log

    @property
    def account(self) -> Account:
        """As the project file of the moment has it."""
        path = self._watch.site.root / "menuops.yaml"
        return load_project(path, "menuops.yaml", self._watch.site.url).accounts[0]

    @contextmanager
    def tokens(self) -> Iterator[TokenContainer]:
        home = self._watch.site.home
        with TokenContainer(
            self._http,
            FileStore(home / "cache" / "menuops" / "tokens"),
            FileLocks(home / "locks"),
            environ=self._watch.site.environ,
        ) as made:
            yield made

    def menus(self, what: str, call: Callable[[MenuApi], object], account: Account) -> None:
        with self.tokens() as tokens:
            api = MenuApi(self._http, tokens, account)
            self._note(what, api, tokens, account)
            self._try(what, lambda: call(api) and None)  # an answer is the caller's to read

    def container(
        self, what: str, call: Callable[[TokenContainer, Account], object], account: Account
    ) -> None:
        with self.tokens() as tokens:
            tokens.register(account)
            self._try(what, lambda: call(tokens, account))

    def _try(self, what: str, call: Callable[[], object]) -> None:
        try:
            self._note(what, call())
        except Exception as error:
            self._note(f"{what} raises", error)

    def _note(self, what: str, *things: object) -> None:
        for token in self._watch.site.tokens():
            self._watch.add("a token", token)
        said = [text for each in things for text in printed(each)]
        said.append(self._log.text)
        self._log.clear()
        found = {each for text in said for each in self._watch.secrets.found_in(text)}
        self._watch.leaks += [f"{what}: {each}" for each in sorted(found)]


@pytest.fixture
def library(watch: Watch, caplog: pytest.LogCaptureFixture) -> Iterator[Library]:
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3", "urllib3.connectionpool", "filelock", "menuops"):
        caplog.set_level(logging.DEBUG, name)
    emulator = watch.site.emulator
    state = emulator.state_of(APPID)
    assert state is not None
    emulator.add_account(replace(state.account, followers=(Follower("o-vip", tags=(TAGS[0].id,)),)))
    with Http() as http:
        yield Library(watch, http, caplog)


@pytest.mark.parametrize("name", MENU_CALLS)
def test_no_call_of_the_client_prints_a_secret(watch: Watch, library: Library, name: str) -> None:
    emulator = watch.site.emulator
    call, account = MENU_CALLS[name], library.account
    before = len(emulator.requests)
    library.menus("all is well", call, account)
    paths = [each.path for each in emulator.requests[before:]]
    faults = ALL if name in ("get_menu", "create_menu") else some(ALL, one_in=6)
    for path in paths:
        for fault, play in faults.items():
            watch.fresh()
            token = max(watch.site.tokens())
            sent = Sent(APP_SECRET) if path == "stable_token" else Sent(token, APP_SECRET)
            emulator.fail_next(path, play(sent), times=9)
            library.menus(f"{name}, {path}: {fault}", call, account)
    assert watch.leaks == []


@pytest.mark.parametrize("name", TOKEN_CALLS)
def test_no_call_of_the_container_prints_a_secret(
    watch: Watch, library: Library, name: str
) -> None:
    watch.add("an odd token", ODD_TOKEN)
    account = library.account
    for fault, play in ALL.items():
        watch.fresh()
        watch.site.emulator.fail_next("stable_token", play(Sent(APP_SECRET)), times=9)
        library.container(f"{name}: {fault}", TOKEN_CALLS[name], account)
    given = replace(account, token=GivenToken(Secret(ODD_TOKEN)))
    watch.site.emulator.clear_faults()
    library.container(f"{name}, given", TOKEN_CALLS[name], given)
    library.menus(f"{name}, given", MenuApi.get_menu, given)
    assert watch.leaks == []


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_no_source_prints_a_secret(watch: Watch, library: Library, source: Source) -> None:
    watch.project(token=source.keys(watch) or None)
    source.stand(watch)
    account = library.account
    well: dict[str, Callable[[Watch], None]] = {"all is well": lambda _watch: None}
    for why, break_it in {**well, **source.breaks}.items():
        source.stand(watch)
        break_it(watch)
        for name in ("renew", "status"):
            watch.fresh()
            library.container(f"{name}: {why}", TOKEN_CALLS[name], account)
        library.menus(f"get_menu: {why}", MenuApi.get_menu, account)
    assert watch.leaks == []


def test_what_stands_behind_an_exception_is_seen() -> None:
    """What all the above rests on."""

    def raised(error: Exception) -> Exception:
        try:
            raise error
        except Exception as caught:
            return caught

    def behind(cause: Exception) -> Exception:
        try:
            try:
                raise cause
            except ValueError:
                raise RuntimeError from None
        except RuntimeError as caught:
            return caught

    noted = ValueError()
    noted.add_note("secret-note")
    holder = ValueError()
    holder.__dict__["request"] = {"url": ["secret-url"]}
    for error, what in (
        (raised(ValueError("secret-text")), "secret-text"),
        (behind(ValueError("secret-context")), "secret-context"),
        (noted, "secret-note"),
        (holder, "secret-url"),
        (raised(ValueError(partial(print, "secret-argument"))), "secret-argument"),
    ):
        assert any(what in text for text in printed(error)), what
