"""Every exit code, through the real command, with what is said and what is left alone."""

from __future__ import annotations

import json
import os
import shlex
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

import pytest

from menuops.emulator import Account, Fault
from menuops.files.plan_file import write_plan
from menuops.locks import FileLocks, LockKey
from tests.site import APPID, SECRET, Ended, Site, click, conditional, view

Setup = Callable[[Site], tuple[str, ...]]

CODES: dict[str, tuple[int, str]] = {}
SETUPS: dict[str, Setup] = {}


def case(code: int, word: str) -> Callable[[Setup], Setup]:
    """Note a way to end with `code` without a write; `word` is the error's code in JSON."""

    def note(setup: Setup) -> Setup:
        name = setup.__name__.replace("_", " ")
        CODES[name], SETUPS[name] = (code, word), setup
        return setup

    return note


@case(3, "invalid_files")
def invalid_menu(site: Site) -> tuple[str, ...]:
    site.menu({"button": []})
    return ("plan",)


@case(3, "invalid_files")
def unknown_tag(site: Site) -> tuple[str, ...]:
    site.menu({"button": [click()], "conditionalmenu": [conditional(view(), tag="没有")]})
    return ("apply", "--yes")


@case(3, "invalid_files")
def no_plan_at_all(site: Site) -> tuple[str, ...]:
    site.write("plan.json", "{}")
    return ("apply", "plan.json")


@case(4, "remove-conditional")
def guard(site: Site) -> tuple[str, ...]:
    site.live([click()], conditional(view(), client_platform_type="1"))
    return ("apply", "--yes")


@case(4, "console-menu")
def guard_of_a_saved_plan(site: Site) -> tuple[str, ...]:
    site.live([view()])
    site.emulator.close_menu(APPID)
    site.run("plan", "--out", "plan.json")
    return ("apply", "plan.json")


@case(5, "stale_plan")
def stale_plan(site: Site) -> tuple[str, ...]:
    site.run("plan", "--out", "plan.json")
    site.live([view("同事改的")])
    return ("apply", "plan.json")


@case(5, "expired_plan")
def expired_plan(site: Site) -> tuple[str, ...]:
    site.clock.now_s -= 400 * 86400
    write_plan(site.root / "plan.json", site.plan())
    return ("apply", "plan.json")


@case(5, "another_digest")
def another_digest(site: Site) -> tuple[str, ...]:
    site.live([view()])
    return ("apply", "--expect", "0" * 64)


@case(5, "foreign_plan")
def foreign_plan(site: Site) -> tuple[str, ...]:
    site.run("plan", "--out", "plan.json")
    site.write("menuops.yaml", {"accounts": {"shop": site.shop(appid="wxother")}})
    return ("apply", "plan.json")


@case(5, "plan_mismatch")
def tampered_plan(site: Site) -> tuple[str, ...]:
    site.run("plan", "--out", "plan.json")
    text = (site.root / "plan.json").read_text(encoding="utf-8")
    site.write("plan.json", text.replace("HELP", "EVIL"))
    return ("apply", "plan.json")


@case(5, "plan_format")
def plan_of_another_format(site: Site) -> tuple[str, ...]:
    site.write("plan.json", {"format_version": "2"})
    return ("apply", "plan.json")


@case(7, "no_secret")
def no_secret(site: Site) -> tuple[str, ...]:
    del site.environ["MENUOPS_SECRET_SHOP"]
    return ("apply", "--yes")


@case(7, "40125")
def wrong_secret(site: Site) -> tuple[str, ...]:
    site.environ["MENUOPS_SECRET_SHOP"] = "f" * 32
    return ("apply", "--yes")


@case(7, "40164")
def caller_not_listed(site: Site) -> tuple[str, ...]:
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, ip_whitelist=("192.0.2.1",)))
    return ("apply", "--yes")


@case(7, "48001")
def no_rights(site: Site) -> tuple[str, ...]:
    site.emulator.add_account(Account(appid=APPID, secret=SECRET, rights=False))
    return ("apply", "--yes")


