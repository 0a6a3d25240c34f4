"""How the machine is set up on which a part of a page is played."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

from menuops.emulator import Account, Fault
from menuops.locks import FileLocks, LockKey
from tests.site import APPID, SECRET, Site, click, conditional, view

IOS = {"client_platform_type": "1"}
ANDROID = {"client_platform_type": "2"}
SHOP = "https://shop.example.com"
SUMMER = {"button": [view("新品", f"{SHOP}/new"), click("客服", "CONTACT")]}
AUTUMN = {
    "button": [view("秋季", f"{SHOP}/autumn"), click("客服", "CONTACT")],
    "conditionalmenu": [conditional(view("下载", f"{SHOP}/app"), **IOS)],
}


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


def empty(site: Site, _: ExitStack) -> None:
    """A folder with nothing in it."""
    (site.root / "menus" / "shop.yaml").unlink()
    (site.root / "menus").rmdir()
    (site.root / "menuops.yaml").unlink()


def by_console(site: Site, stack: ExitStack) -> None:
    """An account whose menu somebody made in the web console, and an empty folder."""
    empty(site, stack)
    site.emulator.put_console(
        APPID,
        {
            "button": [
                {"name": "营业时间", "type": "text", "value": "每天九点到六点"},
                {
                    "name": "商城",
                    "sub_button": {
                        "list": [view("新品", f"{SHOP}/new"), view("订单", f"{SHOP}/orders")]
                    },
                },
            ]
        },
    )


def two_accounts(site: Site, stack: ExitStack) -> None:
    """A test account beside the one in production; neither has a menu."""
    empty(site, stack)
    site.emulator.add_account(Account(appid="wxfedcba9876543210", secret=SECRET))
    site.environ["MENUOPS_SECRET_SHOP_TEST"] = SECRET


SCENES: dict[str, Callable[[Site, ExitStack], None]] = {
    "everyday": everyday,
    "partly": partly,
    "undone": undone,
    "killed": killed,
    "unsettled": unsettled,
    "stale": stale,
    "locked": locked,
    "refused": refused,
    "several": several,
    "console": console,
    "unwritable": unwritable,
    "dropped": dropped,
    "empty": empty,
    "by_console": by_console,
    "two_accounts": two_accounts,
}
