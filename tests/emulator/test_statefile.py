"""The state file: what is kept, who else may use it, and what happens to a damaged one."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from menuops.emulator import Account, Emulator, EmulatorStateError, Follower, Switches, Tag
from menuops.emulator.statefile import StateFile

from .conftest import APPID, SECRET, Caller, Clock, payload

CLICK = {"type": "click", "name": "一", "key": "A"}
RULE = {"tag_id": "100", "client_platform_type": "1"}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "emulator.json"


def started(path: Path, clock: Clock, *accounts: Account) -> Emulator:
    emulator = Emulator(state_file=path, clock=clock)
    emulator.add_account(*accounts)
    return emulator


def test_everything_is_there_in_the_next_process(
    path: Path, clock: Clock, account: Account
) -> None:
    rich = replace(
        account,
        ip_whitelist=("127.0.0.1",),
        linked_apps=(),
        media_ids=("M",),
        article_ids=("A",),
        barred_types=("view_limited",),
        quotas={"menu/get": 5},
        test_account=True,
    )
    first = started(path, clock, rich)
    with first.serve() as url:
        caller = Caller(url)
        with caller.session:
            caller.token = caller.fetch_stable(force=True)["access_token"]
            caller.fetch_token()
            caller("menu/create", {"button": [CLICK]})
            caller("menu/addconditional", {"button": [CLICK], "matchrule": RULE})
            read = caller("menu/get")
    first.put_console(APPID, payload("selfmenu-console")["selfmenu_info"])
    second = Emulator(state_file=path, clock=clock)
    with second.serve() as url:
        again = Caller(url)
        with again.session:
            again.token = caller.token
            assert again("menu/get") == read
            assert again("get_current_selfmenu_info") == payload("selfmenu-console")
            assert again.fetch_stable(force=True)["access_token"] == caller.token
            assert [again.errcode("menu/get") for _ in range(4)] == [None, None, None, 45009]


def test_setting_an_account_up_again_keeps_menus_tags_and_tokens(
    path: Path, clock: Clock, account: Account
) -> None:
    with started(path, clock, account).serve() as url:
        caller = Caller(url)
        with caller.session:
            caller.token = caller.fetch_stable()["access_token"]
            caller("menu/create", {"button": [CLICK]})
    changed = Account(
        APPID,
        secret="another",
        tags=(Tag(100, "renamed"), Tag(7, "new", 1)),
        followers=(Follower("oNew"),),
    )
    with started(path, clock, changed).serve() as url:
        again = Caller(url)
        with again.session:
            again.token = caller.token
            assert again.errcode("menu/get") is None
            names = {tag["id"]: tag["name"] for tag in again("tags/get")["tags"]}
            assert names == {100: "VIP", 101: "春季", 7: "new"}
            for user in ("oNew", "oVip"):
                assert again.errcode("menu/trymatch", {"user_id": user}) is None
            assert again.fetch_stable(secret=SECRET)["errcode"] == 40125
            assert "access_token" in again.fetch_stable(secret="another")


def test_tokens_of_cloud_run_are_there_in_the_next_process(
    path: Path, clock: Clock, account: Account
) -> None:
    token = started(path, clock, account).cloudbase_token(APPID)
    with Emulator(state_file=path, clock=clock).serve() as url:
        caller = Caller(url)
        with caller.session:
            for parameter, errcode in (("cloudbase_access_token", 46003), ("access_token", 40001)):
                answer = caller.send("GET", "menu/get", params={parameter: token})
                assert answer.json()["errcode"] == errcode


def test_two_emulators_share_a_file(path: Path, clock: Clock, account: Account) -> None:
    one, other = started(path, clock, account), started(path, clock, account)
    with one.serve() as first_url, other.serve() as second_url:
        first, second = Caller(first_url), Caller(second_url)
        with first.session, second.session:
            first.token = second.token = first.fetch_stable()["access_token"]
            for number in range(30):
                entry = {**CLICK, "key": str(number)}
                writer, reader = (first, second) if number % 2 else (second, first)
                assert writer.errcode("menu/create", {"button": [entry]}) == 0
                assert reader("menu/get")["menu"]["button"][0]["key"] == str(number)


def test_nobody_changes_an_account_under_another_who_serves_it(
    path: Path, clock: Clock, account: Account
) -> None:
    first = started(path, clock, account)
    other = replace(
        account,
        secret="another",
        switches=Switches(trymatch="wrapped"),
        tags=(Tag(7, "new"),),
        followers=(),
    )
    with first.serve() as url:
        caller = Caller(url)
        with caller.session:
            with pytest.raises(EmulatorStateError, match="has another secret, trymatch;") as caught:
                started(path, clock, other)
            assert str(path) in str(caught.value)
            assert "access_token" in caller.fetch_stable()
            assert [tag.id for tag in first.states[0].account.tags] == [100, 101]
            joined = started(path, clock, replace(account, tags=(Tag(7, "new"),)))
            assert {tag.id for tag in first.states[0].account.tags} == {7, 100, 101}
            with joined.serve(), pytest.raises(EmulatorStateError, match="another secret"):
                first.add_account(other)
            first.add_account(other)  # its own, and alone again
            assert "access_token" in caller.fetch_stable(secret="another")
    started(path, clock, account)


def test_who_can_not_say_that_it_serves_takes_no_port(
    path: Path, clock: Clock, account: Account
) -> None:
    emulator = started(path, clock, account)
    path.with_name(path.name + ".served").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for _ in range(2):
        with pytest.raises(EmulatorStateError, match="can't be locked"), emulator.serve(port=port):
            pass
    socket.create_server(("127.0.0.1", port)).close()


def test_a_killed_server_serves_no_more(path: Path, clock: Clock, account: Account) -> None:
    """The lock is what tells, so nothing has to be cleaned up after it."""
    script = (
        "import sys; from pathlib import Path; from menuops.emulator import Account, Emulator\n"
        "emulator = Emulator(state_file=Path(sys.argv[1]))\n"
        "emulator.add_account(Account(sys.argv[2], secret='another'))\n"
        "emulator.serve_forever(ready=lambda url: print(url, flush=True))"
    )
    command = [sys.executable, "-c", script, str(path), APPID]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()
        with pytest.raises(EmulatorStateError, match="another emulator serves this state"):
            started(path, clock, account)
        server.kill()
    started(path, clock, account)


WORKER = """
import sys
from pathlib import Path
from menuops.emulator import Account, Emulator
from menuops.emulator.request import Request
emulator = Emulator(state_file=Path(sys.argv[1]))
emulator.add_account(Account(sys.argv[2]))
body = ('{"grant_type":"client_credential","appid":"%s","secret":"x"}' % sys.argv[2]).encode()
token = emulator.respond(Request("POST", "stable_token", {}, body)).value["access_token"]
menu = b'{"button":[{"type":"click","name":"a","key":"k"}],"matchrule":{"tag_id":"2"}}'
query = {"access_token": token}
emulator.respond(Request("POST", "menu/create", query, menu))
for _ in range(20):
    assert "menuid" in emulator.respond(Request("POST", "menu/addconditional", query, menu)).value