@case(7, "unreachable")
def refused_port(_: Site) -> tuple[str, ...]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return ("apply", "--yes", "--api-url", f"http://127.0.0.1:{port}")


@case(7, "bad_answer")
def html_answer(site: Site) -> tuple[str, ...]:
    site.emulator.fail_next("menu/get", Fault.status(200, "<html>请登录</html>"))
    return ("apply", "--yes")


@case(7, "bad_answer")
def half_an_answer(site: Site) -> tuple[str, ...]:
    site.emulator.fail_next("menu/get", Fault.half_answer())
    return ("apply", "--yes")


@case(7, "state_unwritable")
def unwritable_state_directory(site: Site) -> tuple[str, ...]:
    site.write("state", "a file where a directory belongs")
    site.write("menuops.yaml", {"accounts": {"shop": site.shop()}, "state_dir": "state"})
    return ("apply", "--yes")


@case(7, "lock_unusable")
def unwritable_home(site: Site) -> tuple[str, ...]:
    site.home.joinpath("state").write_text("a file where a directory belongs")
    return ("apply", "--yes")


@case(7, "40018")
def refused_write(site: Site) -> tuple[str, ...]:
    site.emulator.fail_next("menu/create", Fault.errcode(40018))
    return ("apply", "--yes")


@case(7, "plan_unwritable")
def plan_that_can_not_be_saved(_: Site) -> tuple[str, ...]:
    return ("plan", "--out", "no/such/directory/plan.json")


@case(9, "nobody_to_ask")
def nobody_to_ask(_: Site) -> tuple[str, ...]:
    return ("apply",)


@case(64, "usage")
def unknown_option(_: Site) -> tuple[str, ...]:
    return ("apply", "--yess")


@case(64, "usage")
def unknown_command(_: Site) -> tuple[str, ...]:
    return ("aply",)


@case(64, "usage")
def unknown_account(_: Site) -> tuple[str, ...]:
    return ("plan", "-a", "shpo")


@case(64, "usage")
def unknown_guard(_: Site) -> tuple[str, ...]:
    return ("plan", "--allow", "everything")


@case(64, "usage")
def option_that_a_saved_plan_has_no_use_for(site: Site) -> tuple[str, ...]:
    site.run("plan", "--out", "plan.json")
    return ("apply", "plan.json", "--allow", "console-menu")


@case(64, "usage")
def digest_that_is_none(_: Site) -> tuple[str, ...]:
    return ("apply", "--expect", "5d1e-9ac3-77f0")


def run_case(site: Site, name: str, *further: str) -> Ended:
    arguments = SETUPS[name](site)
    live = site.now()
    ended = site.run(*arguments, *further)
    code, _ = CODES[name]
    assert ended.code == code, ended.said
    assert site.now() == live
    assert [path for path in site.writes if CODES[name][1] != "40018"] == []
    assert "Traceback" not in ended.said
    assert SECRET not in ended.said
    assert not [token for token in site.tokens() if token in ended.said]
    return ended


@pytest.mark.parametrize("name", CODES)
def test_an_error_is_said_on_stderr_with_the_next_step(site: Site, name: str) -> None:
    ended = run_case(site, name)
    code, _ = CODES[name]
    assert ended.out == "" or ended.out.startswith("menuops 0.1.0, plan of "), ended.out
    assert ended.err.count("menuops: ") == 1
    said = ended.err[ended.err.index("menuops: ") :]
    assert len(said.splitlines()) >= 2, said
    if code in (4, 5, 7, 8, 9):
        assert "othing was written" in said or "nothing is sent" in said, said


@pytest.mark.parametrize("name", CODES)
def test_an_error_is_one_json_document_on_stdout(site: Site, name: str) -> None:
    ended = run_case(site, name, "--format", "json")
    document = ended.json
    assert document["outcome"] in ("error", "refused")
    assert document["error"]["code"] == CODES[name][1], document
    assert document["error"]["message"]
    assert document["error"]["fix"]
    if CODES[name][0] == 3:
        assert document["error"]["findings"][0]["rule"]


