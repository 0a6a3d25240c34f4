"""Whatever stands on the command line, in files and behind the streams: never a traceback."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from menuops.emulator import Fault
from tests.site import SECRET, Ended, Site, click, conditional, view

BAD_BYTES = os.fsdecode(b"a\xff\xfe")


def decent(ended: Ended) -> Ended:
    assert ended.code != 1, ended.said
    assert "Traceback" not in ended.said
    assert "a bug in menuops" not in ended.said
    return ended


LINES = {
    "empty": ("",),
    "nothing": (),
    "only options": ("--",),
    "plan in an empty file name": ("plan", "--out", ""),
    "plan into a directory": ("plan", "--out", "menus"),
    "plan below a file": ("plan", "--out", "menuops.yaml/plan.json"),
    "plan to a name too long": ("plan", "--out", "x" * 300),
    "plan to bad bytes": ("plan", "--out", BAD_BYTES),
    "import below a file": ("import", "--out", "menuops.yaml/menu.yaml"),
    "import to a name too long": ("import", "--out", "x" * 300),
    "import to an empty name": ("import", "--out", ""),
    "import onto a directory": ("import", "--out", "menus", "--overwrite"),
    "directory too long": ("plan", "-C", "x" * 300),
    "directory that is a file": ("plan", "-C", "menuops.yaml"),
    "directory that isn't there": ("plan", "-C", "nowhere"),
    "project file that is a directory": ("plan", "--config", "menus"),
    "project file too long": ("plan", "--config", "x" * 300),
    "project file of bad bytes": ("plan", "--config", BAD_BYTES),
    "project file without a name": ("plan", "--config", ""),
    "menu of bad bytes": ("plan", "--menu", BAD_BYTES),
    "account of bad bytes": ("plan", "-a", BAD_BYTES),
    "account very long": ("plan", "-a", "x" * 100_000),
    "account with a bracket": ("plan", "-a", "[!"),
    "variable of bad bytes": ("plan", "--var", f"k={BAD_BYTES}"),
    "variable without a name": ("plan", "--var", "=x"),
    "variable without a value": ("plan", "--var", "x"),
    "URL of bad bytes": ("plan", "--api-url", f"http://127.0.0.1/{BAD_BYTES}"),
    "URL with a port too high": ("plan", "--api-url", "http://127.0.0.1:99999"),
    "URL with half an address": ("plan", "--api-url", "https://["),
    "URL that is none": ("plan", "--api-url", "http://["),
    "URL with a secret": ("plan", "--api-url", f"https://u:{SECRET}@example.com"),
    "guard of bad bytes": ("plan", "--allow", BAD_BYTES),
    "no time": ("plan", "--expires-in", ""),
    "time in the far future": ("plan", "--expires-in", "999999w"),
    "time in another script": ("plan", "--expires-in", "²d"),
    "parallel too many": ("plan", "--parallel", "100000"),
    "plan that is a directory": ("apply", "menus"),
    "plan without a name": ("apply", ""),
    "plan that isn't there": ("apply", "plan.json"),
    "plan of bad bytes": ("apply", BAD_BYTES),
    "plan that is a menu": ("show", "menus/shop.yaml"),
    "digest of nothing": ("apply", "--expect", ","),
    "digest of bad bytes": ("apply", "--expect", BAD_BYTES),
    "validate a directory": ("validate", "menus"),
    "validate bad bytes": ("validate", BAD_BYTES),
    "validate a name too long": ("validate", "x" * 5000),
    "validate a device": ("validate", "/dev/zero"),
    "validate an empty name": ("validate", ""),
    "NUL": ("plan", "-a", "a\0b"),
    "NUL in a variable": ("plan", "--var", "k=a\0b"),
    "NUL in a menu": ("validate", "a\0b"),
    "NUL in a plan": ("apply", "a\0b"),
    "NUL in a URL": ("plan", "--api-url", "http://127.0.0.1/\0"),
    "schema of what isn't": ("schema", "nothing"),
    "emulator without a colon": ("emulator", "--account", SECRET),
    "emulator on a file that is none": ("emulator", "--port", "0", "--state", "menuops.yaml"),
}


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize("line", LINES)
def test_a_strange_command_line_ends_decently(site: Site, line: str, as_json: bool) -> None:
    arguments = LINES[line]
    json = as_json and arguments[:1] and arguments[0] not in ("", "--", "schema", "emulator")
    ended = decent(site.run(*arguments, *(("--format", "json") if json else ())))
    if json:
        assert ended.json
    assert SECRET not in ended.said
    assert site.writes == []
    assert len(ended.said) < 150_000


def menu_lines(content: bytes) -> Callable[[Site], None]:
    return lambda site: (site.menu(content), None)[1]


def fifo(site: Site) -> None:
    path = site.root / "menus" / "shop.yaml"
    path.unlink()
    os.mkfifo(path)


def directory(site: Site) -> None:
    path = site.root / "menus" / "shop.yaml"
    path.unlink()
    path.mkdir()


def loop(site: Site) -> None:
    path = site.root / "menus" / "shop.yaml"
    path.unlink()
    path.symlink_to(path)


MENUS: dict[str, Callable[[Site], None]] = {
    "a pipe": fifo,
    "a directory": directory,
    "a link to itself": loop,
    "nothing": menu_lines(b""),
    "GBK": menu_lines("button: [{name: 帮助, type: click, key: A}]".encode("gbk")),
    "UTF-16": menu_lines("button: []".encode("utf-16")),
    "2 MB": menu_lines(b"button:\n" + b"  - {name: a, type: click, key: b}\n" * 60_000),
    "NULs": menu_lines(b"button: [\0]"),
    "deep": menu_lines(b"[" * 100_000),
    "a bomb": menu_lines(
        b"x-a: &a [a,a,a,a]\n"
        + b"".join(b"x-%d: &a%d [*a,*a,*a]\n" % (n, n) for n in range(3))
        + b"button: *a\n"
    ),
    "half a character": menu_lines(b'button: [{name: "\\ud83d", type: click, key: A}]'),
    "a number": menu_lines(b"3"),
}


@pytest.mark.parametrize("menu", MENUS)
def test_a_menu_file_that_is_none_is_an_invalid_file(site: Site, menu: str) -> None:
    MENUS[menu](site)
    for arguments in (("validate",), ("plan",), ("validate", "menus/shop.yaml")):
        ended = decent(site.run(*arguments, "--format", "json"))
        assert ended.code == 3, ended.said
        assert len(ended.out) < 200_000
    assert site.calls == []


@pytest.mark.parametrize(
    "keys",
    [
        {"menu": "a\0b"},
        {"menu": "x" * 5000},
        {"menu": "~nobody-at-all/menu.yaml"},
        {"token": {"source": "stable", "secret_file": "a\0b"}},
        {"token": {"source": "stable", "secret_file": "menus"}},
        {"token": {"source": "env", "env": "NOT_THERE"}},
        {"vars": {"x": "a\0b"}},
        {"timeout_s": 1e-9},
        {"timeout_s": 1e300},
        {"retry_s": 1e300},
        {"api": "emulator", "appid": "wxdemo"},
    ],
    ids=str,
)
def test_a_strange_project_ends_decently(site: Site, keys: dict[str, object]) -> None:
    site.project(**keys)
    decent(site.run("plan"))


@pytest.mark.parametrize("api", ["https://[", "https://a.example:99999", "http://127.0.0.1:99999"])
def test_an_api_that_can_not_be_a_url_is_an_invalid_file(site: Site, api: str) -> None:
    site.project(api=api)
    ended = decent(site.run("plan", environ={"MENUOPS_API_URL": None}))
    assert ended.code == 3
    assert "menuops.yaml:1:" in ended.err


@pytest.mark.parametrize("state_dir", ["a\0b", "x" * 300, "menus/shop.yaml", "/dev/null"])
def test_a_state_directory_that_can_not_be_one_ends_decently(site: Site, state_dir: str) -> None:
    site.write("menuops.yaml", {"accounts": {"shop": site.shop()}, "state_dir": state_dir})
    ended = decent(site.run("apply", "--yes"))
    assert ended.code in (3, 7)
    assert site.writes == []


# Streams


def through(site: Site, script: str, **environ: str) -> Ended:
    """Run a shell line in which `menuops` is the command."""
    quoted = f'menuops() {{ {sys.executable} -m menuops "$@"; }}\n{script}'
    ended = subprocess.run(
        ["bash", "-c", quoted],
        cwd=site.root,
        env={**site.process_environ(), **environ},
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def test_a_reader_that_leaves_does_not_change_how_a_plan_ends(site: Site) -> None:
    ended = decent(through(site, "menuops plan | head -c1; exit ${PIPESTATUS[0]}"))
    assert (ended.code, ended.out, ended.err) == (0, "m", "")


def test_a_reader_that_left_before_does_not_keep_an_apply_from_its_end(site: Site) -> None:
    ended = decent(through(site, "menuops apply --yes | true; exit ${PIPESTATUS[0]}"))
    assert (ended.code, ended.err) == (0, "")
    assert site.writes == ["menu/create"]


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
@pytest.mark.parametrize(
    ("line", "code"), [("plan --detailed-exitcode", 2), ("apply", 9), ("plan -a no", 64)]
)
def test_closed_streams_do_not_change_how_a_command_ends(
    site: Site, line: str, code: int, closed: str
) -> None:
    ended = decent(through(site, f"menuops {line} {closed}"))
    assert ended.code == code, ended.said


def test_an_apply_without_streams_is_done(site: Site) -> None:
    ended = decent(through(site, "menuops apply --yes <&- >&- 2>&-"))
    assert ended.code == 0
    assert site.writes == ["menu/create"]


def test_a_full_disk_behind_stdout_is_no_success(site: Site) -> None:
    ended = decent(through(site, "menuops plan --format json > /dev/full"))
    assert ended.code == 7
    assert "stdout" in ended.err


def test_an_apply_that_is_done_is_done_though_nobody_can_be_told(site: Site) -> None:
    ended = decent(through(site, "menuops apply --yes --format json > /dev/full"))
    assert ended.code == 0
    assert "stdout" in ended.err
    assert site.writes == ["menu/create"]


def test_an_error_that_can_not_be_told_keeps_its_code(site: Site) -> None:
    ended = decent(through(site, "menuops plan -a no --format json > /dev/full"))
    assert (ended.code, "stdout" in ended.err) == (64, True)


def test_a_help_that_nobody_reads_is_no_error(site: Site) -> None:
    for line in ("--help", "plan --help", "--version"):
        assert decent(through(site, f"menuops {line} >&-")).code == 0


def test_chinese_is_written_whatever_the_locale(site: Site) -> None:
    for environ in ({"LANG": "C", "LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}):
        ended = decent(through(site, "menuops plan", **environ))
        assert "帮助" in ended.out


def test_no_colour_is_written_into_a_pipe(site: Site) -> None:
    assert "\x1b" not in through(site, "menuops plan").said
    assert "\x1b[32m" in through(site, "menuops plan --color always").out


def test_a_narrow_terminal_takes_the_help(site: Site) -> None:
    ended = decent(through(site, "menuops plan --help", COLUMNS="20"))
    assert ended.code == 0
    assert "--out" in ended.out


def test_another_directory_is_worked_in(site: Site, tmp_path: Path) -> None:
    ended = site.command("plan", "-C", str(site.root), "--out", "plan.json", cwd=tmp_path)
    assert ended.code == 0
    assert (site.root / "plan.json").is_file()
    assert site.command("apply", "-C", str(site.root), "plan.json", cwd=tmp_path).code == 0


def test_no_secret_and_no_token_is_printed_however_much_is_said(site: Site) -> None:
    site.live([view()], conditional(view(), client_platform_type="1"))
    site.emulator.fail_next("menu/create", Fault.status(502))
    arguments = ("apply", "--yes", "--allow", "remove-conditional", "-vv")
    ended = site.command(*arguments)
    again = site.command(*arguments)
    site.environ["MENUOPS_SECRET_SHOP"] = "f" * 32
    site.emulator.void_tokens("wx0123456789abcdef")
    wrong = site.command(*arguments)
    assert (ended.code, again.code, wrong.code) == (7, 0, 7)
    said = ended.said + again.said + wrong.said
    secrets = {SECRET, "f" * 32, *site.tokens()}
    assert not [secret for secret in secrets if secret in said]
    assert not [token for token in site.tokens() if token[:40] in said]
    for path in (path for path in site.home.parent.rglob("*") if path.is_file()):
        if "tokens" not in path.parts:
            assert not [secret for secret in secrets if secret.encode() in path.read_bytes()]


# A terminal


def at_a_terminal(site: Site, typed: bytes, *arguments: str, **environ: str) -> tuple[int, str]:
    """Run at a pseudo-terminal, type, and give the exit code and what the screen got."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "menuops", *arguments],
        cwd=site.root,
        env={**site.process_environ(), "PYTHONIOENCODING": "utf-8:strict", **environ},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    screen = b""
    try:
        while b"an answer: " not in screen:
            screen += os.read(ours, 4096)
        if typed:
            os.write(ours, typed)
        else:
            process.send_signal(signal.SIGINT)
        while True:
            try:
                got = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not got:
                break
            screen += got
    finally:
        code = process.wait(30)
        os.close(ours)
    return code, screen.decode(errors="replace")


