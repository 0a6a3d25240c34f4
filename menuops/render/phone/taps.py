"""What each tap does, told beside the phones of a scene."""

from __future__ import annotations

from dataclasses import dataclass

from menuops.core.preview import Scene
from menuops.core.screen import all_items, screen
from menuops.render.language.speech import said
from menuops.render.phone.captions import phones
from menuops.render.phone.marks import Mark, marks_of


@dataclass(frozen=True, slots=True)
class Tap:
    """One entry: its place, its whole name, what happens at a tap, and its mark in a plan."""

    at: str
    name: str
    does: str
    is_cut: bool
    sign: Mark | None = None

    @property
    def mark(self) -> str:
        """The mark in words, `+ added`; empty without one."""
        return f"{self.sign.symbol} {said(self.sign.word)}" if self.sign else ""


def taps(scene: Scene) -> list[Tap]:
    """List all entries that are there now, then those that the plan removes."""
    listed = []
    for phone in reversed(phones(scene)):
        marks = marks_of(phone)
        for item in all_items(screen(phone.button)):
            mark = marks.get(item.at)
            if phone is scene.now or (mark is not None and mark.style == "removed"):
                listed.append(Tap(item.at, item.name, said(item.does), item.is_cut, mark))
    return listed
