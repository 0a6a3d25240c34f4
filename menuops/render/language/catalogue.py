"""Finds the texts that an English one was made from, and says it in another language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from menuops.render.language.followers import followers, is_sure
from menuops.render.language.template import Template, template

_STOPS: Final[Mapping[str, str]] = {". ": "。", "; ": "；", ": ": "：", ", ": "，"}
"""Where a text may be made of several, from the widest to the narrowest."""
_FULL_STOPS: Final = (". ", "; ", ": ")
_ENDS: Final[Mapping[str, str]] = {".": "。", ":": "：", ";": "；", ",": "，"}
_QUOTED: Final = re.compile(r"(`[^`]*`|(?<!\w)'[^'\n]*'(?!\w))")
"""What is typed, and names; the sign in `can't` begins neither."""
_SIGNS: Final = ("! ", "+ ", "- ", "~ ", "> ")
_MOST_PARTS: Final = 8
_MOSTLY: Final = 0.6
_KEPT: Final = 8192
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a text: how many of its characters are ours, and what it is in Chinese."""

    known: int
    said: str


class Catalogue:
    """The texts of one language, by the English ones.

    A text may be made of texts: `3 accounts to change.` is `{0} to change.` around
    `{0} accounts`, and errors and remarks are put one behind the other. Of all ways to read one
    that counts which finds most of our own words in it; what isn't found stays as it is, names
    and files among it.
    """

    def __init__(self, entries: Mapping[str, str]) -> None:
        self._whole: dict[str, str] = {}
        found: list[Template] = []
        for english, translation in (*entries.items(), *_without_names(entries)):
            made = template(english, translation)
            if made is None:
                continue
            if len(made.pieces) == 1:
                self._whole[made.pieces[0]] = made.filled((), str)
            else:
                found.append(made)
        found.sort(key=lambda made: -made.weight)
        self._templates = [(max(made.pieces, key=len), made) for made in found]
        self._depth = 0
        self._read = lru_cache(_KEPT)(self._read_anew)

    def said(self, text: str) -> str:
        """Say a text; what is unknown stays in English."""
        return self._read(text).said

    def _read_anew(self, text: str) -> _Reading:
        if not re.search(r"[A-Za-z]{2}", text) or self._depth > _DEEPEST:
            return _Reading(0, text)
        if text in self._whole:
            return _Reading(len(text), self._whole[text])
        kinds = followers(text)
        if kinds and is_sure(text):
            return _Reading(len(text), kinds)
        self._depth += 1
        try:
            # Of equals the first counts: the template that has most in common with the text.
            listed = [_Reading(text.count(", ") * 2, kinds)] if kinds else []
            return max((*self._readings(text), *listed), key=lambda reading: reading.known)
        finally:
            self._depth -= 1

    def _readings(self, text: str) -> Iterator[_Reading]:
        yield _Reading(0, text)
        for longest, made in self._templates:
            if longest in text:
                values = made.values(text)
                if values is not None and self._is_fit(made, values):
                    yield self._filled(made, values)
        yield from self._with_a_capital(text)
        bare = text.strip(" ")
        if bare != text and bare:
            inner, start = self._read(bare), text.index(bare)
            yield _Reading(inner.known, f"{text[:start]}{inner.said}{text[start + len(bare) :]}")
            return
        if (end := _ENDS.get(text[-1:])) and len(text) > 1:
            inner = self._read(text[:-1])
            if inner.known:
                yield _Reading(inner.known + 1, f"{inner.said}{end}")
        yield from self._with_signs(text)
        for stop, ours in {"\n": "\n", **_STOPS}.items():
            parts = list(_parted(text, stop))
            if len(parts) == 1:
                continue
            if stop == ". ":
                yield self._sentences(parts)
            yield _joined(map(self._read, parts), stop, ours)
            if len(parts) <= _MOST_PARTS:  # a part may be a text that has such a stop itself
                for cut in range(1, len(parts)):
                    both = stop.join(parts[:cut]), stop.join(parts[cut:])
                    yield _joined(map(self._read, both), stop, ours)

    def _filled(self, made: Template, values: list[str]) -> _Reading:
        values = made.apart(values, self._goes_on)
        # What has a stop in it is more often the end of one text and the start of another.
        known = made.weight - sum(
            any(stop in bare for stop in _FULL_STOPS)
            for bare in (_QUOTED.sub("", value) for value in values)
        )

        def say(value: str) -> str:
            nonlocal known
            inner = self._read(value)
            known += inner.known
            return inner.said

        said = made.filled(values, say)
        return _Reading(known, said)

    def _sentences(self, parts: list[str]) -> _Reading:
        """Read sentences that are texts with their full stop."""
        ended = [*(f"{part}." for part in parts[:-1]), parts[-1]]
        return _joined(map(self._read, ended), " ", "")

    def _with_signs(self, text: str) -> Iterator[_Reading]:
        """Read a text behind a `!`, and one before what stands in brackets."""
        if text[:2] in _SIGNS:
            inner = self._read(text[2:])
            yield _Reading(inner.known, text[:2] + inner.said)
        if code := re.fullmatch(r"(.+)( \[[a-z -]+\])", text, re.DOTALL):
            main = self._read(code[1])
            yield _Reading(main.known, main.said + code[2])
        if beside := re.fullmatch(r"(.+) \(([^()]*|.*\([^()]*\))\)", text, re.DOTALL):
            main, inner = map(self._read, beside.groups())
            if main.known:
                yield _Reading(main.known + inner.known + 2, f"{main.said}（{inner.said}）")

    def _goes_on(self, text: str) -> bool:
        """Tell whether a text is one that is put behind others: `, and it has {0}`."""
        return text in self._whole or any(
            made.pieces[0][:1] == text[:1] and made.values(text) is not None
            for _, made in self._templates
        )

    def _with_a_capital(self, text: str) -> Iterator[_Reading]:
        """Read a text that begins a line, and so with a capital: `Nothing is known of …`."""
        if text[0].isupper() and text[1:2].islower():
            small = text[0].lower() + text[1:]
            if small in self._whole:
                yield _Reading(len(text), self._whole[small])
            for longest, made in self._templates:
                if longest in small and made.pieces[0]:
                    values = made.values(small)
                    if values is not None and self._is_fit(made, values):
                        yield self._filled(made, values)

    def _is_fit(self, made: Template, values: Sequence[str]) -> bool:
        """Tell whether what stands in `{0} of {1}` may: what is mostly known, a word, or a time.

        And in `{0} accounts` a number; a sign before a text is no part of a name.
        """
        if any(value.lstrip(" ").startswith("! ") for value in values):
            return False
        if made.counts and not re.fullmatch(r"[\d,]+", values[0]):
            return False
        return not made.says_little or all(
            value
            and (
                " " not in value
                or not re.search(r"[^\W\d_]", value)
                or self._read(value).known >= _MOSTLY * len(value)
            )
            for value in values
        )


def _without_names(entries: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give what errors say of an account where its name stands already: `{0}: …` without it."""
    for english, translation in entries.items():
        if english.startswith("{0}: ") and translation.startswith("{0}："):
            shorter = english.removeprefix("{0}: "), translation.removeprefix("{0}：")
            if "{0" not in "".join(shorter):
                before = (re.sub(r"\{(\d+)", _one_less, each) for each in shorter)
                yield next(before), next(before)


def _one_less(place: re.Match[str]) -> str:
    return f"{{{int(place[1]) - 1}"


def _joined(parts: Iterable[_Reading], stop: str, ours: str) -> _Reading:
    first, *others = parts
    said, known, before = first.said, first.known, first
    for part in others:
        said += (ours if part.known or before.known else stop) + part.said
        known += part.known
        before = part
    return _Reading(known, said)


def _parted(text: str, stop: str) -> Iterator[str]:
    """Part a text at a stop, but not within what is typed or quoted."""
    part = ""
    for number, piece in enumerate(_QUOTED.split(text)):
        if number % 2:
            part += piece
            continue
        first, *others = piece.split(stop)
        part += first
        for other in others:
            yield part
            part = other
    yield part
