"""Files that hold no text at all, told by how they begin."""

from __future__ import annotations

from typing import Final

_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"bplist00", "a binary property list"),
    (b"\x7fELF", "a program"),
)
_ZIP: Final = b"PK\x03\x04"
_IN_ZIP: Final = (
    (b"xl/", "an Excel workbook"),
    (b"word/", "a Word document"),
    (b"ppt/", "a PowerPoint document"),
)
_SAMPLE: Final = 4096
_CONTROL: Final = bytes({*range(32), 127} - {*b"\t\n\r\x1b"})


def known_kind(raw: bytes) -> str | None:
    """Name what begins as no text does: `a PNG picture`."""
    for magic, name in _MAGIC:
        if raw.startswith(magic):
            return name
    head = raw[:_SAMPLE]
    if raw.startswith(_ZIP):
        return next((name for part, name in _IN_ZIP if part in raw), "a zip archive")
    if head[257:262] == b"ustar":
        return "a tar archive"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "a WebP picture"
    return None


def is_binary(raw: bytes) -> bool:
    """Tell bytes that are no text in any encoding."""
    head = raw[:_SAMPLE]
    # One stray control character is a slip in a text; many are no text.
    controls = len(head) - len(head.translate(None, _CONTROL))
    return controls > 2 and controls * 10 > len(head)
