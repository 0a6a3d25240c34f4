"""`completion`: what a shell completes, tried in the shells themselves."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from menuops.cli.commands.completion import SHELLS
from menuops.cli.main import COMMANDS
from tests.site import Site

LIMIT_S = 30
ROOT = Path(__file__).resolve().parents[2]
SETUPS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(menuops completion bash)"'),
    "zsh": (
        ["zsh", "-f", "-i"],
        'autoload -U compinit; compinit -D; eval "$(menuops completion zsh)"',
    ),
}

Requires = Callable[[str], None]


@pytest.fixture
def environ(site: Site, tmp_path: Path) -> dict[str, str]:
    """An environment in which `menuops` is a command."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "menuops"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m menuops "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    return site.process_environ({"PATH": path, "TERM": "dumb", "PYTHONPATH": str(ROOT)})


def tabbed(shell: str, line: str, wanted: str, site: Site, environ: dict[str, str]) -> str:
    """Type a line and Tab into an interactive shell, until `wanted` is on the screen."""
    words, setup = SETUPS[shell]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        words,
        cwd=site.root,
        env={**environ, "PS1": "$ ", "PROMPT": "$ "},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = b""

    def read_until(text: str) -> bool:
        nonlocal said
        while text not in said.decode(errors="replace"):
            if not select.select([ours], [], [], LIMIT_S)[0]:
                return False
            said += os.read(ours, 65536)
        return True

    try:
        # The echo of what is typed holds no 42: the shell has to reckon it.
        os.write(ours, f"{setup}; echo ready-$((6 * 7))\n".encode())
        assert read_until("ready-42"), said.decode()
        said = b""
        os.write(ours, f"{line}\t".encode())
        read_until(wanted)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return said.decode()


@pytest.mark.parametrize("shell", SETUPS)
@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("menuops hist", "menuops history"),
        ("menuops plan --detailed", "--detailed-exitcode"),
        ("menuops plan --format htm", "--format html"),
        ("menuops apply -a sh", "-a shop"),
    ],
)
def test_tab_completes_commands_options_choices_and_accounts(
    shell: str, line: str, wanted: str, site: Site, environ: dict[str, str], requires: Requires
) -> None:
    requires(shell)
    assert wanted in tabbed(shell, line, wanted, site, environ)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("menuops hist", {"history"}),
        ("menuops plan --detailed", {"--detailed-exitcode"}),
        ("menuops plan --format htm", {"html"}),
        ("menuops apply -a s", {"shop"}),
        ("menuops apply --allow remove-", {"remove-conditional", "remove-dead"}),
        ("menuops ", {*COMMANDS}),
    ],
)
def test_fish_completes_commands_options_choices_and_accounts(
    line: str, wanted: set[str], site: Site, environ: dict[str, str], requires: Requires
) -> None:
    requires("fish")
    ended = subprocess.run(
        ["fish", "--no-config", "-c", f'menuops completion fish | source; complete -C "{line}"'],
        cwd=site.root,
        env={**environ, "HOME": str(site.home)},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert {each.partition("\t")[0] for each in ended.stdout.splitlines()} == wanted, ended.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_printed_for_each_shell(shell: str, site: Site) -> None:
    ended = site.run("completion", shell)
    assert (ended.code, f"{shell}_complete" in ended.out) == (0, True)
    assert site.run("completion", "tcsh").code == 64


def test_a_project_with_faults_completes_no_account_and_says_nothing(site: Site) -> None:
    site.write("menuops.yaml", "accounts: [")
    environ = {"_MENUOPS_COMPLETE": "bash_complete", "COMP_WORDS": "menuops plan -a s"}
    ended = site.run(environ={**environ, "COMP_CWORD": "3"})
    assert (ended.code, ended.out.strip(), ended.err) == (0, "", "")
    site.project()
    assert site.run(environ={**environ, "COMP_CWORD": "3"}).out == "plain,shop\n"


def test_accounts_come_from_the_project_that_the_line_names(site: Site) -> None:
    site.write("menuops.yaml", {"accounts": {}})
    site.write("deep/menuops.yaml", {"accounts": {"inner": site.shop()}})
    environ = {"_MENUOPS_COMPLETE": "bash_complete", "COMP_WORDS": "menuops plan -C deep -a "}
    assert site.run(environ={**environ, "COMP_CWORD": "5"}).out == "plain,inner\n"