"""


def test_an_account_that_is_added_after_another_process_wrote_is_there_for_all(
    path: Path, clock: Clock, account: Account
) -> None:
    first, second = started(path, clock, account), started(path, clock, account)
    first.close_menu(APPID)
    second.add_account(replace(account, appid="wx-of-the-second"))
    first.close_menu("wx-of-the-second")


def test_processes_at_the_same_time_lose_nothing(path: Path) -> None:
    Emulator(state_file=path).add_account(Account(APPID))
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(path), APPID], cwd=ROOT)
        for _ in range(4)
    ]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0, 0]
    [stored] = json.loads(path.read_text())["accounts"]
    ids = [menu["menuid"] for menu in stored["conditional"]]
    assert len(set(ids)) == 80
    assert ids == sorted(ids, reverse=True)
    assert len(stored["tokens"]) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from menuops.emulator import Account, Emulator
emulator = Emulator(state_file=Path(sys.argv[1]))
die = lambda event, _: event == "os.rename" and os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(die)
emulator.add_account(Account("wx-of-the-killed"))
"""


def test_what_a_killed_process_left_is_removed_at_the_next_start(
    path: Path, clock: Clock, account: Account
) -> None:
    started(path, clock, account)
    before = path.read_bytes()
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(path.parent.glob("*.tmp"))) == 1
    kept = {"notes.tmp", "emulator.json.tmp", "emulator.json.x1.tmp", "other.json.7.tmp"}
    for name in kept:
        (path.parent / name).touch()
    Emulator(state_file=path)
    assert {found.name for found in path.parent.glob("*.tmp")} == kept
    assert path.read_bytes() == before


def test_what_another_process_is_writing_stays(path: Path, clock: Clock, account: Account) -> None:
    started(path, clock, account)
    writing = path.with_name(path.name + ".7.tmp")
    starting = threading.Thread(target=Emulator, args=(path,))
    with StateFile(path).locked():
        writing.touch()
        starting.start()
        starting.join(0.05)  # it waits for the lock
        writing.rename(path.with_name("written"))
    starting.join(10)
    assert not starting.is_alive()


