"""Bring what menuops printed into a job's log, its step summary and its outputs."""  # noqa: INP001  # a script beside its action

from __future__ import annotations

import json
import os
import re
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SUMMARY_BYTES: Final = 1_000_000  # GitHub drops a summary over 1 MiB whole
_CUT: Final = "\nThe rest was cut; the log of this step has all of it.\n"

_OUTCOMES: Final = {
    2: "changes",
    3: "invalid",
    4: "refused",
    6: "partial",
    130: "partial",
    143: "partial",
}
_SENTENCES: Final = {
    1: "menuops failed unexpectedly; the log says where its report is.",
    2: "**Drift**: live isn't what the files say.",
    3: "**Invalid files.** Nothing was written.",
    4: "**Refused by a guard.** Nothing was written.",
    5: "**Not what was reviewed.** Nothing was written.",
    6: "**Partly applied.** Read the log and look at the accounts.",
    7: "**Could not start.** Nothing was written.",
    8: "**Another run holds the lock.** Nothing was written.",
    9: "**Not approved.** Nothing was written.",
    64: "**Wrong usage.** Nothing was written.",
}
_DONE: Final = {
    "valid": "The files are valid.",
    "no_changes": "No changes.",
    "changes": "There are changes.",
    "done": "Applied, and read back as planned.",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of menuops, as its command, exit code, output and saved plan tell it."""

    command: str
    exit_code: int
    stdout: str
    stderr: str
    plan: Mapping[str, Any] | None
    plan_file: str

    @property
    def digest(self) -> str:
        """Digest of the plan, or nothing; never anything else than 64 hex digits."""
        digest = str((self.plan or {}).get("digest") or "")
        return digest if re.fullmatch("[0-9a-f]{64}", digest) else ""

    @property
    def outcome(self) -> str:
        """The word for how the run ended, as menuops' own JSON has it."""
        if self.exit_code:
            return _OUTCOMES.get(self.exit_code, "error")
        if self.command == "validate":
            return "valid"
        planned = (self.plan or {}).get("outcome")
        if planned == "changes":
            return "done" if self.command == "apply" else "changes"
        return "no_changes"

    @property
    def outputs(self) -> dict[str, str]:
        """What later steps can read."""
        accounts = (self.plan or {}).get("accounts", ())
        return {
            "outcome": self.outcome,
            "digest": self.digest,
            "changes": str(sum(len(account["changes"]) for account in accounts)),
            "exit-code": str(self.exit_code),
            "plan-file": self.plan_file if self.plan is not None else "",
        }


def output_lines(outputs: Mapping[str, str]) -> str:
    """Write outputs so that no value can end itself and begin another."""
    lines = []
    for name, value in outputs.items():
        delimiter = f"end-{secrets.token_hex(16)}"
        lines.append(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")
    return "".join(lines)


def indented(text: str, limit_bytes: int) -> str:
    """Make an indented code block, cut at a line's end; nothing in it is Markdown or HTML.

    A fence could be closed by the text; four blanks before each line can't. Markdown ends a line
    at a carriage return too, so that becomes a visible one.
    """
    block: list[str] = []
    size = 0
    for line in text.replace("\r\n", "\n").replace("\r", "␍").rstrip("\n").split("\n"):
        part = f"    {line}\n"
        size += len(part.encode())
        if size > limit_bytes:
            return "".join(block) + _CUT
        block.append(part)
    return "".join(block)


def summary(ran: Ran) -> str:
    """Write the step summary, in Markdown."""
    head = f"### menuops {ran.command}\n\n"
    head += _SENTENCES.get(ran.exit_code) or _DONE.get(ran.outcome, "Interrupted.")
    if ran.digest:
        head += f" Digest `{ran.digest}`."
    tail = ""
    if ran.exit_code == 5:
        tail = (
            "\nLive or the files moved since the review. If the plan above is right as it is now, "
            "run this workflow by hand (`workflow_dispatch`)"
            + (f" with the digest `{ran.digest}`.\n" if ran.digest else "; it makes a new plan.\n")
        )
    text = ran.stdout
    if ran.exit_code not in (0, 2):
        text += f"\n{ran.stderr}" if text else ran.stderr
    room = SUMMARY_BYTES - len(f"{head}\n\n{_CUT}{tail}".encode())
    return f"{head}\n\n{indented(text, room)}{tail}"


def log(ran: Ran) -> str:
    """Write the log: between these marks GitHub takes no line for a command of the job.

    Without them `##[set-output …]` would be one, even in the middle of a button's name.
    """
    mark = secrets.token_hex(16)
    text = f"{ran.stdout}\n{ran.stderr}".strip("\n")
    return f"::stop-commands::{mark}\n{text}\n::{mark}::\n"


def main(argv: Sequence[str]) -> int:
    """Report on one run: COMMAND EXIT_CODE STDOUT_FILE STDERR_FILE PLAN_FILE."""
    command, exit_code, stdout, stderr, plan_file = argv[1:]
    plan = Path(plan_file)
    ran = Ran(
        command=command,
        exit_code=int(exit_code),
        stdout=_read(stdout),
        stderr=_read(stderr),
        plan=_plan(plan) if command != "validate" and plan.is_file() else None,
        plan_file=plan_file,
    )
    sys.stdout.write(log(ran))
    if ran.exit_code:
        sentence = _SENTENCES.get(ran.exit_code, "Interrupted.").replace("**", "")
        sys.stdout.write(f"::error::menuops {command}, exit code {exit_code}: {sentence}\n")
    _append("GITHUB_STEP_SUMMARY", summary(ran))
    _append("GITHUB_OUTPUT", output_lines(ran.outputs))
    return 0


def _plan(path: Path) -> Mapping[str, Any] | None:
    try:
        document = json.loads(path.read_bytes())
    except ValueError:  # a file that apply was given and refused
        return None
    return document if isinstance(document, dict) and "accounts" in document else None


def _read(name: str) -> str:
    with Path(name).open(encoding="utf-8", errors="replace", newline="") as file:
        return file.read()


def _append(variable: str, text: str) -> None:
    with Path(os.environ[variable]).open("a", encoding="utf-8", newline="") as file:
        file.write(text)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    sys.exit(main(sys.argv))
