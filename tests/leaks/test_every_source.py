"""Every command with every source of tokens, each broken in every way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from menuops.wechat.tokens.status import SourceWord

from .driving import calls_of, drive, play, some
from .faults import ALL
from .lines import ONLINE, RENEWED
from .sources import SOURCES, Source
from .watch import Watch

pytestmark = pytest.mark.no_cover  # others reach what they reach, and tracing doubles their time


def test_every_source_is_driven() -> None:
    """A new source fails here until `sources.py` has it; `given` is for library users alone."""
    driven = {name.split(",")[0] for name in SOURCES}
    sdks = {"wechatpy", "easywechat"}
    assert sdks <= driven
    assert driven - sdks | {"sdk", "given"} == set(SourceWord.__args__)  # type: ignore[attr-defined]


def set_up(watch: Watch, source: Source) -> None:
    watch.project(token=source.keys(watch) or None)
    source.stand(watch)


@pytest.mark.parametrize("number", range(len(ONLINE)), ids=ONLINE)
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_whatever_a_source_gives(watch: Watch, source: Source, number: int) -> None:
    """Of each two commands one meets a fault: what they do to get a token is the same."""
    line = [*ONLINE.values()][number]
    set_up(watch, source)
    drive(watch, line, "all is well")
    for name, break_it in some(source.breaks, one_in=2, first=number).items():
        source.stand(watch)
        watch.fresh()
        break_it(watch)
        drive(watch, line, name)
        assert line.command != "plan" or watch.last.code == 7, name
    assert watch.leaks == []


@pytest.mark.parametrize("name", ["apply", "doctor"])
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_whatever_wechat_says_to_its_token(watch: Watch, source: Source, name: str) -> None:
    line = ONLINE[name]
    if source.renewed_first:
        line = replace(line, before=(RENEWED,))
    set_up(watch, source)
    calls = calls_of(watch, line)
    call = next(each for each in ("openapi/quota/get", "menu/get") if each in calls)
    faults = ("code 40001", "code 42001", *some(ALL, one_in=10))
    for fault in faults:
        source.stand(watch)
        play(watch, line, call, fault, ALL[fault])
    assert watch.leaks == []