def test_yes_at_the_prompt_applies(site: Site) -> None:
    code, screen = at_a_terminal(site, b"yes\n", "apply")
    assert code == 0, screen
    assert "Applied 1 call on 1 account." in screen
    assert site.writes == ["menu/create"]


@pytest.mark.parametrize("typed", [b"y\n", b"\n", b"no\n", b"YES\n", b"\x04", b"\xff\xfe\n"])
def test_anything_else_at_the_prompt_declines(site: Site, typed: bytes) -> None:
    code, screen = at_a_terminal(site, typed, "apply")
    assert code == 9, screen
    assert "Nothing was written" in screen
    assert site.writes == []


def test_ctrl_c_at_the_prompt_interrupts(site: Site) -> None:
    code, screen = at_a_terminal(site, b"", "apply")
    assert code == 130, screen
    assert "Nothing was written" in screen
    assert site.writes == []


def test_a_terminal_that_goes_away_does_not_end_an_apply(site: Site) -> None:
    """Somebody closes the window while WeChat thinks; the rest is done and journalled."""
    ios = conditional(click(), client_platform_type="1")
    site.menu({"button": [click()], "conditionalmenu": [ios]})
    site.emulator.fail_next("menu/create", Fault.delay(1.0))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "menuops", "apply", "--yes"],
        cwd=site.root,
        env=site.process_environ(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    while "menu/create" not in site.calls:
        assert process.poll() is None
    os.close(ours)
    assert process.wait(30) == 0
    assert site.journal()[-1]["outcome"] == "done"
    assert len(site.now()[1]) == 1


def test_a_terminal_gets_colour_unless_it_or_its_user_wants_none(site: Site) -> None:
    for environ, coloured in (
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb", "NO_COLOR": ""}, False),
    ):
        _, screen = at_a_terminal(site, b"no\n", "apply", **environ)
        assert ("\x1b[32m" in screen) is coloured


def test_click_is_told_of_conditional_menus(site: Site) -> None:
    ios = conditional(click(), client_platform_type="ios")
    site.menu({"button": [click()], "conditionalmenu": [ios]})
    assert "ios" in site.run("plan").out
