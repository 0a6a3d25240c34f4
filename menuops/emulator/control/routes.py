"""Which path of the control interface does what. Shapes: docs/emulator.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from menuops.emulator.account import Follower
from menuops.emulator.buttons import JsonObject
from menuops.emulator.errors import EmulatorStateError
from menuops.emulator.refusal import Refusal

from . import commands
from .gate import check_asker
from .pages import page_file
from .reply import Asked, Refused, Reply, Stream, json_reply
from .views import account_view, faults_view, sight_view, state_view

if TYPE_CHECKING:
    from menuops.emulator.emulator import Emulator

PAGE = "page/"


def answer(emulator: Emulator, asked: Asked) -> Reply | Stream:
    """Do what is asked. Raises nothing but bugs: what is wrong is 4xx with {error}."""
    try:
        check_asker(asked)
        if asked.path == "":
            return only("GET", asked, lambda: page_file("index.html"))
        if asked.path.startswith(PAGE):
            return only("GET", asked, lambda: page_file(asked.path.removeprefix(PAGE)))
        route = ROUTES.get((asked.method, asked.path))
        if route is not None:
            return route(emulator, asked)
        allowed = [method for method, path in ROUTES if path == asked.path]
        if allowed:
            raise Refused(405, f"send it as {' or '.join(allowed)}")
        raise Refused(404, "there is no such path")
    except Refused as refused:
        return json_reply({"error": refused.text}, refused.status)
    except EmulatorStateError as exc:
        return json_reply({"error": str(exc)}, 500)


def only(method: str, asked: Asked, do: Callable[[], Reply]) -> Reply:
    """Do what can be asked by one method."""
    if asked.method != method:
        raise Refused(405, f"send it as {method}")
    return do()


def state(emulator: Emulator, _: Asked) -> Reply:
    """Give all that the emulator knows."""
    return json_reply(state_view(emulator))


def calls(emulator: Emulator, asked: Asked) -> Reply:
    """Give the exchanges after one."""
    news = emulator.feed.since(read_since(asked.first("since")) or 0)
    return json_reply({"calls": emulator.traffic.shown(news.exchanges), "last": news.last})


def events(_: Emulator, asked: Asked) -> Stream:
    """Follow what happens; a browser that connects again says itself where it was."""
    return Stream(read_since(asked.headers.get("last-event-id") or asked.first("since")))


def read_since(text: str | None) -> int | None:
    """Read the number of an exchange."""
    if text is None or text == "":
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Refused(400, "since isn't the number of a call")
    return int(text)


def match(emulator: Emulator, asked: Asked) -> Reply:
    """Give what a follower sees: one who is there, or one with these tags and this platform."""
    appid = commands.known_appid(emulator, asked.first("appid"))
    openid = asked.first("openid")
    if openid is not None:
        try:
            return json_reply(sight_view(emulator.sight_of(appid, openid)))
        except Refusal as refusal:
            raise Refused(404, f"no such follower: {refusal}") from None
    tags = [value for name, value in asked.query if name == "tag"]
    if not all(tag.isascii() and tag.isdigit() and len(tag) < 16 for tag in tags):
        raise Refused(400, "tag isn't a number")
    platform = asked.first("platform") or "3"
    if platform not in ("1", "2", "3"):
        raise Refused(400, "platform is 1 (iOS), 2 (Android) or 3 (others)")
    follower = Follower("", tuple(map(int, tags)), platform)
    return json_reply(sight_view(emulator.sight_of(appid, follower)))


def plan_fault(emulator: Emulator, asked: Asked) -> Reply:
    """Plan a fault, and give all."""
    commands.plan_fault(emulator, commands.read_json(asked))
    return json_reply({"faults": faults_view(emulator.faults)})


def clear_faults(emulator: Emulator, asked: Asked) -> Reply:
    """Forget the faults of one path, or all."""
    try:
        emulator.clear_faults(asked.first("path"))
    except ValueError as exc:
        raise Refused(400, str(exc)) from None
    return json_reply({"faults": faults_view(emulator.faults)})


def clock(emulator: Emulator, asked: Asked) -> Reply:
    """Move the clock, and give its time."""
    commands.set_clock(emulator, commands.read_json(asked))
    return json_reply({"now_s": emulator.now_s()})


def latency(emulator: Emulator, asked: Asked) -> Reply:
    """Say how long each answer is held back."""
    commands.set_latency(emulator, commands.read_json(asked))
    return json_reply({"latency_s": emulator.latency_s})


def on_account(do: Callable[[Emulator, JsonObject], str]) -> Callable[[Emulator, Asked], Reply]:
    """Make a route that answers the account that was changed."""

    def route(emulator: Emulator, asked: Asked) -> Reply:
        appid = do(emulator, commands.read_json(asked))
        changed = emulator.state_of(appid)
        if changed is None:
            raise Refused(404, "somebody else took the account away")
        return json_reply(account_view(changed, emulator.now_s()))

    return route


ROUTES: dict[tuple[str, str], Callable[[Emulator, Asked], Reply | Stream]] = {
    ("GET", "state"): state,
    ("GET", "calls"): calls,
    ("GET", "events"): events,
    ("GET", "match"): match,
    ("POST", "faults"): plan_fault,
    ("DELETE", "faults"): clear_faults,
    ("POST", "clock"): clock,
    ("POST", "latency"): latency,
    ("POST", "tokens"): on_account(commands.end_tokens),
    ("POST", "console"): on_account(commands.publish),
    ("POST", "accounts"): on_account(commands.change_account),
}