def test_only_its_owner_may_read_it(path: Path, clock: Clock, account: Account) -> None:
    started(path, clock, account)
    assert path.stat().st_mode & 0o777 == 0o600
    assert {found.name for found in path.parent.iterdir()} == {path.name, path.name + ".lock"}


def test_a_call_that_changes_nothing_writes_nothing(
    path: Path, clock: Clock, account: Account
) -> None:
    emulator = started(path, clock, account)
    before = path.stat()
    emulator.add_account(account)
    emulator.open_menu(APPID)
    with emulator.serve() as url:
        Caller(url).send("GET", "menu/get")
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def good_state(path: Path, clock: Clock, account: Account) -> dict[str, Any]:
    emulator = started(path, clock, account)
    emulator.put_live(APPID, payload("menu-get-with-conditional"))
    with emulator.serve() as url:
        Caller(url).fetch_token()
    value = json.loads(path.read_text())
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[]", b"{}", b'{"format":2}', b"[" * 99_999]
)
def test_a_damaged_file_is_named_and_kept(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(EmulatorStateError, match="delete this file") as caught:
        Emulator(state_file=path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


FIXED = {"format", "accounts", "account", "default", "tokens", "appid", "tags", "kind", "menuid"}


def another_type(value: Any) -> Any:
    if value is None:
        return True  # where null may stand, text or a number may too, but no field takes all three
    return 1.5 if isinstance(value, str | bool | dict | list) else "text"


def damages(good: dict[str, Any]) -> Iterator[str]:
    """Give the document with each of its fields in turn of another type, or gone.

    What is inside a menu's entries and rules may be anything, as in answers of the live service.
    """
    left: list[Any] = [good]
    while left:
        holder = left.pop()
        for place in list(holder) if isinstance(holder, dict) else range(len(holder)):
            kept = holder[place]
            holder[place] = another_type(kept)
            yield json.dumps(good)
            if place in FIXED:
                del holder[place]
                yield json.dumps(good)
            holder[place] = kept
            if isinstance(kept, dict | list) and place not in ("buttons", "rule"):
                left.append(kept)


def test_a_field_of_a_wrong_type_or_missing_is_damage(
    path: Path, clock: Clock, account: Account
) -> None:
    good = good_state(
        path, clock, replace(account, ip_whitelist=("127.0.0.1",), quotas={"menu/get": 5})
    )
    seen = 0
    for damaged in damages(good):
        path.write_text(damaged)
        with pytest.raises(EmulatorStateError, match="delete this file"):
            Emulator(state_file=path)
        seen += 1
    assert seen > 80
    path.write_text(json.dumps(good))
    Emulator(state_file=path)


def test_damage_while_serving_is_an_errcode_that_says_so(
    path: Path, clock: Clock, account: Account, capfd: pytest.CaptureFixture[str]
) -> None:
    emulator = started(path, clock, account)
    with emulator.serve() as url:
        caller = Caller(url)
        with caller.session:
            caller.token = caller.fetch_stable()["access_token"]
            kept = path.read_bytes()
            path.write_bytes(b"{")
            for _ in range(2):
                answer = caller("menu/get")
                assert answer["errcode"] == -1
                assert str(path) in answer["errmsg"]
            assert path.read_bytes() == b"{"
            path.write_bytes(kept)
            assert caller.errcode("menu/get") == 46003
    assert capfd.readouterr().err == ""


def test_a_file_deleted_while_serving_leaves_the_accounts(
    path: Path, clock: Clock, account: Account
) -> None:
    emulator = started(path, clock, account)
    emulator.put_live(APPID, payload("menu-get-plain"))
    path.unlink()
    with emulator.serve() as url:
        caller = Caller(url)
        with caller.session:
            caller.token = caller.fetch_stable()["access_token"]
            assert caller.errcode("menu/get") == 46003
    assert path.exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmulatorStateError, match="choose another file"):
        Emulator(state_file=tmp_path / "file" / "emulator.json")
    (tmp_path / "folder").mkdir()
    with pytest.raises(EmulatorStateError, match="choose another file"):
        Emulator(state_file=tmp_path / "folder")


def test_what_could_not_be_written_did_not_happen(
    path: Path, clock: Clock, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator = started(path, clock, account)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(EmulatorStateError, match="No space left"):
            emulator.put_live(APPID, payload("menu-get-plain"))
    with emulator.serve() as url:
        caller = Caller(url)
        with caller.session:
            caller.token = caller.fetch_stable()["access_token"]
            assert caller.errcode("menu/get") == 46003
    assert list(path.parent.glob("*.tmp")) == []


def test_a_secret_is_not_in_an_accounts_repr(account: Account) -> None:
    assert SECRET not in repr(account)
