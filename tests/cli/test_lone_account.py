"""An account without a project file: what a run prints is typed again as it stands."""

from __future__ import annotations

import shlex

from menuops.emulator import Fault
from tests.site import APPID, SECRET, Site, click, conditional, view

IOS = {"client_platform_type": "1"}


def test_a_run_is_finished_and_undone_by_what_it_prints(site: Site) -> None:
    (site.root / "menuops.yaml").unlink()
    site.environ.update(MENUOPS_APPID=APPID, MENUOPS_SECRET=SECRET)
    site.live([view()])
    site.menu({"button": [click()], "conditionalmenu": [conditional(click(), **IOS)]})
    site.emulator.fail_next("menu/addconditional", Fault.errcode(40018))
    half = site.run("apply", "--menu", "menus/shop.yaml", "--yes")
    assert half.code == 6, half.said
    lines = {line.split()[0]: line for line in half.out.splitlines() if " menuops " in line}
    finished = site.run(*shlex.split(lines["Finish"])[2:])
    assert finished.code == 0, finished.said
    undone = site.run(*shlex.split(lines["Undo"])[2:], "--yes")
    assert undone.code == 0, undone.said
    assert [entry["name"] for entry in site.now()[0]] == ["首页"]
    assert site.run("history", "--menu", "menus/shop.yaml").code == 0
    assert site.run("plan", "--menu", "menus/shop.yaml", "--out", "plan.json").code == 0
    assert site.run("apply", "plan.json", "--menu", "menus/shop.yaml").code == 0
