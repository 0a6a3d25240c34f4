"""`menuops emulator`."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType

import click

from menuops.cli.output import print_result
from menuops.core.errors import CannotStart, Usage
from menuops.core.outcome import Outcome
from menuops.render.language.speech import said

_DEMO = "wxdemo000000000001:demo"


@click.command(name="emulator")
@click.option("--port", type=click.IntRange(0, 65535), default=8787, show_default=True)
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
def command(port: int, state: Path | None, latency: float, accounts: tuple[str, ...]) -> Outcome:
    """Serve WeChat's menu API on loopback until Ctrl-C.

    \b
    menuops emulator --port 8787
    MENUOPS_APPID=wxdemo000000000001 MENUOPS_SECRET=demo \\
      menuops plan --api-url http://127.0.0.1:8787 --menu menus/demo.yaml
    """
    from menuops.emulator import Account, Emulator, EmulatorStateError

    try:
        emulator = Emulator(state_file=state, latency_s=latency)
        for account in accounts:
            appid, colon, secret = account.partition(":")
            if not appid or not colon or not secret:
                # Not repeated: a secret may be all that was given.
                raise Usage("--account isn't APPID:SECRET", fix=f"for example {_DEMO}")
            emulator.add_account(Account(appid=appid, secret=secret))

        def stop(_number: int, _frame: FrameType | None) -> None:
            emulator.stop()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        emulator.serve_forever("127.0.0.1", port, ready=_say)
    except EmulatorStateError as error:
        raise CannotStart(str(error), code="emulator_state") from None
    except OSError as cause:
        raise CannotStart(
            f"can't serve on port {port}: {cause.strerror}",
            fix="name another with --port; 0 takes a free one",
            code="port",
        ) from None
    return Outcome.DONE


def _say(url: str) -> None:
    print_result(said(f"WeChat's menu API is played at {url}\n"))
