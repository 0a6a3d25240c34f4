"""Files that a user owns: written whole, and replaced only where that was asked for."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from menuops.files.whole import write_whole


def leftovers(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir() if path.name.startswith(".")]


def test_a_new_file_is_of_the_mode_that_the_user_asks_for(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a" / "b.yaml", b"x", replace=False)
    finally:
        os.umask(before)
    assert (tmp_path / "a" / "b.yaml").read_bytes() == b"x"
    assert stat.S_IMODE((tmp_path / "a" / "b.yaml").stat().st_mode) == 0o640
    assert leftovers(tmp_path / "a") == []


def test_a_file_that_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_whole(path, b"new", replace=False)
    assert path.read_bytes() == b"old"
    write_whole(path, b"new", replace=True)
    assert path.read_bytes() == b"new"
    assert leftovers(tmp_path) == []


def without_links(*_: object) -> None:
    raise PermissionError(1, "no links here")


def test_a_file_system_without_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault that this machine's disks don't have."""
    monkeypatch.setattr(Path, "hardlink_to", without_links)
    write_whole(tmp_path / "a", b"one", replace=False)
    assert (tmp_path / "a").read_bytes() == b"one"
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "a", b"two", replace=False)
    assert (tmp_path / "a").read_bytes() == b"one"
    assert leftovers(tmp_path) == []


def test_what_fails_on_the_way_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up between the first byte and the last."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new", replace=True)
    assert path.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_a_link_that_leads_nowhere_gets_its_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", b"x", replace=True)
    assert (tmp_path / "file").read_bytes() == b"x"


def test_a_directory_is_no_file_to_replace(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError, match="no regular file"):
        write_whole(tmp_path / "a", b"x", replace=True)
