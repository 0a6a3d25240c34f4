"""A machine with a menuops project on it, and an emulated WeChat that it talks to over HTTP."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from menuops.cli.main import run
from menuops.core.applied import Applied
from menuops.core.plan import AccountPlan, Plan
from menuops.emulator import Account, Emulator, Tag
from menuops.run.applying import Ask, Show, apply_files, apply_plan
from menuops.run.importing import Imported, import_menu
from menuops.run.planning import MadePlan, make_plan_of
from menuops.run.settings import PlanOptions, Settings, World

APPID = "wx0123456789abcdef"
SECRET = "0f0e0d0c0b0a09080706050403020100"
NOON_S = 1_795_233_600.0  # 2026-11-21 12:00 in Shanghai
PAYLOADS = Path(__file__).parent / "payloads"
TAGS = (Tag(100, "VIP", 3), Tag(101, "春季", 0))

Json = dict[str, Any]
PLAN_KEYS = {"delete_first", "check_ids", "base"}
WRITES = ("menu/create", "menu/addconditional", "menu/delconditional", "menu/delete")


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


def click(name: str = "帮助", key: str = "HELP") -> Json:
    return {"name": name, "type": "click", "key": key}


def view(name: str = "首页", url: str = "https://shop.example.com/") -> Json:
    return {"name": name, "type": "view", "url": url}


def conditional(button: Json, **rule: str) -> Json:
    return {"matchrule": rule, "button": [button]}


class Clock:
    """Seconds since 1970, moved by hand and by sleeping; it never waits."""

    def __init__(self) -> None:
        self.now_s = NOON_S
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Json:
        """The one JSON document on stdout."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document

    @property
    def said(self) -> str:
        """All that it printed."""
        return self.out + self.err


def no_progress(*_: object) -> None:
    """Show nothing."""


