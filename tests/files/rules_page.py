"""Writes docs/rules.md out of the rulebook and the case files: python -m tests.files.rules_page.

So each example on the page is a file that a test reads, and each finding is one that it gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from textwrap import fill
from typing import Final

from menuops.core.notes.accounts import ACCOUNTS
from menuops.core.notes.doubt import DOUBT
from menuops.core.notes.menu import MENU
from menuops.core.notes.note import RuleNote
from menuops.core.notes.project import PROJECT
from menuops.core.notes.reading import READING
from menuops.core.notes.run import RUN
from menuops.core.rulebook import PAGE as PATH

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / PATH
CASES: Final = ROOT / "tests" / "cases"
CHAPTERS: Final[tuple[tuple[str, str, tuple[RuleNote, ...]], ...]] = (
    ("Any file", "That a file can be read, and is the YAML or JSON that was meant.", READING),
    ("Menu files", "What WeChat refuses, or what has no clear meaning.", MENU),
    ("Menu files, doubtful", "What WeChat takes, and what is seldom meant.", DOUBT),
    ("The project file", "`menuops.yaml`: accounts and where their tokens come from.", PROJECT),
    ("Menus for times, and keys", "What one account wants of its files.", ACCOUNTS),
    ("Accounts and other files", "What only an account's answer shows, or another file.", RUN),
)
MOST_LINES: Final = 24
MOST_COLUMNS: Final = 96
UNSEEN: Final = ("encoding", "binary-file")
"""Rules of what a page of text can't show."""
_FENCE: Final = "```"
_HEAD: Final = """\
# Rules

English · [中文](guide/zh/rules.md) · [guide](guide/README.md)

<!-- Made of the rulebook and the case files by `python -m tests.files.rules_page`. -->

Every finding of `menuops validate` ends with the name of its rule in brackets:

```text
menus/shop.yaml:6:10: key is 129 bytes (45 characters), at most 128 fit; shorten it [key-too-long]
```

An **error** makes the file invalid: nothing is planned or written, and the exit code is 3. A
**warning** is printed and stops nothing. Names, keys and links are judged as they would be sent,
once for each account that uses the file, with the values of its variables.

## Silence a warning

Write a comment at the end of the line where the finding stands, or alone on the line above it;
what follows the bracket is for people:

```yaml
button:
  - name: 新品上架啦    # menuops: ignore[name-cut] the brand's full name
  # menuops: ignore[name-cut, duplicate-name]
  - name: 新品上架啦
```

It works in menu files and in `menuops.yaml`. Errors can't be silenced
([useless-ignore](#useless-ignore)), and a comment that silences nothing is a warning itself
([idle-ignore](#idle-ignore)): for a file of many accounts, only if it silences nothing for any of
those that are checked. JSON has no comments, and so nothing to silence with.
"""


def page() -> str:
    """Write the whole page."""
    parts = [_HEAD]
    for title, about, notes in CHAPTERS:
        parts.append(f"## {title}\n\n{about}\n\n{_table(notes)}")
        parts += [_section(note) for note in notes]
    return "\n".join(parts)


def _table(notes: Iterable[RuleNote]) -> str:
    rows = ["| Rule | | |", "|---|---|---|"]
    rows += [
        f"| [{note.rule}](#{note.rule}) | {note.severity} | {_in_table(note.summary)} |"
        for note in notes
    ]
    return "\n".join(rows) + "\n"


def _in_table(text: str) -> str:
    return text.replace("|", "\\|")


def _section(note: RuleNote) -> str:
    bad, good = _example(note.rule, ("bad", "warn")), _example(note.rule, ("good",))
    words = f"**{note.severity.capitalize()}.** {note.summary} {note.help}"
    parts = [f"### {note.rule}\n", f"{fill(words, MOST_COLUMNS, break_on_hyphens=False)}\n"]
    if bad is not None:
        found = bad.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
        said = [line for line in found if line.endswith(f"[{note.rule}]")][:3]
        parts += [_fenced("yaml", _shown(bad)), _fenced("text", said)]
        if good is not None:
            parts += ["Better:\n", _fenced("yaml", _shown(good))]
    return "\n".join(parts)


def _fenced(language: str, lines: Iterable[str]) -> str:
    return "\n".join([f"{_FENCE}{language}", *lines, f"{_FENCE}\n"])


def _example(rule: str, kinds: tuple[str, ...]) -> Path | None:
    """Choose the case to show: one called after its kind alone, else the shortest."""
    cases = [
        case
        for folder in ("menu", "project")
        if rule not in UNSEEN
        for case in sorted((CASES / folder / rule).glob("*.yaml"))
        if re.split("[-.]", case.name)[0] in kinds and _can_be_shown(case)
    ]
    return min(cases, key=lambda case: ("-" in case.stem, case.stat().st_size), default=None)


def _can_be_shown(case: Path) -> bool:
    try:
        text = case.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return _FENCE not in text and all(line.isprintable() for line in text.split("\n"))


def _shown(case: Path) -> list[str]:
    lines = [_cut(line) for line in case.read_text(encoding="utf-8").splitlines()]
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], "…"]


def _cut(line: str) -> str:
    return line if len(line) <= MOST_COLUMNS else line[: MOST_COLUMNS - 1] + "…"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
