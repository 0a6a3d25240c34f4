"""Each source of tokens: what is asked, what is accepted, what is said when it goes wrong."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import pytest

from menuops.core.account import (
    CLOUDBASE_FILE,
    Account,
    CommandToken,
    EnvToken,
    FileToken,
    GivenToken,
    SdkToken,
    SecretCommand,
    SecretGiven,
    SecretProvider,
    ServerToken,
    StableToken,
    TokenSource,
)
from menuops.core.errors import MenuopsError
from menuops.core.secret import Secret
from menuops.emulator import Fault
from menuops.transport import BadAnswer, Unreachable
from menuops.wechat.errors import TokenRefused
from menuops.wechat.tokens.app_secret import NoSecret
from menuops.wechat.tokens.container import TokenContainer
from menuops.wechat.tokens.handed import NoToken
from menuops.wechat.tokens.memory_store import MemoryStore
from menuops.wechat.tokens.program import ProgramFailed
from menuops.wechat.tokens.sources import Sources
from menuops.wechat.tokens.token_server import NoHeader
from menuops.wechat.tokens.void import TokenVoid
from tests.redis_server import LocalRedis

from .conftest import APPID, CLASSIC, SECRET, STABLE, World, with_retry

TOKEN = "92_a-token_that_nobody_may_see-0123456789"


def python(code: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-c", code, *arguments)


def prints(text: str) -> CommandToken:
    return CommandToken(python("import sys; sys.stdout.write(sys.argv[1])", text))


def counting(path: Path, text: str) -> CommandToken:
    """Print `text` with the number of the run in place of N."""
    code = (
        "import sys, pathlib; p = pathlib.Path(sys.argv[1]); n = len(p.read_text()) + 1; "
        "p.write_text('x' * n); sys.stdout.write(sys.argv[2].replace('N', str(n)))"
    )
    path.write_text("")
    return CommandToken(python(code, str(path), text))


def hurried(world: World, argv: tuple[str, ...]) -> Account:
    """An account whose program has 0.3 s."""
    account = world.account(CommandToken(argv))
    return replace(account, connect_timeout_s=0.2, read_timeout_s=0.1)


def interrupting(pid: Path, *, first: str = "pass", then: str = "time.sleep(3600)") -> CommandToken:
    """Note its number in `pid`, send us what Ctrl-C sends, and wait."""
    code = (
        "import os, pathlib, signal, sys, time; "
        "pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); "
        f"{first}; os.kill(os.getppid(), signal.SIGINT); {then}"
    )
    return CommandToken(python(code, str(pid)))


def message_of(error: MenuopsError) -> str:
    return f"{error}"


class TestCommand:
    @pytest.mark.parametrize(
        "text", [TOKEN, f"\n {TOKEN}\r\n", json.dumps({"access_token": TOKEN})]
    )
    def test_a_token_alone_or_json_is_taken(self, world: World, text: str) -> None:
        account = world.account(prints(text))
        assert world.container().token(account).reveal() == TOKEN
        assert world.paths() == []

    def test_it_runs_once_for_the_life_that_it_says(self, world: World, tmp_path: Path) -> None:
        source = counting(tmp_path / "runs", '{"access_token": "token-N", "expires_in": 7200}')
        account = world.account(source)
        container = world.container()
        assert container.token_and_life(account).expires_in_s == 7200
        world.clock.now_s += 6599
        assert container.token(account).reveal() == "token-1"
        assert world.container().token(account).reveal() == "token-1"  # a later process
        world.clock.now_s += 2
        assert container.token(account).reveal() == "token-2"

    def test_a_life_that_is_not_said_is_taken_for_five_minutes(
        self, world: World, tmp_path: Path
    ) -> None:
        account = world.account(counting(tmp_path / "runs", "token-N"))
        container = world.container()
        assert container.token(account).reveal() == "token-1"
        world.clock.now_s += 269
        assert container.token(account).reveal() == "token-1"
        world.clock.now_s += 2
        assert container.token(account).reveal() == "token-2"

    def test_a_refused_token_is_asked_for_once_more(self, world: World, tmp_path: Path) -> None:
        account = world.account(counting(tmp_path / "runs", "token-N"))
        container = world.container()
        old = container.token(account)
        assert container.refused(account, old).reveal() == "token-2"
        assert container.refused(account, old).reveal() == "token-2"  # no longer the stored one

    def test_the_same_again_is_an_error(self, world: World) -> None:
        account = world.account(prints(TOKEN))
        container = world.container()
        with pytest.raises(TokenVoid, match="the program gives the same one again"):
            container.refused(account, container.token(account))

    @pytest.mark.parametrize(
        ("source", "said"),
        [
            (prints(""), "it is empty"),
            (prints("two words"), "more than a token"),
            (prints("a\tb"), "more than"),
            (prints("{"), "begins like JSON and isn't"),
            (CommandToken(python("print('{\"a\":' * 9000)")), "begins like JSON and isn't"),
            (prints("{}"), "holds no access_token"),
            (prints('{"access_token": 7}'), "access_token is no text"),
            (prints('{"access_token": ""}'), "the token is empty"),
            (prints('{"errcode": 40013, "errmsg": "x"}'), "holds no access_token"),
            (prints('{"access_token": "t", "expires_in": "7200"}'), "expires_in isn't a number"),
            (prints('{"access_token": "t", "expires_in": true}'), "expires_in isn't a number"),
            (prints('{"access_token": "t", "expires_in": 0}'), "no life of a token"),
            (prints('{"access_token": "t", "expires_in": 1e9}'), "no life of a token"),
            (prints("t" * 3000), "longer than a token"),
            (CommandToken(python("print('x' * 70000)")), "more than 64 KiB"),
            (CommandToken(python("import sys; sys.exit(3)")), "ended with 3"),
            (
                CommandToken(python("import sys; sys.stdout.buffer.write(b'\\xff\\xfe\\xff')")),
                "no UTF-8 text",
            ),
            (CommandToken(("/nonexistent/program",)), "can't be run"),
            (CommandToken(("/",)), "can't be run"),
            (CommandToken(("a\0b",)), "can't be passed on"),
        ],
    )
    def test_what_prints_no_token_is_named_and_nothing_it_printed(
        self, world: World, source: CommandToken, said: str
    ) -> None:
        with pytest.raises(ProgramFailed, match=said) as caught:
            world.container().token(world.account(source))
        assert caught.value.fix
        assert "two words" not in message_of(caught.value)
        assert not world.container().status(world.account(source)).present

    def test_a_program_that_waits_is_ended_with_all_that_it_started(self, world: World) -> None:
        code = (
            "import subprocess, sys, time; "
            "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)']); "
            "time.sleep(3600)"
        )
        with pytest.raises(ProgramFailed, match=r"within 0.3 s, and was ended"):
            world.container().token(hurried(world, python(code)))

    def test_who_left_its_group_and_holds_its_pipe_is_not_waited_for(
        self, world: World, tmp_path: Path
    ) -> None:
        code = (
            "import subprocess, sys; "
            "other = ['sh', '-c', 'sleep 10; touch \"$0\"', sys.argv[1]]; "
            "subprocess.Popen(other, start_new_session=True)"
        )
        waited = tmp_path / "waited"
        with pytest.raises(ProgramFailed, match="didn't end within"):
            world.container().token(hurried(world, python(code, str(waited))))
        assert not waited.exists()

    def test_a_program_that_closes_its_pipe_and_goes_on_is_ended(self, world: World) -> None:
        code = "import os, time; os.write(1, b'token'); os.close(1); time.sleep(3600)"
        with pytest.raises(ProgramFailed, match="didn't end within"):
            world.container().token(hurried(world, python(code)))

    def test_one_that_closes_its_pipe_and_ends_is_waited_for(self, world: World) -> None:
        code = "import os, time; os.write(1, b'token'); os.close(1); time.sleep(0.2); os._exit({})"
        good, bad = (world.account(CommandToken(python(code.format(end)))) for end in (0, 5))
        assert world.container().token(good).reveal() == "token"
        with pytest.raises(ProgramFailed, match="ended with 5"):
            world.container(MemoryStore()).token(bad)

    def test_one_that_prints_too_much_is_ended_at_once(self, world: World) -> None:
        code = "import sys, time; sys.stdout.write('x' * 70000); sys.stdout.flush(); time.sleep(60)"
        with pytest.raises(ProgramFailed, match="more than 64 KiB"):
            world.container().token(world.account(CommandToken(python(code))))

    def test_it_gets_an_empty_stdin_though_ours_is_not(self, world: World, tmp_path: Path) -> None:
        (tmp_path / "stdin").write_text("what somebody piped into menuops")
        code = "import sys; print(sys.stdin.read() or 'nothing')"
        ours = os.dup(0)
        with (tmp_path / "stdin").open() as file:
            os.dup2(file.fileno(), 0)
            try:
                token = world.container().token(world.account(CommandToken(python(code))))
            finally:
                os.dup2(ours, 0)
                os.close(ours)
        assert token.reveal() == "nothing"

    def test_it_gets_the_environment_and_a_session_of_its_own(self, world: World) -> None:
        world.environ["THEIRS"] = "a-token"
        code = "import os; print(os.environ['THEIRS'], os.getsid(0) == os.getpid(), sep='-')"
        token = world.container().token(world.account(CommandToken(python(code))))
        assert token.reveal() == "a-token-True"

    def test_a_byte_order_mark_is_no_part_of_the_token(self, world: World) -> None:
        code = "import sys; sys.stdout.buffer.write(b'\\xef\\xbb\\xbftoken\\r\\n')"
        token = world.container().token(world.account(CommandToken(python(code))))
        assert token.reveal() == "token"

    @pytest.mark.parametrize("first", ["pass", "os.close(1)"])
    def test_ctrl_c_ends_the_program_too(self, world: World, tmp_path: Path, first: str) -> None:
        with pytest.raises(KeyboardInterrupt):
            world.container().token(world.account(interrupting(tmp_path / "pid", first=first)))
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)

    def test_ctrl_c_ends_it_whatever_thread_the_system_tells(
        self, world: World, tmp_path: Path
    ) -> None:
        """The main thread waits for the program, and is not the one that the signal interrupts."""
        waited = tmp_path / "waited"
        source = interrupting(tmp_path / "pid", then=f"time.sleep(10); open({str(waited)!r}, 'w')")
        over = threading.Event()
        other = threading.Thread(target=over.wait)
        other.start()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with pytest.raises(KeyboardInterrupt):
                world.container().token(world.account(source))
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            over.set()
            other.join()
        assert not waited.exists()

    def test_its_words_are_never_shown(self, world: World) -> None:
        source = CommandToken(python("import sys; sys.exit(1)", SECRET))
        with pytest.raises(ProgramFailed) as caught:
            world.container().token(world.account(source))
        assert SECRET not in message_of(caught.value)

    def test_no_shell_reads_its_words(self, world: World, tmp_path: Path) -> None:
        source = CommandToken(("echo", f"$HOME;touch {tmp_path}/x"))
        with pytest.raises(ProgramFailed):
            world.container().token(world.account(source))
        assert not (tmp_path / "x").exists()


class TestServer:
    """The emulator plays the company's token server: any path of it can be made to answer."""

    def source(self, world: World, **keys: Any) -> ServerToken:
        return ServerToken(f"{world.url}/cgi-bin/token?team=%E5%BA%97", **keys)

    def test_asks_with_the_headers_and_finds_the_field(self, world: World) -> None:
        world.environ["AUTH"] = f"Bearer {TOKEN}\n"
        answer = {"code": 0, "data": {"access_token": "their-token", "expires_in": 3000}}
        world.emulator.fail_next("token", Fault.answer(answer))
        source = self.source(
            world, headers=(("Authorization", "AUTH"),), field=("data", "access_token")
        )
        grant = world.container().token_and_life(world.account(source))
        assert (grant.value.reveal(), grant.expires_in_s) == ("their-token", 3000)
        (request,) = world.emulator.requests
        assert request.method == "GET"
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        assert request.query == {"team": "店"}

    def test_many_uses_are_one_question(self, world: World) -> None:
        world.emulator.fail_next("token", Fault.answer({"access_token": "t", "expires_in": 7000}))
        container = world.container()
        for _ in range(5):
            container.token(world.account(self.source(world)))
        assert world.paths() == ["token"]

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            ({}, "holds no data"),
            ({"data": []}, "holds no data.token"),
            ({"data": {"token": None}}, "data.token is no text"),
            ({"data": {"token": "a b"}}, "more than a token"),
            ({"data": {"token": "t", "expires_in": "soon"}}, "expires_in isn't a number"),
        ],
    )
    def test_an_answer_without_a_token_says_what_is_missing(
        self, world: World, answer: dict[str, Any], said: str
    ) -> None:
        world.emulator.fail_next("token", Fault.answer(answer))
        source = self.source(world, field=("data", "token"))
        with pytest.raises(BadAnswer, match=said) as caught:
            world.container().token(world.account(source))
        assert "field" in caught.value.fix
        assert "team" not in message_of(caught.value)

    @pytest.mark.parametrize("value", [None, "", "two\nlines", "店"])
    def test_a_header_that_cannot_be_sent_is_named_by_its_variable(
        self, world: World, value: str | None
    ) -> None:
        if value is not None:
            world.environ["AUTH"] = value
        source = self.source(world, headers=(("Authorization", "AUTH"),))
        with pytest.raises(NoHeader, match="AUTH") as caught:
            world.container().token(world.account(source))
        assert not value or value not in message_of(caught.value)
        assert world.paths() == []

    def test_a_login_in_its_url_is_refused_and_never_shown(self, world: World) -> None:
        url = self.source(world).url.replace("://", "://bob:p%40ss-word@")
        account = world.account(ServerToken(url))
        with pytest.raises(NoHeader, match="before its @") as caught:
            world.container().token(account)
        assert world.paths() == []
        host = world.url.removeprefix("http://")
        status = world.container().status(account)
        assert status.shared_with == f"the clients of {host}"
        assert host in message_of(caught.value)
        for shown in ("bob", "ss-word"):
            assert shown not in message_of(caught.value) + caught.value.fix + str(status)

    def test_it_has_the_times_of_the_account(self, world: World) -> None:
        world.emulator.fail_next("token", Fault.delay(3))
        account = with_retry(world.account(self.source(world)), 0)
        with pytest.raises(Unreachable, match="no whole answer in time"):
            world.container().token(replace(account, read_timeout_s=0.2))

    def test_a_redirect_is_never_followed_with_the_header(self, world: World) -> None:
        world.environ["AUTH"] = TOKEN
        world.emulator.fail_next("token", Fault.redirect(f"{world.url}/cgi-bin/menu/get", 307))
        source = self.source(world, headers=(("X-Key", "AUTH"),))
        with pytest.raises(BadAnswer, match="307") as caught:
            world.container().token(world.account(source))
        assert world.paths() == ["token"]
        assert TOKEN not in message_of(caught.value)

    def test_what_it_repeats_of_the_header_is_stars(self, world: World) -> None:
        world.environ["AUTH"] = "short-key"
        world.emulator.fail_next("token", Fault.status(401, "no such key: short-key"))
        source = self.source(world, headers=(("X-Key", "AUTH"),))
        with pytest.raises(BadAnswer, match=r"no such key: \*\*\*"):
            world.container().token(world.account(source))

    def test_nothing_is_shown_of_what_may_be_the_token(self, world: World) -> None:
        for body in (b"short-token", b'["short-token"]', b'{"data": {"it": "short-to'):
            world.emulator.fail_next("token", Fault.body(body))
            with pytest.raises(BadAnswer) as caught:
                world.container().token(world.account(self.source(world)))
            assert "short" not in message_of(caught.value) + caught.value.excerpt

    def test_busy_is_tried_again_and_a_closed_door_is_not_for_ever(self, world: World) -> None:
        world.emulator.fail_next("token", Fault.status(503))
        world.emulator.fail_next("token", Fault.answer({"access_token": "t", "expires_in": 60}))
        assert world.container().token(world.account(self.source(world))).reveal() == "t"
        gone = ServerToken("http://127.0.0.1:1/token")
        with pytest.raises(Unreachable, match=r"token server: 127\.0\.0\.1:1"):
            world.container(MemoryStore()).token(with_retry(world.account(gone), 2.0))

    def test_the_same_again_is_an_error(self, world: World) -> None:
        world.emulator.fail_next(
            "token", Fault.answer({"access_token": "t", "expires_in": 60}), times=2
        )
        container = world.container()
        account = world.account(self.source(world))
        with pytest.raises(TokenVoid, match="the token server gives the same one again"):
            container.refused(account, container.token(account))


