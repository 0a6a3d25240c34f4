"""The file store trusts no file that isn't its own."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from menuops.core.secret import Secret
from menuops.wechat.tokens.file_store import FileStore
from menuops.wechat.tokens.memory_store import MemoryStore
from menuops.wechat.tokens.store import StoredToken, StoreUnusable, TokenKey, TokenStore
from tests.site import NOON_S

from .conftest import World, in_threads

KEY = TokenKey("https://api.weixin.qq.com", "wx0123456789abcdef")
TOKEN = StoredToken(Secret("the-token"), "stable", NOON_S, NOON_S + 7200)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    made = FileStore(tmp_path / "cache" / "tokens")
    made.ready()
    return made


def only_file(store: FileStore) -> Path:
    (path,) = store.directory.iterdir()
    return path


@pytest.fixture(params=["file", "memory"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> TokenStore:
    return FileStore(tmp_path / "tokens") if request.param == "file" else MemoryStore()


def test_what_is_put_is_got(any_store: TokenStore) -> None:
    store = any_store
    assert store.get(KEY) is None
    store.ready()
    assert store.put(KEY, TOKEN, over=None)
    assert store.get(KEY) == TOKEN
    assert store.get(TokenKey("http://127.0.0.1:1", KEY.appid)) is None
    assert store.get(TokenKey(KEY.api, "wxother")) is None


def test_what_is_dropped_is_forgotten(any_store: TokenStore) -> None:
    any_store.drop(KEY)
    any_store.put(KEY, TOKEN, over=None)
    any_store.put(TokenKey(KEY.api, "wxother"), TOKEN, over=None)
    any_store.drop(KEY)
    assert any_store.get(KEY) is None
    assert any_store.get(TokenKey(KEY.api, "wxother")) == TOKEN
    any_store.drop(KEY)


def test_memory_is_replaced_only_by_who_knows_what_it_holds() -> None:
    store = MemoryStore()
    other = replace(TOKEN, value=Secret("the-other"))
    assert store.put(KEY, TOKEN, over=None)
    assert not store.put(KEY, other, over=None)
    assert store.get(KEY) == TOKEN
    assert store.put(KEY, other, over=TOKEN)
    assert not store.put(KEY, TOKEN, over=TOKEN)
    assert store.get(KEY) == other


def test_being_ready_leaves_no_file(store: FileStore) -> None:
    assert list(store.directory.iterdir()) == []
    assert stat.S_IMODE(store.directory.stat().st_mode) == 0o700


def test_files_are_the_users_alone(store: FileStore) -> None:
    store.put(KEY, TOKEN, over=None)
    assert stat.S_IMODE(store.directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(only_file(store).stat().st_mode) == 0o600


DAMAGE = {
    "nothing": b"",
    "half": b'{"format": 1, "api"',
    "no object": b"[]",
    "deep": b"[" * 10_000,
    "not text": b"\xff\xfe\x00",
    "another format": b'{"format": 2}',
}


@pytest.mark.parametrize("raw", DAMAGE.values(), ids=DAMAGE.keys())
def test_damaged_file_counts_as_none_and_is_replaced(
    store: FileStore, caplog: pytest.LogCaptureFixture, raw: bytes
) -> None:
    store.put(KEY, TOKEN, over=None)
    only_file(store).write_bytes(raw)
    with caplog.at_level(logging.WARNING):
        assert store.get(KEY) is None
    assert str(only_file(store)) in caplog.text
    assert "will be replaced" in caplog.text
    store.put(KEY, TOKEN, over=None)
    assert store.get(KEY) == TOKEN


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("api", "https://evil.example"),
        ("appid", "wxother"),
        ("access_token", ""),
        ("access_token", 5),
        ("source", None),
        ("issued_at", "soon"),
        ("issued_at", NOON_S + 9000),
        ("expires_at", NOON_S + 10**7),
        ("expires_at", float("nan")),
    ],
)
def test_file_of_another_account_or_of_no_life_counts_as_none(
    store: FileStore, field: str, value: object
) -> None:
    store.put(KEY, TOKEN, over=None)
    said = json.loads(only_file(store).read_text())
    only_file(store).write_text(json.dumps(said | {field: value}))
    assert store.get(KEY) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_file_that_others_may_touch_is_not_trusted(
    store: FileStore, caplog: pytest.LogCaptureFixture, mode: int
) -> None:
    store.put(KEY, TOKEN, over=None)
    only_file(store).chmod(mode)
    assert store.get(KEY) is None
    assert "others may" in caplog.text
    store.put(KEY, TOKEN, over=None)
    assert stat.S_IMODE(only_file(store).stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: nobody else may give a file away")
def test_file_of_another_user_is_not_trusted(store: FileStore) -> None:
    store.put(KEY, TOKEN, over=None)
    os.chown(only_file(store), 12345, 12345)
    assert store.get(KEY) is None
    store.put(KEY, TOKEN, over=None)
    assert only_file(store).stat().st_uid == 0
    assert store.get(KEY) == TOKEN


def test_link_and_directory_in_its_place_are_not_followed(store: FileStore, tmp_path: Path) -> None:
    store.put(KEY, TOKEN, over=None)
    path = only_file(store)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert store.get(KEY) is None
    store.put(KEY, TOKEN, over=None)
    assert not path.is_symlink()
    path.unlink()
    os.mkfifo(path, 0o600)
    assert store.get(KEY) is None
    path.unlink()
    path.mkdir()
    assert store.get(KEY) is None
    with pytest.raises(StoreUnusable, match=str(path)) as caught:
        store.put(KEY, TOKEN, over=None)
    assert caught.value.fix.endswith(f"rmdir {path}")
    assert list(store.directory.iterdir()) == [path]  # nothing of the attempt is left
    with pytest.raises(StoreUnusable, match=str(store.directory)):
        store.drop(KEY)


# Under another user or a limit, which this process couldn't take back. What is imported late is
# imported before: another user may not be able to read it.
CHILD = """
import hashlib, os, resource, sys, tempfile
from pathlib import Path
from menuops.core.secret import Secret
from menuops.wechat.tokens.file_store import FileStore
from menuops.wechat.tokens.store import StoredToken, StoreUnusable, TokenKey
directory, limit_bytes, user, act = sys.argv[1:]
if int(user):
    os.setgroups([])
    os.setgid(int(user))
    os.setuid(int(user))
