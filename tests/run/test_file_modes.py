"""Who else may read a file, as the doctor says it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from menuops.run.file_modes import is_readable_by_all, openness_of


def test_what_is_private_or_absent_is_nobodys_business(tmp_path: Path) -> None:
    path = tmp_path / "token"
    assert openness_of(path) is None
    assert not is_readable_by_all(path)
    path.touch(0o600)
    assert openness_of(path) is None
    assert openness_of(Path("a\0b")) is None
    assert not is_readable_by_all(Path("a\0b"))


@pytest.mark.parametrize(("mode", "to_all"), [(0o644, True), (0o640, False), (0o602, False)])
def test_what_others_may_do_is_closed_by_a_line_that_can_be_typed(
    tmp_path: Path, mode: int, *, to_all: bool
) -> None:
    path = tmp_path / "a token"
    path.touch()
    path.chmod(mode)
    open_ = openness_of(path)
    assert open_ is not None
    assert f"mode 0{mode:o}" in open_.problem
    assert open_.fix == f"`chmod 600 '{path}'`"
    assert is_readable_by_all(path) is to_all


def test_anothers_file_is_given_back_or_left_to_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 987654)
    open_ = openness_of(tmp_path)
    assert open_ is not None
    assert open_.problem == "belongs to another user"
    assert "chown" in open_.fix
