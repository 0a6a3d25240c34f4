"""Previews as pixels: with the glyphs that the names need, or not at all."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from menuops.core.errors import CannotStart
from menuops.core.jsonform import parse_buttons
from menuops.core.preview import AccountPreview, Drawn, Scene
from menuops.files.fonts import choose_fonts, font_folders
from menuops.render.phone.png import SCALE, draw_png
from menuops.render.phone.svg import drawn_text, preview_svg
from menuops.run.drawing import draw

Pixels = list[list[tuple[int, int, int]]]
CJK = "apt-get install fonts-noto-cjk"
EMOJI = "apt-get install fonts-noto-color-emoji"


def svg_of(*names: str) -> str:
    buttons = parse_buttons([{"name": name, "type": "click", "key": "K"} for name in names])
    return preview_svg(AccountPreview("a", "wx1", (Scene("everyone", Drawn("default", buttons)),)))


def bar_of(name: str) -> str:
    """Give the part of a picture that has the name in it: the fewer pixels the faster."""
    svg = svg_of(name)
    head, width, height, rest = re.fullmatch(
        r'(<svg [^>]*?)width="(\d+)" height="(\d+)" viewBox="[^"]*"(.*)', svg, re.DOTALL
    ).groups()  # type: ignore[union-attr]
    top = int(height) - 110
    return f'{head}width="160" height="50" viewBox="{int(width) // 2 - 57} {top} 160 50"{rest}'


def needs(text: str, install: str) -> None:
    """Leave a test out where no font of this machine has a text."""
    if choose_fonts(text, font_folders())[1]:
        pytest.skip(f"no font for {text}: {install}")


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def pixels(png: bytes) -> Pixels:
    """Read the colours of a PNG of 8 bits with alpha, as resvg writes it."""
    width, height = size(png)
    assert png[24:26] == b"\x08\x06"
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    raw, stride = zlib.decompress(data), width * 4
    above, rows = bytearray(stride), []
    for y in range(height):
        start = y * (stride + 1)
        kind, line = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
        for x in range(stride):
            left = line[x - 4] if x >= 4 else 0
            corner = above[x - 4] if x >= 4 else 0
            line[x] = (line[x] + _predicted(kind, left, above[x], corner)) & 255
        rows.append([(line[x], line[x + 1], line[x + 2]) for x in range(0, stride, 4)])
        above = line
    return rows


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda each: abs(guess - each))
    return (0, left, up, (left + up) // 2)[kind]


def test_a_picture_has_twice_the_pixels_of_its_size() -> None:
    needs("Help 9:41", CJK)
    svg = svg_of("Help")
    width, height = (int(svg.split(f'{side}="')[1].split('"')[0]) for side in ("width", "height"))
    assert size(draw(svg)) == (SCALE * width, SCALE * height)


def test_characters_are_drawn_and_no_boxes() -> None:
    """Two different characters look different; as boxes they don't."""
    needs("新品", CJK)
    assert draw(svg_of("新")) != draw(svg_of("品"))
    latin, _ = choose_fonts("a19:4", [folder / "truetype/dejavu" for folder in font_folders()])
    assert draw_png(svg_of("新"), latin) == draw_png(svg_of("品"), latin)


@pytest.mark.parametrize("emoji", ["🎁", "👋🏽", "🇨🇳", "❤️"])
def test_emoji_have_their_colours_beside_chinese(emoji: str) -> None:
    needs(emoji, EMOJI)
    needs("家", CJK)
    rows = pixels(draw(bar_of(f"{emoji}家")))
    colourful = {pixel for row in rows for pixel in row if max(pixel) - min(pixel) > 60}
    assert len(colourful) > 20


def test_joined_emoji_are_one_picture_beside_chinese() -> None:
    """Boxes, or the parts beside each other, would be wider than one emoji."""
    needs("👨👩👧", EMOJI)
    needs("家", CJK)
    plain = pixels(draw(bar_of("")))

    def span(name: str) -> int:
        differing = [
            x
            for row, without in zip(pixels(draw(bar_of(name))), plain, strict=True)
            for x, (pixel, other) in enumerate(zip(row, without, strict=True))
            if pixel != other
        ]
        return max(differing) - min(differing)

    assert abs(span("👨‍👩‍👧家") - span("👨家")) <= 6
    assert span("👨👩👧家") > 1.5 * span("👨家")


def test_missing_fonts_are_found_before_they_draw_empty_boxes(tmp_path: Path) -> None:
    with pytest.raises(CannotStart) as caught:
        draw(svg_of("新品🎁", "a"), [tmp_path])
    error = caught.value
    assert "would be empty boxes" in error.message
    assert "品 新 (fonts-noto-cjk)" in error.message
    assert "🎁 (fonts-noto-color-emoji)" in error.message
    assert "fonts-noto-core" in error.message
    assert error.fix.startswith("apt-get install ")
    assert "--format html or svg" in error.fix
    assert error.code == "no_font"


def make_font(path: Path, text: str, *, filled: str) -> None:
    """Write a font of a family that no picture asks for; only `filled` are glyphs with ink."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    names = {ord(char): f"u{ord(char):04x}" for char in text}
    box, blank = TTGlyphPen(None), TTGlyphPen(None)
    box.moveTo((0, 0))
    for corner in ((500, 0), (500, 700), (0, 700)):
        box.lineTo(corner)
    box.closePath()
    ink, none = box.glyph(), blank.glyph()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", *names.values()])
    font.setupCharacterMap(names)
    font.setupGlyf({".notdef": none, **{names[ord(c)]: ink if c in filled else none for c in text}})
    font.setupHorizontalMetrics(dict.fromkeys((".notdef", *names.values()), (600, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    names_of_it = {"familyName": "Nobody Asked", "styleName": "Regular", "psName": "NobodyAsked"}
    font.setupNameTable(names_of_it)
    font.setupOS2()
    font.setupPost()
    font.save(path)


def test_a_font_of_any_family_draws(tmp_path: Path) -> None:
    """resvg draws no text at all where it finds none of the families that a picture names."""
    text = sorted({*drawn_text(svg_of("帮", "助"))} - {" "})
    make_font(tmp_path / "own.ttf", "".join(text), filled="帮")
    assert draw(svg_of("帮"), [tmp_path]) != draw(svg_of("助"), [tmp_path])


def test_a_file_that_is_no_font_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    (tmp_path / "empty.otf").write_bytes(b"")
    (tmp_path / "cut.ttf").write_bytes(b"\x00\x01\x00\x00\x00\x09")
    assert choose_fonts("a", [tmp_path, tmp_path / "missing"]) == ((), frozenset("a"))


def test_blanks_and_joiners_need_no_glyph(tmp_path: Path) -> None:
    assert choose_fonts(" \u200d\ufe0f\n", [tmp_path]) == ((), frozenset())


@pytest.mark.parametrize("module", ["resvg_py", "fontTools"])
def test_without_the_extra_the_message_says_what_to_install(module: str) -> None:
    code = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from menuops.core.errors import CannotStart\n"
        "from menuops.run.drawing import draw\n"
        'try:\n    draw(\'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        "<text>a</text></svg>')\n"
        "except CannotStart as error: print(error.message, error.fix, sep='|')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    message, fix = done.stdout.strip().split("|")
    assert message == f"png needs {module}, which isn't installed"
    assert fix.startswith("pip install 'menuops[preview]'")
