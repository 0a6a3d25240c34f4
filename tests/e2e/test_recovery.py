"""docs/recovery.md, as it stands: each command is run, and what is printed is what is shown.

MENUOPS_UPDATE_DOCS=1 writes what is printed now into the page.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from menuops.emulator import Fault
from menuops.locks import FileLocks, LockKey
from tests.site import APPID, Site, click, conditional, view

PAGE = Path(__file__).resolve().parents[2] / "docs" / "recovery.md"
UPDATE = os.environ.get("MENUOPS_UPDATE_DOCS") == "1"
_PLAN = re.compile(
    r"^menuops \S+, plan of .*?^\d+ accounts? to change\.$\n", re.MULTILINE | re.DOTALL
)
"""The plan that an apply prints first, as `menuops plan` does: the page shows it once."""
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IOS = {"client_platform_type": "1"}
ANDROID = {"client_platform_type": "2"}
SHOP = "https://shop.example.com"
SUMMER = {"button": [view("新品", f"{SHOP}/new"), click("客服", "CONTACT")]}
AUTUMN = {
    "button": [view("秋季", f"{SHOP}/autumn"), click("客服", "CONTACT")],
    "conditionalmenu": [conditional(view("下载", f"{SHOP}/app"), **IOS)],
}


class Told:
    """Turns what differs from run to run into what the page shows, and back."""

    RUNS = tuple(f"20261122T{10 + n}4100Z-{n:x}f9c" for n in range(9))
    _RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}")
    _FIXED = (
        (re.compile(r"http://127\.0\.0\.1:\d+"), "https://api.weixin.qq.com"),
        (re.compile(r"127\.0\.0\.1:\d+"), "api.weixin.qq.com"),
        (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "2026-11-22T10:41:00Z"),
        (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? [+-]\d\d:\d\d"), "2026-11-22 18:41 +08:00"),
        (
            re.compile(r"go on after \S+ \([^)]+\): midnight"),
            "go on after 2026-11-22T16:00:00Z (2026-11-23 00:00 +08:00): midnight",
        ),
        (re.compile(r"\b[0-9a-f]{64}\b"), "5d1e9ac377f0" + "0" * 52),
        (re.compile(r"\b[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\b"), "5d1e-9ac3-77f0"),
        (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}\b"), "6b011740-83d6f599-dbf074fc"),
        (re.compile(r"commit [0-9a-f]{12}"), "commit 3f9c2d1b07aa"),
        (re.compile(r"\bfiles at [0-9a-f]{10}\b"), "files at 3f9c2d1b07"),
        (re.compile(r"\[main [0-9a-f]{7}\]"), "[main 3f9c2d1]"),
        (re.compile(r"^ Date: .*\n", re.MULTILINE), ""),
        (re.compile(r"process \d+ on \S+, since"), "process 4711 on build-7, since"),
    )

    def __init__(self, site: Site) -> None:
        self._site = site

    def _runs(self) -> list[str]:
        return [path.name for path in self._site.runs]

    def shown(self, said: str) -> str:
        runs = self._runs()
        for run, name in zip(runs, self.RUNS, strict=False):
            said = said.replace(run, name)
        said = self._RUN.sub(lambda m: m[0] if m[0] in self.RUNS else self.RUNS[len(runs)], said)
        said = said.replace(str(self._site.home), "/home/xiaoming")
        said = said.replace(str(self._site.root), "/home/xiaoming/menus")
        for pattern, text in self._FIXED:
            said = pattern.sub(text, said)
        return "".join(f"{line.rstrip()}\n" for line in said.strip("\n").splitlines())

    def real(self, command: str) -> str:
        for run, name in zip(self._runs(), self.RUNS, strict=False):
            command = command.replace(name, run)
        return command


def half_killed(site: Site) -> None:
    """Kill the process itself while WeChat thinks about the second call."""
    site.emulator.fail_next("menu/addconditional", Fault.delay(30.0))
    process = subprocess.Popen(
        [sys.executable, "-m", "menuops", "apply", "plan.json"],
        cwd=site.root,
        env=site.process_environ(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while "menu/addconditional" not in site.calls:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(30)


def git(site: Site, *words: str) -> None:
    named = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    subprocess.run(["git", *named, *words], cwd=site.root, check=True, capture_output=True)


def everyday(site: Site, _: ExitStack) -> None:
    site.write(".gitignore", "plan.json\n")
    site.menu(SUMMER)
    git(site, "init", "-q", "-b", "main")
    git(site, "config", "user.name", "x")
    git(site, "config", "user.email", "x@example.com")
    git(site, "add", "-A")
    git(site, "commit", "-q", "-m", "Summer")
    assert site.run("apply", "--yes").code == 0
    site.menu(AUTUMN)
    git(site, "commit", "-qam", "Autumn")
    assert site.run("apply", "--yes").code == 0


def planned(site: Site) -> None:
    site.live(SUMMER["button"], conditional(view("旧版", f"{SHOP}/old"), **ANDROID))
    site.menu(AUTUMN)
    site.run("plan", "--allow", "remove-conditional:android", "--out", "plan.json")


def partly(site: Site, _: ExitStack) -> None:
    planned(site)
    site.emulator.fail_next("menu/delconditional", Fault.errcode(45009))


def undone(site: Site, _: ExitStack) -> None:
    planned(site)
    assert site.run("apply", "plan.json").code == 0


def killed(site: Site, _: ExitStack) -> None:
    planned(site)
    half_killed(site)


def unsettled(site: Site, _: ExitStack) -> None:
    planned(site)
    site.emulator.fail_next("menu/addconditional", Fault.reset_after())
    site.emulator.fail_next("menu/get", Fault.status(502), after=1, times=1)


def stale(site: Site, _: ExitStack) -> None:
    planned(site)
    site.emulator.put_console(APPID, {"button": [view("同事的", f"{SHOP}/x")]})


def locked(site: Site, stack: ExitStack) -> None:
    planned(site)
    locks = FileLocks(site.state / "locks", command="menuops")
    stack.enter_context(locks.held(LockKey(site.url, APPID, "apply")))


def refused(site: Site, _: ExitStack) -> None:
    planned(site)
    site.emulator.fail_next("menu/addconditional", Fault.errcode(45009))


def several(site: Site, _: ExitStack) -> None:
    site.menu(SUMMER)
    site.accounts(3)
    site.run("plan", "--out", "plan.json")
    site.live([view("同事改的")], appid="wxa02")


def console(site: Site, _: ExitStack) -> None:
    text = {"name": "营业时间", "type": "text", "value": "九点到六点"}
    site.emulator.put_console(APPID, {"button": [text, view("门店", f"{SHOP}/stores")]})
    site.menu(SUMMER)
    assert site.run("apply", "--yes", "--allow", "console-menu").code == 0


def unwritable(site: Site, _: ExitStack) -> None:
    planned(site)
    site.project(retry_s=0)
    text = (site.root / "menuops.yaml").read_text(encoding="utf-8")
    site.write("menuops.yaml", text.replace('{"accounts"', '{"state_dir": "full", "accounts"'))
    site.write("full", "")


def dropped(site: Site, _: ExitStack) -> None:
    site.live(SUMMER["button"], conditional(view("旧版", f"{SHOP}/old"), **ANDROID))
    site.menu(SUMMER)


SCENES: dict[str, Callable[[Site, ExitStack], None]] = {
    "The everyday way back: git revert": everyday,
    "Partly applied": partly,
    "Back to before a run": undone,
    "Killed in the middle": killed,
    "A lost answer that couldn't be settled": unsettled,
    "The account changed meanwhile": stale,
    "Another run holds the account": locked,
    "WeChat refuses the first call": refused,
    "Several accounts, one of which is in the way": several,
    "What can't come back": console,
    "The state directory can't be written": unwritable,
    "All menus dropped": dropped,
}


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_each_section_with_commands_is_run() -> None:
    with_blocks = {title for title, text in sections().items() if _BLOCK.search(text)}
    assert with_blocks == set(SCENES)


def test_the_everyday_way_back_stands_first() -> None:
    assert next(iter(sections())).startswith("The everyday way back: git revert")


@pytest.mark.parametrize("title", SCENES)
def test_what_the_page_shows_is_what_is_printed(
    site: Site, title: str, requires: Callable[[str], None]
) -> None:
    requires("git")
    site.clock.now_s = float(int(time.time()))
    site.environ["GITHUB_ACTOR"] = "xiaoming"
    section, told = sections()[title], Told(site)
    renewed = section
    with ExitStack() as stack:
        SCENES[title](site, stack)
        for block in _BLOCK.findall(section):
            printed = "".join(
                played(site, told, line[2:]) for line in block.splitlines() if line[:2] == "$ "
            )
            assert UPDATE or printed == block
            renewed = renewed.replace(f"```console\n{block}```", f"```console\n{printed}```", 1)
    if UPDATE:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(page.replace(section, renewed), encoding="utf-8")


def played(site: Site, told: Told, command: str) -> str:
    """Run one command; gives it with what it prints, and its exit code where that isn't 0."""
    words = shlex.split(told.real(command), comments=True)
    if words[0] == "menuops":
        ended = site.run(*words[1:])
        code, said = ended.code, ended.out + ended.err
    else:
        done = subprocess.run(
            words, cwd=site.root, capture_output=True, text=True, check=False, env=os.environ
        )
        code, said = done.returncode, done.stdout + done.stderr
    end = f"exit {code}\n" if code else ""
    if words[1] == "apply":
        said = _PLAN.sub("[… the plan …]\n", said)
    return f"$ {command}\n{told.shown(said)}{end}"
