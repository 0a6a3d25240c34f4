"""A directory for tokens or locks that can't be used, and things in it that aren't ours.

Each ends in a token or in an error before WeChat was asked: a classic token that nobody can keep
has voided the one that others hold.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .agent import Said
from .conftest import (
    Setting,
    Start,
    WeChat,
    assert_one_owner,
    in_files,
    lock_file,
    token_file,
)

NOBODY = 65534
AS_USER: Setting = {"user": NOBODY} if os.geteuid() == 0 else {}
"""Root may write anywhere, so what is done by root elsewhere is done by nobody here."""


@pytest.fixture
def directory() -> Iterator[Path]:
    """One that every user can reach, with `tokens` and `locks` in it that belong to AS_USER."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    for name in ("tokens", "locks"):
        (made / name).mkdir(mode=0o700)
        give(made / name)
    yield made
    for name in ("tokens", "locks"):
        (made / name).chmod(0o700)
    shutil.rmtree(made)


def give(path: Path) -> None:
    """Make it the agent's."""
    if AS_USER:
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def assert_clear(said: Said, directory: Path, kind: str = "StoreUnusable") -> None:
    assert said["error"] == kind
    assert str(directory) in said["message"]
    assert said["fix"]
    assert said["exit"] == 7


def test_read_only_directory_is_told_before_wechat_is_asked(
    start: Start, wechat: WeChat, directory: Path
) -> None:
    (directory / "tokens").chmod(0o555)
    agent = start(in_files(directory), **AS_USER)
    for _ in range(2):
        assert_clear(agent.ask("token"), directory / "tokens")
    assert wechat.token_calls == 0
    (directory / "tokens").chmod(0o700)
    assert "token" in agent.ask("token")
    assert wechat.token_calls == 1


def test_token_in_a_read_only_directory_is_used_until_its_end(
    start: Start, wechat: WeChat, directory: Path
) -> None:
    shared = in_files(directory)
    token = start(shared, **AS_USER).token()
    (directory / "tokens").chmod(0o500)
    agent = start(shared, **AS_USER)
    assert agent.token() == token
    agent.ask("later 7200")
    assert_clear(agent.ask("token"), directory / "tokens")
    assert wechat.token_calls == 1


def test_directory_that_cannot_be_made_is_told(
    start: Start, wechat: WeChat, directory: Path
) -> None:
    below = directory / "tokens" / "below"
    (directory / "tokens").chmod(0o500)
    assert_clear(start(in_files(below), **AS_USER).ask("token"), below / "locks", "LockUnusable")
    assert wechat.token_calls == 0


def test_directory_of_locks_that_is_read_only_is_told(
    start: Start, wechat: WeChat, directory: Path
) -> None:
    (directory / "locks").chmod(0o500)
    agent = start(in_files(directory), **AS_USER)
    assert_clear(agent.ask("token"), directory / "locks", "LockUnusable")
    assert wechat.token_calls == 0


@pytest.mark.parametrize("file_bytes", [0, 1, 300, 600])
def test_full_disk_is_told(start: Start, wechat: WeChat, directory: Path, file_bytes: int) -> None:
    """No file may have more bytes, which is told as a full disk is."""
    agent = start(in_files(directory), file_bytes=file_bytes, **AS_USER)
    assert_clear(agent.ask("token"), directory / "tokens")
    assert wechat.token_calls == 0
    agent.end()
    assert list((directory / "tokens").iterdir()) == []


# What stands in the place of the token


def test_link_is_replaced_and_what_it_leads_to_is_left(
    start: Start, wechat: WeChat, directory: Path
) -> None:
    theirs = directory / "theirs"
    theirs.write_text("theirs")
    path = token_file(wechat, in_files(directory))
    path.symlink_to(theirs)
    give(path)
    agents = [start(in_files(directory), **AS_USER) for _ in range(2)]
    assert_one_owner(wechat, in_files(directory), *agents)
    assert wechat.token_calls == 1
    assert theirs.read_text() == "theirs"
    assert not path.is_symlink()


def test_pipe_is_replaced_and_not_waited_for(start: Start, wechat: WeChat, directory: Path) -> None:
    path = token_file(wechat, in_files(directory))
    os.mkfifo(path)
    give(path)
    agents = [start(in_files(directory), **AS_USER) for _ in range(2)]
    assert_one_owner(wechat, in_files(directory), *agents)
    assert wechat.token_calls == 1


def test_directory_in_its_place_is_told_before_wechat_is_asked(
    start: Start, wechat: WeChat, directory: Path
) -> None:
    """Each process would else fetch a token of its own, and void that of the one before."""
    path = token_file(wechat, in_files(directory))
    path.mkdir()
    give(path)
    for _ in range(2):
        assert_clear(start(in_files(directory), **AS_USER).ask("token"), directory / "tokens")
    assert wechat.token_calls == 0
    path.rmdir()
    assert_one_owner(wechat, in_files(directory), start(in_files(directory), **AS_USER))


if AS_USER:  # nobody but root can give a file away

    def test_file_of_another_owner_is_replaced(
        start: Start, wechat: WeChat, directory: Path
    ) -> None:
        shared = in_files(directory)
        theirs = start(shared).token()  # root's
        path = token_file(wechat, shared)
        assert path.stat().st_uid == 0
        give(lock_file(wechat, shared))
        agents = [start(shared, **AS_USER) for _ in range(2)]
        assert_one_owner(wechat, shared, *agents)
        assert agents[0].token() != theirs
        assert path.stat().st_uid == NOBODY
        assert wechat.token_calls == 2

    def test_file_of_another_owner_that_cannot_be_replaced_is_told_before_wechat_is_asked(
        start: Start, wechat: WeChat, directory: Path
    ) -> None:
        """As in /tmp: who may add files to it may not take those of others away."""
        os.chown(directory / "tokens", 0, 0)
        (directory / "tokens").chmod(0o1777)
        token_file(wechat, in_files(directory)).write_text("theirs")
        for _ in range(2):
            agent = start(in_files(directory), **AS_USER)
            assert_clear(agent.ask("token"), directory / "tokens")
        assert wechat.token_calls == 0

    def test_lock_of_another_owner_is_told(start: Start, wechat: WeChat, directory: Path) -> None:
        shared = in_files(directory)
        lock_file(wechat, shared).touch(mode=0o600)  # root's
        agent = start(shared, **AS_USER)
        assert_clear(agent.ask("token"), directory / "locks", "LockUnusable")
        assert wechat.token_calls == 0


# What stands in the place of the lock


@pytest.mark.parametrize("kind", ["directory", "link", "pipe"])
def test_no_lock_in_its_place_is_told_or_worked_with(
    start: Start, wechat: WeChat, directory: Path, kind: str
) -> None:
    path = lock_file(wechat, in_files(directory))
    theirs = directory / "theirs"
    theirs.write_text("theirs")
    match kind:
        case "directory":
            path.mkdir()
        case "link":
            path.symlink_to(theirs)
        case "pipe":
            os.mkfifo(path)
    give(path)
    agents = [start(in_files(directory), **AS_USER) for _ in range(2)]
    said = agents[0].ask("token")
    if "token" in said:
        assert_one_owner(wechat, in_files(directory), *agents)
    else:
        assert_clear(said, directory / "locks", "LockUnusable")
        assert wechat.token_calls == 0
    assert theirs.read_text() == "theirs"
