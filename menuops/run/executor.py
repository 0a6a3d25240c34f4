"""Making the calls of one account's plan, in its order, each journalled before and after.

A write whose answer was lost, or that WeChat was too busy for, may have been done: the account
is read, and only what wasn't done is sent again. `addconditional` sent twice adds two menus.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Protocol, TypeAlias, assert_never

from menuops.core.applied import AccountOutcome, AccountResult, StepResult
from menuops.core.errors import MenuopsError
from menuops.core.jsonform import buttons_to_json, rule_to_json
from menuops.core.live import Live
from menuops.core.passing import after_calls
from menuops.core.plan import AccountPlan
from menuops.core.read_back import differing
from menuops.core.settling import menuids_of, settle
from menuops.core.steps import (
    AddConditional,
    CreateMenu,
    DeleteConditional,
    DeleteMenus,
    Step,
    step_to_json,
)
from menuops.locks import Confirm
from menuops.run.reading import ReadingApi, read_account
from menuops.run.ways_on import given_up, our_bug, unclear, unread, with_way_on
from menuops.state.unwritable import StateUnwritable
from menuops.wechat.errors import Busy, LostAnswer, UnknownConditional, WeChatError

_log = logging.getLogger(__name__)
TRIES: Final = 4
"""How often one write is sent at the most, each time after a read that shows it wasn't done."""
WAIT_S: Final = 1.0
"""The first wait before a write is sent again; each further one is twice as long."""


class WritingApi(ReadingApi, Protocol):
    """The part of the client that an apply needs."""

    def create_menu(self, button: list[dict[str, Any]]) -> None:
        """Call `menu/create`."""

    def add_conditional(self, button: list[dict[str, Any]], matchrule: dict[str, str]) -> str:
        """Call `menu/addconditional`; gives the menuid."""

    def delete_conditional(self, menuid: str) -> None:
        """Call `menu/delconditional`."""

    def delete_menu(self) -> None:
        """Call `menu/delete`."""


Journal: TypeAlias = Callable[..., None]
Report: TypeAlias = Callable[[StepResult, int], None]


