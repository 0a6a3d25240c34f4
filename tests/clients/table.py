"""The table of docs/emulator.md: what is tried against each client, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "emulator.md"
START: Final = "<!-- clients: written by tests/clients with MENUOPS_UPDATE_DOCS=1 -->"
END: Final = "<!-- end of clients -->"

Cells = Mapping[tuple[str, str], str]  # (trial, client) -> words


def render_table(trials: Sequence[str], clients: Sequence[str], cells: Cells, lacks: Cells) -> str:
    """Give the table; "—" is what a client lacks, with the reasons below."""
    rows = [["", *clients], ["---"] * (len(clients) + 1)]
    rows += [[trial, *(cells.get((trial, one), "—") for one in clients)] for trial in trials]
    table = [f"| {' | '.join(row)} |" for row in rows]
    why: dict[tuple[str, str], list[str]] = {}
    for (trial, client), reason in lacks.items():
        why.setdefault((trial, reason), []).append(client)
    notes = [
        f"- {trial}: {', '.join(named)} {'has' if len(named) == 1 else 'have'} {reason}."
        for (trial, reason), named in why.items()
    ]
    return "\n".join([START, "", *table, "", "—, what a client doesn't have:", "", *notes, "", END])


def table_of(page: str) -> str:
    """Give what stands between the marks, and these."""
    start, end = page.index(START), page.index(END)
    return page[start : end + len(END)]


def with_table(page: str, table: str) -> str:
    """Put a table in the place of the one that is there."""
    return page.replace(table_of(page), table)
