"""The contract suite: against the emulator, against servers that lie, and on an account as real."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from menuops.emulator import Account, Emulator
from menuops.emulator.conformance.caller import REAL_CAPS
from menuops.emulator.conformance.command import main
from menuops.emulator.conformance.facts import FACTS
from menuops.emulator.conformance.runner import BUG
from menuops.emulator.conformance.signals import Signals, Stopped
from menuops.emulator.conformance.snapshot import posted

from .between import Between, Cut
from .conftest import APPID, SECRET

WRITES = {
    "menu/create",
    "menu/delete",
    "menu/addconditional",
    "menu/delconditional",
    "tags/create",
    "tags/delete",
    "tags/update",
}
CLICK = {"type": "click", "name": "帮助", "key": "HELP", "sub_button": []}
VIEW = {"type": "view", "name": "新品", "url": "https://example.com/", "sub_button": []}
LIVE: dict[str, Any] = {
    "menu": {"button": [VIEW, {"name": "更多", "sub_button": [CLICK]}], "menuid": 500},
    "conditionalmenu": [
        {"button": [CLICK], "matchrule": {"group_id": "100"}, "menuid": 420},
        {"button": [VIEW], "matchrule": {"client_platform_type": "1"}, "menuid": 410},
    ],
}
QUICK = ("--only", "create-*", "--only", "delete-*", "--only", "menuids-grow")


@pytest.fixture
def account(account: Account) -> Account:
    return replace(account, linked_apps=(), test_account=True)


@pytest.fixture
def between(emulator: Emulator) -> Iterator[Between]:
    with emulator.serve() as url, Between(url).serving() as served:
        yield served


@pytest.fixture
def suite(
    between: Between,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Ran]:
    """Run the command against the server between, with nobody at the terminal."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **options: Any) -> Ran:
        code = main(
            ["--url", between.url, "--appid", APPID, *arguments],
            **{"environ": {"MENUOPS_SECRET": SECRET}, "sleep": lambda _: None, **options},
        )
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run


class Ran:
    """What a run printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def document(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    def verdicts(self) -> dict[str, str]:
        return {fact["name"]: fact["verdict"] for fact in self.document["facts"]}


def menus(emulator: Emulator) -> Any:
    """Give the menus as they could be posted: without ids, the oldest first."""
    from menuops.emulator import answers, refusal

    def look(world: Any) -> Any:
        try:
            return posted(answers.menu_get(world.get(APPID)).value)
        except refusal.Refusal:
            return posted({})

    return emulator._store.change(look)


def wrote(between: Between) -> set[str]:
    return set(between.counts) & WRITES


# Against the emulator


def test_the_emulator_is_as_stated_and_settles_the_rest(suite: Any, emulator: Emulator) -> None:
    """What can't be told there is a call that it doesn't have, or a menu of the console's."""
    emulator.put_live(APPID, LIVE)
    before = menus(emulator)
    ran = suite("--format", "json")
    facts = ran.document["facts"]
    assert [fact for fact in facts if fact["verdict"] == "differs"] == []
    assert {
        fact["name"]: fact["seen"]
        for fact in facts
        if fact["verdict"] == "couldn't tell" and "the server has no such call" not in fact["seen"]
    }.keys() <= {"console-menu-alone"}
    assert len(facts) == len(FACTS)
    assert ran.code == 0
    assert ran.document["restored"] is True
    assert menus(emulator) == before


def test_each_question_of_the_reference_is_asked() -> None:
    """Section 10 has 13 rows; two of them ask two things."""
    asked = [fact for fact in FACTS if fact.section == "10"]
    assert len(asked) == 15
    assert all(fact.grade == "?" for fact in asked)
    names = [fact.name for fact in FACTS]
    assert len(set(names)) == len(names)


