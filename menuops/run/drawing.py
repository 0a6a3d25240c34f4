"""A preview as pixels, with fonts that have all of its characters, or with an error that helps."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from menuops.core.errors import CannotStart
from menuops.files.fonts import choose_fonts, family_of, font_folders, with_bold
from menuops.render.phone.png import draw_png
from menuops.render.phone.svg import drawn_text

_OTHERWISE: Final = "or take --format html or svg, which are drawn where the fonts are"
_MANY: Final = 8


def draw(svg: str, folders: Sequence[Path] | None = None) -> bytes:
    """Draw a picture as PNG; `folders` are searched for fonts, by default those of the system.

    Raises CannotStart where menuops[preview] isn't installed, and where no font has one of the
    characters: it would become an empty box.
    """
    try:
        fonts, missing = choose_fonts(
            drawn_text(svg), font_folders() if folders is None else folders
        )
        if missing:
            raise _missing_fonts(missing)
        return draw_png(svg, with_bold(fonts), family_of(fonts))
    except ModuleNotFoundError as cause:
        library = str(cause.name).partition(".")[0]
        raise CannotStart(
            f"png needs {library}, which isn't installed",
            fix=f"pip install 'menuops[preview]'; {_OTHERWISE}",
            code="no_preview",
        ) from None


def _missing_fonts(missing: Iterable[str]) -> CannotStart:
    packages: dict[str, list[str]] = {}
    for char in sorted(missing):
        packages.setdefault(_package(char), []).append(char)
    told = "; ".join(
        f"{' '.join(chars[:_MANY])}{' …' if len(chars) > _MANY else ''} ({package})"
        for package, chars in packages.items()
    )
    return CannotStart(
        f"no font of this machine has these characters, and they would be empty boxes: {told}",
        fix=f"apt-get install {' '.join(packages)}; {_OTHERWISE}",
        code="no_font",
    )


def _package(char: str) -> str:
    """Name Debian's package with a font for a character."""
    if 0x1F000 <= ord(char) <= 0x1FBFF or unicodedata.category(char) == "So":
        return "fonts-noto-color-emoji"
    if unicodedata.east_asian_width(char) in "WF":
        return "fonts-noto-cjk"
    return "fonts-noto-core"
