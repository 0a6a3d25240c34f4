"""No input ends in a traceback, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from menuops.files.menu.menu_file import parse_menu
from menuops.files.reader.source import read_source

from .mutations import corpus
from .reading import check_file

CORPUS = corpus()
MARKS = r":|：|- |? |  |#|&a |*a|<<: |!x |!!int |'|{|}|[|]|,|${|${a}|$${|\ud83d|\|@|`|%|~|0x|1e999"
LINES = ("\n", "\r", "\t", "|\n", ">\n", "---\n", "...\n", "%YAML 9.9\n", "\u2028", "\x85", '"')
BYTES = (b"\x00", b"\xff", b"\xef\xbb\xbf", b"button", b"null", b"|")
PIECES = st.sampled_from([*(mark.encode() for mark in (*MARKS.split("|"), *LINES)), *BYTES])


def read_every_way(raw: bytes) -> None:
    """Read as a menu, as a project and with both parsers."""
    check_file(raw)
    pure = read_source(raw, "m", 1 << 20, pure=True)
    assert pure.root is not None or pure.findings


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    raw = bytearray(draw(st.sampled_from(CORPUS)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(raw)))
        match draw(st.sampled_from(["insert", "cut", "repeat", "flip"])):
            case "insert":
                raw[at:at] = draw(PIECES)
            case "cut":
                del raw[at : at + draw(st.integers(1, 20))]
            case "repeat":
                raw[at:at] = raw[at : at + draw(st.integers(1, 40))] * draw(st.integers(1, 5))
            case _ if at < len(raw):
                raw[at] ^= 1 << draw(st.integers(0, 7))
    return bytes(raw)


@settings(max_examples=300, deadline=None)
@given(mutations())
def test_a_file_with_slips_gets_findings(raw: bytes) -> None:
    read_every_way(raw)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=3), max_size=30).map(b"".join))
@example(b'{"a": "\\ud83d\\ude00" "')
@example(b"&a [*a, <<: *a]")
@example(b"<<: {<<: {<<: }}")
@example(b"!<tag:yaml.org,2002:str> [")
def test_a_soup_of_marks_gets_findings(raw: bytes) -> None:
    read_every_way(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 1_000_000,
        b"- " * 500_000,
        b"? " * 500_000,
        b"{a: " * 250_000,
        b"&a " * 300_000,
        b'"' * 1_000_000,
        b"\t" * 1_000_000,
        b": " * 500_000,
        b"button: ['" + b"${a} " * 200_000 + b"']",
        b"button:\n- name: '" + b"${a} " * 200_000 + b"'",
        b"button:\n" + b"- {}\n" * 200_000,
        b"button:\n" + b"- {name: a, type: click, key: k}\n" * 30_000,
        b"a" * 1_000_000 + b": 1",
        b'{"\\u' + b"\\" * 1_000_000,
        b"a: |\n" + b" \n" * 400_000,
    ],
    ids=lambda raw: raw[:12].decode().strip(),
)
def test_a_large_file_ends(raw: bytes) -> None:
    assert parse_menu(raw, "m").for_account({}, "a", "wx1").findings