def test_it_runs_as_a_command_against_an_emulator_of_its_own(tmp_path: Path) -> None:
    started = [sys.executable, "-m", "menuops", "emulator", "--port", "0", "--account", "wxa:s1"]
    with subprocess.Popen(started, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as server:
        assert server.stdout is not None
        try:
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found is not None
            done = subprocess.run(
                [sys.executable, "-m", "menuops.emulator.conformance",
                 "--url", found.group(), "--appid", "wxa"],
                capture_output=True, text=True, cwd=tmp_path,
                env={**os.environ, "MENUOPS_SECRET": "s1"},
            )  # fmt: skip
        finally:
            server.terminate()
    assert (done.returncode, done.stderr) == (0, "")
    assert " 0 differs" in done.stdout
    assert done.stdout.endswith("The account is as it was; its menus have new menuids.\n")
    assert list(tmp_path.iterdir()) == []


def test_neither_secret_nor_token_is_printed(suite: Any, between: Between) -> None:
    ran = suite()
    tokens = {
        token
        for answer in between.answers
        for token in re.findall(rb'"access_token":"([^"]+)"', answer)
    }
    assert len(tokens) >= 3
    for hidden in (SECRET, *(token.decode() for token in tokens)):
        assert hidden not in ran.out + ran.err


def test_a_token_is_not_printed_where_the_answer_is_broken(suite: Any, between: Between) -> None:
    between.lies["stable_token"] = lambda said: said[:60]
    ran = suite()
    assert ran.code == 2
    assert not re.search(r"90_\w{5}", ran.out + ran.err)


# Against servers that are wrong


LIES = {
    "slashes-are-escaped": ("menu/get", lambda said: said.replace(b"\\/", b"/")),
    "leaves-gain-sub-button": ("menu/get", lambda said: said.replace(b',"sub_button":[]', b"")),
    "chinese-is-raw": (
        "menu/get",
        lambda said: json.dumps(json.loads(said)).replace("/", "\\/").encode(),
    ),
    "menuid-is-a-number": (
        "menu/get",
        lambda said: re.sub(rb'"menuid":(\d+)', rb'"menuid":"\1"', said),
    ),
    "selfmenu-lists": (
        "get_current_selfmenu_info",
        lambda said: re.sub(rb'\{"list":(\[.*?\])\}', rb"\1", said),
    ),
    "errmsg-has-a-rid": ("*", lambda said: re.sub(rb" rid: [0-9a-f-]+", b"", said)),
    "key-too-long": ("menu/create", lambda said: said.replace(b"40019", b"40018")),
    "six-below": ("menu/create", lambda said: said.replace(b"40023", b"40016")),
    "fourth-domain": ("menu/addconditional", lambda said: said.replace(b"65316", b"65317")),
    "menuid-is-text": (
        "menu/addconditional",
        lambda said: said.replace(b"}", b',"errcode":0}') if b"errcode" not in said else said,
    ),
    "stable-token-life": (
        "stable_token",
        lambda said: re.sub(rb'"expires_in":\d+', b'"expires_in":299', said),
    ),
    "quota-of-create": ("openapi/quota/get", lambda said: said.replace(b":100,", b":99,")),
    "delete-unknown": ("menu/delconditional", lambda said: said.replace(b"65301", b"40035")),
}


@pytest.mark.parametrize("name", LIES)
def test_a_server_that_is_wrong_differs(suite: Any, between: Between, name: str) -> None:
    path, lie = LIES[name]
    between.lies[path] = lie
    ran = suite("--only", name)
    assert "differs: " in ran.out
    assert ran.code == 1


def test_a_write_that_does_nothing_differs(suite: Any, between: Between) -> None:
    between.before = lambda path, n: (
        b'{"errcode":0,"errmsg":"ok"}' if path == "menu/delete" and n == 1 else None
    )
    ran = suite("--only", "delete-drops-all", "--only", "no-menu", "--format", "json")
    assert ran.verdicts()["delete-drops-all"] == "differs"
    assert ran.code == 1


@pytest.mark.parametrize(
    "garbage",
    [b"", b"<html>", b"[]", b"5", b'{"errcode":"0"}', b'{"menu":5}', b'{"errcode":0}', b"\xff\xfe",
     b'{"tags":5,"menu":{"button":[5]},"menuid":[],"selfmenu_info":[],"quota":[],"tag":5}',
     b'{"conditionalmenu":[5],"menu":{"button":{"a":1}},"access_token":"x","expires_in":"1"}'],
)  # fmt: skip
def test_garbage_ends_in_verdicts(suite: Any, between: Between, garbage: bytes) -> None:
    """All but the calls that begin and end a run answer garbage."""
    begun = 8
    between.before = lambda path, _: (
        garbage if begun < len(between.calls) and path != "menu/delete" else None
    )
    ran = suite()
    assert BUG not in ran.out
    assert len(re.findall(r"^[✓✗!·] §", ran.out, re.MULTILINE)) == len(FACTS)
    assert ran.code in (1, 2, 3)


def test_a_server_that_answers_nothing_of_use_is_not_begun_with(
    suite: Any, between: Between
) -> None:
    between.before = lambda *_: b"{}"
    assert suite().code == 2
    assert wrote(between) == set()


# On an account that is played as real


REAL = ("--real", "--yes")


def refused(ran: Ran, between: Between, *words: str) -> None:
    assert ran.code == 2
    for word in words:
        assert word in ran.err
    assert wrote(between) == set()


def test_another_host_needs_to_be_meant(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--appid", APPID, "--url"]
    environ = {"MENUOPS_SECRET": SECRET}
    assert main([*arguments, "https://api.weixin.qq.com"], environ) == 2
    assert "--real" in capsys.readouterr().err
    assert main([*arguments, "http://api.weixin.qq.com", "--real"], environ) == 2
    assert "https" in capsys.readouterr().err
    assert main([*arguments, "http://127.0.0.1.example.com"], environ) == 2
    assert "--real" in capsys.readouterr().err


def test_many_followers_are_too_many(suite: Any, between: Between) -> None:
    between.followers = tuple(f"o{n}" for n in range(6))
    refused(suite(*REAL), between, "6 people follow", "at most 5")
    refused(suite(*REAL, "--most-followers", "2"), between, "at most 2")
    assert suite(*REAL, "--most-followers", "6", *QUICK).code == 0


def test_followers_that_nobody_counts_may_be_many(suite: Any, between: Between) -> None:
    between.followers = None
    refused(suite(*REAL), between, "user/get")


CONSOLE = {"button": [{"type": "text", "name": "你好", "value": "hello"}]}


@pytest.mark.parametrize("seeded", [True, False], ids=["over an API menu", "alone"])
def test_a_menu_of_the_console_is_left_alone(
    suite: Any, between: Between, emulator: Emulator, seeded: bool
) -> None:
    if seeded:
        emulator.put_live(APPID, LIVE)
    emulator.put_console(APPID, CONSOLE)
    for arguments in (REAL, ()):
        refused(suite(*arguments), between, "console")


def test_a_menu_that_is_switched_off_stays_off(
    suite: Any, between: Between, emulator: Emulator
) -> None:
    emulator.put_live(APPID, LIVE)
    emulator.close_menu(APPID)
    refused(suite(*REAL), between, "switched off")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"matchrule": {"sex": "1"}}, "dead"),
        ({"button": [{**CLICK, "type": "no_such_type"}]}, "can't be posted"),
        ({"button": [{**CLICK, "extra": 1}]}, "can't be posted"),
    ],
)
def test_what_cannot_be_posted_again_is_left_alone(
    suite: Any, between: Between, emulator: Emulator, change: dict[str, Any], word: str
) -> None:
    newest, oldest = LIVE["conditionalmenu"]
    emulator.put_live(APPID, {**LIVE, "conditionalmenu": [{**newest, **change}, oldest]})
    refused(suite(*REAL), between, word)


