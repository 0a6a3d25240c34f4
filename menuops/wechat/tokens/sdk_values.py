"""Strings as PHP, Java and JSON write them, taken out of bytes that anybody may have written.

By fixed patterns: nothing is built but a string, and nothing is raised.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final


def as_text(raw: bytes | None) -> str | None:
    """Read ASCII; a token is nothing else."""
    return raw.decode("ascii") if raw is not None and raw.isascii() else None


def json_value(raw: bytes) -> Any:
    """Read JSON; None also where it is none."""
    try:
        return json.loads(raw.decode())
    except (ValueError, RecursionError):
        return None


_PHP_ARRAY: Final = re.compile(
    rb'a:2:\{s:12:"access_token";(s:\d{1,5}:".*";)s:10:"expires_in";i:\d{1,10};\}', re.DOTALL
)
_PHP_STRING: Final = re.compile(rb's:(\d{1,5}):"(.*)";', re.DOTALL)
_IGBINARY: Final = re.compile(
    rb"\0\0\0[\1\2](\x14\x02\x11\x0caccess_token)?(?:\x11(.)|\x12(..))(.*)", re.DOTALL
)
_IGBINARY_LIFE: Final = re.compile(rb"\x11\x0aexpires_in(?:\x06.|\x08..|\x0a....)", re.DOTALL)


def php_value(raw: bytes) -> bytes | None:
    """Take a string, or the access_token of an array, out of what PHP serialised."""
    if found := _IGBINARY.fullmatch(raw):
        array, short, long, rest = found.groups()
        length = int.from_bytes(short or long, "big")
        end = rest[length:]
        ended = _IGBINARY_LIFE.fullmatch(end) if array else not end
        return rest[:length] if ended and len(rest) >= length else None
    array = _PHP_ARRAY.fullmatch(raw)
    string = _PHP_STRING.fullmatch(array[1] if array else raw)
    return string[2] if string and len(string[2]) == int(string[1]) else None


_KRYO_STRING: Final = b"\x03"  # the class id of String, 1, and 2


def kryo_string(raw: bytes) -> bytes | None:
    """Take an ASCII string out of what Kryo 5 wrote.

    After the class, bit 8 of the first byte says that a length follows: that of the string and 1,
    6 bits and then 7 a byte, lowest first, bit 7 of the first for more. Without it the string ends
    at the byte with bit 8.
    Source: EsotericSoftware/kryo src/com/esotericsoftware/kryo/io/Output.java (writeString),
    util/DefaultClassResolver.java; redisson/redisson
    redisson/src/main/java/org/redisson/codec/Kryo5Codec.java.
    """
    body = raw[1:]
    if not raw.startswith(_KRYO_STRING) or len(body) < 2:
        return None
    if not body[0] & 0x80:
        return body[:-1] + bytes([body[-1] & 0x7F]) if body[-1] & 0x80 else None
    length, start = body[0] & 0x3F, 1
    if body[0] & 0x40:
        length, start = length | (body[1] << 6), 2  # two bytes do for any token
    string = body[start:]
    return string if len(string) == length - 1 else None


def java_string(raw: bytes) -> bytes | None:
    """Take a string out of Java's serialization: magic, version, TC_STRING, length, text."""
    string = raw[7:]
    if raw[:5] != b"\xac\xed\x00\x05t" or len(string) != int.from_bytes(raw[5:7], "big"):
        return None
    return string
