"""`menuops emulator`."""

from __future__ import annotations

import math
import signal
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

from menuops.cli.output import print_note, print_result
from menuops.core.errors import CannotStart, Usage
from menuops.core.loopback import is_loopback
from menuops.core.outcome import Outcome
from menuops.core.visible import safe
from menuops.render.language.speech import said

if TYPE_CHECKING:
    from menuops.emulator import Account, Follower, Switches, Tag

_DEMO: Final = "wxdemo000000000001:demo"
_PLATFORMS: Final = {"ios": "1", "android": "2", "other": "3"}


@click.command(name="emulator")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to serve; others than loopback are open to the network.",
    metavar="ADDRESS",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8787,
    show_default=True,
    help="The port to serve; 0 takes a free one.",
    metavar="PORT",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the menus in this file.",
    metavar="FILE",
)
@click.option(
    "--latency",
    type=click.FloatRange(0, 60),
    default=0.0,
    help="Wait before each answer.",
    metavar="SECONDS",
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    default=(_DEMO,),
    show_default=True,
    help="An account that exists there; repeatable.",
    metavar="APPID:SECRET",
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    help="A tag of each account; repeatable. Without one: 100=VIP and 101=spring.",
    metavar="ID=NAME",
)
@click.option(
    "--follower",
    "followers",
    multiple=True,
    help="Somebody who follows each account, with the tags' ids in the order they were put on, "
    "and ios, android or other; repeatable.",
    metavar="OPENID[:ID,…[:PLATFORM]]",
)
@click.option(
    "--switch",
    "switches",
    multiple=True,
    help="Choose where sources about WeChat disagree; repeatable. A wrong name lists all.",
    metavar="NAME=VALUE",
)
@click.option(
    "--record",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Append each call and its answer to this file, without secrets and tokens.",
    metavar="FILE",
)
def command(
    host: str,
    port: int,
    state: Path | None,
    latency: float,
    accounts: tuple[str, ...],
    tags: tuple[str, ...],
    followers: tuple[str, ...],
    switches: tuple[str, ...],
    record: Path | None,
) -> Outcome:
    """Serve WeChat's menu API on loopback until Ctrl-C.

    \b
    menuops emulator --port 8787
    MENUOPS_APPID=wxdemo000000000001 MENUOPS_SECRET=demo \\
      menuops plan --api-url http://127.0.0.1:8787 --menu menus/demo.yaml
    """
    from menuops.emulator import Emulator, EmulatorStateError

    played = _accounts(accounts, tags, followers, switches)
    if math.isnan(latency):  # which no range leaves out
        raise Usage("--latency isn't a number of seconds: nan", fix="for example --latency 0.2")
    if state is not None and record is not None and state.resolve() == record.resolve():
        # The calls would damage the state.
        raise Usage("--record and --state name the same file", fix="name two files")
    if not is_loopback(host):
        print_note(
            f"menuops: {host} can be reached from the network; whoever reaches it can read and "
            "change these menus, and sees all calls. Leave --host out for this machine alone."
        )
    try:
        emulator = Emulator(state_file=state, latency_s=latency, record=record)
        emulator.add_account(*played)

        def stop(_number: int, _frame: FrameType | None) -> None:
            emulator.stop()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        emulator.serve_forever(host, port, ready=_say)
    except EmulatorStateError as error:
        raise CannotStart(str(error), code="emulator_state") from None
    except OSError as cause:
        raise CannotStart(
            f"can't serve on port {port} of {host}: {cause.strerror}",
            fix="name another with --port; 0 takes a free one",
            code="port",
        ) from None
    return Outcome.DONE


def _accounts(
    accounts: tuple[str, ...],
    tags: tuple[str, ...],
    followers: tuple[str, ...],
    switches: tuple[str, ...],
) -> list[Account]:
    from dataclasses import replace

    from menuops.emulator import demo_account

    chosen = _switches(switches)
    read_tags = tuple(map(_tag, tags))
    read_followers = tuple(map(_follower, followers))
    _check_once("--tag", [str(tag.id) for tag in read_tags])
    _check_once("--follower", [follower.openid for follower in read_followers])
    played = []
    for account in accounts:
        appid, colon, secret = account.partition(":")
        if not appid or not colon or not secret:
            # Not repeated: a secret may be all that was given.
            raise Usage("--account isn't APPID:SECRET", fix=f"for example {_DEMO}")
        one = replace(demo_account(appid, secret), switches=chosen)
        if read_tags or read_followers:
            one = replace(one, tags=read_tags or one.tags, followers=read_followers)
            _check_tags(one)
        played.append(one)
    return played


def _switches(texts: tuple[str, ...]) -> Switches:
    from menuops.emulator import switches_from

    try:
        return switches_from(texts)
    except ValueError as wrong:
        raise Usage(f"--switch: {wrong}") from None


def _tag(text: str) -> Tag:
    from menuops.emulator import Tag

    number, equals, name = text.partition("=")
    if not equals or not name or not _is_id(number):
        raise Usage(f"--tag isn't ID=NAME: {text}", fix="for example --tag 100=VIP")
    return Tag(int(number), name)


def _follower(text: str) -> Follower:
    from menuops.emulator import Follower

    openid, _, rest = text.partition(":")
    ids, _, platform = rest.partition(":")
    tags = ids.split(",") if ids else []
    if not openid or not all(map(_is_id, tags)) or platform not in (*_PLATFORMS, ""):
        raise Usage(
            f"--follower isn't OPENID:ID,ID:PLATFORM: {text}",
            fix="for example --follower oAnna:100,101:ios; platforms are ios, android, other",
        )
    return Follower(openid, tuple(map(int, tags)), _PLATFORMS[platform or "other"])


def _check_once(option: str, ids: list[str]) -> None:
    for number, one in enumerate(ids):
        if one in ids[:number]:
            raise Usage(f"{option} has {safe(one)} twice", fix="give each once")


def _check_tags(account: Account) -> None:
    known = {tag.id for tag in account.tags}
    for follower in account.followers:
        for tag in follower.tags:
            if tag not in known:
                raise Usage(
                    f"--follower {safe(follower.openid)}: there is no tag {tag}",
                    fix=f"add --tag {tag}=NAME",
                )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _say(url: str) -> None:
    print_result(said(f"WeChat's menu API is played at {url}\n"))
