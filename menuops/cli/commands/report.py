"""`menuops report`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from menuops.cli.options import View, common
from menuops.cli.output import print_json, print_result
from menuops.core.errors import InvalidFiles, Usage
from menuops.core.finding import Finding
from menuops.core.outcome import Outcome
from menuops.core.sent import Sent
from menuops.core.told import Result
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.plan_file import PLAN_BYTES
from menuops.files.results import read_result
from menuops.render.sent_text import sent_text, sent_to_json
from menuops.run.forge_report import ReportOptions, report_to_forge
from menuops.run.reporting import CONTEXT
from menuops.run.robot_report import report_to_robots
from menuops.run.settings import Settings, World

_PICTURE_BYTES: Final = 8 * 1024 * 1024


@click.command(name="report")
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT…")
@click.option(
    "--to",
    "destination",
    type=click.Choice(["github", "gitlab", "wecom", "webhook"]),
    required=True,
    help="Where to.",
)
@click.option(
    "--pull-request",
    type=click.IntRange(1, 10**12),
    help="Its number. [default: that of the job]",
    metavar="N",
)
@click.option(
    "--commit", help="Head of the pull request. [default: that of the job]", metavar="SHA"
)
@click.option(
    "--status", is_flag=True, help=f"Leave the plan's digest as the commit status {CONTEXT}, too."
)
@click.option("--issue", is_flag=True, help="Keep one issue about drift, in place of a comment.")
@click.option(
    "--image",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="Picture of before and after, of preview --plan: for gitlab and wecom; repeatable.",
    metavar="PNG",
)
@click.option("--dry-run", is_flag=True, help="Print what would be sent, and send nothing.")
@common(selecting=False)
def command(
    settings: Settings,
    view: View,
    documents: tuple[str, ...],
    destination: str,
    pull_request: int | None,
    commit: str | None,
    image: tuple[Path, ...],
    *,
    status: bool,
    issue: bool,
    dry_run: bool,
) -> Outcome:
    """Send what a plan or a run came to, to a pull request or a chat group.

    A DOCUMENT is a saved plan, or what plan, apply, restore or drift printed with --format json;
    - is stdin. On GitHub and GitLab it becomes one comment of the token's own, which a later plan
    replaces and an apply ends. The token is in GITHUB_TOKEN or GH_TOKEN, or in GITLAB_TOKEN. The
    URLs of chat robots and webhooks are in the variables that `notify` of the project file names.
    Exits with 7 if it can't be sent, which says nothing of the plan or the run.

    \b
    menuops report plan.json --to github --status
    menuops apply plan.json --format json | menuops report - --to github
    menuops drift --format json | menuops report - --to github --issue
    """
    results = [_read(settings, name) for name in documents]
    pictures = tuple(_read_picture(settings, each) for each in image)
    if destination in ("wecom", "webhook"):
        _refuse(commit=commit, pull_request=pull_request, status=status, issue=issue)
        sent = report_to_robots(settings, World(), destination, results, pictures, dry_run=dry_run)
        return _print(sent, view)
    options = ReportOptions(
        status=status, issue=issue, number=pull_request, commit=commit, pictures=pictures
    )
    sent = report_to_forge(destination, results, options, World(), dry_run=dry_run)
    return _print(sent, view)


def _refuse(**options: object) -> None:
    for name, value in options.items():
        if value:
            flag = f"--{name.replace('_', '-')}"
            raise Usage(f"{flag} is for github and gitlab", fix=f"leave {flag} out")


def _print(sent: Sequence[Sent], view: View) -> Outcome:
    if view.json:
        print_json(sent_to_json(sent))
    else:
        print_result(sent_text(sent))
    return Outcome.DONE


def _read_picture(settings: Settings, path: Path) -> bytes:
    """Read a PNG. Raises Usage."""
    try:
        raw = read_bytes(settings.directory / path, _PICTURE_BYTES)
    except Unreadable as why:
        raise Usage(
            f"{path}: {why}", fix="draw it: menuops preview --plan PLAN --out FILE"
        ) from None
    if not raw.startswith(b"\x89PNG\r\n\x1a\n") or len(raw) > _PICTURE_BYTES:
        raise Usage(
            f"{path} is no PNG of at most {_PICTURE_BYTES >> 20} MB",
            fix="draw it: menuops preview --plan PLAN --out FILE",
        )
    return raw


def _read(settings: Settings, name: str) -> Result:
    if name == "-":
        return read_result(sys.stdin.buffer.read(PLAN_BYTES + 1), "stdin")
    try:
        raw = read_bytes(settings.directory / name, PLAN_BYTES)
    except Unreadable as why:
        raise InvalidFiles([Finding(name, 1, 1, "unreadable", "error", str(why))]) from None
    return read_result(raw, name)
