"""What stands above the phones of a preview."""

from __future__ import annotations

from menuops.core.labels import DEFAULT
from menuops.core.preview import EVERYONE, AccountPreview, Drawn, Scene
from menuops.render.audience_words import DOUBTS
from menuops.render.language.speech import enumerated, said


def caption(scene: Scene, drawn: Drawn) -> str:
    """Name a phone: `default menu`, `Before: default menu`, `After: menu vip (tag:VIP)`."""
    side = "" if scene.before is None else "Before: " if drawn is scene.before else "After: "
    seen_by = scene.was_for if drawn is scene.before and scene.was_for else scene.who
    who = "" if seen_by in (drawn.label, EVERYONE) else f" ({seen_by})"
    return said(f"{side}{'' if scene.sure else 'perhaps '}{menu_name(drawn)}{who}")


def menu_name(drawn: Drawn) -> str:
    """Name a menu: `default menu`, `menu vip`, `no menu`."""
    if drawn.label is None or not drawn.button:
        return "no menu"
    return "default menu" if drawn.label == DEFAULT else f"menu {drawn.label}"


def phones(scene: Scene) -> tuple[Drawn, ...]:
    """List the phones of a scene, left to right."""
    return (scene.now,) if scene.before is None else (scene.before, scene.now)


def lines_below(account: AccountPreview, *, of_plan: bool) -> tuple[str, ...]:
    """Say which menus aren't drawn, and what isn't known of those that are."""
    lines = [] if account.doubt is None else [f"! {DOUBTS[account.doubt]}"]
    if account.others:
        listed = enumerated(account.others)
        lines.append(
            f"Unchanged: {listed}."
            if of_plan
            else f"Conditional menus: {listed}. See one as its followers do with --tag or "
            "--platform."
        )
    return tuple(lines)
