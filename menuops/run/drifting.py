"""Finding drift: what is live, against what was applied last and against the files."""

from __future__ import annotations

from dataclasses import dataclass

from menuops.core.drift import Drift, make_drift
from menuops.core.finding import Finding
from menuops.run.planning import make_plan_of
from menuops.run.settings import PlanOptions, Settings, World


@dataclass(frozen=True, slots=True)
class FoundDrift:
    """Who moved, and warnings about the files."""

    drift: Drift
    warnings: tuple[Finding, ...]


def find_drift(settings: Settings, world: World, base: str | None = None) -> FoundDrift:
    """Read files and accounts, and tell who moved; writes nothing, not to the state either.

    `base` is the commit whose files were applied last, for where the state directory doesn't
    know. Raises InvalidFiles, and Usage for no such commit.
    """
    made = make_plan_of(settings, world, PlanOptions(base=base))
    return FoundDrift(make_drift(made.plan), made.warnings)
