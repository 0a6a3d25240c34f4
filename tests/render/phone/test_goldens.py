"""A menu as a phone shows it, in every format: files that were looked at one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from menuops.core.preview import AccountPreview
from menuops.render.phone.document import preview_to_json
from menuops.render.phone.page import preview_page
from menuops.render.phone.svg import preview_svg
from menuops.render.phone.text import preview_text
from menuops.render.terminal import cells

from .scenes import PREVIEWS

CASES = Path(__file__).parent / "cases"


def is_plan(account: AccountPreview) -> bool:
    return any(scene.before is not None for scene in account.scenes)


def text(width: int, *, ascii_only: bool = False) -> Callable[[AccountPreview], str]:
    return lambda account: preview_text(
        [account], of_plan=is_plan(account), width=width, ascii_only=ascii_only
    )


def body(account: AccountPreview) -> str:
    """Give a page without the style and the script, which all pages share."""
    page = preview_page([account], of_plan=is_plan(account))
    return page[page.index("<body>") : page.index("<script>")]


FORMATS: dict[str, Callable[[AccountPreview], str]] = {
    "100.txt": text(100),
    "60.txt": text(60),
    "ascii.txt": text(60, ascii_only=True),
    "html": body,
    "svg": lambda account: preview_svg(account, taps=True),
    "json": lambda account: json.dumps(preview_to_json([account]), ensure_ascii=False, indent=1),
}


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("name", PREVIEWS)
def test_preview(name: str, ending: str, *, update_goldens: bool) -> None:
    account = PREVIEWS[name]
    if account.unreadable is not None and ending == "svg":
        return  # the command says why, in place of a picture
    path, drawn = CASES / f"{name}.{ending}", FORMATS[ending](account)
    if update_goldens:
        path.parent.mkdir(exist_ok=True)
        path.write_text(drawn, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == drawn


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("name", [name for name in PREVIEWS if name != "unreadable"])
def test_the_edges_of_a_phone_line_up(name: str, width: int) -> None:
    lines = preview_text([PREVIEWS[name]], of_plan=False, width=width).splitlines()
    framed = [line for line in lines if line.startswith(("│", "├", "╰", "╭"))]
    edges = {cells(line.split("   ")[0].rstrip()) for line in framed if line.startswith("├")}
    for line in framed:
        assert any(cells(line[:at]) + 1 in edges for at, c in enumerate(line) if c in "│┤╯╮"), line
    if name != "too-many":
        assert max(map(cells, framed)) <= width
