"""Files and directories for one user alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from menuops.files.private import make_private, sync_directory, write_private


def test_a_file_is_replaced_whole_and_is_its_users_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    write_private(path, b"new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_file_that_can_not_take_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(IsADirectoryError):
        write_private(tmp_path / "taken", b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["taken"]


def test_a_file_below_a_file_is_an_error_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        write_private(tmp_path / "file" / "below", b"new")


def test_each_directory_that_is_made_is_its_users_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_private(tmp_path / "a" / "b")
        make_private(tmp_path / "a" / "b")
    finally:
        os.umask(before)
    for made in (tmp_path / "a", tmp_path / "a" / "b"):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_a_directory_that_can_not_be_opened_is_left_to_the_system(tmp_path: Path) -> None:
    sync_directory(tmp_path / "gone")
