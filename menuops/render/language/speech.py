"""In which language people are spoken to: English, or what they asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from menuops.render.language.catalogue import Catalogue

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
VARIABLE: Final = "MENUOPS_LANG"
_MARKS: Final[Mapping[str, str]] = {":": "：", ": ": "：", ", ": "，", "; ": "；", ".": "。"}
_OF_THE_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")

_catalogue: Catalogue | None = None


def language_of(environ: Mapping[str, str]) -> Language:
    """Read the language: from MENUOPS_LANG, else from the locale; English where neither has ours.

    The first variable of the locale that is set counts, as everywhere.
    """
    asked = environ.get(VARIABLE) or next(filter(None, map(environ.get, _OF_THE_LOCALE)), "")
    return _language(asked) or "en"


def is_strange(environ: Mapping[str, str]) -> bool:
    """Tell whether MENUOPS_LANG asks for a language that isn't spoken here."""
    asked = environ.get(VARIABLE)
    return bool(asked) and _language(asked or "") is None


def _language(name: str) -> Language | None:
    word = re.split(r"[_.@-]", name.strip().lower())[0]
    if word in ("c", "posix"):
        return "en"
    return next((each for each in LANGUAGES if each == word), None)


def speak(language: Language) -> None:
    """Say all that follows in this language, in this process; a catalogue is read at first need."""
    global _catalogue
    if language == "en":
        _catalogue = None
        return
    from importlib.resources import files

    from menuops.render.language.catalogue import Catalogue
    from menuops.render.language.po import read_po

    text = files("menuops.render.language").joinpath(f"{language}.po").read_text(encoding="utf-8")
    _catalogue = Catalogue(read_po(text))


def is_english() -> bool:
    """Tell whether texts are said as they were written."""
    return _catalogue is None


def said(text: str) -> str:
    """Say a text in the language that is spoken; names and what is unknown stay as they are.

    It is for whole texts, before they are cut into lines and columns.
    """
    return text if _catalogue is None else _catalogue.said(text)


def listed(texts: Iterable[str]) -> str:
    """Say texts one after the other, with commas between them."""
    return ", ".join(texts) if _catalogue is None else "，".join(map(_catalogue.said, texts))


def enumerated(names: Iterable[str]) -> str:
    """Put names one after the other; they stay as they are, whatever they hold."""
    return (", " if _catalogue is None else "、").join(names)


def sentences(texts: Iterable[str]) -> str:
    """Say sentences one after the other; each ends in its full stop."""
    return " ".join(texts) if _catalogue is None else "".join(map(_catalogue.said, texts))


def labelled(label: str, text: str) -> str:
    """Say a text behind its label, which is a name, with a colon between."""
    return f"{label}: {text}" if _catalogue is None else f"{label}：{said(text)}"


def mark(english: str) -> str:
    """Write a mark behind a text or between two: `:`, `.`, or one of `:,;` with its blank."""
    return english if _catalogue is None else _MARKS[english]


def aside(text: str) -> str:
    """Say a text behind another: in brackets, which Chinese has no need of; or nothing."""
    if not text:
        return ""
    return f" ({text})" if _catalogue is None else f"，{said(text)}"


def with_command(text: str) -> tuple[str, str, str]:
    """Say a text that ends in a command, and give it apart: what is said, the colon, the command.

    Colon and command are empty where there is none.
    """
    return said(text).partition(": " if _catalogue is None else "：")
