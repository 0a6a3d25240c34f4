"""Requests to one service: repeated where that can help, with what it said where it can't."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import quote

from menuops.core.secret import Secret
from menuops.post.failure import NotSent
from menuops.transport.errors import Unreachable
from menuops.transport.excerpt import escaped
from menuops.transport.rest import Content, Rest, RestAnswer, same_origin

TRIES: Final = 4
LONGEST_WAIT_S: Final = 90.0
"""A limit that lasts for longer fails the call: no job is to wait for an hour."""
_LIMIT_WAIT_S: Final = 60.0
"""What GitHub asks for where a limit was hit and no header says how long it lasts."""
_CONNECT_S: Final = 5.0
_READ_S: Final = 30.0
_PAGES: Final = 50
_SAID_CHARS: Final = 300
_NEXT: Final = re.compile(r'<([^<>]*)>\s*;[^,]*\brel="?next"?')

Explain = Callable[[RestAnswer, str], str]
"""Gives the way out for an answer that refused; the text is what was tried: "write a comment"."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service at `base_url`, asked with `headers`; `name` stands in messages.

    `sleep` takes seconds, `clock` gives those since 1970.
    """

    name: str
    base_url: str
    headers: Mapping[str, str | Secret]
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    explain: Explain
    rest: Rest = field(default_factory=Rest)

    def at(self, base_url: str) -> Service:
        """Ask another part of the same service."""
        return replace(self, base_url=base_url)

    def get(self, path: str, to: str) -> Any:
        """Read one JSON document. Raises NotSent, which says what it was wanted `to` do."""
        return self._call("GET", self._url(path, {}), to, None).document

    def pages(self, path: str, to: str, **query: str | int) -> Iterator[Mapping[str, Any]]:
        """Read a list over all its pages, as far as 50 of them; raises NotSent for no list."""
        url = self._url(path, {**query, "per_page": 100})
        for _ in range(_PAGES):
            answer = self._call("GET", url, to, None)
            if not isinstance(answer.document, list):
                raise self.odd(to, "it isn't a list")
            for each in answer.document:
                if isinstance(each, dict):
                    yield each
            following = _NEXT.search(answer.headers.get("link", ""))
            if following is None:
                return
            url = following[1]
            if not same_origin(url, self.base_url):
                # The token goes with the request: never to another host that an answer names.
                raise self.odd(to, "its next page is at another host")

    def write(
        self,
        method: str,
        path: str,
        to: str,
        document: Mapping[str, Any] | Content,
        *,
        once: bool = False,
    ) -> Mapping[str, Any]:
        """Send one JSON document or a file; read one object. Raises NotSent.

        What may have been done isn't repeated if it is to be done `once`: the error is `unsure`.
        """
        content = document if isinstance(document, Content) else Content.json(document)
        answer = self._call(method, self._url(path, {}), to, content, once=once)
        if not isinstance(answer.document, dict):
            raise self.odd(to, "it isn't an object")
        return answer.document

    def odd(self, to: str, why: str) -> NotSent:
        """Make the error for an answer that isn't as the service's documentation has it."""
        return NotSent(
            f"can't {to}: {self.name} gave an odd answer: {why}",
            fix="a proxy may have answered in its place; check its URL and HTTPS_PROXY",
        )

    def _url(self, path: str, query: Mapping[str, str | int]) -> str:
        listed = "&".join(f"{key}={quote(str(value), safe='')}" for key, value in query.items())
        return f"{self.base_url}{path}{'?' * bool(listed)}{listed}"

    def _call(
        self, method: str, url: str, to: str, content: Content | None, *, once: bool = False
    ) -> RestAnswer:
        waited_s = 0.0
        for number in range(1, TRIES + 1):
            answer: RestAnswer | None = None
            try:
                answer = self.rest.call(
                    method,
                    url,
                    name=to,
                    headers=self.headers,
                    content=content,
                    connect_timeout_s=_CONNECT_S,
                    read_timeout_s=_READ_S,
                )
            except Unreachable as error:
                unsure = error.sent and once
                failure = NotSent(
                    f"can't {to}: {error.message.partition(': ')[2]}",
                    fix=error.fix if not unsure else "look whether it arrived all the same",
                    unsure=unsure,
                )
                wait_s = 2.0 ** (number - 1) if error.transient and not unsure else None
            else:
                if 200 <= answer.status < 300:
                    return answer
                unsure = answer.status >= 500 and once
                failure = self._refused(answer, to, unsure=unsure)
                wait_s = None if unsure else self._wait_s(answer, number)
            if wait_s is None or number == TRIES or waited_s + wait_s > LONGEST_WAIT_S:
                raise failure from None
            self.sleep(wait_s)
            waited_s += wait_s
        raise AssertionError("the last try returns or raises")

    def _wait_s(self, answer: RestAnswer, number: int) -> float | None:
        """Say how long to wait before the next try; None if it would be refused again.

        Source: GitHub's "Rate limits for the REST API", GitLab's "User and IP rate limits".
        """
        limited = answer.status == 429 or (answer.status == 403 and is_limit(answer))
        if not limited and answer.status < 500:
            return None
        asked = _seconds(answer.headers.get("retry-after", ""), self.clock())
        for limit in ("x-ratelimit", "ratelimit"):  # GitHub's, GitLab's
            reset = answer.headers.get(f"{limit}-reset", "")
            if asked is None and answer.headers.get(f"{limit}-remaining") == "0":
                asked = float(reset) - self.clock() + 1 if _is_number(reset) else None
        if asked is None:
            asked = _LIMIT_WAIT_S if limited else 2.0 ** (number - 1)
        return max(asked, 1.0)

    def _refused(self, answer: RestAnswer, to: str, *, unsure: bool) -> NotSent:
        if answer.moved_to:
            return NotSent(
                f"can't {to}: {self.name} leads to another host, {escaped(answer.moved_to)[:100]}, "
                "and the token goes to none but its own",
                fix="give the URL of the API as it is now",
                status=answer.status,
            )
        said = said_by(answer)
        return NotSent(
            f"can't {to}: {self.name} answered HTTP {answer.status}{f': {said}' if said else ''}",
            fix=self.explain(answer, to),
            status=answer.status,
            unsure=unsure,
        )


def said_by(answer: RestAnswer) -> str:
    """Give the service's own words, in one line; they are foreign text, escaped already."""
    document = answer.document
    message = None
    if isinstance(document, dict):
        message = document.get("message") or document.get("error_description")
    if isinstance(message, str) and message in answer.excerpt:
        return message[:_SAID_CHARS]
    return answer.excerpt[:_SAID_CHARS]


def is_limit(answer: RestAnswer) -> bool:
    """Tell a limit of GitHub, which may be a 403, from a right that is missing."""
    if "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0":
        return True
    return "rate limit" in said_by(answer).lower()


def _seconds(header: str, now_s: float) -> float | None:
    """Read Retry-After: seconds, or a date."""
    if _is_number(header):
        return float(header)
    try:
        return parsedate_to_datetime(header).timestamp() - now_s
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 12
