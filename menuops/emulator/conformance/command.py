"""The command line: what is asked for, and the exit code."""

from __future__ import annotations

import argparse
import fnmatch
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from .bench import Allowance, Bench
from .caller import REAL_CAPS, Caller
from .errors import CannotStart, CannotTell, Lost, NotRestored, OtherShape
from .fact import HAZARDS, Fact, Result
from .facts import FACTS
from .guard import MOST_FOLLOWERS, approve, check_real, check_restorable, plan_of
from .restore import rehearse, restore
from .runner import BUG, run
from .signals import Signals, Stopped
from .snapshot import Snapshot, load, read_account, save
from .table import as_json, render_facts, render_result, render_summary
from .wire import Wire

PROGRAM = "python -m menuops.emulator.conformance"
MOST_CONDITIONAL = 250
STATED, DIFFERS, REFUSED, NOT_RESTORED = 0, 1, 2, 3
OUTCOMES = {
    STATED: "as_stated",
    DIFFERS: "differs",
    REFUSED: "nothing_told",
    NOT_RESTORED: "not_restored",
}
EXIT_CODES = """exit codes:
  0         nothing differs from what is stated
  1         something differs
  2         refused, or couldn't start, or nothing could be told; the account is as it was
  3         what was there couldn't be put back; the message names the file and the command
  130, 143  interrupted (141: nobody reads the output); the account is as it was
"""


def parser() -> argparse.ArgumentParser:
    """Give the options."""
    options = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Hold facts about WeChat's menu API against a server, over HTTP. "
        "The AppSecret is read from an environment variable.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = options.add_argument
    add("--url", help="the server, such as http://127.0.0.1:8787")
    add("--appid", help="the account, which is written to and put back")
    add("--secret-env", default="MENUOPS_SECRET", metavar="NAME", help="default: %(default)s")
    add("--list", action="store_true", help="list the facts, and make no call")
    add("--only", action="append", default=[], metavar="NAME",
        help="these facts alone: a name with wildcards, or §3.7; repeatable")  # fmt: skip
    add("--format", choices=("text", "json"), default="text")
    add("--read-only", action="store_true", help="only what writes nothing")
    add("--most-conditional", type=count, metavar="N",
        help="conditional menus at once (default: 120, with --real 10; at most 250)")  # fmt: skip
    add("--user", metavar="OPENID", help="a follower, where the server lists none")
    add("--media-id", metavar="ID", help="a permanent material of the account")
    add("--article-id", metavar="ID", help="a published article of the account")
    real = options.add_argument_group("an account that isn't on this machine")
    real.add_argument("--real", action="store_true", help="needed for it; asks first")
    real.add_argument("--yes", action="store_true", help="don't ask")
    real.add_argument("--most-followers", type=int, default=MOST_FOLLOWERS, metavar="N",
                      help="refuse an account with more (default: %(default)s)")  # fmt: skip
    real.add_argument("--also", action="append", default=[], choices=sorted(HAZARDS),
                      help="check what is left out there; repeatable")  # fmt: skip
    real.add_argument("--save", type=Path, metavar="FILE", help="where to keep what was there")
    real.add_argument("--restore", type=Path, metavar="FILE",
                      help="put back what such a file holds, and do nothing else")  # fmt: skip
    return options


def count(text: str) -> int:
    """Read a number that isn't negative."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def main(
    argv: Sequence[str] | None = None,
    environ: Mapping[str, str] = os.environ,
    ask: Callable[[str], str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Run the command. `ask` stands for the terminal; without it the real one is asked."""
    options = parser().parse_args(argv)
    try:
        facts = chosen(options.only)
        if options.list:
            sys.stdout.write(render_facts(facts))
            return STATED
        caller = connected(options, environ)
        if ask is None and sys.stdin is not None and sys.stdin.isatty():
            ask = asked_on_terminal
        with Signals() as signals:
            if options.restore is not None:
                return restore_from(options, caller, ask, signals, sleep)
            return Run(options, caller, facts, ask).whole(signals, sleep)
    except CannotStart as why:
        sys.stderr.write(f"refused: {why}\n")
        return REFUSED
    except (Lost, CannotTell, OtherShape) as why:
        sys.stderr.write(f"couldn't start: {why}\n")
        return REFUSED
    except Stopped as stopped:
        return 128 + stopped.number
    except BrokenPipeError:  # such as `| head`; the account was put back all the same
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 128 + 13


def chosen(patterns: Sequence[str]) -> list[Fact]:
    """Give the facts that are asked for. Raises CannotStart for a pattern that fits none."""
    for pattern in patterns:
        if not any(_fits(fact, pattern) for fact in FACTS):
            raise CannotStart(f"no fact is named {pattern}; --list names all")
    return [fact for fact in FACTS if not patterns or any(_fits(fact, each) for each in patterns)]


def _fits(fact: Fact, pattern: str) -> bool:
    if pattern.startswith("§"):
        return fact.section == pattern[1:] or fact.section.startswith(f"{pattern[1:]}.")
    return fnmatch.fnmatchcase(fact.name, pattern)


