"""Of which menu a call is, as people are told it."""

from __future__ import annotations

from menuops.core.labels import ALL_MENUS, DEFAULT
from menuops.core.visible import safe
from menuops.render.language.speech import is_english, said


def called(menu: str) -> str:
    """Name it: conditional menus have their names from their file, the others from us."""
    if is_english() or menu not in (DEFAULT, ALL_MENUS):
        return safe(menu)
    return said("the default menu" if menu == DEFAULT else ALL_MENUS)