class Executor:
    """Interprets the steps of one account.

    `confirm` makes sure before each call that nobody else has the account by now. `journal` takes
    an event and its values and returns when they are on disk; once it can't, no further call is
    made. `retry_s` bounds the waits before one write is sent again; `stop` is asked between calls;
    `report` is told each result with its number from 1; `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        api: WritingApi,
        account: AccountPlan,
        *,
        confirm: Confirm,
        journal: Journal,
        sleep: Callable[[float], None],
        retry_s: float,
        stop: Callable[[], bool],
        report: Report,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._api = api
        self._account = account
        self._confirm = confirm
        self._journal = journal
        self._sleep = sleep
        self._retry_s = retry_s
        self._stop = stop
        self._report = report
        self._clock = clock
        self._broken: StateUnwritable | None = None
        self._menuids = set(menuids_of(account.live))
        self._done: list[Step] = []
        self._seen: Live | None = None

    def run(self) -> AccountResult:
        """Make the calls, then read back and compare; every failure is in the result."""
        results: list[StepResult] = []
        going = True
        for number, step in enumerate(self._account.steps, 1):
            going = going and not self._stop()
            result = self._one(number, step) if going else StepResult(step, "not_tried")
            going = going and result.outcome == "done" and self._broken is None
            results.append(result)
            self._tell(result, number)
        return self._judge(tuple(results))

    def _one(self, number: int, step: Step) -> StepResult:
        self._record("call", step=number, outcome="started", **step_to_json(step))
        if self._broken is not None:
            return StepResult(step, "not_tried", error=self._broken)
        self._seen = None
        result = self._settled(step)
        if result.menuid is not None:
            self._menuids.add(result.menuid)
        if result.outcome == "done":
            self._done.append(step)
        self._record(
            "call",
            step=number,
            call=step.CALL,
            outcome=result.outcome,
            found=result.found,
            menuid=result.menuid,
            error=None if result.error is None else result.error.message,
        )
        return result

    def _tell(self, result: StepResult, number: int) -> None:
        try:
            self._report(result, number)
        except Exception:  # a listener that fails must not leave a menu half made
            _log.exception("the progress of %s couldn't be told", self._account.ref.name)

    def _record(self, event: str, **values: Any) -> None:
        try:
            self._journal(event, account=self._account.ref.name, **values)
        except StateUnwritable as error:
            self._broken = error

    def _settled(self, step: Step) -> StepResult:
        """Send a call until it is known to be done or not to be done."""
        attempt, wait_s, waited_s = 1, WAIT_S, 0.0
        while True:
            try:
                self._confirm()
                return StepResult(step, "done", menuid=self._send(step))
            except (LostAnswer, Busy) as error:
                problem = error
            except MenuopsError as error:
                return self._refused(step, error, again=attempt > 1)
            except Exception as cause:  # what was done so far must be told all the same
                bug = our_bug(step.CALL, cause)
                return self._look(step, bug) or StepResult(step, "failed", error=bug)
            if waited_s + wait_s <= self._retry_s and not self._stop():
                # First wait, then look: a call that was cut off may be done a little later.
                self._sleep(wait_s)
                waited_s += wait_s
            else:
                attempt = TRIES
            found = self._look(step, problem)
            if found is not None:
                return found
            if attempt == TRIES or self._stop():
                return StepResult(step, "failed", error=given_up(problem))
            attempt, wait_s = attempt + 1, 2 * wait_s

    def _refused(self, step: Step, error: MenuopsError, *, again: bool) -> StepResult:
        """Judge a call that was refused; `again` says that it had been sent before."""
        failed = StepResult(step, "failed", error=with_way_on(error, self._clock()))
        if isinstance(error, WeChatError) and not error.is_known:
            # Nobody says that such a number means "not done".
            return self._look(step, error) or failed
        if again or isinstance(error, UnknownConditional):
            # What was sent before may have been done after the last look.
            found = self._look(step, error)
            return found if found is not None and found.outcome == "done" else failed
        return failed

    def _send(self, step: Step) -> str | None:
        match step:
            case CreateMenu():
                self._api.create_menu(buttons_to_json(step.button))
                return None
            case AddConditional(menu):
                return self._api.add_conditional(
                    buttons_to_json(menu.button), rule_to_json(menu.matchrule)
                )
            case DeleteConditional():
                self._api.delete_conditional(step.menuid)
                return None
            case DeleteMenus():
                self._api.delete_menu()
                return None
            case _:
                assert_never(step)

    def _look(self, step: Step, problem: MenuopsError) -> StepResult | None:
        """Read whether a call was done; None if it wasn't, unknown if that can't be told."""
        try:
            live = self._read()
        except MenuopsError as error:
            error = with_way_on(error, self._clock())
            return StepResult(step, "unknown", error=unread(problem, error))
        self._seen = live
        settled = settle(
            step, live, before=self._account.live, known=self._menuids, done=self._done
        )
        if settled.done is None:
            return StepResult(step, "unknown", error=unclear(problem, settled.why))
        return StepResult(step, "done", settled.menuid, found=True) if settled.done else None

    def _read(self) -> Live:
        try:
            return read_account(self._api).live
        except MenuopsError:
            raise
        except Exception as cause:
            raise our_bug("menu/get", cause) from None

    def _judge(self, results: tuple[StepResult, ...]) -> AccountResult:
        outcomes = {result.outcome for result in results}
        if "unknown" in outcomes:
            return self._result("unknown", results)
        if "done" not in outcomes:
            return self._result("unchanged", results, error=self._broken)
        if outcomes != {"done"}:
            differs = self._unforeseen(results)
            return self._result("partial", results, differs=differs, error=self._broken)
        try:
            live = self._read()
        except MenuopsError as error:
            self._record("read_back", outcome="unknown", error=error.message)
            return self._result("unknown", results, error=error)
        differs = differing(live, self._account, self._account.steps, self._account.after)
        self._record(
            "read_back", outcome="differs" if differs else "as_predicted", places=list(differs)
        )
        done = not differs and self._broken is None
        return self._result(
            "done" if done else "partial", results, differs=differs, error=self._broken
        )

    def _unforeseen(self, results: tuple[StepResult, ...]) -> tuple[str, ...]:
        """Say what else than the calls that were done shows in an account partly written.

        It is read once more only where WeChat answers: a line that is down stays so for a while.
        """
        failed = next((each for each in results if each.outcome == "failed"), None)
        if failed is None or self._broken is not None:
            return ()
        live = self._seen
        if live is None and isinstance(failed.error, WeChatError):
            with suppress(MenuopsError):
                live = self._read()
        if live is None:
            return ()
        left = after_calls(self._account, len(self._done)).menus
        differs = differing(live, self._account, self._done, left)
        self._record("read_back", outcome="differs" if differs else "as_predicted", places=differs)
        return differs

    def _result(
        self,
        outcome: AccountOutcome,
        steps: tuple[StepResult, ...],
        *,
        differs: tuple[str, ...] = (),
        error: MenuopsError | None = None,
    ) -> AccountResult:
        ref = self._account.ref
        return AccountResult(ref.name, ref.appid, outcome, steps, differs=differs, error=error)
