"""What is legal in a link, and doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from menuops.files.broken import Broken
from menuops.files.rules.names import blank_at_edge
from menuops.files.rules.usual import BLANKS, may_hold_marks
from menuops.files.wording import named

_PARTS: Final = re.compile(r"(?i)https?://(?:(?P<user>[^/?#]*)@)?(?P<host>\[[^\]]*\]|[^/?#:]*)")
_UNESCAPED: Final = re.compile(r"[^!#-;=?-\[\]_a-zA-Z~]|%(?![0-9A-Fa-f]{2})")
_HTML: Final = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#x[0-9a-f]{1,6});", re.I)
_ADDRESS: Final = re.compile(r"[0-9.]+\Z|\[")
_PRIVATE_NAME: Final = re.compile(
    r"(?:\A|\.)(?:local|localhost|lan|internal|intranet|home|home\.arpa|test|invalid)\Z"
)
_LOGIN: Final = "://open.weixin.qq.com/connect/oauth2/authorize"
_PARAMETER: Final = re.compile(r"[?&;#]([\w.-]{1,40})=([^?&;#]+)")
_ALWAYS_SECRET: Final = re.compile(r"\w*(?:access_?token|secret|passw(?:or)?d)\Z")
_MAYBE_SECRET: Final = re.compile(r"\w*(?:token|key|auth|authorization|pwd)\Z")
_LOOKS_SECRET: Final = re.compile(r"[0-9a-f]{32}\Z|[0-9a-z_.~+/-]{40,}={0,2}\Z", re.I)


def host_of(url: str) -> str:
    """Give the host that a link leads to, in lower case; nothing for what is no link."""
    parts = _PARTS.match(url)
    return parts["host"].lower().rstrip(".") if parts else ""


def link(text: str, appid: str | None, *, emulated: bool) -> Iterator[Broken]:
    """Doubt a link in the menu of the account `appid`; None where it isn't known.

    An emulated account may link to any machine. No message shows a value: it may be a secret.
    """
    parts = _PARTS.match(text)
    marks = may_hold_marks(text)
    if parts is None or not parts["host"] or (marks and _begins_with_mark(text)):
        return  # an error, which says all there is to say
    if text[:5].lower() == "http:":
        yield Broken("http-link", "warning", "the link goes over http; write https", 0)
    html = _HTML.search(text)
    if html:
        message = f"`{html[0]}` is HTML and stays as it is in a link; write {_plain(html[0])}"
        yield Broken("html-in-url", "warning", message, html.start())
    unsaid = text
    if marks:
        from menuops.files.reader.template_marks import left_over_in_link, without_marks

        yield from left_over_in_link(text)
        unsaid = without_marks(text)
    if text[-1] in BLANKS:
        yield blank_at_edge("url", text)
        unsaid = unsaid.rstrip(BLANKS)
    yield from _unescaped(unsaid, parts)
    if not emulated:
        yield from _private(parts)
    yield from _secret(text, parts)
    if _LOGIN in text:
        from menuops.files.rules.logins import login

        yield from login(text, None if emulated else appid)


def _plain(escape: str) -> str:
    import html

    char = html.unescape(escape)
    return f"`{char}`" if re.match(r"[!#-;=?-\[\]_a-z~]", char, re.I) else _percent(char)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))


def _begins_with_mark(text: str) -> bool:
    from menuops.files.reader.template_marks import mark_of_host

    return mark_of_host(text) is not None


def _unescaped(text: str, parts: re.Match[str]) -> Iterator[Broken]:
    start, end = parts.span("host")
    if not parts["host"].isascii():
        message = f"the domain holds {_shown(_first_wide(parts['host']))}; {_ascii(parts['host'])}"
        yield Broken("unescaped-url", "warning", message, start)
    found = [
        each
        for each in _UNESCAPED.finditer(text)
        # Those of ASCII's control characters that it finds are errors already.
        if not start <= each.start() < end and (each[0] > "\x7e" or each[0].isprintable())
    ]
    if found:
        char, at = found[0][0], found[0].start()
        others = f" ({len(found)} such characters in all)" if len(found) > 1 else ""
        why = "escapes nothing" if char == "%" else "must be percent-encoded"
        message = f"{_shown(char)} in a link {why}; write {_percent(char)}{others}"
        yield Broken("unescaped-url", "warning", message, at)


def _first_wide(text: str) -> str:
    return next(char for char in text if not char.isascii())


def _shown(char: str) -> str:
    if char == " ":
        return "a blank"
    return f"`{char}`" if char.isprintable() else f"U+{ord(char):04X}"


_ANY_ASCII_FORM: Final = "its ASCII form, xn--…"


def _ascii(host: str) -> str:
    try:
        ascii_form = host.encode("idna").decode()
    except UnicodeError:
        ascii_form = ""
    return f"write {ascii_form if ascii_form.isprintable() and ascii_form else _ANY_ASCII_FORM}"


def _private(parts: re.Match[str]) -> Iterator[Broken]:
    host = parts["host"].lower().rstrip(".")
    if _ADDRESS.match(host):
        where = _address(host)
    else:
        where = "." not in host or _PRIVATE_NAME.search(host) is not None
    if where:
        message = f"followers can't reach {named(host)}; give a public host"
        yield Broken("private-host", "warning", message, parts.start("host"))


def _address(host: str) -> bool:
    import ipaddress

    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


def _secret(text: str, parts: re.Match[str]) -> Iterator[Broken]:
    if parts["user"] is not None:
        message = "the link holds a user's name or password before its `@`; take it out, renew it"
        yield Broken("secret-in-url", "warning", message, parts.start("user"))
    seen = text if "%" not in text else _unquoted(text)
    for found in _PARAMETER.finditer(seen):
        name = found[1].lower().replace("-", "_")
        if _ALWAYS_SECRET.match(name) or (
            _MAYBE_SECRET.match(name) and _LOOKS_SECRET.match(found[2])
        ):
            message = (
                f"{named(found[1])} in the link looks like a secret, and every follower gets it;"
                " take it out and renew it"
            )
            at = found.start(1) if seen is text else None
            yield Broken("secret-in-url", "warning", message, at)
            return


def _unquoted(text: str) -> str:
    from urllib.parse import unquote

    return unquote(text)
