"""What `init` wrote and what to type next, as text and as JSON."""

from __future__ import annotations

import shlex
from typing import Any

from menuops.core.document import FORMAT_VERSION
from menuops.core.started import MENU_FILE, PROJECT_FILE, Started
from menuops.render.language.speech import said
from menuops.render.terminal import pad, safe

_WIDTH = 10  # of the longest state and two blanks


def started_text(started: Started) -> str:
    """Render the files, each with what became of it, and the next commands."""
    lines = [f"{pad(said(each.state), _WIDTH)}{each.file}" for each in started.files]
    lines += ["", said("Next:"), *(f"  {command}" for command in next_commands(started))]
    if started.jobs is not None:
        lines += [
            "",
            said(
                f"Before the jobs can run they need a few settings: see the top of {started.jobs}."
            ),
        ]
    if started.is_new:
        lines += [
            "",
            said(
                f"The account `demo` is emulated on this machine. Edit {MENU_FILE} and plan again;"
            ),
            said(f"how to add an account of yours stands at the end of {PROJECT_FILE}."),
        ]
    return "\n".join(lines) + "\n"


def next_commands(started: Started) -> tuple[str, ...]:
    """List what to type next, whole."""
    inside = started.directory == "."
    enter = () if inside else (f"cd {safe(shlex.quote(started.directory))}",)
    if started.is_new:
        return (*enter, "menuops plan", "menuops apply")
    return (*enter, "menuops validate", "menuops plan")


def started_to_json(started: Started) -> dict[str, Any]:
    """Give `{format_version, outcome, directory, files: [{file, state}], next: [command]}`."""
    return {
        "format_version": FORMAT_VERSION,
        "outcome": started.outcome.word,
        "directory": started.directory,
        "files": [{"file": each.file, "state": each.state} for each in started.files],
        "next": list(next_commands(started)),
    }