def connected(options: argparse.Namespace, environ: Mapping[str, str]) -> Caller:
    """Give the account's calls. Raises CannotStart for a server that mustn't be reached so."""
    if not options.url or not options.appid:
        raise CannotStart("--url and --appid are needed")
    parts = urlsplit(options.url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise CannotStart("--url is no http or https address without a login")
    wire = Wire(options.url)
    if not wire.loopback and not options.real:
        raise CannotStart(f"{wire.host} isn't this machine; --real says that it is meant")
    if not wire.loopback and parts.scheme != "https":
        raise CannotStart(f"the secret goes to {wire.host} over https alone")
    secret = environ.get(options.secret_env)
    if not secret:
        raise CannotStart(f"the environment has no AppSecret in {options.secret_env}")
    return Caller(wire, options.appid, secret, REAL_CAPS if options.real else {})


def asked_on_terminal(question: str) -> str:
    """Ask on standard error, so that a redirected result stays clean."""
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline()


class Run:
    """One run: read, refuse or ask, keep, check, put back."""

    def __init__(
        self,
        options: argparse.Namespace,
        caller: Caller,
        facts: Sequence[Fact],
        ask: Callable[[str], str] | None,
    ) -> None:
        self.options = options
        self.caller = caller
        self.facts = facts
        self.ask = ask
        self.results: list[Result] = []
        self.writes = not options.read_only and any(fact.writes for fact in facts)
        self.saved: Path | None = None

    def whole(self, signals: Signals, sleep: Callable[[float], None]) -> int:
        """Do it all, and give the exit code. Raises CannotStart, Lost, Stopped."""
        before = read_account(self.caller, to_write=self.writes)
        if not self.writes:
            self.check(before)
            return self.finished("Nothing was written.")
        self.allow(before)
        stopped: BaseException | None = None
        try:
            try:
                if self.options.real:
                    rehearse(self.caller, before)
                self.check(before)
            finally:
                signals.hold()
        except BaseException as cause:  # whatever it is, the account comes first
            stopped = cause
        try:
            restore(self.caller, before, sleep)
        except NotRestored as problem:
            return self.not_restored(problem, before)
        except Exception as bug:  # of ours; where the file is matters more than where the bug is
            return self.not_restored(NotRestored(f"{BUG}: {type(bug).__name__}"), before)
        if stopped is not None:
            sys.stderr.write("The account is as it was.\n")
            raise stopped
        return self.finished("The account is as it was; its menus have new menuids.")

    def allow(self, before: Snapshot) -> None:
        """See to it that writing is safe and wanted, and keep what is there."""
        check_restorable(before)
        if not self.options.real:
            return
        check_real(self.caller, before, self.options.most_followers)
        if not self.options.yes:
            approve(self.caller.appid, plan_of(before, self.most_conditional), self.ask)
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        self.saved = self.options.save or Path(f"conformance-{self.caller.appid}-{stamp}.json")
        save(before, self.caller.wire.url, self.caller.appid, self.saved)
        sys.stderr.write(f"What is there is kept in {self.saved}; --restore takes it\n")

    @property
    def most_conditional(self) -> int:
        """Give how many conditional menus there may be at once."""
        asked = self.options.most_conditional
        return min(
            MOST_CONDITIONAL, asked if asked is not None else 10 if self.options.real else 120
        )

    def check(self, before: Snapshot) -> None:
        """Check the facts, and print each as it comes."""
        allowance = Allowance(
            most_conditional=self.most_conditional,
            hazards=frozenset(self.options.also if self.options.real else HAZARDS),
            user=self.options.user,
            media_id=self.options.media_id,
            article_id=self.options.article_id,
        )

        def report(result: Result) -> None:
            self.results.append(result)
            if self.options.format == "text":
                sys.stdout.write(render_result(result))
                sys.stdout.flush()

        run(self.facts, Bench(self.caller, before, allowance), self.options.read_only, report)

    def finished(self, restored: str) -> int:
        """Print the end, and give the exit code."""
        verdicts = {result.verdict for result in self.results}
        told = verdicts - {"couldn't tell"}
        code = DIFFERS if "differs" in verdicts else STATED if told else REFUSED
        self.end(code, restored)
        return code

    def not_restored(self, problem: NotRestored, before: Snapshot) -> int:
        """Say how to put it back."""
        if self.saved is None:
            self.saved = Path(f"conformance-{self.caller.appid}-{os.getpid()}.json")
            save(before, self.caller.wire.url, self.caller.appid, self.saved)
        real = " --real" if self.options.real else ""
        text = (
            f"NOT RESTORED: {problem}\nWhat was there is in {self.saved}; put it back with\n"
            f"  {PROGRAM} --url {self.caller.wire.url} --appid {self.caller.appid}{real} "
            f"--restore {self.saved}"
        )
        self.end(NOT_RESTORED, text)
        if self.options.format == "json":
            sys.stderr.write(f"{text}\n")
        return NOT_RESTORED

    def end(self, code: int, restored: str) -> None:
        """Print the summary, or the whole document."""
        if self.options.format == "text":
            sys.stdout.write(render_summary(self.results, self.caller.used, restored))
            return
        head = {
            "url": self.caller.wire.url,
            "appid": self.caller.appid,
            "restored": None if not self.writes else code != NOT_RESTORED,
            "saved": str(self.saved) if self.saved else None,
        }
        sys.stdout.write(as_json(self.results, self.caller.used, OUTCOMES[code], head))


def restore_from(
    options: argparse.Namespace,
    caller: Caller,
    ask: Callable[[str], str] | None,
    signals: Signals,
    sleep: Callable[[float], None],
) -> int:
    """Put back what a file holds."""
    before = load(options.restore, caller.wire.url, caller.appid)
    if options.real and not options.yes:
        what = f"This replaces every menu of the account by those in {options.restore}."
        approve(caller.appid, what, ask)
    signals.hold()
    try:
        restore(caller, before, sleep)
    except NotRestored as problem:
        sys.stderr.write(f"NOT RESTORED: {problem}\n")
        return NOT_RESTORED
    sys.stdout.write("The menus are as the file has them.\n")
    return STATED
