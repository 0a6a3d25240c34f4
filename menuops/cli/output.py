"""Printing: results to stdout, all else to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import IO, Any

from menuops.core.errors import CannotStart, InvalidFiles, MenuopsError


def wants_colour(choice: str, stream: IO[str]) -> bool:
    """Decide on colour: `always`, `never`, or (`auto`) on a terminal without NO_COLOR."""
    if choice != "auto":
        return choice == "always"
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_result(text: str) -> None:
    """Write a result to stdout. Raises CannotStart where it can't be kept, on a full disk.

    A reader that has gone wants no more, and how the command ends doesn't depend on it.
    """
    _print(lambda: sys.stdout.write(text))


def print_bytes(content: bytes) -> None:
    """Write a result that is no text to stdout, as `print_result` does."""
    _print(lambda: sys.stdout.buffer.write(content))


def _print(write: Callable[[], object]) -> None:
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        _drop(sys.stdout)
    except OSError as cause:
        _drop(sys.stdout)
        raise CannotStart(
            f"the result can't be written to stdout: {cause.strerror}",
            fix="give it somewhere else to go, and run again",
            code="stdout",
        ) from None


def _drop(stream: IO[str]) -> None:
    """Let all that is still to be written to a stream go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def print_json(document: Any) -> None:
    """Write one JSON document, in canonical form, to stdout."""
    from menuops.core.jsonform import canonical

    print_result(f"{canonical(document)}\n")


def print_note(text: str) -> None:
    """Write a line that is no result to stderr."""
    from menuops.render.language.speech import said

    print_beside(f"{said(text)}\n")


def print_beside(text: str) -> None:
    """Write to stderr, if anybody is there to read it: a terminal may be gone by now."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)


def print_error(error: MenuopsError, *, as_json: bool, command: str = "") -> None:
    """Say what went wrong: as the one JSON document on stdout, or as text on stderr.

    `command` is the one that ended so, where it is known; the document names it.
    """
    from menuops.render.findings_text import error_document, findings_lines
    from menuops.render.language.speech import labelled, said
    from menuops.render.terminal import safe

    if as_json:
        print_json(error_document(error, command))
        return
    findings = error.findings if isinstance(error, InvalidFiles) else ()
    lines = findings_lines(findings, colour=wants_colour("auto", sys.stderr))
    # Said whole: a message may be one text over several lines.
    lines += map(safe, labelled("menuops", error.message).splitlines())
    lines += [f"  {safe(line)}" for line in said(error.fix).splitlines()]
    for line in lines:
        print_beside(f"{line}\n")
