"""`menuops import`."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from menuops.cli.options import View, common
from menuops.cli.output import print_beside, print_json, print_result, wants_colour
from menuops.core.document import FORMAT_VERSION
from menuops.core.errors import CannotStart, InvalidFiles, Usage
from menuops.core.finding import Finding
from menuops.core.jsonform import canonical
from menuops.core.outcome import Outcome
from menuops.files.answers.answers import ANSWERS_BYTES
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.project.project import PROJECT_FILE
from menuops.files.whole import write_whole
from menuops.render.findings_text import findings_lines, findings_to_json
from menuops.render.language.speech import said
from menuops.render.terminal import safe
from menuops.run.importing import import_file, import_menu
from menuops.run.saving import save_answers
from menuops.run.selection import real_path
from menuops.run.settings import Settings, World


@click.command(name="import")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the file here, in place of stdout.",
    metavar="FILE",
)
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
@click.option("--raw", is_flag=True, help="The answers themselves, for `plan --live`.")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Read this answer of WeChat or posted body, offline; - is stdin.",
    metavar="FILE",
)
@common()
def command(
    settings: Settings,
    view: View,
    out: Path | None,
    source: Path | None,
    *,
    overwrite: bool,
    raw: bool,
) -> Outcome:
    """Turn the live menu of one account into a menu file; its plan is empty, or a line says why.

    What the web console made and the API can't make becomes a comment above what comes nearest.
    With --raw all selected accounts are read, and their answers kept in one JSON document.

    \b
    menuops import -a shop --out menus/shop.yaml
    menuops import --from answer.json --out menus/shop.yaml
    menuops import --raw --out live.json && menuops plan --live live.json
    """
    if overwrite and out is None:
        raise Usage("--overwrite replaces the file of --out, and none is named", fix="add --out")
    out = None if out == Path("-") else out
    target = None if out is None else _Target(settings.directory / out, out, overwrite)
    if raw and source is not None:
        raise Usage("--raw asks WeChat, and --from reads a file", fix="leave one of them out")
    if target is not None:
        target.require_free()
        target.require_no_project(settings.config)
    if raw:
        return _raw(settings, view, target)
    say = str if view.json else said  # JSON is the same in every language
    shown_as, path = str(out or "<stdout>"), None if target is None else target.path
    if source is None:
        imported = import_menu(settings, World(), shown_as, path, say)
    else:
        raw_bytes, name = _read(source, settings.directory)
        imported = import_file(settings, raw_bytes, name, shown_as, path, say)
    if target is not None:
        target.write(imported.text.encode("utf-8", "surrogatepass"))
    if view.json:
        print_json(
            {
                "format_version": FORMAT_VERSION,
                "account": imported.account,
                "outcome": "done" if imported.outcome is Outcome.DONE else "invalid",
                "menu": imported.text,
                "findings": findings_to_json(imported.findings),
            }
        )
    elif target is None:
        print_result(imported.text)
    for line in findings_lines(imported.findings, colour=wants_colour(view.colour, sys.stderr)):
        print_beside(f"{line}\n")
    if target is not None and not view.json:
        print_result(said(f"Wrote {safe(str(out))}\n"))
    return imported.outcome


def _read(source: Path, directory: Path) -> tuple[bytes, str]:
    """Give what a file or stdin holds, and its name in findings. Raises InvalidFiles."""
    if str(source) == "-":
        return sys.stdin.buffer.read(ANSWERS_BYTES + 1), "<stdin>"
    try:
        return read_bytes(directory / source, ANSWERS_BYTES), str(source)
    except Unreadable as cause:
        finding = Finding(str(source), 1, 1, "unreadable", "error", str(cause))
        raise InvalidFiles([finding]) from None


def _raw(settings: Settings, view: View, target: _Target | None) -> Outcome:
    document = save_answers(settings, World())
    if target is not None:
        # Of the mode that the user's umask gives: menus, rules and names of tags are no secrets,
        # and a token or the name of a follower is in none of the answers.
        # Half a character, which a live name may hold, becomes an escape, as it does on stdout.
        target.write(f"{canonical(document)}\n".encode("utf-8", "backslashreplace"))
    if target is None or view.json:
        print_json(document)
    else:
        print_result(said(f"Wrote {safe(str(target.shown))}\n"))
    return Outcome.DONE


@dataclass(frozen=True, slots=True)
class _Target:
    """The file that is to be written; `shown` is its name as it was typed."""

    path: Path
    shown: Path
    overwrite: bool

    def require_free(self) -> None:
        """Raise Usage if the file is there and nobody said that it may be replaced."""
        if os.path.lexists(self.path) and not self.overwrite:
            raise Usage(
                f"{self.shown} is there already", fix="name another file, or add --overwrite"
            )

    def require_no_project(self, config: Path | None) -> None:
        """Raise Usage for the project file: without it nothing works any more."""
        if self.path.name == PROJECT_FILE or (config and real_path(self.path) == real_path(config)):
            raise Usage(
                f"{self.shown} is the project file, and no place for a menu",
                fix="name a file for the menu: --out menus/shop.yaml",
            )

    def write(self, content: bytes) -> None:
        """Write it whole. Raises Usage as `require_free`, and CannotStart."""
        try:
            write_whole(self.path, content, replace=self.overwrite)
        except (OSError, ValueError) as cause:
            self.require_free()  # somebody else may have made it meanwhile
            why = cause.strerror if isinstance(cause, OSError) else "this is no name of a file"
            raise CannotStart(
                f"can't write {self.path}: {why}", fix="name another file with --out"
            ) from None
