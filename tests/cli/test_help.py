"""`--help`, in both languages: what it says of each command, and examples that can be typed."""

from __future__ import annotations

import importlib
import re
import shlex
from collections.abc import Iterator

import click
import pytest

from menuops.cli.main import COMMANDS, cli
from menuops.render.terminal import cells
from tests.site import Site


def command_of(name: str) -> click.Command:
    module = "import_menu" if name == "import" else name
    command = importlib.import_module(f"menuops.cli.commands.{module}").command
    assert isinstance(command, click.Command)
    return command


def examples(text: str) -> Iterator[list[str]]:
    """Find the command lines in a help, each without what a shell does around it."""
    text = text.replace("\\\n", " ")
    for line in re.findall(r"^ +((?:[A-Z_]+=\S+ +)*menuops .*|eval .*)$", text, re.MULTILINE):
        line = re.sub(r'^eval "\$\((.*)\)".*$', r"\1", line)
        for part in re.split(r" && | \| ", re.sub(r" {3,}.*", "", line)):
            words = shlex.split(re.sub(r">>? .*", "", part), comments=True)
            if "menuops" in words:  # and not `cd shop`
                yield words[words.index("menuops") + 1 :]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_examples_that_it_takes(name: str, site: Site) -> None:
    ended = site.run(name, "--help")
    found = list(examples(ended.out))
    assert [words for words in found if words[0] == name], ended.out
    for words in found:
        command = command_of(words[0])
        command.make_context(words[0], words[1:], parent=click.Context(cli))


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_help_in_chinese_says_the_same_and_fits(name: str | None, site: Site) -> None:
    words = [name] if name else []
    english = site.run(*words, "--help")
    chinese = site.run(*words, "--help", environ={"MENUOPS_LANG": "zh"})
    assert (chinese.code, chinese.err) == (0, "")
    assert list(examples(chinese.out)) == list(examples(english.out))
    flags = re.compile(r"(?<![\w`-])--?[a-z][a-z-]*")
    assert set(flags.findall(chinese.out)) >= set(re.findall(r"^  (--?[a-z-]+)", english.out, re.M))
    typed = "\n".join(line for line in english.out.splitlines() if "menuops" in line)
    for line in chinese.out.splitlines():
        assert cells(line) <= 80 or line in english.out
        # An English sentence: four words in a row, that no example has.
        assert line.strip() in typed or not re.search(r"(?:\b[a-z']+ ){4}", line), line


def test_a_usage_error_is_said_in_chinese(site: Site) -> None:
    ended = site.run("plan", "--parallel", "x", environ={"MENUOPS_LANG": "zh"})
    assert ended.code == 64
    assert (
        ended.err == "menuops：'--parallel' 的值无效：'x' 不是整数。\n  参见 menuops plan --help\n"
    )
    for words in (["planx"], ["plan", "--no-such"], ["show"], ["schema", "x"], ["show", "a", "b"]):
        ended = site.run(*words, environ={"MENUOPS_LANG": "zh"})
        assert not re.search(r"(?:\b[A-Za-z']+ ){3}", ended.err.splitlines()[0]), ended.err


@pytest.mark.parametrize(
    ("argv", "fix"),
    [
        (["plna"], "did you mean menuops plan? See menuops --help"),
        (["xyz"], "see menuops --help"),
        (["preview", "--tag"], "see menuops preview --help"),
        (["preview", "--form", "html"], "see menuops preview --help"),
    ],
)
def test_a_slip_names_the_command_that_was_meant(site: Site, argv: list[str], fix: str) -> None:
    ended = site.run(*argv)
    assert (ended.code, ended.out) == (64, "")
    assert ended.err.splitlines()[-1] == f"  {fix}"
