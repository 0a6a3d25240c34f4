"""The result of a command in files, for the steps of a CI job that come after it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from menuops.core.jsonform import canonical
from menuops.files.private import make_private, write_private
from menuops.run.ended import Ended, document_of, findings_of, result_of
from menuops.run.settings import Settings, World

SUMMARY_BYTES: Final = 900_000
"""GitHub drops the summary of a step that has more than 1 MiB; a job adds its own words."""
_HEADS: Final = {
    "result.json": (b'{"',),
    "result.md": (b"<!-- menuops", b"## menuops"),
    "annotations.txt": (b"::",),
}
"""How the files begin that are ours to replace."""
_HEAD_BYTES: Final = 16
_ENCODING: Final = ("utf-8", "surrogatepass")


def write_result(
    settings: Settings, world: World, directory: Path, command: str, ended: Ended
) -> None:
    """Write result.json, what `--format json` prints, and what can be told of it to people.

    That is result.md, in Markdown, and annotations.txt, a workflow command of GitHub for each
    finding; where there is nothing to tell, a file of an earlier run is taken away.
    `directory` is seen from `settings.directory`. Raises OSError, for files of these names
    that are somebody else's too, and ValueError for a name that no directory can have.
    """
    where = settings.directory / directory
    make_private(where)
    for name, heads in _HEADS.items():
        _check_ours(where / name, heads)
    document = canonical(document_of(ended, command))
    _write(where / "result.json", f"{document}\n")
    _write(where / "result.md", _markdown(ended, command))
    _write(where / "annotations.txt", _annotations(settings, world, ended))


def _check_ours(path: Path, heads: tuple[bytes, ...]) -> None:
    if not path.is_file():  # to open a pipe would wait for its other end
        return
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head and not head.startswith(heads):
        raise FileExistsError(f"{path.name} is no file of an earlier run")


def _markdown(ended: Ended, command: str) -> str:
    from menuops.render.report_body import report_body

    result = result_of(ended, command)
    return "" if result is None else report_body([result], budget_bytes=SUMMARY_BYTES)


def _annotations(settings: Settings, world: World, ended: Ended) -> str:
    findings = findings_of(ended)
    if not findings:
        return ""
    from menuops.render.findings_github import annotations_of
    from menuops.run.repository import typed_from_root

    return annotations_of(typed_from_root(findings, settings, world))


def _write(path: Path, text: str) -> None:
    if text:
        write_private(path, text.encode(*_ENCODING))
    else:
        path.unlink(missing_ok=True)
