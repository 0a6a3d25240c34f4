"""Finds a secret, or a piece of one, in whatever spelling somebody might print it."""

from __future__ import annotations

import base64
import html
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

PIECE: Final = 12
"""So many characters of a secret in a row are a leak: fewer may stand there by chance."""

_PERCENT: Final = re.compile(r"%[0-9a-f]{2}")
_UNICODE: Final = re.compile(r"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})")
_BACKSLASH: Final = re.compile(r"\\(.)")
_SHOWN: Final = 40


class Secrets:
    """Texts that nobody may see, by what they are."""

    def __init__(self) -> None:
        self._pieces: dict[str, str] = {}
        self._known: set[str] = set()

    def add(self, what: str, secret: str) -> None:
        """Look for this one from now on, in any case."""
        if secret in self._known:
            return
        assert len(secret) >= PIECE, f"{what} is too short to be found"
        self._known.add(secret)
        for form in _forms(secret):
            for piece in _windows(form.lower()):
                self._pieces.setdefault(piece, what)

    def found_in(self, text: str) -> list[str]:
        """Name each secret of which a piece stands in `text`, with what stands around the first."""
        found: dict[str, str] = {}
        for spelling in _spellings(text.lower()):
            for start, piece in enumerate(_windows(spelling)):
                what = self._pieces.get(piece)
                if what is not None and what not in found:
                    around = spelling[max(0, start - _SHOWN) : start + PIECE + _SHOWN]
                    found[what] = f"{what} in …{around}…"
        return list(found.values())

    def found_below(self, directory: Path, *, but: frozenset[Path] = frozenset()) -> list[str]:
        """Look into each file below `directory`, and at its name; not into those of `but`."""
        found = []
        names = []
        for parent, folders, files in os.walk(directory):
            here = Path(parent)
            folders[:] = [name for name in sorted(folders) if here / name not in but]
            names += folders
            for path in (here / name for name in sorted(files)):
                if path not in but:
                    names.append(path.name)
                    text = path.read_bytes().decode(errors="replace")
                    shown = path.relative_to(directory)
                    found += [f"{shown}: {each}" for each in self.found_in(text)]
        return found + [f"the name of a file: {each}" for each in self.found_in("\n".join(names))]


def _forms(secret: str) -> Iterator[str]:
    """What a secret becomes where nothing in the text tells that it is one."""
    yield secret
    yield secret[::-1]
    raw = secret.encode()
    yield raw.hex()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):  # it may stand anywhere in what was encoded
            whole = encode(bytes(before) + raw).decode()
            yield whole[-(-before * 8 // 6) : len(whole) - 4]


def _spellings(text: str) -> Iterator[str]:
    """The text, and what it is once its escapes are read: percent, JSON, HTML; twice each."""
    seen = {text}
    todo = [text]
    while todo:
        this = todo.pop()
        yield this
        for read in (_unquoted, html.unescape, _unescaped, _unslashed):
            other = read(this).lower()
            if other not in seen and len(seen) < 16:
                seen.add(other)
                todo.append(other)


def _unquoted(text: str) -> str:
    return unquote(text) if _PERCENT.search(text) else text


def _unescaped(text: str) -> str:
    return _UNICODE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)


def _unslashed(text: str) -> str:
    return _BACKSLASH.sub(r"\1", text)


def _windows(text: str) -> Iterator[str]:
    for start in range(len(text) - PIECE + 1):
        yield text[start : start + PIECE]
