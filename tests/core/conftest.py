"""Hypothesis without a clock: how long an example takes is the machine's business."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "menuops", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100
)
settings.load_profile("menuops")
