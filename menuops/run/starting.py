"""Making a project: its first files, and the schemas beside them for editors."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from menuops.core.errors import CannotStart
from menuops.core.started import MENU_FILE, PROJECT_FILE, FileState, Started, StartedFile
from menuops.files.ci_templates import CiSystem, ci_files
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.schema import SchemaName, schema, schema_text
from menuops.files.templates import DEMO_APPID, IGNORED, MENU, PROJECT, in_words
from menuops.files.whole import write_whole

IGNORE_FILE: Final = ".gitignore"
SCHEMAS: Final[tuple[SchemaName, ...]] = ("menu", "project")
_MOST: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class _Write:
    file: str
    state: FileState
    content: bytes = b""
    before: bytes | None = None  # what was there; None: nothing


def start_project(
    directory: Path, ci: CiSystem = "none", say: Callable[[str], str] = str
) -> Started:
    """Write what a project needs and `directory` lacks; what is there is kept as it is.

    But for schemas of ours, which are made those of this version, and the lines of .gitignore.
    With `ci` also the jobs of that system. `say` says comments in another language, though not
    those of the jobs: they stay the very files that this project runs itself.
    All of it or nothing: what can't be written is found out first, and a failure in the middle
    takes back what was written. Raises CannotStart.
    """
    try:
        _require_folders(directory)
        writes = list(_writes(directory, ci, say))
        folders = _missing_folders(directory, writes)
    except (OSError, ValueError) as cause:  # a name that is too long, a folder of somebody else's
        why = cause.strerror if isinstance(cause, OSError) else str(cause)
        raise CannotStart(
            f"{directory} can't be looked at: {why}", fix="name another folder: menuops init DIR"
        ) from None
    _write(directory, [each for each in writes if each.state != "kept"], folders)
    return Started(str(directory), tuple(StartedFile(each.file, each.state) for each in writes))


def _require_folders(directory: Path) -> None:
    for folder in (directory, directory / "menus", directory / "schemas"):
        if os.path.lexists(folder) and not folder.is_dir():
            raise CannotStart(
                f"{folder} is no folder",
                fix="move it away, or name another folder: menuops init DIR",
            )


def _writes(directory: Path, ci: CiSystem, say: Callable[[str], str]) -> Iterator[_Write]:
    if _is_there(directory / PROJECT_FILE):
        yield _Write(PROJECT_FILE, "kept")  # and with it whatever menus it names
    else:
        # Its own appid: the emulator keeps the menus of all projects of a user.
        project = in_words(PROJECT, say).replace(DEMO_APPID, f"wxdemo{secrets.token_hex(6)}")
        yield _Write(PROJECT_FILE, "written", project.encode())
        if _is_there(directory / MENU_FILE):
            yield _Write(MENU_FILE, "kept")
        else:
            yield _Write(MENU_FILE, "written", in_words(MENU, say).encode())
    for name in SCHEMAS:
        yield _schema(directory, name)
    yield _ignored(directory)
    for file, text in ci_files(ci).items():
        there = _content(directory / file)
        yield _Write(file, "kept") if there is not None else _Write(file, "written", text.encode())


def _is_there(path: Path) -> bool:
    if path.is_dir():
        raise CannotStart(f"{path} is a folder", fix="move it away, and run again")
    return os.path.lexists(path)


def _schema(directory: Path, name: SchemaName) -> _Write:
    file = f"schemas/{name}.schema.json"
    wanted = schema_text(name).encode()
    there = _content(directory / file)
    if there is None:
        return _Write(file, "written", wanted)
    if there == wanted or not _is_ours(there, name):
        return _Write(file, "kept")
    return _Write(file, "renewed", wanted, there)


def _is_ours(content: bytes, name: SchemaName) -> bool:
    """Tell an older or newer schema of ours from a file that only bears its name."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return False
    found = document.get("$id") if isinstance(document, dict) else None
    ours = str(schema(name)["$id"])
    return isinstance(found, str) and found.rpartition(":")[0] == ours.rpartition(":")[0]


def _ignored(directory: Path) -> _Write:
    there = _content(directory / IGNORE_FILE)
    lines = [] if there is None else [line.strip() for line in there.split(b"\n")]
    missing = [each.encode() for each in IGNORED if each.encode() not in lines]
    if not missing or (there is not None and len(there) > _MOST):
        return _Write(IGNORE_FILE, "kept")
    if there is None:
        return _Write(IGNORE_FILE, "written", b"".join(line + b"\n" for line in missing))
    end = b"\r\n" if b"\r\n" in there else b"\n"
    glue = b"" if not there or there.endswith(b"\n") else end
    content = there + glue + b"".join(line + end for line in missing)
    return _Write(IGNORE_FILE, "extended", content, there)


def _content(path: Path) -> bytes | None:
    """Read a file that may be there. Raises CannotStart for what can't be read."""
    if not os.path.lexists(path):
        return None
    try:
        return read_bytes(path, _MOST)
    except Unreadable as why:
        raise CannotStart(f"{path}: {why}", fix="move it away, and run again") from None


def _write(directory: Path, writes: Sequence[_Write], folders: Sequence[Path]) -> None:
    """Write all files; of what can't be written whole nothing is left, nor of `folders`."""
    done: list[_Write] = []
    try:
        for each in writes:
            write_whole(directory / each.file, each.content, replace=each.before is not None)
            done.append(each)
    except BaseException as cause:
        _take_back(directory, done, folders)
        if isinstance(cause, OSError):
            raise CannotStart(
                f"can't write {directory / each.file}: {cause.strerror}; nothing was written",
                fix="look at the folder's permissions, or name another: menuops init DIR",
            ) from None
        raise


def _missing_folders(directory: Path, writes: Sequence[_Write]) -> list[Path]:
    """List the folders that writing will make, the innermost first."""
    wanted = {
        directory / parent for each in writes for parent in PurePosixPath(each.file).parents
    } | {directory, *directory.parents}
    return sorted((each for each in wanted if not each.exists()), reverse=True)


def _take_back(directory: Path, done: Sequence[_Write], folders: Sequence[Path]) -> None:
    for each in done:
        with suppress(OSError):
            if each.before is None:
                (directory / each.file).unlink()
            else:
                write_whole(directory / each.file, each.before, replace=True)
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
