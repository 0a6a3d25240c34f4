"""A disk that is full at any moment of an apply, and directories that can't be written.

Nothing is sent that can't be journalled; what was sent is in the journal, and a way out reaches
its goal once there is room again.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.site import Site

from .processes import At, Zygote, opened_zygote
from .stage import (
    CALLS,
    WAYS,
    Stage,
    assert_all_as_wanted,
    assert_end_is_right,
    assert_journal_is_true,
    set_stage,
)
from .test_kills import fsyncs

NAMES: Final = ("one", "two")
KEPT_IN: Final = ("runs", "used", "snapshots", "locks")
"""The directories below the state directory without which nothing may be sent."""


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    with opened_zygote(tmp_path_factory.mktemp("zygote")) as opened:
        yield opened


@pytest.mark.no_cover  # its runs reach what others reach
def test_disk_that_is_full_at_each_fsync(
    site: Site, zygote: Zygote, counted: Callable[..., None]
) -> None:
    """As it is told where room is only looked for when data must last."""
    with set_stage(site, NAMES) as stage:
        for number in range(1, fsyncs(stage, zygote) + 1):
            with stage.tried():
                stage.gateway.begin()
                at = At("fsync", number, "no space")
                ended = zygote.run(stage.site, "apply", "plan.json", at=at)
                check(stage, ended.code, ended.said, number)
                counted()


def check(stage: Stage, code: int, said: str, turn: int) -> None:
    """Check what a full disk left, and that a way out reaches its goal."""
    sent = sum(asked.call in CALLS for asked in stage.gateway.seen)
    runs = stage.runs()
    assert_journal_is_true(stage, runs[0] if runs else None)
    if code == 0:  # it was only known less well what was applied last, or for how long
        assert sent == len(NAMES) * len(CALLS)
        assert_all_as_wanted(stage)
    elif sent == 0:
        assert code == 7, said
        assert "othing was written" in said
        assert stage.live() == stage.before
        again = stage.run("apply", "plan.json")
        assert again.code == 0, again.said
        assert_all_as_wanted(stage)
    else:
        assert code == 6, said
        ways = list(WAYS.values())
        ways[turn % len(ways)](stage, runs[0])


@pytest.mark.parametrize("name", KEPT_IN)
def test_directory_that_can_not_be_made_stops_before_the_first_call(
    site: Site, name: str, counted: Callable[..., None]
) -> None:
    """A file stands in its way; root may write to any directory."""
    with set_stage(site, NAMES) as stage:
        directory = stage.site.state / name
        if directory.exists():
            directory.rename(directory.with_name("aside"))
        directory.write_text("a file")
        ended = stage.run("apply", "plan.json")
        assert_end_is_right(stage, ended, 7)
        assert str(directory) in ended.err
        assert not [asked for asked in stage.gateway.seen if asked.call in CALLS]
        directory.unlink()
        again = stage.run("apply", "plan.json")
        assert again.code == 0, again.said
        assert_all_as_wanted(stage)
    counted()


@pytest.mark.parametrize("path", ["/proc/menuops", "/dev/null/menuops"])
def test_state_directory_where_nobody_may_write_stops_before_the_first_call(
    site: Site, path: str, counted: Callable[..., None]
) -> None:
    with set_stage(site, NAMES) as stage:
        project = stage.site.root / "menuops.yaml"
        text = project.read_text()
        project.write_text(f'{{"state_dir": "{path}", {text.removeprefix("{")}')
        ended = stage.run("apply", "plan.json")
        assert_end_is_right(stage, ended, 7)
        assert path in ended.err
        assert "state_dir" in ended.err
    counted()


@contextmanager
def small_disk(directory: Path, size: int) -> Iterator[Path]:
    """A file system of so many bytes. Only root may mount one, and not in every container."""
    directory.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(directory)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("needs root, and a system that lets it mount a file system")
    try:
        yield directory
    finally:
        subprocess.run(["umount", "-l", str(directory)], check=True)


@pytest.mark.parametrize("left", range(0, 60 * 1024, 4096))
def test_disk_that_is_full(
    site: Site, tmp_path: Path, left: int, counted: Callable[..., None]
) -> None:
    """A real one, with so many bytes left."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    with (
        small_disk(tmp_path / "disk", 256 * 1024) as disk,
        set_stage(site, NAMES) as stage,
    ):
        project = stage.site.root / "menuops.yaml"
        text = project.read_text()
        project.write_text(f'{{"state_dir": "{disk}/state", {text.removeprefix("{")}')
        filler = disk / "filler"
        fill(filler, left)
        ended = stage.run("apply", "plan.json")
        sent = sum(asked.call in CALLS for asked in stage.gateway.seen)
        filler.unlink()
        assert ended.code == (7 if sent == 0 else 6 if "ournal" in ended.said else 0), ended.said
        again = stage.run("apply", "--yes")
        assert again.code == 0, again.said
        assert_all_as_wanted(stage)
    counted()


def fill(path: Path, left: int) -> None:
    """Fill a disk but for so many bytes."""
    block = b"\0" * 4096
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(block) == len(block):
                pass
        except OSError:
            pass
        file.truncate(max(0, file.tell() - left))
