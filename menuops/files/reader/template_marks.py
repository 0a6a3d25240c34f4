"""Marks of templates inside a value: `{{host}}`, `<%= host %>`, `@HOST@`, `%s`, `{0}`.

A legal link has none of them: braces and `<` must be percent-encoded, `%s` escapes nothing.
`@` and `$` are legal behind the host (`/@user`), so there they count only where a whole part of
the link is `@NAME@`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from menuops.files.broken import Broken
from menuops.files.wording import named

_MEND: Final = "save what it makes, or write a variable as `${name}`"
_ANYWHERE: Final = (
    r"\{\{[^{}]*(?:\}\})?|\{%[^%]*(?:%\})?|<%[^%]*(?:%>)?|<\?[^?]*(?:\?>)?|[#$]\{[^{}]*\}"
    r"|\{[A-Za-z0-9_.]*\}|%(?:[0-9]+\$)?[sd](?![A-Za-z0-9])|(?<![^/=])@[A-Z][A-Z0-9_]+@(?![A-Za-z0-9])"
)
_MARK: Final = re.compile(_ANYWHERE)
_WHOLE: Final = (
    rf"(?<![^/\s])@[\w.-]+@|\$[A-Za-z_]\w*|%[A-Za-z_]\w*%(?![0-9A-Fa-f]{{2}})|\b__\w+__|{_ANYWHERE}"
)
_OF_A_HOST: Final = re.compile(_WHOLE)
_AUTHORITY: Final = re.compile(r"(?i)(?:(?:https?:)?//)?(?P<host>[^/?#]*)")
_IN_TEXT: Final = re.compile(r"\{\{[^{}]*\}\}|\{%[^%]*%\}|<%[^%]*%>|<\?[^?]*\?>")


def left_over(text: str) -> Iterator[Broken]:
    """Doubt a text in which a template's mark is left, of those that no other text holds."""
    return _doubt(list(_IN_TEXT.finditer(text)))


def left_over_in_link(text: str) -> Iterator[Broken]:
    """Doubt a link in which a mark is left anywhere."""
    return _doubt(list(_MARK.finditer(text)))


def _doubt(found: list[re.Match[str]]) -> Iterator[Broken]:
    if found:
        more = f" ({len(found)} such marks in all)" if len(found) > 1 else ""
        message = mark_message(found[0][0]) + more
        yield Broken("placeholder", "warning", message, found[0].start())


def without_marks(link: str) -> str:
    """Give a link, as long as before, with letters in place of its marks."""
    return _MARK.sub(lambda mark: "a" * len(mark[0]), link)


def mark_at(text: str, index: int) -> str:
    """Give the mark that begins at an index, where a value begins; empty if there is none."""
    found = _OF_A_HOST.match(text, index)
    return found[0] if found else ""


def mark_of_host(link: str) -> re.Match[str] | None:
    """Find the mark that stands for a link's beginning: scheme, host or a part of them."""
    authority = _AUTHORITY.match(link)
    found = _OF_A_HOST.search(link)
    if found is None or authority is None:
        return None
    start, end = authority.span("host")
    if found[0][0] not in "{<#" and "@" in link[found.end() : end]:
        return None  # perhaps a part of a password, which no message shows
    return found if found.start() < end or found.start() == start else None


def mark_message(mark: str) -> str:
    """Say what a mark is, and what to do."""
    if mark.startswith("${"):
        return f"{named(mark)} is left as it is here; a variable is written with one `$`"
    return f"{named(mark)} is a mark of a template; {_MEND}"
