"""Files that people have, each with a few slips: the same ones for the same number."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

ROOT: Final = Path(__file__).parents[2]
_MOST_BYTES: Final = 8000

Mutator: TypeAlias = Callable[[str, random.Random], str]


def corpus() -> list[bytes]:
    """Read every example, case and payload of this repository, the large ones left out."""
    paths = (
        *sorted((ROOT / "menus").glob("*.yaml")),
        ROOT / "menuops.yaml",
        *sorted((ROOT / "tests" / "payloads").glob("*.json")),
        *sorted((ROOT / "tests" / "cases").glob("*/*/*.yaml")),
    )
    return [path.read_bytes() for path in paths if path.stat().st_size < _MOST_BYTES]


SINGLE: Final = "：，“”‘’【】｛｝－＃　\u00a0\u200b\ufeff\u2028\u2029\x85\t\r\n\x00\x7f\x1b\ud800"
SIGNS: Final = "{}[],:?-#&*!|>'\"%@`\\$~=<0一😀é"
PIECES: Final = (
    "${", "${a}", "$${", "<<: *a", "&a ", "*a", "!x ", "!!int ", ": ", "- ", "? ", " #", "//",
    "/* */", "---\n", "...\n", "%YAML 1.2\n", "\\ud83d", "\\ud83d\\ude00", "\\x", "|\n", ">-\n",
    "{{", "{%", "\n\n", "\n  ", "name：", "name:", "<<<<<<< a\n", "null", "button: ", "0x1e999",
)  # fmt: skip


def _spot(text: str, rng: random.Random) -> int:
    return rng.randrange(len(text) + 1)


def _insert(text: str, rng: random.Random) -> str:
    at = _spot(text, rng)
    new = rng.choice((rng.choice(SINGLE), rng.choice(SIGNS), rng.choice(PIECES)))
    return text[:at] + new + text[at:]


def _replace(text: str, rng: random.Random) -> str:
    at = _spot(text, rng)
    return text[:at] + rng.choice(SINGLE + SIGNS) + text[at + 1 :]


def _full_width(text: str, rng: random.Random) -> str:
    """Type one of the marks as a Chinese input method does."""
    pair = rng.choice(((":", "："), (",", "，"), ('"', "“"), ("-", "－"), (" ", "　"), ("#", "＃")))
    spots = [i for i, c in enumerate(text) if c == pair[0]]
    if not spots:
        return text
    at = rng.choice(spots)
    return text[:at] + pair[1] + text[at + 1 :]


def _delete(text: str, rng: random.Random) -> str:
    at = _spot(text, rng)
    return text[:at] + text[at + rng.choice((1, 1, 1, 2, 20)) :]


def _double(text: str, rng: random.Random) -> str:
    at = _spot(text, rng)
    piece = text[at : at + rng.choice((1, 1, 2, 30))]
    return text[:at] + piece * rng.choice((2, 2, 5)) + text[at + len(piece) :]


def _swap(text: str, rng: random.Random) -> str:
    at = _spot(text, rng)
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _cut(text: str, rng: random.Random) -> str:
    at = _spot(text, rng)
    return rng.choice((text[:at], text[at:]))


def _lines(text: str, rng: random.Random) -> str:
    """Delete, double, swap, indent or join lines."""
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    match rng.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            other = rng.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            lines[at] = rng.choice((" ", "  ", "\t", "　", "- ")) + lines[at]
        case 4:
            lines[at] = lines[at][1:] if lines[at].startswith(" ") else lines[at].lstrip()
        case _:
            lines[at : at + 2] = ["".join(lines[at : at + 2])]
    return "\n".join(lines)


def _line_ends(text: str, rng: random.Random) -> str:
    return text.replace("\n", rng.choice(("\r\n", "\r", "\u2028", "\n\n", "")))


_MUTATORS: Final[tuple[Mutator, ...]] = (
    _insert, _insert, _replace, _full_width, _delete, _double, _swap, _cut, _lines, _lines,
    _line_ends,
)  # fmt: skip
_ENCODINGS: Final = ("utf-8-sig", "gbk", "big5", "utf-16", "utf-16-le", "utf-32-be", "latin-1")


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """Give `count` files with one to four slips; some in another encoding or with a bit flipped."""
    files = corpus()
    rng = random.Random(seed)
    for _ in range(count):
        raw = rng.choice(files)
        text = raw.decode("utf-8", "replace")
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            text = rng.choice(_MUTATORS)(text, rng)
        if rng.random() < 0.08:
            yield text.encode(rng.choice(_ENCODINGS), "replace")
            continue
        mutated = bytearray(text.encode("utf-8", "surrogatepass"))
        if mutated and rng.random() < 0.08:
            mutated[rng.randrange(len(mutated))] ^= 1 << rng.randrange(8)
        yield bytes(mutated)