class TestFile:
    def test_it_is_read_at_each_use_and_never_stored(self, world: World, tmp_path: Path) -> None:
        path = tmp_path / "token"
        account = world.account(FileToken(path))
        container = world.container()
        for text in ("first\n", json.dumps({"access_token": "second", "expires_in": 9})):
            path.write_text(text)
            assert container.token(account).reveal() in text
        assert list((tmp_path / "tokens").glob("*")) == []

    def test_refused_it_is_read_again_and_never_renewed(self, world: World, tmp_path: Path) -> None:
        path = tmp_path / "token"
        path.write_text("first")
        account = world.account(FileToken(path))
        container = world.container()
        old = container.token(account)
        with pytest.raises(TokenVoid, match="stands in the file"):
            container.refused(account, old)
        path.write_text("second")
        assert container.refused(account, old).reveal() == "second"
        assert container.renew(account) is False
        assert world.paths() == []

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (None, "no such file"),
            (b"", "it is empty"),
            (b"\xff\xfe\x00", "isn't text"),
            (b"t" * 20_000, "longer than a token"),
            (b"{", "isn't"),
        ],
    )
    def test_what_is_no_token_is_named(
        self, world: World, tmp_path: Path, content: bytes | None, said: str
    ) -> None:
        path = tmp_path / "token"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(NoToken, match=said):
            world.container().token(world.account(FileToken(path)))
        status = world.container().status(world.account(FileToken(path)))
        assert said in status.problem

    def test_a_directory_is_no_token(self, world: World, tmp_path: Path) -> None:
        with pytest.raises(NoToken, match="directory"):
            world.container().token(world.account(FileToken(tmp_path)))

    def test_cloud_runs_token_goes_under_its_own_name(self, world: World, tmp_path: Path) -> None:
        """As access_token it would be refused with 40001."""
        path = tmp_path / "cloudbase_access_token"
        path.write_text(world.emulator.cloudbase_token(APPID))
        api = world.api(world.account(FileToken(path, cloudbase=True)))
        assert api.get_menu() is None
        wrong = world.api(world.account(FileToken(path)))
        with pytest.raises(TokenVoid):
            wrong.get_menu()

    def test_outside_cloud_run_its_mount_is_explained(self, world: World) -> None:
        source = FileToken(CLOUDBASE_FILE, cloudbase=True)
        with pytest.raises(NoToken) as caught:
            world.container().token(world.account(source))
        assert "云托管" in caught.value.fix


