"""Bring what menuops printed into a job's log, its step summary and its outputs."""  # noqa: INP001  # a script beside its action

from __future__ import annotations

import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
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
    6: "**Partly applied.** Look at the accounts below.",
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


@dataclass(frozen=True)
class Ran:
    """How a step ended: its command and exit code, and what it printed.

    `result` is the folder of `--result`, `plan_file` where the plan is, if one was made.
    """

    command: str
    exit_code: int
    printed: str
    result: Path = Path("none")
    plan_file: Path = Path("none")

    @property
    def document(self) -> Mapping[str, Any]:
        """What `--format json` of the last command would have printed; empty if nothing."""
        return _document(self.result / "result.json")

    @property
    def plan(self) -> Mapping[str, Any]:
        """The plan, where the step made or applied one; empty if not."""
        if self.command not in ("plan", "apply", "restore"):
            return {}
        # One that couldn't be saved, since an account can't be read, is told of all the same.
        return _document(self.plan_file) or (self.document if self.command == "plan" else {})

    @property
    def accounts(self) -> list[Mapping[str, Any]]:
        """Those of the plan."""
        listed = self.plan.get("accounts")
        listed = listed if isinstance(listed, list) else []
        return [each for each in listed if isinstance(each, dict)]

    @property
    def digest(self) -> str:
        """Digest of the plan, or nothing; never anything else than 64 hex digits."""
        digest = str(self.plan.get("digest") or "")
        return digest if re.fullmatch("[0-9a-f]{64}", digest) else ""

    @property
    def outcome(self) -> str:
        """The word for how the run ended, as menuops' own JSON has it."""
        if self.exit_code:
            return _OUTCOMES.get(self.exit_code, "error")
        if self.command == "validate":
            return "valid"
        if self.command in ("apply", "restore"):
            ended = self.document.get("outcome")
            return ended if ended in _ENDS else "no_changes"
        return "changes" if self.plan.get("outcome") == "changes" else "no_changes"

    @property
    def account_digests(self) -> str:
        """A line for each account that would change; nothing else fits these forms."""
        pairs = ((str(each.get("appid")), str(each.get("digest"))) for each in self.accounts)
        return "\n".join(
            f"{appid}={digest}"
            for appid, digest in pairs
            if re.fullmatch("[0-9A-Za-z]{1,64}", appid) and re.fullmatch("[0-9a-f]{64}", digest)
        )

    @property
    def next_switch(self) -> str:
        """The first moment at which another menu of a list takes over, in UTC."""
        switches = (each.get("next_switch") for each in self.accounts)
        moments = (str(each.get("at")) for each in switches if isinstance(each, dict))
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
        changes = [each.get("changes") for each in self.accounts]
        told = self.command not in ("validate", "report", "unknown") and self.document
        return {
            "outcome": self.outcome,
            "digest": self.digest,
            "changes": str(sum(len(each) for each in changes if isinstance(each, list))),
            "account-digests": self.account_digests,
            "next-switch": self.next_switch,
            "exit-code": str(self.exit_code),
            "failure-reason": self.failure_reason,
            "document": str(self.result / "result.json") if told else "",
            "plan-file": str(self.plan_file) if self.plan and self.plan_file.is_file() else "",
        }

    @property
    def summary(self) -> str:
        """The step summary, in Markdown: that of menuops, between a sentence and the way on."""
        head = _SENTENCES.get(self.exit_code) or _DONE.get(self.outcome, "Interrupted.")
        told = _read(self.result / "result.md")
        told = f"{head}\n\n{told}" if told else f"### menuops {self.command}\n\n{head}\n\n"
        tail = self._way_on
        if self.exit_code == 5 and "accounts" not in self.document:
            planned = _read(self.result.with_name("plan") / "result.md")
            if len(f"{told}{planned}{tail}".encode()) < SUMMARY_BYTES:
                told += f"\n{planned}"
        if not (self.result / "result.md").exists():
            told += indented(self.printed, SUMMARY_BYTES - len(f"{told}{_CUT}{tail}".encode()))
        return told + tail

    @property
    def _way_on(self) -> str:
        by_hand = "run this workflow by hand (`workflow_dispatch`)"
        if self.exit_code == 5:
            digest = f" with the digest `{self.digest}`" if self.digest else "; it makes a new plan"
            return (
                "\nLive or the files moved since the review. If the plan above is right as it is "
                f"now, {by_hand}{digest}.\n"
            )
        if self.exit_code == 6:
            return f"\nFor what is left, {by_hand}; it makes a new plan.\n"
        return ""

    @property
    def log(self) -> str:
        """What was printed: between these marks GitHub takes no line for a command of the job.

        Without them `##[set-output …]` would be one, even in the middle of a button's name.
        """
        mark = secrets.token_hex(16)
        text = self.printed.strip("\n")
        return f"::stop-commands::{mark}\n{text}\n::{mark}::\n"

    @property
    def annotations(self) -> str:
        """What GitHub shows beside the lines of files, and how it ended."""
        lines = _read(self.result / "annotations.txt").split("\n")
        kept = [line for line in lines if line.startswith(("::error ", "::warning "))]
        if self.exit_code:
            told = f"menuops {self.command}, exit code {self.exit_code}: {self.failure_reason}"
            kept.append(f"::error::{told}")
        return "".join(f"{line}\n" for line in kept)


def tell(ran: Ran) -> None:
    """Write log, summary and outputs."""
    sys.stdout.write(ran.log + ran.annotations)
    _append("GITHUB_STEP_SUMMARY", ran.summary)
    _append("GITHUB_OUTPUT", output_lines(ran.outputs))


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
    for line in text.replace("\r\n", "\n").replace("\r", "␍").strip("\n").split("\n"):
        part = f"    {line}\n"
        size += len(part.encode())
        if size > limit_bytes:
            return "".join(block) + _CUT
        block.append(part)
    return "".join(block)


def _document(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):  # none, or one that apply was given and refused
        return {}
    return document if isinstance(document, dict) else {}


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            return file.read()
    except OSError:
        return ""


def _append(variable: str, text: str) -> None:
    with Path(os.environ[variable]).open("a", encoding="utf-8", newline="") as file:
        file.write(text)
