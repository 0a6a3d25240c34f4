"""YAML as people write it: odd indents, quotes of all kinds, comments everywhere."""

from __future__ import annotations

import json
from typing import Final

from hypothesis import strategies as st

COMMENTS: Final = ("# a", "#b", "#   c  ", "#", "##", "#!d", "# 帮助 ", "# menuops: ignore[x]")
WORDS: Final = (
    "a",
    "帮助",
    "a b",
    "https://e.com/?a=1#b",
    "on",
    "010",
    "",
    "~",
    "${x}",
    "- a",
    "a: b",
)
QUOTED: Final = (
    *WORDS,
    "null",
    "#",
    "a #b",
    " a ",
    "'",
    '"',
    "\\",
    "é\n",
    "a\nb",
    "😀",
    "\u200b",
    "{}",
)
BODIES: Final = (
    "a",
    "a\nb",
    "a\n\nb",
    " a\nb",
    "\n a",
    "a\n",
    "a\n\n",
    "a\n  b\n\n\n",
    "\ta",
    "# a",
    "a ",
)


class Page:
    """Draws a document piece by piece, and writes it down."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.anchors = 0

    def one_of(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def often(self, times: int, of: int) -> bool:
        return self.draw(st.integers(1, of)) <= times

    def document(self) -> str:
        head = self.between(0) + ("---" + self.behind() if self.often(1, 6) else "")
        if self.often(1, 4):
            body = self.flow(0, 2) + self.behind()
        else:
            body = self.block(self.draw(st.sampled_from([0, 0, 0, 1, 3])), 3, in_list=False)
        tail = self.between(0) + ("..." + self.behind() if self.often(1, 8) else "")
        return head + body + tail

    def behind(self) -> str:
        """The end of a line, with a comment or without."""
        if self.often(1, 3):
            return self.one_of(" ", "  ", "      ", "\t") + self.one_of(*COMMENTS) + "\n"
        return self.one_of("\n", "\n", " \n")

    def between(self, indent: int) -> str:
        """Lines without content."""
        lines = ""
        while self.often(1, 3):
            if self.often(1, 2):
                lines += self.one_of("\n", "   \n", "\n\n")
            else:
                blanks = self.draw(st.integers(0, 1)) * self.draw(st.integers(0, indent + 3))
                lines += " " * blanks + self.one_of(*COMMENTS) + "\n"
        return lines

    def block(self, indent: int, depth: int, *, in_list: bool) -> str:
        """A mapping or a list with its lines; `in_list`: its first line is begun already."""
        blanks = " " * indent
        lines = ""
        as_list = not in_list and self.often(1, 3)
        for number in range(self.draw(st.integers(1, 3))):
            first = in_list and not number
            lines += "" if first else self.between(indent) + blanks
            if as_list:
                lines += "-" + self.item(indent, depth - 1)
            else:
                lines += self.key(number) + ":" + self.value(indent, depth - 1)
        return lines

    def key(self, number: int) -> str:
        name = f"k{number}"
        return self.one_of(name, name, f'"{name}"', f"'{name}'", f"&q{number} {name}")

    def anchor(self) -> str:
        if self.often(1, 6):
            self.anchors += 1
            return f"&n{self.anchors} "
        return ""

    def item(self, indent: int, depth: int) -> str:
        if depth > 0 and self.often(1, 2):
            if self.often(1, 3):
                anchor = self.anchor()
                inner = indent + self.draw(st.integers(1, 4))
                return (
                    f" {anchor}".rstrip() + self.behind() + self.block(inner, depth, in_list=False)
                )
            step = self.draw(st.integers(1, 3))
            return " " * step + self.block(indent + 1 + step, depth, in_list=True)
        return self.scalar(indent, depth)

    def value(self, indent: int, depth: int) -> str:
        if depth > 0 and self.often(1, 2):
            anchor = self.anchor()
            inner = indent + self.draw(st.integers(1, 4))
            return f" {anchor}".rstrip() + self.behind() + self.block(inner, depth, in_list=False)
        return self.scalar(indent, depth)

    def scalar(self, indent: int, depth: int) -> str:
        """What stands behind `:` or `-`, to the end of its line."""
        anchor = self.anchor()
        blank = self.one_of(" ", " ", "  ")
        if self.often(1, 8):
            blank = self.behind() + self.between(indent) + " " * (indent + 1)
        tag = self.one_of("", "", "", "", "", "!!str ", "! ")
        match self.draw(st.integers(0, 9)):
            case 0 | 1 if not anchor and not tag and self.anchors > 9:
                return ""
            case 0 | 1:
                return blank + anchor + self.flow(indent, depth) + self.behind()
            case 2:
                return " " + anchor + tag + self.literal(indent)
            case 3 | 4:
                return blank + anchor + tag + self.quoted(indent) + self.behind()
            case 5 if not anchor and not tag:
                return self.behind()
            case _:
                return blank + anchor + tag + self.plain(indent) + self.behind()

    def plain(self, indent: int) -> str:
        words = (
            "a",
            "帮助",
            "a b",
            "https://e.com/?a=1#b",
            "on",
            "010",
            "~",
            "${x}/y",
            "-a",
            "a:b",
        )
        text = self.one_of(*words)
        if self.often(1, 6):
            text += self.one_of("\n", "\n\n") + " " * (indent + 1) + self.one_of("b", "- c", "d e")
        return text

    def quoted(self, indent: int) -> str:
        text = self.one_of(*QUOTED)
        if self.often(1, 2):
            return json.dumps(text, ensure_ascii=self.often(1, 3)).replace(
                "/", self.one_of("/", "\\/")
            )
        if "\n" in text:
            return f"'a\n\n{' ' * (indent + 1)}b'"
        return "'" + text.replace("'", "''") + "'"

    def literal(self, indent: int) -> str:
        body = self.one_of(*BODIES)
        step = self.draw(st.integers(1, 4))
        first = next(line for line in body.split("\n") if line)
        hint = str(step) if first[0] in " \t" or self.often(1, 6) else ""
        header = (
            self.one_of("|", ">") + self.one_of("", hint and "") + hint + self.one_of("", "-", "+")
        )
        blanks = " " * (indent + step)
        lines = "\n".join(f"{blanks}{line}" if line else "" for line in body.split("\n"))
        return header + self.one_of("", " # h", " #h") + "\n" + lines + "\n"

    def flow(self, indent: int, depth: int) -> str:
        """Something between braces, over one line or several."""
        start = self.one_of("[", "{")
        end = {"[": "]", "{": "}"}[start]
        parts = []
        for number in range(self.draw(st.integers(0, 3))):
            value = self.flow(indent, depth - 1) if depth > 0 and self.often(1, 3) else self.atom()
            part = f'"k{number}": {value}' if start == "{" else value
            parts.append(self.space(indent) + part + self.space(indent))
        if parts and self.often(1, 4):
            parts.append(self.space(indent))
        inner = ",".join(parts) if parts else self.space(indent)
        return start + inner + end

    def space(self, indent: int) -> str:
        if self.often(1, 4):
            return self.behind() + self.between(indent) + " " * (indent + 1)
        return self.one_of("", " ")

    def atom(self) -> str:
        quoted = json.dumps(self.one_of(*QUOTED), ensure_ascii=self.often(1, 2))
        return self.anchor() + self.one_of("a", "1", "true", "a b", "帮助", quoted, quoted)


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    """A file, most of them valid: with a byte order mark or without, and any line breaks."""
    text = Page(draw).document()
    text = text.replace("\n", draw(st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])))
    mark = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
    return mark + text.encode()