def test_a_case_stands_for_each_code_that_writes_nothing() -> None:
    assert {code for code, _ in CODES.values()} == {3, 4, 5, 7, 9, 64}


# 0 and 2


def test_changes_are_2_only_where_asked_for(site: Site) -> None:
    assert site.run("plan").code == 0
    ended = site.run("plan", "--detailed-exitcode", "--format", "json")
    assert (ended.code, ended.json["outcome"], ended.err) == (2, "changes", "")
    assert site.writes == []


def test_no_changes_are_0(site: Site) -> None:
    site.live([click()])
    ended = site.run("plan", "--detailed-exitcode", "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (0, "no_changes")
    assert site.run("apply", "--yes").code == 0
    assert site.writes == []


def test_a_plan_is_saved_shown_and_applied(site: Site) -> None:
    made = site.run("plan", "--out", "plan.json", "--format", "json")
    assert made.code == 0
    assert (site.root / "plan.json").read_text(encoding="utf-8") == made.out
    assert (site.root / "plan.json").stat().st_mode & 0o777 == 0o600
    assert site.run("show", "plan.json", "--format", "json").out == made.out
    text = site.run("plan").out.splitlines()
    shown = site.run("show", "plan.json").out.splitlines()
    assert shown[1:-1] == text[1:-1]
    assert (text[-1], shown[-1]) == (
        "To make this change: menuops apply",
        "To make this change: menuops apply plan.json",
    )
    applied = site.run("apply", "plan.json", "--format", "json")
    assert applied.code == 0
    assert applied.json["outcome"] == "done"
    assert applied.json["digest"] == made.json["digest"]
    assert applied.json["accounts"][0]["steps"][0]["outcome"] == "done"
    again = site.run("apply", "plan.json", "--format", "json")
    assert (again.code, again.json["outcome"]) == (0, "no_changes")
    assert site.writes == ["menu/create"]
    site.no_menu()
    used = site.run("apply", "plan.json", "--format", "json")
    assert (used.code, used.json["error"]["code"]) == (5, "used_plan")


def test_a_digest_is_an_approval(site: Site) -> None:
    digest = site.run("plan", "--format", "json").json["digest"]
    ended = site.run("apply", "--expect", digest)
    assert ended.code == 0, ended.err
    assert site.writes == ["menu/create"]


def test_a_guard_leaves_the_plan_to_be_read(site: Site) -> None:
    site.live([click()], conditional(view(), client_platform_type="1"))
    ended = site.run("plan", "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (4, "refused")
    assert ended.json["accounts"][0]["guards"][0]["name"] == "ios"
    assert site.run("plan", "--allow", "remove-conditional:ios").code == 0


def test_an_account_that_can_not_be_read_leaves_the_others_to_be_read(site: Site) -> None:
    site.accounts(3)
    del site.environ["MENUOPS_SECRET_A02"]
    ended = site.run("plan", "--out", "plan.json", "--format", "json")
    assert ended.code == 7
    assert [one["status"] for one in ended.json["accounts"]] == ["changes", "unreadable", "changes"]
    assert ended.json["accounts"][1]["error"]["code"] == "no_secret"
    assert not (site.root / "plan.json").exists()
    assert "Not saved" in ended.err
    text = site.run("plan")
    assert text.code == 7
    assert "MENUOPS_SECRET_A02" in text.out


# 6


def test_a_failure_in_the_middle_is_6(site: Site) -> None:
    ios = conditional(click(), client_platform_type="1")
    site.menu({"button": [click()], "conditionalmenu": [ios]})
    site.emulator.fail_next("menu/addconditional", Fault.errcode(40018))
    ended = site.run("apply", "--yes", "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (6, "partial")
    steps = ended.json["accounts"][0]["steps"]
    assert [step["outcome"] for step in steps] == ["done", "failed"]
    assert steps[1]["error"]["code"] == "40018"
    assert ended.json["accounts"][0]["snapshot"].endswith("/shop")


def test_a_lost_answer_that_can_not_be_settled_is_6(site: Site) -> None:
    site.emulator.fail_next("menu/create", Fault.reset_after())
    site.emulator.fail_next("menu/get", Fault.status(502), after=1)
    ended = site.run("apply", "--yes")
    assert ended.code == 6
    assert "unknown" in ended.out
    assert f"Finish  menuops apply --resume {site.runs[0].name}\n" in ended.out
    assert site.run("apply", "--resume", site.runs[0].name).code == 0
    assert site.writes == ["menu/create"]


def test_a_read_back_that_fails_is_6(site: Site) -> None:
    site.emulator.fail_next("menu/get", Fault.status(502), after=1)
    ended = site.run("apply", "--yes", "--format", "json")
    assert (ended.code, ended.json["outcome"]) == (6, "unknown")
    assert ended.json["accounts"][0]["error"]["code"] == "bad_answer"


# 8


def test_a_lock_that_another_holds_is_8_and_names_the_holder(site: Site) -> None:
    with FileLocks(site.state / "locks", command="menuops apply").held(
        LockKey(site.url, APPID, "apply")
    ):
        ended = site.run("apply", "--yes")
        as_json = site.run("apply", "--yes", "--format", "json")
    assert (ended.code, ended.out) == (8, "")
    assert f"process {os.getpid()} on " in ended.err
    assert (as_json.code, as_json.json["error"]["code"]) == (8, "locked")
    assert site.writes == []
    assert site.run("apply", "--yes").code == 0


def test_two_applies_at_once_write_once(site: Site) -> None:
    site.emulator.latency_s = 0.05
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "menuops", "apply", "--yes", "--format", "json"],
            cwd=site.root,
            env=site.process_environ(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    ended = [(process.communicate(timeout=60)[0], process.returncode) for process in both]
    codes = sorted(code for _, code in ended)
    assert codes in ([0, 0], [0, 8])
    assert all(json.loads(out) for out, _ in ended)
    assert site.writes == ["menu/create"]


def test_what_to_type_next_holds_the_options_that_made_the_plan(site: Site) -> None:
    site.live([click()], conditional(view(), client_platform_type="1"))
    last = site.run("plan", "-a", "shop", "--var", "a=b c", "--delete-first").out.splitlines()[-1]
    assert last == (
        "Refused by a guard. If it is meant: "
        "menuops plan -a shop --var 'a=b c' --delete-first --allow remove-conditional:ios"
    )
    lifted = site.run("plan", "--allow", "remove-conditional:ios").out.splitlines()[-1]
    assert lifted == "To make this change: menuops apply --allow remove-conditional:ios"


def test_nobody_has_to_be_asked_where_nothing_changes(site: Site) -> None:
    assert site.run("apply", "--yes").code == 0
    assert site.run("apply").code == 0


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("saved", [True, False])
def test_a_plan_that_a_guard_refuses_is_printed_all_the_same(
    site: Site, format_: str, *, saved: bool
) -> None:
    site.live([click()], conditional(view(), client_platform_type="1"))
    site.run("plan", "--out", "plan.json")
    what = ["plan.json"] if saved else ["--yes"]
    ended = site.run("apply", *what, "--format", format_)
    assert ended.code == 4
    if format_ == "json":
        assert ended.json["outcome"] == "refused"
        assert ended.json["error"]["code"] == "remove-conditional"
        steps = [step["outcome"] for step in ended.json["accounts"][0]["steps"]]
        assert steps == ["not_tried"] * len(steps) != []
        assert ended.json["digest"]
    else:
        assert "menu/delconditional" in ended.out
        assert "--allow remove-conditional:ios" in ended.err
    assert site.writes == []


@pytest.mark.parametrize("content", ["button: []\n", '{"button": []}'])
def test_a_plan_is_never_written_over_something_else(site: Site, content: str) -> None:
    site.write("mine.yaml", content)
    ended = site.run("plan", "--out", "mine.yaml")
    assert (ended.code, ended.out) == (7, "")
    assert (site.root / "mine.yaml").read_text() == content
    os.mkfifo(site.root / "pipe")
    assert site.run("plan", "--out", "pipe").code == 7
    assert stat.S_ISFIFO((site.root / "pipe").stat().st_mode)


def test_an_older_plan_is_replaced_where_a_link_leads_to(site: Site) -> None:
    (site.root / "link.json").symlink_to("plan.json")
    for _ in range(2):
        assert site.run("plan", "--out", "link.json").code == 0
    assert (site.root / "link.json").is_symlink()
    assert site.run("apply", "plan.json").code == 0


def test_all_accounts_protected_is_a_slip(site: Site) -> None:
    site.write("menuops.yaml", {"accounts": {"shop": {**site.shop(), "protected": True}}})
    ended = site.run("plan")
    assert ended.code == 64
    assert "-a" in ended.err


def test_both_forms_of_the_format_option_hold_for_errors(site: Site) -> None:
    for words in (["--format", "json"], ["--format=json"]):
        ended = site.run("plan", "-a", "nobody", *words)
        assert (ended.code, ended.json["outcome"], ended.err) == (64, "error", "")


@pytest.mark.parametrize(
    "words",
    [["--var", "a=b"], ["-a", "shop"], ["--allow", "console-menu"], ["--delete-first"]],
)
def test_a_saved_plan_takes_no_option_that_would_change_it(site: Site, words: list[str]) -> None:
    site.run("plan", "--out", "plan.json")
    ended = site.run("apply", "plan.json", *words)
    assert ended.code == 64
    assert words[0] in ended.err
    assert site.writes == []


@pytest.mark.parametrize(
    ("time", "seconds"),
    [("90s", 90), ("30m", 1800), ("12h", 43_200), ("7d", 604_800), ("2w", 1_209_600)],
)
def test_a_plan_lives_as_long_as_it_is_told_to(site: Site, time: str, seconds: int) -> None:
    document = site.run("plan", "--expires-in", time, "--format", "json").json
    created, expires = (
        datetime.fromisoformat(document[name]) for name in ("created_at", "expires_at")
    )
    assert (expires - created).total_seconds() == seconds


def test_the_command_that_applies_a_saved_plan_is_whole(site: Site) -> None:
    site.menu({"button": [click()]})
    into = ("-C", str(site.root))
    name = "my plan.json"
    told = f"menuops apply -C {site.root} '{name}'"
    assert f"apply exactly this: {told}\n" in site.run("plan", *into, "--out", name).err
    assert site.run("show", *into, name).out.endswith(f"{told}\n")
    assert site.run(*shlex.split(told)[1:]).code == 0


@pytest.mark.parametrize("given", ["appid=x", "account=x", "c d=1", "1=2", "=x"])
def test_a_variable_that_no_file_can_use_is_refused(site: Site, given: str) -> None:
    assert site.run("validate", "--var", given).code == 64


def test_without_room_for_files_that_pass_the_emulator_can_not_start(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.project(api="emulator", token={"source": "stable"})

    def full() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", full)
    ended = site.run("plan")
    assert ended.code == 7
    assert "no room" in ended.err
    assert "TMPDIR" in ended.err


@pytest.mark.parametrize("command", ["validate", "fmt"])
def test_a_file_that_may_not_be_read_is_for_the_reader_to_tell(
    site: Site, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """It is a finding (3) like any other file that can't be read, and no wrong usage (64)."""
    site.menu("button:\n  - name: 帮助\n    type: click\n    key: HELP\n")
    monkeypatch.setattr(os, "access", lambda path, *_, **_more: os.path.isdir(path))  # noqa: PTH112
    assert site.run(command, "menus/shop.yaml").code == 0


@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        (("--format", "json", "plan"), "menuops plan --format …"),
        (("-a", "shop", "apply", "--yes"), "menuops apply -a …"),
        (("--format", "json"), "see menuops --help"),
    ],
    ids=" ".join,
)
def test_an_option_before_the_command_is_told_its_place(
    site: Site, typed: tuple[str, ...], fix: str
) -> None:
    ended = site.run(*typed)
    assert ended.code == 64
    assert fix in ended.said
