"""What `fmt` did, as text, as a diff and as JSON."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any, Final

from menuops.core.document import FORMAT_VERSION
from menuops.core.formatted import STDIN, FormattedFile, Formatting
from menuops.render.findings_text import findings_to_json
from menuops.render.language.speech import said
from menuops.render.terminal import Paint, Style, count, safe

_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+\Z")
_STYLES: Final[dict[str, Style]] = {"-": "removed", "+": "added", "@": "moved"}


def changed_files(result: Formatting) -> str:
    """List the files that aren't in the style, a line each."""
    return "".join(f"{safe(each.file)}\n" for each in result.changed)


def formatting_text(result: Formatting) -> str:
    """Say which files were written anew and, last, how many there are of each kind."""
    lines = [said(f"formatted {safe(each.file)}") for each in result.changed]
    return "\n".join([*lines, said(formatting_summary(result))]) + "\n"


def formatting_summary(result: Formatting) -> str:
    """Count: `1 file formatted, 2 in the style, 1 left alone`."""
    total, changed = len(result.files), len(result.changed)
    left = sum(each.status == "left_alone" for each in result.files)
    same = total - changed - left
    written = any(each.status == "formatted" for each in result.changed)
    parts = [
        f"{changed} {'formatted' if written else 'to be formatted'}" if changed else "",
        f"{same} in the style" if same else "",
        f"{left} left as {'it is' if left == 1 else 'they are'}" if left else "",
    ]
    return f"{count(total, 'file')}: {', '.join(filter(None, parts))}"


def diff_text(result: Formatting, *, colour: bool = False) -> str:
    """Give the changes as one unified diff, what can't be seen in it escaped.

    Where nothing is, and without colour, `patch -p0` takes it.
    """
    paint = Paint(colour=colour)
    lines: list[str] = []
    for each in result.changed:
        for line in _diff(each):
            style = _STYLES.get(line[:1], "plain")
            seen = "\t".join(map(safe, line.split("\t")))
            lines.append(paint(seen, style) if colour else seen)
    return "".join(f"{line}\n" for line in lines)


def _diff(each: FormattedFile) -> Iterator[str]:
    before, after = _lines(each.before), _lines(each.after)
    for line in difflib.unified_diff(before, after, each.file, each.file, lineterm="\n"):
        if line.endswith("\n"):
            yield line[:-1]
        else:
            yield line
            yield "\\ No newline at end of file"


def _lines(content: bytes) -> list[str]:
    """Split as `diff` does, at line feeds alone."""
    return _LINES.findall(content.decode("utf-8"))


def formatting_to_json(result: Formatting, *, diff: bool = False) -> dict[str, Any]:
    """Build the document of `fmt --format json`."""
    return {
        "format_version": FORMAT_VERSION,
        "outcome": result.outcome.word,
        "files": [_file_to_json(each, diff=diff) for each in result.files],
        "findings": findings_to_json(result.findings),
    }


def _file_to_json(each: FormattedFile, *, diff: bool) -> dict[str, Any]:
    document: dict[str, Any] = {"file": each.file, "status": each.status}
    if diff and each.status in ("formatted", "would_change"):
        document["diff"] = "".join(f"{line}\n" for line in _diff(each))
    if each.file == STDIN and each.status != "left_alone":
        document["text"] = each.after.decode("utf-8")
    return document