class TestGiven:
    def test_a_token_that_the_caller_brought_is_never_replaced(self, world: World) -> None:
        account = world.account(GivenToken(Secret("somebody-elses-token-0123456789abcdefgh")))
        with pytest.raises(TokenRefused):
            world.api(account).get_menu()
        assert world.paths() == ["menu/get"]
        with pytest.raises(TokenVoid, match="brought"):
            world.container().refused(account, world.container().token(account))

    def test_it_works_as_it_is(self, world: World) -> None:
        token = world.container().token(world.account())
        assert world.api(world.account(GivenToken(token))).get_menu() is None
        assert world.token_calls() == 1


class TestSecret:
    def test_a_program_gives_it_at_each_renewal(self, world: World) -> None:
        secret = SecretCommand(python("import sys; print(sys.argv[1])", SECRET))
        assert world.container().token(world.account(StableToken(secret)))

    def test_a_program_that_fails_is_named(self, world: World) -> None:
        secret = SecretCommand(python("import sys; sys.exit(2)"))
        with pytest.raises(ProgramFailed, match="no AppSecret: `secret_command`"):
            world.container().token(world.account(StableToken(secret)))
        assert world.paths() == []

    def test_a_program_that_prints_too_much_is_no_secret(self, world: World) -> None:
        secret = SecretCommand(python("print('two words')"))
        with pytest.raises(NoSecret, match="`secret_command` prints holds more"):
            world.container().token(world.account(StableToken(secret)))

    def test_a_provider_is_asked_at_the_moment_of_renewal_alone(self, world: World) -> None:
        asked: list[str] = []

        def provide() -> str:
            asked.append("secret")
            return SECRET

        account = world.account(StableToken(SecretProvider(provide)))
        container = world.container()
        container.register(account)
        assert asked == []
        container.token(account)
        container.token(account)
        assert asked == ["secret"]
        world.clock.now_s += 7000
        container.token(account)
        assert asked == ["secret"] * 2

    def test_a_provider_may_give_a_secret_by_type(self, world: World) -> None:
        secret = SecretProvider(lambda: Secret(SECRET))
        assert world.container().token(world.account(StableToken(secret)))

    def test_an_error_of_the_provider_comes_through(self, world: World) -> None:
        def provide() -> str:
            raise ZeroDivisionError

        account = world.account(StableToken(SecretProvider(provide)))
        with pytest.raises(ZeroDivisionError):
            world.container().token(account)
        with pytest.raises(ZeroDivisionError):  # and the lock isn't held for ever
            world.container().token(account)


