"""The fonts of this machine, and whether they have what is to be drawn; fontTools is asked here.

Only the fonts that are chosen here are given to what draws, so no character is drawn out of a
font that nobody looked into.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

_ENDINGS: Final = (".ttf", ".otf", ".ttc", ".otc")
_LIKED: Final = (
    "notosanscjk-regular",
    "notosanscjksc-regular",
    "notosanssc",
    "pingfang",
    "msyh",
    "hiragino sans gb",
    "sourcehansans",
    "wqy",
    "notocoloremoji",
    "apple color emoji",
    "seguiemj",
    "notosans-regular",
    "dejavusans.ttf",
    "liberationsans-regular",
)
"""Parts of the names of files that are asked first: sans serif, Chinese before the rest."""
_SHAPES: Final = ("bold", "italic", "oblique", "light", "thin", "black", "mono", "serif")
"""The same of files that are asked last."""


def font_folders() -> tuple[Path, ...]:
    """List where this system keeps its fonts."""
    home = Path.home()
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",)
    return (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
    )


def choose_fonts(text: str, folders: Sequence[Path]) -> tuple[tuple[Path, ...], frozenset[str]]:
    """Choose font files that together have each character of a text, and tell which none has.

    Few files are opened: those that people like to read first. What can't be read as a font is
    passed over.
    """
    missing = {char for char in text if _is_drawn(char)}
    chosen: list[Path] = []
    for path in _sorted(_files(folders)):
        if not missing:
            break
        covered = _covered(path)
        found = {char for char in missing if ord(char) in covered}
        if found:
            chosen.append(path)
            missing -= found
    return tuple(chosen), frozenset(missing)


def _is_drawn(char: str) -> bool:
    # What joins emoji, and asks for their colours, has no picture of its own.
    return not char.isspace() and char not in "\u200d\ufe0e\ufe0f"


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for root, _, names in os.walk(folder):
            yield from (Path(root, name) for name in names if name.lower().endswith(_ENDINGS))


def _sorted(paths: Iterable[Path]) -> list[Path]:
    def rank(path: Path) -> tuple[int, bool, str]:
        name = path.name.lower()
        liked = next((i for i, part in enumerate(_LIKED) if part in name), len(_LIKED))
        return liked, any(shape in name for shape in _SHAPES), name

    return sorted(paths, key=rank)


def _covered(path: Path) -> frozenset[int]:
    """List the code points that a file has glyphs for; a collection, those of its first font."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with path.open("rb") as file, TTFont(file, fontNumber=0, lazy=True) as font:
            # Else the names of 65,000 glyphs are worked out first, which takes seconds.
            font.setGlyphOrder([str(number) for number in range(font["maxp"].numGlyphs)])
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError, KeyError, ValueError, AssertionError, struct.error):
        return frozenset()


def family_of(fonts: Sequence[Path]) -> str:
    """Name the family of the first of these files that is no font of emoji; empty for none.

    It is the name by which CSS asks for it; of a collection, that of its first font.
    """
    from fontTools.ttLib import TTFont

    for path in sorted(fonts, key=lambda path: "emoji" in path.name.lower()):
        with TTFont(path, fontNumber=0, lazy=True) as font:
            names = font["name"]
            return str(names.getDebugName(16) or names.getDebugName(1) or "")
    return ""


def with_bold(fonts: Iterable[Path]) -> tuple[Path, ...]:
    """Add the bold twins that stand beside regular fonts."""
    found: list[Path] = []
    for path in fonts:
        twin = path.with_name(
            path.name.replace("Regular", "Bold").replace("Sans.ttf", "Sans-Bold.ttf")
        )
        found += [path, twin] if twin != path and twin.is_file() else [path]
    return tuple(found)
