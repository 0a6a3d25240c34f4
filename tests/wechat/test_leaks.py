"""Nothing that a program prints of the container and the client has a token or a secret in it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

import pytest

from menuops.core.account import TokenSource
from menuops.core.errors import MenuopsError
from menuops.emulator import Fault
from menuops.wechat.api import MenuApi
from menuops.wechat.tokens.store import TokenKey

from .conftest import APPID, CLASSIC, ENV, SECRET, STABLE, World, with_retry

FAULTS = {
    "-1": Fault.errcode(-1),
    "refused": Fault.errcode(40001),
    "quota": Fault.errcode(45009),
    "502": Fault.status(502),
    "reset": Fault.reset_before(),
    "lost": Fault.reset_after(),
    "half": Fault.half_answer(),
}
CALLS: dict[str, Callable[[MenuApi], object]] = {
    "token": MenuApi.get_menu,
    "stable_token": MenuApi.get_menu,
    "menu/get": MenuApi.get_menu,
    "menu/create": lambda api: api.create_menu([{"type": "click", "name": "a", "key": "b"}]),
}


def printed(error: BaseException) -> str:
    found: list[str] = [*traceback.format_exception(error)]
    behind: BaseException | None = error
    while behind is not None:
        found += [str(behind), repr(behind), repr(vars(behind))]
        behind = behind.__cause__ or behind.__context__
    return "\n".join(found)


@pytest.mark.parametrize("source", [STABLE, CLASSIC, ENV], ids=["stable", "classic", "env"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize("name", CALLS)
def test_no_trouble_prints_a_token_or_a_secret(
    world: World,
    caplog: pytest.LogCaptureFixture,
    source: TokenSource,
    fault: Fault,
    name: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    for logger in ("urllib3", "urllib3.connectionpool", "filelock", "menuops"):
        caplog.set_level(logging.DEBUG, logger)
    account = with_retry(world.account(source), 2.0)
    handed_over = world.container().token(world.account(CLASSIC))
    world.environ["SHOP_TOKEN"] = handed_over.reveal()
    (world.directory / "tokens").rename(world.directory / "put-aside")
    secrets = {SECRET, handed_over.reveal()}
    container = world.container()
    world.emulator.fail_next(name, fault, times=9)
    api = MenuApi(world.http, container, account, pace=world.clock.pace)
    said = repr(api) + repr(container)
    try:
        CALLS[name](api)
    except MenuopsError as error:
        said += printed(error)
    if kept := world.store().get(TokenKey(world.url, APPID)):
        secrets.add(kept.value.reveal())
    said += repr(container.status(account)) + caplog.text
    for secret in secrets:
        assert secret not in said
        assert secret[:20] not in said
