"""Any live menus, any wanted ones, any faults at any calls: hypothesis looks for what breaks.

The executor and the client are driven in process, against the emulator, with time that is told.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from menuops.core.account import OfficialAccount, SecretGiven, StableToken
from menuops.core.applied import AccountResult
from menuops.core.labels import label_menus
from menuops.core.live import Live, read_live
from menuops.core.model import Menus
from menuops.core.passing import after_calls
from menuops.core.plan import AccountPlan, AccountRef, make_account_plan
from menuops.core.secret import Secret
from menuops.emulator import Account, Emulator
from menuops.locks import FileLocks
from menuops.run.executor import Executor
from menuops.run.reading import read_account
from menuops.wechat.api import MenuApi
from menuops.wechat.pace import Pace
from menuops.wechat.tokens.container import TokenContainer
from menuops.wechat.tokens.memory_store import MemoryStore
from tests.site import APPID, SECRET, TAGS, Clock, Json
from tests.strategies import as_live, menus, pairs

from .played import DOUBLING, FAULTS, HOST, PlayedHttp

FAULTY = st.dictionaries(st.integers(1, 24), st.sampled_from(FAULTS), max_size=4)


class Applies(RuleBasedStateMachine):
    """One account, applied to again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.emulator = Emulator(clock=self.clock)
        self.emulator.add_account(Account(appid=APPID, secret=SECRET, tags=TAGS))
        self.http = PlayedHttp(self.emulator)
        self._scratch = tempfile.TemporaryDirectory()
        pace = Pace(sleep=self.clock.sleep, clock=self.clock, jitter=lambda: 0.0)
        account = OfficialAccount(
            "shop",
            APPID,
            api=f"https://{HOST}",
            token=StableToken(SecretGiven(Secret(SECRET))),
        )
        container = TokenContainer(
            self.http,
            MemoryStore(),
            FileLocks(Path(self._scratch.name)),
            clock=self.clock,
            pace=pace,
        )
        self.api = MenuApi(self.http, container, account, pace=pace)
        self.wanted: Menus = Menus()

    def teardown(self) -> None:
        self.converge()
        self._scratch.cleanup()

    @initialize(pair=pairs())
    def begin(self, pair: tuple[Json | None, Json]) -> None:
        live, wanted = pair
        if live is not None:
            self.emulator.put_live(APPID, as_live(live))
        self.wanted = as_menus(wanted)

    @rule(wanted=menus(3))
    def want(self, wanted: Json) -> None:
        self.wanted = as_menus(wanted)

    @rule(live=menus(3))
    def be_changed_by_another(self, live: Json) -> None:
        self.emulator.put_live(APPID, as_live(live))

    @rule(name=st.sampled_from(["他们的", "B"]))
    def be_published_in_the_console(self, name: str) -> None:
        self.emulator.put_console(APPID, console_menu(name))

    @rule()
    def lose_all_tokens(self) -> None:
        self.emulator.void_tokens(APPID)

    @rule(faults=FAULTY)
    def apply_over_a_bad_line(self, faults: dict[int, str]) -> None:
        plan = self.plan()
        self.http.begin(faults)
        result, journal = self.run(plan)
        self.check(plan, result, journal)

    @rule(faults=FAULTY, live=menus(2), number=st.integers(1, 12), console=st.booleans())
    def apply_while_another_writes(
        self, faults: dict[int, str], live: Json, number: int, console: bool
    ) -> None:
        plan = self.plan()
        self.http.begin(faults)
        self.http.between[number] = (
            (lambda: self.emulator.put_console(APPID, console_menu("他们的")))
            if console
            else (lambda: self.emulator.put_live(APPID, as_live(live)))
        )
        result, _ = self.run(plan)
        wrote = number not in self.http.between
        if not wrote and result.outcome == "done":
            assert self.live_now().menus == plan.after

    @rule(stops=st.integers(0, 6), faults=FAULTY)
    def be_stopped_by_a_signal(self, stops: int, faults: dict[int, str]) -> None:
        plan = self.plan()
        self.http.begin(faults)
        result, journal = self.run(plan, stops)
        self.check(plan, result, journal)

    def plan(self) -> AccountPlan:
        self.http.begin({})
        live = self.live()
        after = self.wanted
        labels = label_menus(live.menus, after, {})
        return make_account_plan(AccountRef("shop", APPID, HOST), live, after, labels)

    def run(
        self, plan: AccountPlan, stops: int | None = None
    ) -> tuple[AccountResult, list[dict[str, Any]]]:
        """Carry a plan out; gives the journal's lines too. It is stopped after so many calls."""
        journal: list[dict[str, Any]] = []
        made = 0

        def count(*_: object) -> None:
            nonlocal made
            made += 1

        result = Executor(
            self.api,
            plan,
            confirm=lambda: None,
            journal=lambda event, **values: journal.append({"event": event, **values}),
            sleep=self.clock.sleep,
            retry_s=30.0,
            stop=lambda: stops is not None and made >= stops,
            report=count,
            clock=self.clock,
        ).run()
        return result, journal

    def check(
        self, plan: AccountPlan, result: AccountResult, journal: list[dict[str, Any]]
    ) -> None:
        """What is live is one of the states that the journal says."""
        met = self.http.met
        live = self.live_now()
        if result.outcome == "done":
            assert live.menus == plan.after
        if any(fault in DOUBLING for fault in met):
            return  # told where it was read back, which a bad line can hinder
        assert live.menus in states(plan, journal), (met, result)
        ids = list(live.menuids)
        assert len(ids) == len(set(ids))

    def live(self) -> Live:
        return read_account(self.api).live

    def live_now(self) -> Live:
        """What is live, over a good line."""
        self.http.begin({})
        return self.live()

    def converge(self) -> None:
        """A fresh plan over a good line gets there, and then there is nothing left to do."""
        plan = self.plan()
        result, _ = self.run(plan)
        assert result.outcome == ("done" if plan.steps else "unchanged"), result
        again = self.plan()
        assert again.steps == ()
        assert again.live.menus == self.wanted


def as_menus(wanted: Json) -> Menus:
    return read_live(as_live(wanted), None).menus


def console_menu(name: str) -> Json:
    return {"button": [{"name": name, "type": "text", "value": "您好"}]}


def states(plan: AccountPlan, journal: list[dict[str, Any]]) -> list[Menus]:
    """The states that a journal says."""
    outcomes = {line["step"]: line["outcome"] for line in journal if line["event"] == "call"}
    done = sum(outcome == "done" for outcome in outcomes.values())
    assert set(list(outcomes.values())[:done]) <= {"done"}, "calls are made in their order"
    maybe = 1 if set(outcomes.values()) & {"unknown", "started"} else 0
    return [after_calls(plan, calls).menus for calls in (done, done + maybe)]


TestApplies = Applies.TestCase
TestApplies.settings = settings(
    max_examples=60,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
