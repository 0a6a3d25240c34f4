"""`menuops preview`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click

from menuops.cli.options import View, at_moment, common
from menuops.cli.output import (
    print_beside,
    print_bytes,
    print_json,
    print_note,
    print_result,
    wants_colour,
)
from menuops.core.asked import Asked
from menuops.core.errors import CannotStart, Usage
from menuops.core.jsonform import canonical
from menuops.core.model import PLATFORMS
from menuops.core.outcome import Outcome
from menuops.core.preview import AccountPreview
from menuops.files.whole import write_whole
from menuops.render.findings_text import findings_lines
from menuops.render.language.speech import said
from menuops.render.phone.captions import lines_below
from menuops.render.phone.document import preview_to_json
from menuops.render.terminal import safe
from menuops.run.previewing import preview_files, preview_saved_plan, require_no_source
from menuops.run.settings import Settings, World

_BY_ENDING: Final = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".svg": "svg",
    ".png": "png",
    ".json": "json",
}
_WIDEST: Final = 100
_NARROWEST: Final = 40


@dataclass(frozen=True, slots=True)
class _Style:
    """How a preview is to look."""

    ascii_only: bool
    taps: bool


@click.command(name="preview")
@click.option("--tag", help="For a follower with this tag, by name or id.", metavar="NAME|ID")
@click.option(
    "--platform",
    type=click.Choice(list(PLATFORMS.values())),
    help="For a follower on this platform.",
)
@click.option(
    "--plan",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw before and after of this saved plan.",
    metavar="FILE",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it here; the ending gives the format.",
    metavar="FILE",
)
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
@click.option("--taps", is_flag=True, help="In svg and png too: tell what each tap does.")
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw text with ASCII lines.")
@at_moment
@common("html", "svg", "png")
def command(
    settings: Settings,
    view: View,
    tag: str | None,
    platform: str | None,
    plan: Path | None,
    out: Path | None,
    *,
    overwrite: bool,
    taps: bool,
    ascii_only: bool,
) -> Outcome:
    """Draw a menu as a phone shows it: names cut as WeChat cuts them; offline.

    Without --tag and --platform the default menu; html draws the conditional ones too. From a
    plan before and after, the changes marked. png needs menuops[preview].

    \b
    menuops preview -a shop
    menuops preview -a shop --tag VIP --platform ios --out vip.png
    menuops preview --plan plan.json --out preview.html
    """
    if tag == "":
        raise Usage("a tag has a name", fix="leave --tag out where it isn't known")
    if plan is not None and settings.at_s is not None:
        raise Usage("--at is for menu files, and a plan holds its menus", fix="leave --at out")
    view = replace(view, format=_format(view, out))
    world, asked = World(), Asked.typed([tag] if tag else [], platform)
    target = None if out is None or out == Path("-") else settings.directory / out
    if target is not None:
        require_no_source(target, str(out), settings, world)
        _require_free(target, str(out), overwrite=overwrite)
    elif view.format == "png" and sys.stdout.isatty():
        raise Usage("a png is nothing for a terminal", fix="name a file: --out menu.png")
    if plan is None:
        every = view.format in ("html", "json")
        accounts, warnings = preview_files(settings, world, asked, every=every)
        for line in findings_lines(warnings, colour=wants_colour(view.colour, sys.stderr)):
            print_beside(f"{line}\n")
    else:
        accounts = preview_saved_plan(settings, plan, asked)
    style = _Style(ascii_only, taps)
    if view.json and target is None:
        print_json(preview_to_json(accounts))
        return Outcome.DONE
    content = _drawn(accounts, view, style, of_plan=plan is not None, to_file=target is not None)
    if target is None:
        print_bytes(content) if isinstance(content, bytes) else print_result(content)
        return Outcome.DONE
    # Half a character in a tag's name becomes an escape, as it does on stdout.
    encoded = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    _write(target, str(out), encoded, overwrite=overwrite)
    print_result(said(f"Wrote {safe(str(out))}\n"))
    return Outcome.DONE


def _format(view: View, out: Path | None) -> str:
    source = click.get_current_context().get_parameter_source("format")
    if out is None or out == Path("-") or source is not click.core.ParameterSource.DEFAULT:
        return view.format
    format_ = _BY_ENDING.get(out.suffix.lower())
    if format_ is None:
        raise Usage(
            f"the ending of {out} gives no format",
            fix=f"end it in {', '.join(_BY_ENDING)}, or add --format",
        )
    return format_


def _drawn(
    accounts: Sequence[AccountPreview], view: View, style: _Style, *, of_plan: bool, to_file: bool
) -> str | bytes:
    match view.format:
        case "json":
            return f"{canonical(preview_to_json(accounts))}\n"
        case "html":
            from menuops.render.phone.page import preview_page

            return preview_page(accounts, of_plan=of_plan)
        case "svg" | "png":
            return _picture(accounts, view, style, of_plan=of_plan)
    from menuops.render.phone.text import preview_text

    return preview_text(
        accounts,
        of_plan=of_plan,
        colour=wants_colour("never" if to_file else view.colour, sys.stdout),
        ascii_only=style.ascii_only,
        width=_columns(),
    )


def _picture(
    accounts: Sequence[AccountPreview], view: View, style: _Style, *, of_plan: bool
) -> str | bytes:
    account = _one(accounts, view.format)
    for line in lines_below(account, of_plan=of_plan):
        print_note(safe(line))
    from menuops.render.phone.svg import preview_svg

    svg = preview_svg(account, taps=style.taps)
    if view.format == "svg":
        return svg
    from menuops.run.drawing import draw

    return draw(svg)


def _one(accounts: Sequence[AccountPreview], format_: str) -> AccountPreview:
    if len(accounts) != 1:
        names = ", ".join(account.name for account in accounts[:10])
        raise Usage(
            f"a picture shows one account, and there are {len(accounts)}",
            fix=f"choose one of {names or 'none'} with -a, or take --format html",
        )
    (account,) = accounts
    if account.unreadable is not None:
        raise CannotStart(
            f"{account.name} can't be drawn as {format_}: the plan couldn't read it: "
            f"{account.unreadable}",
            fix="make the plan again once it can be read",
            code="unreadable",
        )
    return account


def _columns() -> int:
    found = shutil.get_terminal_size((_WIDEST, 24)).columns
    return max(_NARROWEST, min(_WIDEST, found))


def _require_free(path: Path, shown: str, *, overwrite: bool) -> None:
    if os.path.lexists(path) and not overwrite:
        raise Usage(f"{shown} is there already", fix="name another file, or add --overwrite")


def _write(path: Path, shown: str, content: bytes, *, overwrite: bool) -> None:
    try:
        write_whole(path, content, replace=overwrite)
    except (OSError, ValueError) as cause:
        _require_free(path, shown, overwrite=overwrite)  # somebody else may have made it meanwhile
        why = cause.strerror if isinstance(cause, OSError) else "this is no name of a file"
        raise CannotStart(
            f"can't write {path}: {why}", fix="name another file with --out"
        ) from None
