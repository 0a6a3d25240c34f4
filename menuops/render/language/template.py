"""A text with places for values: `{0} accounts`, and what it becomes in another language."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Final

_WIDE: Final = r"[\u3400-\u9fff]"
_NARROW: Final = r"[A-Za-z0-9`$<]"
_MEASURES: Final = tuple("个处次项人行份位")
MEASURE: Final = "处"
"""What counts changes."""
LIST_MARK: Final = "、"
"""What stands between names in Chinese."""
_LITTLE: Final = frozenset({"a", "and", "at", "for", "in", "is", "of", "on", "or", "the", "to"})

Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Template:
    """An English text. `pieces` stand around its places: one more than there are places."""

    pieces: tuple[str, ...]
    into: tuple[str | tuple[int, str], ...]
    """The translation: texts, and places, each with how its value is said, as in `template`."""

    @property
    def weight(self) -> int:
        """How many characters a text has to have in common with it."""
        return sum(map(len, self.pieces))

    @property
    def says_little(self) -> bool:
        """Whether it is made of words that stand in any sentence: `{0} of {1}`."""
        words = re.findall(r"[a-z']+", " ".join(self.pieces).lower())
        return all(word in _LITTLE for word in words)

    @property
    def counts(self) -> bool:
        """Whether its first place is a number, with what it counts: `{0} accounts`."""
        match self.into:
            case ((0, ""), str(measured)) if measured.lstrip(" ")[:1] in _MEASURES:
                return True
        return (0, "d") in self.into

    def values(self, text: str) -> list[str] | None:
        """Give what stands in the places, each as short as can be; None: it is another text.

        Where places stand side by side the first has it all: `apart` takes them apart.
        """
        first, *middle = self.pieces
        if not text.startswith(first):
            return None
        if not middle:
            return [] if text == first else None
        last = middle.pop()
        end = len(text) - len(last)
        start = len(first)
        if end < start or not text.endswith(last):
            return None
        values = []
        beside = 0  # places that stand directly before the piece that is looked for
        for piece in middle:
            if not piece:
                beside += 1
                continue
            at = text.find(piece, start, end)
            if at < 0:
                return None
            values += [text[start:at], *[""] * beside]
            start, beside = at + len(piece), 0
        return [*values, text[start:end], *[""] * beside]

    def apart(self, values: list[str], is_text: Callable[[str], bool]) -> list[str]:
        """Take apart what stands in places side by side: the later ones hold texts, or nothing."""
        values = values[:]
        for number, piece in enumerate(self.pieces[1:-1]):
            if piece:
                continue
            whole = values[number]
            for found in re.finditer(r"[ ,;.(]", whole):
                if is_text(whole[found.start() :]):
                    values[number], values[number + 1] = (
                        whole[: found.start()],
                        whole[found.start() :],
                    )
                    break
        return values

    def filled(self, values: Sequence[str], say: Say) -> str:
        """Write the translation; `say` translates values that are texts themselves."""
        made = ""
        after_text = False
        for part in self.into:
            if isinstance(part, str):
                made = joined(made, part) if after_text else made + part
                after_text = False
            else:
                number, how = part
                value = _said(values[number], how, say)
                made = joined(made, value) if how == "t" else made + value
                after_text = how == "t"
        return made


def template(english: str, translation: str) -> Template | None:
    """Read an entry of a catalogue.

    `{1:t}` in a translation is a place whose value is a text, `{1:l}` one that lists names which
    hold no comma: guards, accounts, platforms. `{0:d}` holds a number or the text is another;
    `{0:n}` gets its measure word if it holds one.

    None: the two don't fit together, which a test finds, and which must not end a run.
    """
    try:
        return _template(english, translation)
    except ValueError:
        return None


def _template(english: str, translation: str) -> Template:
    pieces = [""]
    for literal, field, _, _ in Formatter().parse(english):
        pieces[-1] += literal
        if field is not None:
            pieces.append("")
    into: list[str | tuple[int, str]] = []
    for literal, field, spec, _ in Formatter().parse(translation):
        if literal:
            into.append(literal)
        if field is not None:
            into.append((int(field), spec or ""))
    if max((part[0] for part in into if isinstance(part, tuple)), default=-1) + 1 >= len(pieces):
        raise ValueError("a place that the text doesn't have")
    return Template(tuple(pieces), tuple(into))


def _said(value: str, how: str, say: Say) -> str:
    match how:
        case "t":
            return say(value)
        case "n" if re.fullmatch(r"[\d,]+", value):
            return f"{value} {MEASURE}"
        case "l":
            found = re.fullmatch(r"(.*?)( and \d+ more)?", value, re.DOTALL)
            assert found is not None  # it matches any text
            listed = LIST_MARK.join(re.split(", | or ", found[1]))
            return listed + (say(found[2]) if found[2] else "")
    return value


def joined(left: str, right: str) -> str:
    """Put two texts together, with a blank between Chinese and Latin, and none within Chinese."""
    if re.search(rf"{_WIDE} ?\Z", left) and re.match(rf" ?{_WIDE}", right):
        return left.removesuffix(" ") + right.removeprefix(" ")
    meet = (left[-1:], right[:1])
    for one, other in (meet, meet[::-1]):
        if re.match(_WIDE, one) and re.match(_NARROW, other):
            return f"{left} {right}"
    return left + right
