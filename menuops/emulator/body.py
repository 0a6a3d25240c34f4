"""A request's body, as it comes over the wire: of a stated length, or in chunks."""

from __future__ import annotations

import re
from email.message import Message
from io import BufferedIOBase

# What is too long to be used is still read up to here, so that the client, which is busy sending,
# gets to see the answer; a connection with more to come is closed.
DRAINED_BYTES = 64 << 20
PIECE_BYTES = 1 << 16
LINE_BYTES = 1 << 13
HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]+")


class BrokenBody(Exception):
    """The framing is wrong, or the client hung up: no further request can be read."""


def read_body(stream: BufferedIOBase, headers: Message, limit_bytes: int) -> bytes | None:
    """Read the whole body; None if it is longer than `limit_bytes` (and was drained)."""
    codings = ",".join(headers.get_all("Transfer-Encoding", [])).lower()
    if codings.strip() == "chunked":
        return read_chunks(stream, limit_bytes)
    if codings:
        raise BrokenBody("a coding that isn't known: where the body ends can't be told")
    lengths = {value.strip() for value in headers.get_all("Content-Length", ["0"])}
    if len(lengths) > 1:
        raise BrokenBody("Content-Length is said twice")
    stated = lengths.pop()
    if not (stated.isascii() and stated.isdigit() and len(stated) < 20):
        raise BrokenBody("Content-Length isn't a number")
    length = int(stated)
    if length > limit_bytes:
        drain(stream, length)
        return None
    return read_exactly(stream, length)


def read_chunks(stream: BufferedIOBase, limit_bytes: int) -> bytes | None:
    """Read a body in chunks (RFC 9112, 7.1); extensions and trailers are ignored."""
    body = bytearray()
    seen_bytes = 0
    while True:
        size_text = read_line(stream).split(b";")[0].strip()
        if not HEXADECIMAL.fullmatch(size_text):  # int() would take 0x1, +1 and 1_0, too
            raise BrokenBody("a chunk's size isn't a number")
        size = int(size_text, 16)
        if size == 0:
            break
        seen_bytes += size
        if seen_bytes <= limit_bytes:
            body += read_exactly(stream, size)
        else:
            if seen_bytes > DRAINED_BYTES:
                raise BrokenBody("the body doesn't end")
            drain(stream, size)
        if read_line(stream):
            raise BrokenBody("a chunk is longer than its size")
    while read_line(stream):
        pass  # trailers
    return bytes(body) if seen_bytes <= limit_bytes else None


def read_line(stream: BufferedIOBase) -> bytes:
    """Read a line of the framing, without its end."""
    line = stream.readline(LINE_BYTES)
    if not line.endswith(b"\n"):
        raise BrokenBody("the body ends in the middle of a line")
    return line.strip()


def read_exactly(stream: BufferedIOBase, length: int) -> bytes:
    """Read `length` bytes, no fewer."""
    found = stream.read(length)
    if len(found) < length:
        raise BrokenBody("the body is shorter than its length")
    return found


def drain(stream: BufferedIOBase, length: int) -> None:
    """Read and forget."""
    if length > DRAINED_BYTES:
        raise BrokenBody("the body is far too long")
    left = length
    while left:
        left -= len(read_exactly(stream, min(left, PIECE_BYTES)))
