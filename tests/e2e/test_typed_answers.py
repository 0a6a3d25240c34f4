"""At a terminal: what is typed is what counts, and calls are told while they are made."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys

import pytest

from tests.site import Site, conditional, view

LIMIT_S = 30


def typed(site: Site, words: list[str], answer: str) -> tuple[int, str]:
    """Run a command at a terminal, and type an answer once it asks; gives code and screen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "menuops", *words],
        cwd=site.root,
        env={**site.process_environ(), "TERM": "xterm", "COLUMNS": "100"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said, asked = b"", False
    try:
        while select.select([ours], [], [], LIMIT_S)[0]:
            try:
                read = os.read(ours, 65536)
            except OSError:  # the other end is gone
                break
            if not read:
                break
            said += read
            if not asked and said.rstrip().endswith(b":") and said.endswith(b": "):
                asked = True
                os.write(ours, answer.encode() + b"\n")
        assert process.wait(LIMIT_S) is not None
    finally:
        process.kill()
        os.close(ours)
    return process.returncode, said.decode()


@pytest.fixture(autouse=True)
def _menus(site: Site) -> None:
    site.live([view()], conditional(view("乙"), client_platform_type="2"))


@pytest.mark.parametrize(("answer", "code"), [("shop", 0), ("yes", 9), ("", 9), ("Shop", 9)])
def test_a_menu_is_dropped_once_its_accounts_name_is_typed(
    site: Site, answer: str, code: int
) -> None:
    ended, screen = typed(site, ["destroy", "-a", "shop"], answer)
    assert ended == code, screen
    assert "All of this goes. Type shop to drop it: " in screen
    assert site.writes == (["menu/delete"] if code == 0 else [])
    assert ("not approved. Nothing was written" in screen) == (code == 9)


@pytest.mark.parametrize(("answer", "code"), [("yes", 0), ("shop", 9)])
def test_a_restore_asks_as_an_apply_does(site: Site, answer: str, code: int) -> None:
    assert site.run("destroy", "-a", "shop", "--yes", "--confirm", "shop").code == 0
    ended, screen = typed(site, ["restore", site.runs[-1].name], answer)
    assert ended == code, screen
    assert "Only yes is taken as an answer" in screen
    assert (site.now()[0] is not None) == (code == 0)
    if code == 0:
        # Each call is told when it is made, on a line that is written over.
        assert "shop  done       1/2  menu/create default" in screen
        assert "shop  done       2/2  menu/addconditional android" in screen
        assert screen.index("\x1b[Kshop  done       1/2") < screen.index(
            "\x1b[Kshop  done       2/2"
        )
