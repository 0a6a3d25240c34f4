"""An SVG as pixels; resvg is asked here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

SCALE: Final = 2
"""Pixels per unit: what a phone's screen and a laptop's have."""


def draw_png(svg: str, fonts: Sequence[Path], family: str = "") -> bytes:
    """Draw a picture with these fonts and no others. Raises ModuleNotFoundError without resvg.

    `family` stands for `sans-serif`: resvg draws no text where it has none of the families that
    are named, and not even looks whether another font has the characters.
    """
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=SCALE,
            skip_system_fonts=True,
            sans_serif_family=family or None,
            font_files=[str(path) for path in fonts],
            background="#ffffff",
        )
    )
