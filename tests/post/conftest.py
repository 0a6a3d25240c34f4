"""Results to report, and the services that they are reported to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from menuops.core.sent import Sent
from menuops.core.told import Result
from menuops.files.results import read_result
from menuops.run.forge_report import ReportOptions, report_to_forge
from menuops.run.settings import World
from tests.site import Site

from .standin import StandIn, serving


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with serving() as made:
        yield made


@dataclass
class Results:
    """Documents as the commands print them, from an account in the emulator."""

    site: Site

    def plan(self, *arguments: str) -> Any:
        self.site.run("plan", *arguments, "--out", "plan.json")
        return self.read((self.site.root / "plan.json").read_bytes())

    def of(self, *arguments: str) -> Any:
        return self.read(self.site.run(*arguments, "--format", "json").out.encode())

    def read(self, raw: bytes) -> Result:
        return read_result(raw, "document")


@pytest.fixture
def results(site: Site) -> Results:
    return Results(site)


@dataclass
class Job:
    """A job on GitHub or GitLab that reports; what it waited is noted, not waited."""

    stand_in: StandIn
    to: str = "github"
    environ: dict[str, str] = field(default_factory=dict)
    waited_s: list[float] = field(default_factory=list)

    def report(self, *results: Result, dry_run: bool = False, **asked: Any) -> list[Sent]:
        there = self.stand_in.environ if self.to == "github" else self.stand_in.gitlab_environ
        given = {**there, **self.environ}
        environ = {name: value for name, value in given.items() if value}
        world = World(clock=lambda: 1_800_000_000.0, sleep=self.waited_s.append, environ=environ)
        return report_to_forge(self.to, results, ReportOptions(**asked), world, dry_run=dry_run)


@pytest.fixture(params=["github", "gitlab"])
def job(stand_in: StandIn, request: pytest.FixtureRequest) -> Job:
    """A job on either."""
    return Job(stand_in, request.param)


@pytest.fixture
def github(stand_in: StandIn) -> Job:
    return Job(stand_in)


def dumped(document: Any) -> bytes:
    return json.dumps(document).encode()
