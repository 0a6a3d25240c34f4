"""A plan's view, or one value, with what is long cut: for pages that hold only so much.

What differs stays, and so does how a value begins: of a link that is its host.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from menuops.render.plan.model import Block, Field, Marked, MenuView, PlanView

_BEGIN: Final = 80
_END: Final = 16


def shortened(view: PlanView) -> PlanView:
    """Cut every value of a field that is longer than a line or two."""
    return replace(view, blocks=tuple(map(_block, view.blocks)))


def _block(block: Block) -> Block:
    return replace(
        block, default=_menu(block.default), conditional=tuple(map(_menu, block.conditional))
    )


def _menu(menu: MenuView) -> MenuView:
    rows = tuple(replace(row, fields=tuple(map(_field, row.fields))) for row in menu.rows)
    return replace(menu, fields=tuple(map(_field, menu.fields)), rows=rows)


def _field(field: Field) -> Field:
    return replace(field, before=_value(field.before), after=_value(field.after))


def _value(value: Marked | None) -> Marked | None:
    return None if value is None else short_value(value)


def short_value(value: Marked, most: int = _BEGIN) -> Marked:
    """Keep at most so many characters of what differs, and of what begins both sides."""
    return Marked(_cut(value.same, most, _END), _cut(value.differs, most), _cut(value.rest, _END))


def _cut(text: str, begin: int, end: int = 0) -> str:
    """Take out the middle, or the end, of a text that is much longer than what is kept."""
    if len(text) <= begin + end + 4:
        return text
    return f"{text[:begin]}…{text[len(text) - end :]}"