def test_what_is_refused_when_posted_again_is_left_as_it_was(
    suite: Any, emulator: Emulator
) -> None:
    """A name that was taken once and is too long today, in the newest conditional menu."""
    newest, oldest = LIVE["conditionalmenu"]
    long = {**newest, "button": [{**CLICK, "name": "n" * 17}]}
    emulator.put_live(APPID, {**LIVE, "conditionalmenu": [long, oldest]})
    before = menus(emulator)
    ran = suite(*REAL)
    assert (ran.code, ran.out) == (2, "")
    assert "40018" in ran.err
    assert menus(emulator) == before


def test_few_calls_left_are_too_few(
    suite: Any, between: Between, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, quotas={"menu/create": 40}))
    refused(suite(*REAL), between, "40 calls of menu/create")


def test_it_asks_before_it_writes(suite: Any, between: Between) -> None:
    refused(suite("--real"), between, "no terminal")
    refused(suite("--real", ask=lambda _: "yes\n"), between, "not approved")
    asked: list[str] = []
    ran = suite("--real", *QUICK, ask=lambda text: asked.append(text) or f"{APPID}\n")  # type: ignore[func-returns-value]
    assert ran.code == 0
    assert "1 follow it" in asked[0]


def test_a_real_account_is_handled_with_care(
    suite: Any, between: Between, emulator: Emulator
) -> None:
    """Every fact, on a test account's quotas: kept, counted, put back."""
    emulator.put_live(APPID, LIVE)
    before = menus(emulator)
    ran = suite(*REAL, "--save", "kept.json")
    assert ran.code == 0
    assert menus(emulator) == before
    assert "the run makes no more than" not in ran.out
    for path, most in REAL_CAPS.items():
        assert between.counts[path] <= most + 10, path
    assert between.counts["menu/create"] <= 60
    assert between.counts["token"] == 0
    assert not [body for _, _, body in between.calls if b"force_refresh" in body]
    assert not [path for path in between.counts if "clear" in path]
    wrong = [body for _, path, body in between.calls if path == "stable_token"]
    assert not [body for body in wrong if b'"00000000' in body]
    kept = Path("kept.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert SECRET not in kept.read_text("utf-8")
    assert json.loads(kept.read_text("utf-8"))["menu"] == before[0]


def test_a_file_that_is_there_is_not_overwritten(
    suite: Any, between: Between, tmp_path: Path
) -> None:
    (tmp_path / "kept.json").write_text("mine", encoding="utf-8")
    refused(suite(*REAL, "--save", "kept.json"), between, "kept.json")
    assert (tmp_path / "kept.json").read_text("utf-8") == "mine"


@pytest.mark.parametrize("nth", range(1, 9))
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_the_account_as_it_was(
    suite: Any, between: Between, emulator: Emulator, number: signal.Signals, nth: int
) -> None:
    """It comes while a call is in flight, and again while the account is being put back."""
    emulator.put_live(APPID, LIVE)
    before = menus(emulator)
    writes: list[str] = []

    def after(path: str, _: int) -> None:
        writes.append(path) if path in WRITES else None
        if path in WRITES and len(writes) in (nth, nth + 2):
            os.kill(os.getpid(), number)

    between.after = after
    ran = suite(*REAL, *QUICK)
    assert ran.code == 128 + number
    assert "The account is as it was" in ran.err
    assert menus(emulator) == before


@pytest.mark.parametrize("path", sorted(WRITES - {"tags/create", "tags/delete", "tags/update"}))
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_connection_that_is_cut_leaves_the_account_as_it_was(
    suite: Any, between: Between, emulator: Emulator, path: str, nth: int
) -> None:
    """After the call was done, once while checking and once while putting back."""
    emulator.put_live(APPID, LIVE)
    before = menus(emulator)

    def after(called: str, count: int) -> None:
        if called == path and count in (nth, nth + 1, nth + 4):
            raise Cut

    between.after = after
    suite(*REAL, *QUICK)
    assert menus(emulator) == before


def test_of_several_signals_one_is_raised() -> None:
    with Signals():
        with pytest.raises(Stopped):
            os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)