@dataclass
class Site:
    """A project in `root` whose accounts all live in one emulator; the first is `shop`."""

    root: Path
    home: Path
    emulator: Emulator
    url: str
    clock: Clock
    environ: dict[str, str] = field(default_factory=dict)

    # Files

    def write(self, name: str, content: Json | str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
            path.write_text(text, encoding="utf-8", newline="\n")
        return path

    def menu(self, content: Json | str | bytes, name: str = "shop") -> Path:
        return self.write(f"menus/{name}.yaml", content)

    def project(self, **keys: Any) -> Path:
        """Write the project file of the account `shop`; `keys` are the account's further ones."""
        return self.write("menuops.yaml", {"accounts": {"shop": self.shop(**keys)}})

    def shop(self, **keys: Any) -> Json:
        return {"appid": APPID, "menu": "menus/shop.yaml", "retry_s": 0, **keys}

    def accounts(self, count: int, **top: Any) -> list[str]:
        """Write a project of many accounts, `a01`, `a02`, …, all with the menu of `shop`."""
        names = [f"a{number:02}" for number in range(1, count + 1)]
        listed = {}
        for name in names:
            appid = f"wx{name}"
            self.emulator.add_account(Account(appid=appid, secret=SECRET, tags=TAGS))
            listed[name] = self.shop(appid=appid)
            self.environ[f"MENUOPS_SECRET_{name.upper()}"] = SECRET
        self.write("menuops.yaml", {"accounts": listed, **top})
        return names

    # WeChat

    def live(self, button: Sequence[Json], *conditionalmenu: Json, appid: str = APPID) -> None:
        """Make these the live menus; conditional ones in order of precedence."""
        answer: Json = {"menu": {"button": list(button)}}
        if conditionalmenu:
            answer["conditionalmenu"] = [
                {"menuid": 500 - number, **menu} for number, menu in enumerate(conditionalmenu)
            ]
        self.emulator.put_live(appid, answer)

    def no_menu(self, appid: str = APPID) -> None:
        self.emulator.put_live(appid, payload("menu-get-none"))

    @property
    def calls(self) -> list[str]:
        """The calls that WeChat saw, without /cgi-bin/."""
        return [path.removeprefix("/cgi-bin/") for _, path, _ in self.emulator.calls]

    @property
    def writes(self) -> list[str]:
        """The calls among them that write."""
        return [path for path in self.calls if path in WRITES]

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """Give the calls that come while the context lasts, once it is left."""
        before = len(self.calls)
        seen: list[str] = []
        yield seen
        seen.extend(self.calls[before:])

    def now(self, appid: str = APPID) -> tuple[Any, list[Any]]:
        """What the emulator holds: the default menu's entries, and (rule, entries) of the others.

        `conditional` stands in order of precedence. Not asked over HTTP, so no call is counted.
        """
        state = self.emulator.state_of(appid)
        assert state is not None
        default = None if state.default is None else list(state.default.buttons)
        return default, [(menu.rule, list(menu.buttons)) for menu in state.conditional]

    def tokens(self) -> set[str]:
        """Every token that was issued and isn't forgotten."""
        return {token.value for state in self.emulator.states for token in state.tokens}

    # Use cases, in this process

    @property
    def world(self) -> World:
        return World(clock=self.clock, sleep=self.clock.sleep, environ=self.environ)

    def settings(self, **keys: Any) -> Settings:
        return Settings(directory=self.root, api_url=self.url, **keys)

    def make(self, *lifts: str, **keys: Any) -> MadePlan:
        """Plan with these lifts; `keys` are options of plans, and settings."""
        of_plans = {name: keys.pop(name) for name in PLAN_KEYS & keys.keys()}
        options = PlanOptions(lifts=lifts, **of_plans)
        return make_plan_of(self.settings(**keys), self.world, options)

    def plan(self, *lifts: str, **keys: Any) -> Plan:
        return self.make(*lifts, **keys).plan

    def account_plan(self, *lifts: str, **keys: Any) -> AccountPlan:
        (account,) = self.plan(*lifts, **keys).accounts
        assert isinstance(account, AccountPlan)
        return account

    def apply(
        self,
        plan: Plan | None = None,
        *lifts: str,
        expect: Sequence[str] = (),
        show: Show = no_progress,
        ask: Ask | None = None,
        progress: Callable[..., None] = no_progress,
        keep_going: bool = False,
        **keys: Any,
    ) -> Applied:
        if plan is not None:
            return apply_plan(
                self.settings(**keys),
                self.world,
                plan,
                expect=expect,
                progress=progress,
                keep_going=keep_going,
            )
        return apply_files(
            self.settings(**keys),
            self.world,
            PlanOptions(lifts=lifts),
            expect=expect,
            show=show,
            ask=ask,
            progress=progress,
            keep_going=keep_going,
        )

    def imported(self, **keys: Any) -> Imported:
        return import_menu(self.settings(**keys), self.world, "menus/shop.yaml")

    # The command

    def process_environ(
        self,
        environ: Mapping[str, str | None] | None = None,
        under: Mapping[str, str] = os.environ,
    ) -> dict[str, str]:
        given = {
            **under,
            "TMPDIR": str(self.home),
            "COLUMNS": "100",  # however wide the terminal of whoever tests
            **self.environ,
            "MENUOPS_API_URL": self.url,
            **(environ or {}),
        }
        return {name: value for name, value in given.items() if value is not None}

    def run(self, *arguments: str, environ: Mapping[str, str | None] | None = None) -> Ended:
        """Run a command line in this process, in the project."""
        raw_out, raw_err = io.BytesIO(), io.BytesIO()
        out, err = io.TextIOWrapper(raw_out, "utf-8"), io.TextIOWrapper(raw_err, "utf-8")
        before, stdin = dict(os.environ), sys.stdin
        root = logging.getLogger()
        level, handlers = root.level, root.handlers[:]
        os.environ.clear()
        os.environ.update(self.process_environ(environ, before))
        sys.stdin = io.StringIO()
        try:
            with chdir(self.root), redirect_stdout(out), redirect_stderr(err):
                code = run(arguments)
        finally:
            os.environ.clear()
            os.environ.update(before)
            sys.stdin = stdin
            root.setLevel(level)  # -v sets logging up for a process of its own
            root.handlers[:] = handlers
        out.flush()
        err.flush()
        return Ended(code, raw_out.getvalue().decode(), raw_err.getvalue().decode())

    def command(
        self,
        *arguments: str | bytes,
        environ: Mapping[str, str | None] | None = None,
        stdin: bytes = b"",
        cwd: Path | None = None,
        **options: Any,
    ) -> Ended:
        """Run `python -m menuops` in the project."""
        ended = subprocess.run(
            [sys.executable, "-m", "menuops", *arguments],
            cwd=cwd or self.root,
            env=self.process_environ(environ),
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
            **options,
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    # What was kept

    @property
    def state(self) -> Path:
        return self.home / "state" / "menuops"

    @property
    def runs(self) -> list[Path]:
        """The directories of all runs, oldest first, also those of one second."""
        there = (self.state / "runs").iterdir() if (self.state / "runs").exists() else ()

        def order(run: Path) -> tuple[str, int]:
            return run.name.partition("-")[0], (run / "journal.jsonl").stat().st_mtime_ns

        return sorted(there, key=order)

    def journal(self) -> list[Json]:
        """The lines of the last run's journal."""
        text = (self.runs[-1] / "journal.jsonl").read_text(encoding="utf-8")
        assert text.endswith("\n")
        return [json.loads(line) for line in text.splitlines()]

    def snapshot(self, account: str = "shop") -> Json:
        """The answers of an account that the last run kept before it wrote."""
        (line,) = [
            line
            for line in self.journal()
            if line["event"] == "snapshot" and line["account"] == account
        ]
        path = self.state / "snapshots" / f"{line['sha256']}.json"
        (answers,) = json.loads(path.read_text(encoding="utf-8"))["answers"]
        assert isinstance(answers, dict)
        return answers

    def steps(self) -> list[str]:
        """What the last journal says of calls: `menu/create started`, `menu/create done`, …"""
        return [
            f"{line['call']} {line['outcome']}"
            for line in self.journal()
            if line["event"] == "call"
        ]


@contextmanager
def opened_site(directory: Path) -> Iterator[Site]:
    """Serve an emulator with one account, and write a project for it."""
    clock = Clock()
    emulator = Emulator(clock=clock)
    emulator.add_account(Account(appid=APPID, secret=SECRET, tags=TAGS))
    home = directory / "home"
    root = directory / "project"
    root.mkdir(parents=True)
    with emulator.serve() as url:
        site = Site(root, home, emulator, url, clock, {"MENUOPS_SECRET_SHOP": SECRET})
        site.project()
        site.menu({"button": [click()]})
        yield site
