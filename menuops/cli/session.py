"""What is shown while accounts are written, and afterwards."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from menuops.cli.options import View
from menuops.cli.output import (
    print_beside,
    print_error,
    print_json,
    print_note,
    print_result,
    wants_colour,
)
from menuops.cli.plan_output import text_width
from menuops.core.applied import Applied, StepResult, applied_to_json
from menuops.core.commands import Commands
from menuops.core.errors import CannotStart, NotApproved, Usage
from menuops.core.finding import Finding
from menuops.core.outcome import Outcome
from menuops.core.plan import AccountPlan, Plan
from menuops.render.apply_text import apply_text, step_line
from menuops.render.findings_text import findings_lines
from menuops.render.language.speech import said
from menuops.render.plan_text import plan_text
from menuops.render.terminal import Paint, safe


class Session:
    """Shows a plan, asks about it, tells its calls and its end."""

    def __init__(self, view: View, commands: Commands, *, approve_with: str) -> None:
        """Begin; `approve_with` says how a plan is approved where nobody can be asked."""
        self._view = view
        self._commands = commands
        self._approve_with = approve_with
        self._live = sys.stderr.isatty() and not view.json
        self._shown = False

    def show(self, plan: Plan, findings: Iterable[Finding] = (), notes: Iterable[str] = ()) -> None:
        """Print a plan: findings beside it, notes above it."""
        for line in findings_lines(tuple(findings), colour=self._colour_of_stderr()):
            print_beside(f"{line}\n")
        listed = "".join(f"{said(line)}\n" for line in notes)
        if not self._view.json:
            print_result(f"{listed}{plan_text(plan, colour=self._colour(), width=text_width())}\n")
            self._shown = True

    def say(self, text: str) -> None:
        """Say a line beside the result."""
        if not self._view.json:
            print_note(text)

    def ask(self) -> bool:
        """Wait for a `yes`. Raises NotApproved where nobody can be asked."""
        return self.ask_for("yes", "Apply this? Only yes is taken as an answer: ")

    def ask_for(self, word: str, question: str) -> bool:
        """Wait for a word, and tell whether it came. Raises NotApproved as `ask`."""
        if self._view.json or not sys.stdin.isatty():
            raise NotApproved(
                "nobody can be asked here. Nothing was written",
                fix=f"approve with {self._approve_with}",
                code="nobody_to_ask",
            )
        print_beside(said(question))
        return sys.stdin.readline().strip() == word

    def progress(self, account: AccountPlan, result: StepResult, number: int) -> None:
        """Show the call that was made last, on a terminal only, on one line that is rewritten."""
        line = step_line(result, number, len(account.steps), Paint(colour=False))
        self._rewrite(f"{safe(account.ref.name)}{line}")

    def finish(self, applied: Applied) -> Outcome:
        """Print the result."""
        self._rewrite("")
        try:
            if self._view.json:
                print_json(applied_to_json(applied))
                return applied.outcome
            if applied.error is not None:
                self._show_refused(applied.plan)
            if applied.error is None or any(each.error for each in applied.accounts):
                colour = self._colour()
                print_result(apply_text(applied, self._commands, colour=colour))
            if applied.error is not None:
                print_error(applied.error, as_json=False)
        except CannotStart as error:
            # What was done counts, and stands in the journal.
            error.fix = f"the run {applied.run} ended all the same: {applied.outcome.word}"
            print_error(error, as_json=False)
        return applied.outcome

    def _show_refused(self, plan: Plan) -> None:
        if not self._shown:
            print_result(plan_text(plan, colour=self._colour(), width=text_width()))

    def _rewrite(self, line: str) -> None:
        if self._live:
            print_beside(f"\r\x1b[K{line}")

    def _colour(self) -> bool:
        return wants_colour(self._view.colour, sys.stdout)

    def _colour_of_stderr(self) -> bool:
        return wants_colour(self._view.colour, sys.stderr)


def digests_of(expect: str | None) -> tuple[str, ...]:
    """Read `--expect`. Raises Usage for what is no digest."""
    if expect is None:
        return ()
    digests = tuple(filter(None, re.split(r"[,\s]+", expect)))
    for digest in digests:
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise Usage(
                f"--expect {digest[:80]!r} isn't a digest of 64 hex digits",
                fix="take `digest` from menuops plan --format json",
            )
    if not digests:
        raise Usage("--expect names no digest", fix="take it from menuops plan --format json")
    return digests