if int(limit_bytes) >= 0:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit_bytes),) * 2)
store = FileStore(Path(directory))
key = TokenKey("https://api.weixin.qq.com", "wx0123456789abcdef")
token = StoredToken(Secret("the-next"), "stable", 1714532400.0, 1714539600.0)
try:
    print({"ready": store.ready, "put": lambda: store.put(key, token, None)}[act]())
except StoreUnusable as error:
    print(error.message, error.fix, sep="|")
"""
NOBODY = 65534


@pytest.fixture
def open_store() -> Iterator[FileStore]:
    """One that another user can get to; pytest's own directories are for theirs alone."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        made = FileStore(Path(directory) / "tokens")
        made.ready()
        yield made


def in_child(store: FileStore, act: str, *, limit_bytes: int = -1, user: int = 0) -> str:
    words = [str(store.directory), str(limit_bytes), str(user), act]
    return subprocess.check_output([sys.executable, "-c", CHILD, *words], text=True).strip()


@pytest.mark.parametrize("act", ["ready", "put"])
def test_full_disk_is_told_and_leaves_all_as_it_was(store: FileStore, act: str) -> None:
    """A limit to the size of files makes the system say so."""
    store.put(KEY, TOKEN, over=None)
    there = list(store.directory.iterdir())
    told = in_child(store, act, limit_bytes=0)
    assert told.startswith(f"{store.directory}: tokens can't be kept here: File too large|")
    assert "token_store: memory" in told
    assert list(store.directory.iterdir()) == there
    assert store.get(KEY) == TOKEN


@pytest.mark.parametrize("act", ["ready", "put"])
def test_directory_that_may_not_be_written_is_told(open_store: FileStore, act: str) -> None:
    open_store.directory.chmod(0o555)
    told = in_child(open_store, act, user=0 if os.geteuid() else NOBODY)
    open_store.directory.chmod(0o700)
    assert told.startswith(f"{open_store.directory}: tokens can't be kept here: Permission denied|")
    assert "let this user write the directory" in told
    assert list(open_store.directory.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: nobody else may become another user")
def test_file_of_another_user_in_a_directory_of_all_is_told(open_store: FileStore) -> None:
    """As in /tmp, where only its owner may replace a file."""
    open_store.put(KEY, TOKEN, over=None)
    open_store.directory.chmod(0o1777)
    told = in_child(open_store, "put", user=NOBODY)
    assert told.startswith(
        f"{open_store.directory}: tokens can't be kept here: Operation not permitted|"
    )
    assert open_store.get(KEY) == TOKEN
    assert len(list(open_store.directory.iterdir())) == 1


def test_warning_says_no_token(store: FileStore, caplog: pytest.LogCaptureFixture) -> None:
    store.put(KEY, TOKEN, over=None)
    only_file(store).chmod(0o644)
    store.get(KEY)
    assert "the-token" not in caplog.text


def test_directory_that_cannot_be_made_is_named_before_a_token_is_fetched(world: World) -> None:
    """A classic token fetched in vain would void another program's."""
    (world.directory / "tokens").write_text("a file")
    with pytest.raises(StoreUnusable, match="tokens") as caught:
        world.container().token(world.account())
    assert "token_store: memory" in caught.value.fix
    assert world.paths() == []


def test_readers_never_see_half_a_file(store: FileStore) -> None:
    store.put(KEY, TOKEN, over=None)

    def work() -> bool:
        whole = True
        for _ in range(50):
            store.put(KEY, TOKEN, over=None)
            whole = whole and store.get(KEY) == TOKEN
        return whole

    assert all(in_threads(work, 8))
    assert len(list(store.directory.iterdir())) == 1


def test_default_directory_is_the_users_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert FileStore().directory.parts[-2:] == ("menuops", "tokens")


@pytest.mark.parametrize(
    ("after_s", "fresh"),
    [(-3600, False), (-30, True), (0, True), (6599, True), (6600, False), (8000, False)],
)
def test_token_is_fresh_until_ten_minutes_before_its_end(after_s: float, fresh: bool) -> None:
    """One from the future was kept by a clock that was wrong."""
    assert TOKEN.is_fresh(NOON_S + after_s) is fresh


def test_store_and_token_print_no_secret() -> None:
    assert "the-token" not in repr(TOKEN)
