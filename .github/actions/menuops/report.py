"""Bring what menuops printed into a job's log, its step summary and its outputs."""  # noqa: INP001  # a script beside its action

from __future__ import annotations

import html
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
_ENDS: Final = ("changes", "done", "partial", "refused", "error")
_SENTENCES: Final = {
    1: "menuops failed unexpectedly; the log says where its report is.",
    2: "**Drift**: live moved, or isn't what the files say.",
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
    result: Mapping[str, Any] | None = None  # what --format json printed
    document: str = ""  # path of what `menuops report` takes

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
        if self.command in ("apply", "restore") and self.result is not None:
            ended = self.result.get("outcome")
            return ended if ended in _ENDS else "no_changes"
        return "changes" if (self.plan or {}).get("outcome") == "changes" else "no_changes"

    @property
    def account_digests(self) -> str:
        """A line for each account that would change; nothing else fits these forms."""
        accounts = (self.plan or {}).get("accounts", ())
        pairs = ((str(each.get("appid")), str(each.get("digest"))) for each in accounts)
        return "\n".join(
            f"{appid}={digest}"
            for appid, digest in pairs
            if re.fullmatch("[0-9A-Za-z]{1,64}", appid) and re.fullmatch("[0-9a-f]{64}", digest)
        )

    @property
    def next_switch(self) -> str:
        """The first moment at which another menu of a list takes over, in UTC."""
        moments = (
            (each.get("next_switch") or {}).get("at", "")
            for each in (self.plan or {}).get("accounts", ())
        )
        return min(
            filter(re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").fullmatch, moments), default=""
        )

    @property
    def failure_reason(self) -> str:
        """What the exit code means; never words from a file or from WeChat."""
        if not self.exit_code:
            return ""
        return _SENTENCES.get(self.exit_code, "Interrupted.").replace("**", "")

    @property
    def outputs(self) -> dict[str, str]:
        """What later steps can read."""
        accounts = (self.plan or {}).get("accounts", ())
        return {
            "outcome": self.outcome,
            "digest": self.digest,
            "changes": str(sum(len(account["changes"]) for account in accounts)),
            "account-digests": self.account_digests,
            "next-switch": self.next_switch,
            "exit-code": str(self.exit_code),
            "failure-reason": self.failure_reason,
            "document": self.document,
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
    """Report on one run: COMMAND EXIT_CODE FOLDER PLAN_FILE; the folder holds what it printed."""
    command, exit_code, folder, plan_file = argv[1:]
    work = Path(folder)
    plan, result = _document(Path(plan_file)), _document(work / "result.json")
    if command == "report":
        plan = None  # it only told of one
    # What isn't JSON was said by something that broke, or isn't menuops.
    broken = "" if result is not None else _read(work / "result.json")
    texts = (_read(work / "stdout"), broken, plain(_read(work / "told")), told_of_error(result))
    ran = Ran(
        command=command,
        exit_code=int(exit_code),
        stdout="\n".join(filter(None, texts)),
        stderr=_read(work / "stderr"),
        plan=plan if plan is not None and "accounts" in plan else None,
        plan_file=plan_file,
        result=result,
        document=_told_in(command, work / "result.json", result, plan, plan_file),
    )
    sys.stdout.write(log(ran))
    if ran.exit_code:
        sentence = _SENTENCES.get(ran.exit_code, "Interrupted.").replace("**", "")
        sys.stdout.write(f"::error::menuops {command}, exit code {exit_code}: {sentence}\n")
    _append("GITHUB_STEP_SUMMARY", summary(ran))
    _append("GITHUB_OUTPUT", output_lines(ran.outputs))
    return 0


def plain(told: str) -> str:
    """Turn what `report --dry-run` printed, Markdown with names in entities, into text."""
    lines = told.split("\n")[2:]  # where it would go, and the mark
    return html.unescape(re.sub("<wbr>|</?code>|<br>", "", "\n".join(lines))).strip("\n")


def told_of_error(result: Mapping[str, Any] | None) -> str:
    """Give the message and the fix of an error document, and each finding with its place."""
    error = (result or {}).get("error")
    if not isinstance(error, dict):
        return ""
    findings = [
        f"{each['file']}:{each['line']}:{each['column']}: {each['message']} [{each['rule']}]"
        for each in error.get("findings", ())
    ]
    return "\n".join([*findings, f"menuops: {error['message']}", f"Fix: {error['fix']}"])


def _told_in(
    command: str,
    printed: Path,
    result: Mapping[str, Any] | None,
    plan: Mapping[str, Any] | None,
    plan_file: str,
) -> str:
    """Choose what a report is made of: the outcome, else the plan."""
    if command in ("validate", "report", "unknown"):
        return ""
    if command == "plan" and plan is not None:
        return plan_file
    return str(printed) if result is not None else ""


def _document(path: Path) -> Mapping[str, Any] | None:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):  # none, or one that apply was given and refused
        return None
    return document if isinstance(document, dict) else None


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def _append(variable: str, text: str) -> None:
    with Path(os.environ[variable]).open("a", encoding="utf-8", newline="") as file:
        file.write(text)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    sys.exit(main(sys.argv))
