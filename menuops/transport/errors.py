"""What can happen to a request, as errors that carry no URL and no secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from menuops.core.errors import CannotStart

Kind: TypeAlias = Literal["dns", "refused", "timeout", "tls", "proxy", "reset"]

_FIX: Final[Mapping[Kind, str]] = {
    "dns": "check the host's name, the network and its DNS",
    "refused": "check the network, the firewall and the host's port",
    "timeout": "try again; where the network is slow, raise `timeout_s` of the account",
    "tls": "where a proxy of your own signs the traffic, name its certificates in "
    "REQUESTS_CA_BUNDLE or SSL_CERT_FILE; otherwise check the clock",
    "proxy": "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
    "reset": "try again",
}


class Unreachable(CannotStart):
    """No whole answer came from the host.

    `call` is the path without "/cgi-bin/" and without the query: "menu/create". `sent` says
    that bytes of the request left this machine, so the host may have acted on it; with
    `sent` false it surely didn't.
    """

    def __init__(self, call: str, host: str, kind: Kind, *, sent: bool, detail: str) -> None:
        what = f"no answer from {host}" if sent else f"{host} can't be reached"
        super().__init__(f"{call}: {what}: {detail} [{kind}]", fix=_FIX[kind])
        self.call = call
        self.host = host
        self.kind: Kind = kind
        self.sent = sent
        self.detail = detail

    @property
    def transient(self) -> bool:
        """Whether the same request may get through a little later with nobody's help."""
        return self.kind != "tls"


class BadAnswer(CannotStart):
    """An answer came that isn't what WeChat documents.

    `reason` says what is wrong, `excerpt` shows its start, escaped and with secrets as `***`.
    `status` is 0 where the HTTP answer itself was fine and only its fields were not.
    """

    def __init__(
        self,
        call: str,
        reason: str,
        *,
        status: int = 0,
        content_type: str = "",
        excerpt: str = "",
        transient: bool = False,
        fix: str = "",
    ) -> None:
        head = ", ".join(
            part for part in (f"HTTP {status}" if status else "", content_type) if part
        )
        message = f"{call}: {reason}"
        message += f" ({head})" if head else ""
        message += f": {excerpt}" if excerpt else ""
        super().__init__(
            message,
            fix=fix
            or "a proxy, a firewall or a busy gateway may have answered in WeChat's place; "
            "try again, and check HTTPS_PROXY and the account's API host",
        )
        self.call = call
        self.reason = reason
        self.status = status
        self.content_type = content_type
        self.excerpt = excerpt
        self.transient = transient
