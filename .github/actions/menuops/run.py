"""Run menuops as a step's inputs say: one command, or the few that it takes together."""  # noqa: INP001  # a script beside its action

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

# Last, so that nothing beside this file passes for a module of Python's own.
sys.path.append(str(Path(__file__).parent))
from report import Ran, tell

NO_CHANGES = "no-changes"
_OURS = (
    *("MENUOPS", "COMMAND", "CONFIG", "ACCOUNTS", "DIRECTORY", "EXPECT", "PLAN_FILE"),
    *("KEEP_GOING", "SNAPSHOT", "ALLOW", "AT", "LIVE", "COMMENT", "REPORT_TOKEN"),
)


class Stop(Exception):
    """What was asked for makes no sense, or isn't approved; says the exit code and why."""

    def __init__(self, exit_code: int, why: str) -> None:
        super().__init__(why)
        self.exit_code = exit_code


class Step:
    """One step of a job; `work` is a folder of its own.

    `log` is what all calls printed, `exit_code` that of the last, `result` the folder in which it
    left how it ended, `planned` the plan that it made or found to be whole.
    """

    def __init__(self, given: Mapping[str, str], work: Path) -> None:
        self.given = given
        self.work = work
        self.log: list[str] = []
        self.exit_code = 0
        self.result = work / "none"
        self.planned = work / "none"
        self._child: subprocess.Popen[bytes] | None = None
        # A job that is cancelled signals this process alone. menuops ends the call in flight,
        # writes down what was done, and says so.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._pass_on)

    def _pass_on(self, number: int, _: FrameType | None) -> None:
        if self._child is None:
            sys.exit(128 + number)
        self._child.send_signal(number)

    def call(self, command: str, *arguments: str, token: str = "") -> None:
        """Run one command of menuops. A session of its own: no signal may reach it twice."""
        environ = {name: value for name, value in os.environ.items() if name not in _OURS}
        words = [self.given["MENUOPS"], command, *arguments]
        self._child = subprocess.Popen(  # noqa: S603  # no shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**environ, "GITHUB_TOKEN": token} if token else environ,
            start_new_session=True,
        )
        said, _ = self._child.communicate()
        code = self._child.returncode
        self._child = None
        self.exit_code = code if code >= 0 else 128 - code
        self.log.append(said.decode("utf-8", "replace"))

    def ask(self, command: str, *arguments: str) -> None:
        """Run a command whose result is told to others."""
        self.result = self.work / command
        self.call(command, f"--result={self.result}", *arguments)

    @property
    def project(self) -> list[str]:
        """The options of every command."""
        config = self.given["CONFIG"]
        return ["--color=never", *([f"--config={config}"] if config else [])]

    @property
    def chosen(self) -> list[str]:
        """The options of every command that takes accounts."""
        names = re.split(r"[,\s]+", self.given["ACCOUNTS"])
        return [*self.project, *(f"--account={name}" for name in names if name)]

    @property
    def plan(self) -> Path:
        """Where the plan is, or will be."""
        named = self.given["PLAN_FILE"]
        return Path.cwd() / named if named else self.work / "plan.json"

    def make_plan(self, command: str, *arguments: str) -> None:
        """Make a plan; an older one in its place doesn't pass for it."""
        if self.plan.is_file():
            self.plan.unlink()
        self.planned = self.plan
        self.ask(command, f"--out={self.plan}", *arguments)

    def apply(self) -> None:
        """Make the change that was reviewed, which is a saved plan or has a digest."""
        expect, saved = self.given["EXPECT"], bool(self.given["PLAN_FILE"])
        if saved and expect == NO_CHANGES:
            raise Stop(64, "a saved plan and no-changes can't be expected at once")
        if saved:
            self.call("show", *self.project, "--", str(self.plan))
            self.planned = self.plan if self.exit_code == 0 else self.planned
        elif expect:
            # Whoever approved a digest saw what was live then, and it is the same or the digest
            # is another: that live isn't what a cached journal knows is no news.
            options = ("--allow=live-changed", "--detailed-exitcode")
            self.make_plan("plan", *self.chosen, *options)
        else:
            raise Stop(9, "apply needs the digest that was reviewed, in expect, or a saved plan")
        if expect != NO_CHANGES:
            self.carry_out()
        elif self.exit_code == 2:
            raise Stop(5, "the review saw no changes, and now there are some")

    def restore(self) -> None:
        """Show the way back to a snapshot; go it where its digest was reviewed."""
        snapshot = self.given["SNAPSHOT"]
        if not snapshot or self.given["PLAN_FILE"] or self.given["ACCOUNTS"]:
            raise Stop(64, "restore takes a snapshot, which names its account, and no saved plan")
        # There is no file in which a review could see what is lifted: the digest covers it.
        named = filter(None, map(str.strip, re.split(r"[,\n]", self.given["ALLOW"])))
        lifts = (f"--allow={guard}" for guard in ("live-changed", *named))
        self.make_plan("restore", *self.project, *lifts, "--", snapshot)
        if self.given["EXPECT"]:
            self.carry_out()

    def carry_out(self) -> None:
        """Apply the plan, unless it couldn't be made. What stops single accounts may be left."""
        going = self.given["KEEP_GOING"] == "true"
        if self.exit_code not in ((0, 2, 4, 7) if going else (0, 2)) or not self.plan.is_file():
            return
        options = ["--keep-going"] if going else []
        options += [f"--expect={self.given['EXPECT']}"] if self.given["EXPECT"] else []
        self.ask("apply", *self.project, *options, "--", str(self.plan))

    def report(self, document: Path) -> None:
        """Send what a plan or a run came to."""
        found = sorted(document.glob("*.json")) if document.is_dir() else [document]
        issue = ["--issue"] if self.given["COMMENT"] == "issue" else []
        names = [str(each) for each in found] or [str(document)]
        options = ("--color=never", "--to=github", *issue)
        self.call("report", *options, "--", *names, token=self.given["REPORT_TOKEN"])

    def run(self) -> None:
        """Do what the step is for."""
        at, live = self.given["AT"], self.given["LIVE"]
        match self.given["COMMAND"]:
            case "validate":
                self.ask("validate", *self.chosen)
            case "plan":
                options = [f"--at={at}"] if at else []
                options += [f"--live={live}"] if live else []
                self.make_plan("plan", *self.chosen, *options)
            case "drift":
                self.ask("drift", *self.chosen)
            case "apply":
                self.apply()
            case "restore":
                self.restore()
            case "report":
                self.report(self.plan)
            case _:
                known = "validate, plan, apply, drift, restore, report"
                raise Stop(64, f"the command is none of {known}")

    def save_answers(self) -> None:
        """Keep what WeChat answers, for pull requests that get no secret.

        Without it they have their validation, so nothing fails here.
        """
        live, code, log = self.given["LIVE"], self.exit_code, list(self.log)
        if live and self.given["COMMAND"] in ("drift", "apply"):
            Path(live).parent.mkdir(parents=True, exist_ok=True)
            self.call("import", *self.chosen, "--raw", "--overwrite", f"--out={live}")
            self.exit_code, self.log = code, log


def main(arguments: Sequence[str]) -> int:
    """Run the step that the environment describes; with a DOCUMENT, only comment on that."""
    given = {name: os.environ.get(name, "") for name in _OURS}
    work = Path(tempfile.mkdtemp(prefix="menuops-run.", dir=os.environ["RUNNER_TEMP"]))
    step = Step(given, work)
    if arguments:
        step.report(Path(arguments[0]))
        # How the plan or the run ended is what counts.
        if step.exit_code:
            why = "::warning::The comment could not be posted; the step summary has all of it\n"
            sys.stdout.write(why + Ran("comment", 0, "".join(step.log)).log)
        return 0
    command = given["COMMAND"]
    try:
        os.chdir(given["DIRECTORY"])
        step.run()
        step.save_answers()
    except (Stop, OSError, ValueError) as why:  # no such directory, a NUL in an input
        step.exit_code = why.exit_code if isinstance(why, Stop) else 64
        written = ". Nothing was written" if isinstance(why, Stop) else ""
        step.log.append(f"menuops: {why}{written}\n")
        command = command if step.exit_code != 64 else "unknown"
    tell(Ran(command, step.exit_code, "".join(step.log), step.result, step.planned))
    return step.exit_code


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
