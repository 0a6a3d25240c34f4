"""The command group, and the one place where errors become exit codes."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import click

import menuops
from menuops.cli.help import SpokenHelp
from menuops.cli.output import print_error, print_note
from menuops.core.errors import Bug, CannotStart, MenuopsError, Usage, interrupted
from menuops.core.outcome import Outcome
from menuops.render.language.speech import is_strange, language_of, said, speak
from menuops.render.terminal import safe
from menuops.run.interruption import stopping_at_once

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS: Final = {
    "init": "make a project: project file, a first menu, schemas for editors",
    "validate": "check menu files offline, all findings at once",
    "fmt": "write menu files in one style; comments kept, meaning never changed",
    "render": "print what would be sent, after variables and time",
    "plan": "show what would change in the accounts, for whom; writes nothing",
    "show": "print a saved plan",
    "apply": "make the change that a plan says, and read back",
    "restore": "bring back what was live before a run",
    "history": "list the runs: when, who, what became of them, what undoes each",
    "destroy": "drop every menu of one account",
    "preview": "draw a menu as a phone shows it, alone or before and after a plan",
    "drift": "tell what moved on live since the last apply, and what in the files",
    "import": "turn the live menu of an account into a menu file",
    "report": "send what a plan or a run came to, to a pull request or a chat group",
    "who": "say which menu followers get and which rule decides",
    "token": "tell where each account's token comes from and how long it lives",
    "doctor": "check config, secret, token, IP whitelist, quota and more, each with the fix",
    "emulator": "serve WeChat's menu API on this machine, for trials and tests",
    "schema": "print the JSON Schema of menu, project or plan",
    "completion": "print the script that lets bash, zsh or fish complete commands",
}


click.Context.formatter_class = SpokenHelp


class _Group(click.Group):
    """Imports a command when it is called: each pays for what it needs only."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name if cmd_name != "import" else "import_menu"
        command = importlib.import_module(f"menuops.cli.commands.{name}").command
        assert isinstance(command, click.Command)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        from click.shell_completion import CompletionItem

        # click would import every command, to ask it for the help that stands above.
        listed = [
            CompletionItem(name, help=said(text))
            for name, text in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*listed, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Each command explains itself: menuops plan --help",
)
@click.version_option(menuops.__version__, message="menuops %(version)s")
def cli() -> None:
    """Keep the custom menus (自定义菜单) of WeChat Official Accounts as code.

    \b
    menuops init shop
    menuops plan -C shop
    menuops apply -C shop
    """


def run(argv: Sequence[str]) -> int:
    """Run one command line; gives its exit code. Prints, and raises nothing."""
    _open_streams()
    speak(language_of(os.environ))
    try:
        with stopping_at_once():
            return _run(argv)
    finally:
        speak("en")


def _run(argv: Sequence[str]) -> int:
    as_json = _wants_json(argv)
    if is_strange(os.environ):
        language = os.environ["MENUOPS_LANG"][:40]
        print_note(safe(f"menuops: MENUOPS_LANG is {language!r}; en and zh are spoken here"))
    try:
        if any("\0" in argument for argument in argv):
            raise Usage("an argument has a NUL in it", fix="take it out")
        outcome = cli.main(list(argv) or ["--help"], prog_name="menuops", standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except SystemExit:
        # The reader of a help text has gone, says click.
        return Outcome.DONE.exit_code
    except (Exception, KeyboardInterrupt) as cause:  # the last line of defence
        error = _as_ours(cause, argv)
        try:
            # That stdout is full can't be said there.
            named = next((word for word in argv[:1] if word in COMMANDS), "")
            print_error(error, as_json=as_json and error.code != "stdout", command=named)
        except CannotStart as unwritten:
            print_error(unwritten, as_json=False)
        return error.outcome.exit_code
    return outcome.exit_code if isinstance(outcome, Outcome) else 0


def _open_streams() -> None:
    """Make all three streams usable, and Chinese whatever the locale of the machine is."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us: `menuops plan >&-`
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
        with contextlib.suppress(AttributeError, OSError):
            getattr(sys, name).reconfigure(encoding="utf-8", errors="backslashreplace")


def _wants_json(argv: Sequence[str]) -> bool:
    """Look for `--format json`, which holds for errors in the command line too."""
    return "--format=json" in argv or ("--format", "json") in pairwise(argv)


def _as_ours(cause: BaseException, argv: Sequence[str]) -> MenuopsError:
    match cause:
        case MenuopsError():
            return cause
        case click.Abort() | KeyboardInterrupt():
            # click puts an Abort over both; which signal it was stands below.
            return interrupted(
                cause.__cause__ or cause, "interrupted", fix="menuops plan shows what is live now"
            )
        case click.NoSuchOption(ctx=click.Context(parent=None)) if command := next(
            (word for word in argv if word in COMMANDS), None
        ):
            return Usage(
                cause.format_message(),
                fix=f"options stand behind the command: menuops {command} {cause.option_name} …",
            )
        case click.ClickException():
            context = getattr(cause, "ctx", None)
            command = "menuops" if context is None else context.command_path
            word = next(iter(argv), "")
            if context is None and word in COMMANDS:  # an option without its value
                command = f"menuops {word}"
            message = re.sub(r"\n\t", " ", cause.format_message())  # a list of what may be chosen
            near = _nearest_command(word) if command == "menuops" else None
            if near is not None:
                return Usage(message, fix=f"did you mean menuops {near}? See {command} --help")
            return Usage(message, fix=f"see {command} --help")
    return _report_bug(cause)


def _nearest_command(word: str) -> str | None:
    import difflib

    return next(iter(difflib.get_close_matches(word, COMMANDS, n=1)), None)


def _report_bug(cause: BaseException) -> Bug:
    """Keep the traceback in a file; it may not flood the terminal, nor be lost.

    It is for others to read, and an exception may hold whatever was at hand.
    """
    import tempfile
    import traceback

    from menuops.core.secret import secrets_in_memory
    from menuops.transport.redaction import redacted

    secrets = secrets_in_memory()
    text = redacted("".join(traceback.format_exception(cause)), secrets)
    message = redacted(f"a bug in menuops: {type(cause).__name__}: {cause}", secrets)
    try:
        descriptor, name = tempfile.mkstemp(prefix="menuops-bug-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        return Bug(message, fix=f"please report it:\n{text}")
    return Bug(message, fix=f"please report it with the file {name}")