def test_output_that_nobody_reads_leaves_the_account_as_it_was(
    between: Between, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.put_live(APPID, LIVE)
    before = menus(emulator)
    command = [sys.executable, "-m", "menuops.emulator.conformance", "--url", between.url,
               "--appid", APPID, *QUICK]  # fmt: skip
    reader, writer = os.pipe()
    os.close(reader)
    environ = {**os.environ, "MENUOPS_SECRET": SECRET}
    with os.fdopen(writer, "wb") as nobody:
        done = subprocess.run(
            command, stdout=nobody, stderr=subprocess.PIPE, cwd=tmp_path, env=environ
        )
    assert (done.returncode, done.stderr) == (141, b"The account is as it was.\n")
    assert wrote(between)
    assert menus(emulator) == before


def test_a_server_that_goes_away_is_not_asked_on_and_on(
    suite: Any, between: Between, emulator: Emulator
) -> None:
    emulator.put_live(APPID, LIVE)
    before = menus(emulator)
    gone: list[str] = []

    def after(path: str, _: int) -> None:
        if len(between.calls) > 60 and len(gone) < 5:
            gone.append(path)
            raise Cut

    between.after = after
    ran = suite(*REAL)
    assert "not tried: the server can't be reached" in ran.out
    assert menus(emulator) == before


def test_what_is_not_put_back_is_put_back_by_the_command_that_is_named(
    suite: Any, between: Between, emulator: Emulator
) -> None:
    emulator.put_live(APPID, LIVE)
    before = menus(emulator)
    spent = b'{"errcode":45009,"errmsg":"reach max api daily quota limit"}'
    between.before = lambda path, n: spent if path == "menu/create" and n > 3 else None
    ran = suite(*REAL, *QUICK)
    assert ran.code == 3
    assert "NOT RESTORED" in ran.out
    assert "45009" in ran.out
    found = re.search(r"--restore (\S+)", ran.out)
    assert found is not None
    assert menus(emulator) != before
    between.before = lambda *_: None
    assert suite("--real", "--restore", found.group(1)).code == 2  # nobody can be asked
    ran = suite(*REAL, "--restore", found.group(1))
    assert (ran.code, menus(emulator)) == (0, before)


def test_a_file_of_another_account_is_not_put_back(
    suite: Any, between: Between, tmp_path: Path
) -> None:
    assert suite(*REAL, *QUICK, "--save", "kept.json").code == 0
    between.calls.clear()
    kept = tmp_path / "kept.json"
    document = json.loads(kept.read_text("utf-8"))
    kept.write_text(json.dumps({**document, "appid": "wxother"}), encoding="utf-8")
    refused(suite(*REAL, "--restore", "kept.json"), between, "wxother")
    kept.write_text("{}", encoding="utf-8")
    refused(suite(*REAL, "--restore", "kept.json"), between, "kept.json")


# Parts of it


def test_reading_alone_writes_nothing_and_needs_no_right(
    suite: Any, between: Between, emulator: Emulator, account: Account
) -> None:
    emulator.add_account(replace(account, rights=False))
    ran = suite("--real", "--read-only", "--format", "json")
    assert ran.code == 0
    assert wrote(between) == set()
    assert between.counts["token"] == 0
    assert ran.document["restored"] is None


def test_a_console_menu_alone_settles_its_question(
    suite: Any, between: Between, emulator: Emulator
) -> None:
    emulator.put_console(APPID, CONSOLE)
    ran = suite("--read-only", "--only", "console-menu-alone")
    assert (ran.code, wrote(between)) == (0, set())
    assert "settled: errcode 46003" in ran.out


def test_facts_are_listed_and_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(FACTS)
    assert main(["--list", "--only", "§3.7"]) == 0
    assert set(re.findall(r"^§\S+", capsys.readouterr().out, re.MULTILINE)) == {"§3.7"}
    assert main(["--list", "--only", "no-such"]) == 2


def test_the_secret_comes_from_the_environment_alone(suite: Any, between: Between) -> None:
    refused(suite(environ={}), between, "MENUOPS_SECRET")
    assert suite("--secret-env", "OURS", "--read-only", environ={"OURS": SECRET}).code == 0
    with pytest.raises(SystemExit) as usage:
        main(["--url", between.url, "--appid", APPID, "--secret", SECRET])
    assert usage.value.code == 2


def test_loopback_goes_through_no_proxy(suite: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert suite("--only", "no-token").code == 0


def test_the_number_of_conditional_menus_has_a_bound(suite: Any, between: Between) -> None:
    ran = suite("--only", "most-conditional", "--most-conditional", "7")
    assert between.counts["menu/addconditional"] == 7
    assert "7 were taken" in ran.out
    assert ran.code == 2  # nothing could be told
    ran = suite("--only", "most-conditional")
    assert "settled: 100" in ran.out


def test_texts_from_the_server_are_shown_in_one_line(suite: Any, between: Between) -> None:
    between.lies["menu/get"] = lambda said: said.replace("首页".encode(), b"\\u001b[31m\\u202e")
    ran = suite("--only", "order-is-kept")
    assert "\x1b" not in ran.out
    assert "\\u001b[31m\\u202e" in ran.out
