"""What an exception of redis-py, of TLS or the system means, in words of ours.

Neither a server's own words nor redis-py's are shown: the one repeats what it was sent, a token
among it, the other may name the user.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from menuops.core.errors import CannotStart


class RedisUnusable(CannotStart):
    """Redis is out of reach, or doesn't do what it is asked."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong; `again` says that it may be over in a moment.

    {what} in `problem` stands for the command and its key, {named_by} in `fix` for what names
    the URL.
    """

    problem: str
    fix: str
    again: bool = False


_NEEDED: Final = "EVAL, GET, SET, DEL, TYPE, PTTL and PEXPIRE on the keys menuops:*"
_LOGIN: Final = "check the user and the password in {named_by}"

WRONG_TYPE: Final = Failure("{what}: the key holds something else", "see what else uses that key")

# Words in the name of the exception or in what the server said, which says it in capitals
# before its text; within a script some servers wrap it in other words.
_SAID: Final = (
    (
        ("AuthenticationError", "AuthenticationWrongNumber", "NOAUTH", "WRONGPASS"),
        Failure("it refuses the login", _LOGIN),
    ),
    (
        ("NoPermissionError", "NOPERM", "ACL failure", "can't run this command"),
        Failure(
            "the user may not do {what}",
            f"allow the user in {{named_by}} {_NEEDED}; to read a key of an SDK, that key too",
        ),
    ),
    (
        ("ReadOnlyError", "READONLY"),
        Failure("it is a replica, which can't be written", "name the primary in {named_by}"),
    ),
    (
        ("OutOfMemoryError", "OOM command"),
        Failure("its memory is full", "raise its maxmemory, or delete what it needn't keep"),
    ),
    (
        ("MISCONF",),
        Failure(
            "it takes no writes because it can't save to its disk",
            "look into the log of Redis; make room on its disk",
        ),
    ),
    (
        ("NOREPLICAS",),
        Failure("it takes no writes because its replicas are away", "look after its replicas"),
    ),
    (
        ("MasterDownError", "MASTERDOWN"),
        Failure(
            "it is a replica that has lost its primary",
            "name the primary in {named_by}",
            again=True,
        ),
    ),
    (
        ("BusyLoadingError", "LOADING"),
        Failure("it is still loading its data", "try again in a moment", again=True),
    ),
    (
        ("MovedError", "MOVED ", "AskError", "Cluster", "CLUSTERDOWN", "CROSSSLOT", "TryAgain"),
        Failure(
            "it is a node of a cluster, which menuops doesn't speak to",
            "name a Redis that is no cluster in {named_by}",
        ),
    ),
    (
        ("max number of clients",),
        Failure("it has as many clients as it allows", "raise its maxclients", again=True),
    ),
    (
        ("No connection available",),
        Failure("all connections to it are waiting", "try again; see whether Redis hangs"),
    ),
    (
        ("index is out of range",),
        Failure("it has no database of that number", "mend the number in {named_by}"),
    ),
    (
        ("unknown command",),
        Failure(
            "it can't do {what}",
            "use Redis 5 or later, with EVAL neither renamed nor switched off",
        ),
    ),
    (("WRONGTYPE",), WRONG_TYPE),
    (
        ("InvalidResponse", "Protocol Error"),
        Failure("what answers there is no Redis", "check the host and port in {named_by}"),
    ),
)
_TLS_FIX: Final = (
    "where a CA of your own signed it, name its certificates in REQUESTS_CA_BUNDLE or "
    "SSL_CERT_FILE; otherwise check the host in {named_by} and the clock"
)
_REACH_FIX: Final = (
    "see that Redis runs; check {named_by}, the network and the firewall, and whether it speaks "
    "TLS (rediss://) or not (redis://)"
)


def explained(error: BaseException) -> Failure:
    """Say what went wrong; the exception's own text is read and not repeated."""
    import socket
    import ssl  # 10 ms that only a failure pays for

    chain = tuple(_chain(error))
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    said = f"{names} {error}"
    for words, failure in _SAID:
        if any(word in said for word in words):
            return failure
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Failure(f"its certificate isn't trusted ({cause.verify_message})", _TLS_FIX)
    for cause in chain:
        if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            break  # hung up without TLS's goodbye
        if isinstance(cause, ssl.SSLError):
            return Failure(
                f"TLS failed ({cause.reason or type(cause).__name__})",
                "rediss:// is for a port that speaks TLS, redis:// for one that doesn't; "
                "check {named_by}",
            )
    if any(isinstance(cause, socket.gaierror | UnicodeError) for cause in chain):
        return Failure("its name can't be resolved", "check the host in {named_by} and the DNS")
    if "TimeoutError" in names:
        return Failure("no answer in time", _REACH_FIX)
    if "ConnectionError" in names or isinstance(error, OSError):
        system = next((e.strerror for e in chain if isinstance(e, OSError) and e.strerror), "")
        because = f" ({system})" if system else ""
        return Failure(f"no connection{because}", _REACH_FIX, again=True)
    return Failure("it refuses {what}", "look into the log of Redis")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Go through an exception and those that it was raised from or during, outermost first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
