"""A request's body, as it comes over the wire: of a stated length, or in chunks."""

from __future__ import annotations

from email.message import Message
from io import BufferedIOBase

# What is too long to be used is still read up to here, so that the client, which is busy sending,
# gets to see the answer; a connection with more to come is closed.
DRAINED_BYTES = 64 << 20
PIECE_BYTES = 1 << 16
LINE_BYTES = 1 << 13


class BrokenBody(Exception):
    """The framing is wrong, or the client hung up: no further request can be read."""


def read_body(stream: BufferedIOBase, headers: Message, limit_bytes: int) -> bytes | None:
    """Read the whole body; None if it is longer than `limit_bytes` (and was drained)."""
    if "chunked" in headers.get("Transfer-Encoding", "").lower():
        return read_chunks(stream, limit_bytes)
    stated = headers.get("Content-Length", "0").strip()
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
        try:
            size = int(size_text, 16)
        except ValueError:
            raise BrokenBody("a chunk's size isn't a number") from None
        if size < 0:
            raise BrokenBody("a chunk's size is negative")
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
