"""The emulator is taken for WeChat by clients that others wrote and that talk to the real one."""

from __future__ import annotations

import os
from contextlib import suppress

import pytest

from .conftest import Crowd
from .driving import Lacks
from .installing import Driver, drivers
from .table import PAGE, render_table, table_of, with_table
from .trials import TRIALS

CLIENTS = drivers()


@pytest.mark.parametrize("trial", TRIALS, ids=[trial.__name__ for trial in TRIALS.values()])
@pytest.mark.parametrize("driver", CLIENTS, ids=lambda driver: driver.path.stem)
def test_the_emulator_and_a_client_understand_one_another(
    crowd: Crowd, driver: Driver, trial: str
) -> None:
    with suppress(Lacks):  # why, the table says
        assert crowd.tell(driver, trial)


def test_the_page_tells_what_came_of_it(crowd: Crowd) -> None:
    """MENUOPS_UPDATE_DOCS=1 writes it anew."""
    cells, lacks = {}, {}
    for driver in CLIENTS:
        for trial in TRIALS:
            try:
                cells[trial, driver.title] = crowd.tell(driver, trial)
            except Lacks as why:
                lacks[trial, driver.title] = str(why)
    table = render_table([*TRIALS], [driver.title for driver in CLIENTS], cells, lacks)
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("MENUOPS_UPDATE_DOCS") == "1":
        PAGE.write_text(with_table(page, table), encoding="utf-8")
    else:
        assert table_of(page) == table
