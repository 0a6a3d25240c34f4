"""What tests of several folders share."""

from __future__ import annotations

import functools
import itertools
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import coverage
import pytest
from hypothesis import HealthCheck, settings

from .redis_server import LocalRedis, running_redis
from .site import Site, opened_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_BROWSERS: Final = (
    "chromium",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_INSTALL: Final = {
    "chromium": "apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji",
    "git": "apt-get install git",
    "node": "apt-get install nodejs",
    "npm": "apt-get install npm",
    "tmux": "apt-get install tmux",
    "zsh": "apt-get install zsh",
    "fish": "apt-get install fish",
    "openssl": "apt-get install openssl",
    "redis-server": "apt-get install redis-server",
}


# Whoever tests may have a Chinese locale; tests of what is said in Chinese ask for it.
os.environ["MENUOPS_LANG"] = "en"

# How long an example takes is the machine's business. CI draws the same examples for a commit
# each time, and fewer, so that red is about the change and soon there; whoever runs the tests by
# hand draws new ones.
_IN_CI: Final = os.environ.get("MENUOPS_TEST_ALL") == "1"
settings.register_profile(
    "menuops",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=60 if _IN_CI else 100,
    derandomize=_IN_CI,
)
settings.load_profile("menuops")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With MENUOPS_TEST_ALL=1 a test that is left out has failed, unless root alone can run it."""
    report = yield
    if report.skipped and _IN_CI and "needs root" not in str(report.longrepr):
        report.outcome = "failed"
    return report


_TRACED: Final = 10
"""Examples of a property that coverage sees; to trace all doubled the time of tests/core."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Stop measuring a property once its first examples went where examples go."""
    measured = coverage.Coverage.current()
    of_property = getattr(getattr(item, "obj", None), "hypothesis", None)
    if measured is None or of_property is None:
        return (yield)
    inner, examples = of_property.inner_test, itertools.count(1)

    @functools.wraps(inner)
    def counting(*arguments: object, **named: object) -> object:
        if next(examples) == _TRACED:
            measured.stop()
        return inner(*arguments, **named)

    of_property.inner_test = counting
    try:
        return (yield)
    finally:
        of_property.inner_test = inner
        if next(examples) > _TRACED:
            measured.start()


CASES: Final = "fault_cases"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many cases of tests/faults went well, wherever they ran."""
    went_well = [
        [value for name, value in each.user_properties if name == CASES]
        for each in terminalreporter.getreports("passed")
    ]
    cases = [sum(values) for values in went_well if values]
    if cases:
        terminalreporter.write_line(f"faults: {sum(cases)} cases in {len(cases)} tests")


@pytest.fixture
def counted(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Count what a test went through; told at the end."""

    def count(cases: int = 1) -> None:
        record_property(CASES, cases)

    return count


@pytest.fixture(scope="session")
def requires() -> Callable[[str], None]:
    """Leave a test out where a program isn't installed, with the line that installs it."""

    def check(program: str) -> None:
        if shutil.which(program) is None:
            pytest.skip(f"{program} isn't installed: {_INSTALL[program]}")

    return check


@pytest.fixture(scope="session")
def browser(requires: Callable[[str], None]) -> Iterator[Browser]:
    """One for all tests of a process: Playwright can't run twice in a thread."""
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        requires("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _shared_redis(
    tmp_path_factory: pytest.TempPathFactory, requires: Callable[[str], None]
) -> Iterator[LocalRedis]:
    requires("redis-server")
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_server(_shared_redis: LocalRedis) -> LocalRedis:
    """A real Redis, empty; for tests that neither stop nor freeze it nor change its settings."""
    _shared_redis.call("FLUSHALL")
    return _shared_redis


@pytest.fixture
def own_redis(tmp_path: Path, requires: Callable[[str], None]) -> Iterator[LocalRedis]:
    """A real Redis that a test may do with as it likes."""
    requires("redis-server")
    directory = tmp_path / "redis"
    directory.mkdir()
    with running_redis(directory) as server:
        yield server


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A project, an emulated WeChat, and a home directory that is all its own."""
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(("MENUOPS_", "GITHUB_", "GITLAB_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MENUOPS_LANG", "en")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")
    with opened_site(tmp_path) as opened:
        yield opened
