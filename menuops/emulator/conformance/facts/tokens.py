"""Section 2: the two kinds of token. Never a forced refresh: it voids what runs in production."""

from __future__ import annotations

from typing import Any

from menuops.emulator.conformance.bench import Bench, number, text
from menuops.emulator.conformance.errors import CannotTell
from menuops.emulator.conformance.fact import Facts, Finding, said
from menuops.emulator.conformance.wire import Exchange

facts = Facts()

NOBODY = "wx0000000000000000"


def _stable(bench: Bench) -> Exchange:
    return bench.caller.fetch_stable()


def _classic(bench: Bench) -> tuple[str, str, int]:
    """Fetch twice: the tokens, and how long the first one lives."""
    first = bench.caller.fetch_classic()
    if first.errcode:
        raise CannotTell(f"token answered {first.errcode}")
    second = bench.caller.fetch_classic().value()
    return (
        text(first.value(), "access_token"),
        text(second, "access_token"),
        number(first.value(), "expires_in"),
    )


def _token_error(bench: Bench, *codes: int, **changed: Any) -> Finding:
    found = bench.caller.fetch_stable(**changed).errcode
    return Finding(said(found), found in codes)


@facts.stated("2.2", "D", "stable_token answers access_token and expires_in, alone", writes=False)
def stable_token(bench: Bench) -> Finding:
    keys = sorted(bench.once(_stable).value())
    return Finding(", ".join(keys), keys == ["access_token", "expires_in"])


@facts.stated("2.2", "D", "a stable token has 300 to 7200 seconds left", writes=False)
def stable_token_life(bench: Bench) -> Finding:
    left_s = number(bench.once(_stable).value(), "expires_in")
    return Finding(f"{left_s} s", 300 <= left_s <= 7200)


@facts.stated("2.2", "D", "within its life stable_token gives the same token again", writes=False)
def stable_token_stays(bench: Bench) -> Finding:
    first = bench.once(_stable).value()
    second = bench.caller.fetch_stable().value()
    same = text(first, "access_token") == text(second, "access_token")
    renewed = number(first, "expires_in") < 302
    if not same and renewed:
        raise CannotTell("the token was renewed in between, in its last five minutes")
    return Finding("the same" if same else "another", same)


@facts.stated("2.2", "D", "expires_in of the same token counts down", writes=False)
def stable_token_counts_down(bench: Bench) -> Finding:
    first = number(bench.once(_stable).value(), "expires_in")
    second = number(bench.caller.fetch_stable().value(), "expires_in")
    return Finding(f"{first} s, then {second} s", second <= first)


@facts.stated("2.1", "D", "a token has at most 512 characters, and more than 32", writes=False)
def token_length(bench: Bench) -> Finding:
    length = len(text(bench.once(_stable).value(), "access_token"))
    return Finding(f"{length} characters", 32 < length <= 512)


@facts.stated("2.2", "D", "GET stable_token is 43002", writes=False)
def stable_token_by_get(bench: Bench) -> Finding:
    found = bench.caller.send("GET", "stable_token").errcode
    return Finding(said(found), found == 43002)


@facts.stated("2.2", "D", "a grant_type that isn't client_credential is 40002", writes=False)
def wrong_grant_type(bench: Bench) -> Finding:
    return _token_error(bench, 40002, grant_type="client_credentials", secret="x")  # noqa: S106


@facts.stated("2.2", "D", "an appid that is missing is 41002", writes=False)
def missing_appid(bench: Bench) -> Finding:
    return _token_error(bench, 41002, appid=None, secret="x")  # noqa: S106


@facts.stated("2.2", "D", "an appsecret that is missing is 41004", writes=False)
def missing_secret(bench: Bench) -> Finding:
    return _token_error(bench, 41004, secret=None)


@facts.stated("2.1", "R", "the appid is looked at first: a wrong one is 40013", writes=False)
def wrong_appid(bench: Bench) -> Finding:
    return _token_error(bench, 40013, appid=NOBODY, secret="x")  # noqa: S106


@facts.stated("2.2", "D", "a wrong appsecret is 40125", writes=False, hazard="wrong-secret")
def wrong_secret(bench: Bench) -> Finding:
    found = bench.caller.fetch_stable(secret="0" * 32).errcode
    if not found:
        raise CannotTell("the server takes any secret")
    return Finding(said(found), found == 40125)


@facts.stated(
    "2.1",
    "D",
    "GET token gives a token for at most 7200 seconds",
    writes=False,
    hazard="classic-token",
)
def classic_token(bench: Bench) -> Finding:
    _, _, left_s = bench.once(_classic)
    return Finding(f"{left_s} s", 0 < left_s <= 7200)


@facts.stated(
    "2.1", "D", "a second GET token gives another token", writes=False, hazard="classic-token"
)
def classic_token_changes(bench: Bench) -> Finding:
    first, second, _ = bench.once(_classic)
    return Finding("another" if first != second else "the same", first != second)


@facts.stated(
    "2.1",
    "D",
    "for 5 minutes after that the earlier token works too",
    writes=False,
    hazard="classic-token",
)
def classic_tokens_overlap(bench: Bench) -> Finding:
    first, second, _ = bench.once(_classic)
    found = [_works(bench, token) for token in (first, second)]
    return Finding(f"the earlier {said(found[0])}, the later {said(found[1])}", found == [0, 0])


@facts.stated(
    "2.2",
    "D",
    "fetching a classic token leaves the stable one as it is",
    writes=False,
    hazard="classic-token",
)
def kinds_are_apart(bench: Bench) -> Finding:
    stable = bench.caller.token()
    first, second, _ = bench.once(_classic)
    found = _works(bench, stable)
    return Finding(f"the stable one {said(found)}", found == 0 and stable not in (first, second))


def _works(bench: Bench, token: str) -> int:
    # selfmenu: the one call that every account may make
    return bench.caller.send("GET", "get_current_selfmenu_info", {"access_token": token}).errcode
