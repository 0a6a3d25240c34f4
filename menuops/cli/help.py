"""The help of commands in another language than English: said, and broken as it is broken."""

from __future__ import annotations

from collections.abc import Iterable

import click

from menuops.render.language.lines import chinese_lines
from menuops.render.language.speech import is_english, said
from menuops.render.terminal import cells, pad

_WIDTH = 78
_LONGEST_TERM = 30


class SpokenHelp(click.HelpFormatter):
    """Lays out help as click does, where English is spoken; else in the language of people."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how the command is typed."""
        super().write_usage(prog, args, prefix if is_english() else said("Usage: "))

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
            if mark.strip() != "\b":
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
        extra = "".join(f"（{said(each)}）" for each in rest.removesuffix("]").split("; ") if mark)
        return chinese_lines(said(words) + extra, width, cells)
