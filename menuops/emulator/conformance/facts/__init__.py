"""The facts, in the order they are checked: what writes nothing first."""

from __future__ import annotations

from menuops.emulator.conformance.fact import Fact

from . import (
    conditional,
    encoding,
    limits,
    matching,
    menus,
    nothing,
    quotas,
    reading,
    selfmenu,
    tags,
    tokens,
    transport,
)

FACTS: tuple[Fact, ...] = (
    *transport.facts,
    *tokens.facts,
    *quotas.facts,
    *reading.facts,
    *selfmenu.facts,
    *menus.facts,
    *nothing.facts,
    *limits.facts,
    *encoding.facts,
    *conditional.facts,
    *matching.facts,
    *tags.facts,
)
