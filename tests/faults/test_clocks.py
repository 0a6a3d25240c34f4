"""The clock of a machine jumps, or stands still, while a token is kept; WeChat's is right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menuops.core.account import ClassicToken, OfficialAccount, SecretGiven, StableToken
from menuops.core.secret import Secret
from menuops.emulator import Account, Emulator
from menuops.locks import FileLocks, RedisServer
from menuops.transport import Http
from menuops.wechat.client import Client
from menuops.wechat.pace import Pace
from menuops.wechat.tokens.container import TokenContainer
from menuops.wechat.tokens.file_store import FileStore
from menuops.wechat.tokens.memory_store import MemoryStore
from menuops.wechat.tokens.redis_store import RedisStore
from menuops.wechat.tokens.store import TokenStore
from tests.redis_server import LocalRedis

from .agent import CALL
from .conftest import APPID, SECRET

HOUR_S = 3600.0
START_S = 1_795_233_600.0
STABLE = StableToken(SecretGiven(Secret(SECRET)))
CLASSIC = ClassicToken(SecretGiven(Secret(SECRET)))


class Machine:
    """A machine with a clock of its own, on which programs use an account."""

    def __init__(self, directory: Path, store: TokenStore, source: StableToken | ClassicToken):
        self.true_s = START_S
        self.wrong_by_s = 0.0
        self.store = store
        self.source = source
        self.locks = FileLocks(directory / "locks")
        self.emulator = Emulator(clock=lambda: self.true_s)
        self.emulator.add_account(
            Account(appid=APPID, secret=SECRET, quotas={CALL: 10**9, "token": 10**9})
        )
        self.stack = ExitStack()
        self.url = self.stack.enter_context(self.emulator.serve())
        self.http = self.stack.enter_context(Http())

    def program(self) -> Client:
        """Start a program, which knows of no token."""
        container = TokenContainer(
            self.http, self.store, self.locks, clock=lambda: self.true_s + self.wrong_by_s
        )
        pace = Pace(sleep=lambda _seconds: pytest.fail("it waits"))
        account = OfficialAccount("shop", APPID, self.source, self.url)
        return Client(self.http, container, account, pace=pace)

    def token_calls(self) -> int:
        return sum(path.endswith("token") for _, path, _ in self.emulator.calls)


@pytest.fixture(params=["memory", "file", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TokenStore]:
    match request.param:
        case "memory":
            yield MemoryStore()
        case "file":
            yield FileStore(tmp_path / "tokens")
        case _:
            redis: LocalRedis = request.getfixturevalue("redis_server")
            with RedisServer(Secret(redis.url), named_by="the test") as server:
                yield RedisStore(server)


@pytest.fixture(params=[STABLE, CLASSIC], ids=["stable", "classic"])
def machine(request: pytest.FixtureRequest, tmp_path: Path, store: TokenStore) -> Iterator[Machine]:
    made = Machine(tmp_path, store, request.param)
    with made.stack:
        yield made


def use(machine: Machine, *programs: Client) -> None:
    """Let programs work for a minute."""
    for _ in range(20):
        machine.true_s += 3
        for program in programs:
            program.get(CALL)


@pytest.mark.parametrize(
    ("jump_s", "calls"),
    # At -90 s it is half a minute before the token was given.
    [(3 * HOUR_S, 1), (-3 * HOUR_S, 1), (30.0, 0), (-30.0, 0), (-90.0, 0)],
)
def test_clock_that_jumps_costs_one_call_at_most_and_one_on_its_way_back(
    machine: Machine, jump_s: float, calls: int
) -> None:
    warm = machine.program()
    use(machine, warm)
    assert machine.token_calls() == 1
    machine.wrong_by_s += jump_s
    use(machine, warm, machine.program())
    assert machine.token_calls() == 1 + calls
    machine.wrong_by_s -= jump_s
    use(machine, warm, machine.program())
    assert machine.token_calls() == 1 + 2 * calls


def test_token_that_is_over_by_the_right_clock_alone_is_renewed_when_wechat_says_so(
    machine: Machine,
) -> None:
    """42001: the machine was asleep and its clock stood still, as that of a suspended one may."""
    warm = machine.program()
    use(machine, warm)
    for calls in (2, 3):
        machine.true_s += 3 * HOUR_S
        machine.wrong_by_s -= 3 * HOUR_S
        use(machine, warm, machine.program())
        assert machine.token_calls() == calls


def test_clock_that_is_set_back_makes_a_token_look_new_and_costs_one_call(
    machine: Machine,
) -> None:
    warm = machine.program()
    use(machine, warm)
    machine.true_s += 1.5 * HOUR_S
    use(machine, warm)
    machine.wrong_by_s -= 1.5 * HOUR_S
    use(machine, warm)
    assert machine.token_calls() == 1
    machine.true_s += HOUR_S
    use(machine, warm, machine.program())
    assert machine.token_calls() == 2


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.floats(0, 3 * HOUR_S), st.floats(-1e9, 1e9) | st.floats(-HOUR_S, HOUR_S)),
        max_size=12,
    )
)
def test_whatever_a_clock_does_each_use_works_and_costs_one_call_at_most(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[float, float]]
) -> None:
    machine = Machine(tmp_path_factory.mktemp("machine"), MemoryStore(), CLASSIC)
    with machine.stack:
        warm = machine.program()
        for pass_s, jump_s in steps:
            machine.true_s += pass_s
            machine.wrong_by_s += jump_s
            before = machine.token_calls()
            warm.get(CALL)
            machine.program().get(CALL)
            assert machine.token_calls() <= before + 1
