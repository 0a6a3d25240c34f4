"""The help of commands in another language than English: said, and broken as it is broken."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from menuops.render.language.lines import chinese_lines
from menuops.render.language.speech import is_english, said
from menuops.render.terminal import cells, pad

_WIDTH = 78
_LONGEST_TERM = 30
_USAGE = ("[OPTIONS]", "COMMAND [ARGS]...")
_REMARK = re.compile(r"(.*?\S)(?:( {3,})(\S.*))?")


class SpokenHelp(click.HelpFormatter):
    """Lays out help as click does, where English is spoken; else in the language of people."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how the command is typed."""
        if not is_english():
            prefix = said("Usage: ")
            for word in _USAGE:
                args = args.replace(word, said(word))
        super().write_usage(prog, args, prefix)

    def write_heading(self, heading: str) -> None:
        """Write the head of a section."""
        if is_english():
            super().write_heading(heading)
        else:
            self.write(f"{' ' * self.current_indent}{said(heading)}：\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs; one that begins with a backspace is an example, and stays."""
        if is_english():
            super().write_text(text)
            return
        paragraphs = []
        for paragraph in text.split("\n\n"):
            mark, *lines = paragraph.strip("\n").split("\n")
            if mark.strip() == "\b":
                lines = list(map(_example, lines))
            else:
                lines = self._lines(" ".join(paragraph.split()), _WIDTH - self.current_indent)
            paragraphs.append("\n".join(" " * self.current_indent + line for line in lines))
        self.write("\n\n".join(paragraphs) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _LONGEST_TERM, col_spacing: int = 2
    ) -> None:
        """Write options or commands, each with what it is for."""
        if is_english():
            super().write_dl(list(rows), col_max, col_spacing)
            return
        rows = list(rows)
        column = min(col_max, max(cells(term) for term, _ in rows)) + col_spacing
        left = " " * self.current_indent
        for term, text in rows:
            lines = self._lines(text, _WIDTH - self.current_indent - column)
            if cells(term) + col_spacing > column:
                self.write(f"{left}{term}\n")
                term = ""
            for line in lines:
                self.write(f"{left}{pad(term, column)}{line}\n")
                term = ""

    def _lines(self, text: str, width: int) -> list[str]:
        words, mark, rest = text.partition("  [")
        text = said(words)
        if mark:
            extra = "；".join(map(said, rest.removesuffix("]").split("; ")))
            stop = "。" if text.endswith("。") else ""
            text = f"{text.removesuffix(stop)}（{extra}）{stop}"
        return chinese_lines(text, width, cells)


def _example(line: str) -> str:
    """Say what stands behind a command; the command itself is typed."""
    command, blanks, remark = _REMARK.fullmatch(line).groups()  # type: ignore[union-attr]
    return f"{command}{blanks}{said(remark)}" if remark else line
