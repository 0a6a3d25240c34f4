"""Writes docs/rules.md out of the rulebook and the case files: python -m tests.files.rules_page.

So each example on the page is a file that a test reads, and each finding is one that it gives.
The Chinese page is made likewise; tests/language/rules.po has its words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
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
from menuops.render.language.catalogue import Catalogue
from menuops.render.language.po import read_po
from tests.language.update import CATALOGUE

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / PATH
CHINESE_PAGE: Final = ROOT / "docs/guide/zh/all-rules.md"
WORDS: Final = ROOT / "tests/language/rules.po"
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


_CHINESE_HEAD: Final = """\
# 全部规则

[English](../../rules.md) · 中文 · [规则](rules.md) · [全部页面](README.md)

<!-- Made of the rulebook and the case files by `python -m tests.files.rules_page`. -->

`menuops validate` 的每条提示末尾，方括号里是规则名。
**错误**使文件不可用：不会预览，也不会写入，退出码为 3。
**警告**只是提醒；怎样让它不再出现，见[规则](rules.md)。
"""
_WORDS_HEAD: Final = """\
# What docs/guide/zh/all-rules.md says of the rules. The English texts are those of core/notes;
# kept up by `python -m tests.files.rules_page`, which leaves what is new empty.
msgid ""
msgstr ""
"Language: zh_CN\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"""
_FINDING: Final = re.compile(r"(\S+?:\d+:\d+: )(warning: )?(.*) (\[[a-z0-9-]+\])")


@dataclass(frozen=True, slots=True)
class Language:
    """How a page is written: what stands above, and how words and findings are said."""

    head: str
    rule: str
    severities: Mapping[str, str]
    better: str
    say: Callable[[str], str]
    finding: Callable[[str], str]
    paragraph: Callable[[str, str, str], str]
    """Of a severity, a summary and a help."""


def page() -> str:
    """Write the whole page."""
    return _page(
        Language(
            _HEAD,
            "Rule",
            {"error": "error", "warning": "warning"},
            "Better:",
            str,
            str,
            lambda severity, summary, help_: fill(
                f"**{severity.capitalize()}.** {summary} {help_}",
                MOST_COLUMNS,
                break_on_hyphens=False,
            ),
        )
    )


def chinese_page() -> str:
    """Write the Chinese page; what has no translation stays in English."""
    words = read_po(WORDS.read_text(encoding="utf-8"))
    catalogue = Catalogue(read_po(CATALOGUE.read_text(encoding="utf-8")))

    def finding(line: str) -> str:
        found = _FINDING.fullmatch(line)
        assert found is not None, line
        place, warning, message, rule = found.groups()
        return f"{place}{'警告：' if warning else ''}{catalogue.said(message)} {rule}"

    return _page(
        Language(
            _CHINESE_HEAD,
            "规则",
            {"error": "错误", "warning": "警告"},
            "应写成：",
            lambda text: words.get(text, text),
            finding,
            lambda severity, summary, help_: f"**{severity}。** {summary}{help_}",
        )
    )


def words_kept_up() -> str:
    """Write the words of the Chinese page in the order of the rulebook."""
    before = read_po(WORDS.read_text(encoding="utf-8"))
    texts = dict.fromkeys(
        text
        for title, about, notes in CHAPTERS
        for text in (title, about, *(each for note in notes for each in (note.summary, note.help)))
    )
    entries = (
        f"msgid {json.dumps(text, ensure_ascii=False)}\n"
        f"msgstr {json.dumps(before.get(text, ''), ensure_ascii=False)}\n"
        for text in texts
    )
    return "\n".join([_WORDS_HEAD, *entries])


def _page(language: Language) -> str:
    parts = [language.head]
    for title, about, notes in CHAPTERS:
        head = f"## {language.say(title)}\n\n{language.say(about)}"
        parts.append(f"{head}\n\n{_table(notes, language)}")
        parts += [_section(note, language) for note in notes]
    return "\n".join(parts)


def _table(notes: Iterable[RuleNote], language: Language) -> str:
    rows = [f"| {language.rule} | | |", "|---|---|---|"]
    rows += [
        f"| [{note.rule}](#{note.rule}) | {language.severities[note.severity]} "
        f"| {_in_table(language.say(note.summary))} |"
        for note in notes
    ]
    return "\n".join(rows) + "\n"


def _in_table(text: str) -> str:
    return text.replace("|", "\\|")


def _section(note: RuleNote, language: Language) -> str:
    bad, good = _example(note.rule, ("bad", "warn")), _example(note.rule, ("good",))
    severity = language.severities[note.severity]
    words = language.paragraph(severity, language.say(note.summary), language.say(note.help))
    parts = [f"### {note.rule}\n", f"{words}\n"]
    if bad is not None:
        found = bad.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
        said = [line for line in found if line.endswith(f"[{note.rule}]")][:3]
        parts += [_fenced("yaml", _shown(bad)), _fenced("text", map(language.finding, said))]
        if good is not None:
            parts += [f"{language.better}\n", _fenced("yaml", _shown(good))]
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
    WORDS.write_text(words_kept_up(), encoding="utf-8")
    CHINESE_PAGE.write_text(chinese_page(), encoding="utf-8")