@pytest.mark.parametrize(
    "source",
    [
        StableToken(SecretGiven(Secret(SECRET))),
        prints(TOKEN),
        ServerToken("http://127.0.0.1:1/t"),
        FileToken(PurePath("/nonexistent")),
        EnvToken("NOWHERE"),
        GivenToken(Secret(TOKEN)),
    ],
)
def test_a_status_says_who_else_may_hold_it_and_runs_nothing(
    world: World, source: TokenSource
) -> None:
    status = world.container().status(world.account(source))
    assert status.shared_with
    assert status.present == isinstance(source, GivenToken)
    assert world.paths() == []


@pytest.mark.parametrize(
    ("source", "place", "others"),
    [
        (CLASSIC, "file (", "nobody else: each fetch voids the classic token"),
        (STABLE, "file (", "everyone who calls stable_token gets the same one"),
        (EnvToken("THEIRS"), "variable THEIRS", "who set that variable"),
        (FileToken(PurePath("/none")), "file /none", "who writes that file"),
    ],
)
def test_a_status_names_the_place_and_what_sharing_means(
    world: World, source: TokenSource, place: str, others: str
) -> None:
    status = world.container().status(world.account(source))
    assert status.store.startswith(place)
    assert status.shared_with.startswith(others)


class TestConfirm:
    """The lock is made sure of before each request, not once for all tries."""

    def confirmed(self, world: World, source: StableToken | ServerToken | CommandToken) -> int:
        asked: list[int] = []
        sources = Sources(world.http, world.clock.pace, world.environ, world.clock)
        sources.fetch(world.account(source), source, lambda: asked.append(len(world.paths())))
        assert asked == list(range(len(asked)))  # each before its own request
        return len(asked)

    def test_of_wechat(self, world: World) -> None:
        world.emulator.fail_next("stable_token", Fault.errcode(-1), times=2)
        assert self.confirmed(world, STABLE) == 3

    def test_of_a_token_server(self, world: World) -> None:
        world.emulator.fail_next("token", Fault.status(503))
        world.emulator.fail_next("token", Fault.answer({"access_token": "t"}))
        assert self.confirmed(world, ServerToken(f"{world.url}/cgi-bin/token")) == 2

    def test_of_a_program(self, world: World) -> None:
        assert self.confirmed(world, prints(TOKEN)) == 1


def test_a_closed_container_has_closed_its_connections_and_opens_them_again(
    world: World, redis_server: LocalRedis
) -> None:
    world.environ["BOT"] = redis_server.url
    redis_server.call("SET", f"wechatpy:{APPID}_access_token", f'"{TOKEN}"')
    before = redis_server.call("CLIENT", "LIST").count(b"\n")
    container = world.container()
    bot = world.account(SdkToken("wechatpy", "BOT"))
    assert container.token(bot).reveal() == TOKEN
    assert redis_server.call("CLIENT", "LIST").count(b"\n") == before + 1
    container.close()
    assert redis_server.call("CLIENT", "LIST").count(b"\n") == before
    assert container.token(bot).reveal() == TOKEN
    container.close()


def test_a_container_opens_and_closes_what_it_was_not_given(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    account = world.account(StableToken(SecretGiven(Secret(SECRET))))
    with TokenContainer() as container:
        container.register(account)
        assert container.token(account)
    assert len(list((tmp_path / "cache" / "menuops" / "tokens").glob("*.json"))) == 1
