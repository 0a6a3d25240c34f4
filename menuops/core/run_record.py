"""What the journal of a run tells: who, when, which accounts, which calls, how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias

from menuops.core.plan import AccountRef

RunOutcome: TypeAlias = str
"""The word that its journal ended with, or "unfinished" where it has no end."""
UNFINISHED: Final = "unfinished"
CallOutcome: TypeAlias = Literal["done", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call. One that was begun and of which no line says the end is unknown."""

    step: int
    call: str
    menu: str
    outcome: CallOutcome
    menuid: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What a run did to one account.

    `planned` is the number of calls that it was to make, `undo` the guards that going back
    needs lifted, `snapshot` the content's hash of what was live before. `verified` is None where
    the account wasn't read back.
    """

    ref: AccountRef
    digest: str | None = None
    planned: int = 0
    undo: tuple[str, ...] = ()
    snapshot: str | None = None
    taken_at: str | None = None
    calls: tuple[CallRecord, ...] = ()
    verified: bool | None = None

    @property
    def is_done(self) -> bool:
        """Whether every call was made and the account was seen as it was to be."""
        made = sum(call.outcome == "done" for call in self.calls)
        return self.verified is True and made == self.planned

    @property
    def is_touched(self) -> bool:
        """Whether a call may have changed the account."""
        return any(call.outcome != "failed" for call in self.calls)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run; times are UTC, `2026-11-22T10:41:00Z`.

    `command` is what made it, `of` what it was about: the run that it finished, the snapshot
    that it brought back. `damage` says what of the journal can't be read; a last line that was
    cut off in the middle of its writing is no damage.
    """

    run: str
    started_at: str | None = None
    command: str = "apply"
    of: str | None = None
    actor: str | None = None
    commit: str | None = None
    digest: str | None = None
    outcome: RunOutcome = UNFINISHED
    accounts: tuple[AccountRecord, ...] = ()
    damage: tuple[str, ...] = field(default=())

    @property
    def is_whole(self) -> bool:
        """Whether nothing of what it wanted is left."""
        return self.outcome in ("done", "no_changes")

    @property
    def touched(self) -> tuple[AccountRecord, ...]:
        """The accounts that a call may have changed."""
        return tuple(account for account in self.accounts if account.is_touched)

    def account(self, name: str) -> AccountRecord | None:
        """Find an account by the name that it had."""
        return next((each for each in self.accounts if each.ref.name == name), None)


def read_run(run: str, lines: Sequence[Any], damage: Iterable[str] = ()) -> RunRecord:
    """Make the record of a journal's lines, which are parsed JSON, or None for a bad one.

    A line of another form than ours is named as damage and left out. Raises nothing.
    """
    record = RunRecord(run)
    broken = list(damage)
    accounts: dict[str, AccountRecord] = {}
    for number, line in enumerate(lines, 1):
        try:
            record = _with_line(record, accounts, line)
        except (KeyError, TypeError, ValueError, AttributeError):
            broken.append(f"line {number} can't be read")
    if record.started_at is None and lines and not broken:
        broken.append("its first line is missing")
    return replace(record, accounts=tuple(accounts.values()), damage=tuple(broken))


def _with_line(
    record: RunRecord, accounts: dict[str, AccountRecord], line: Mapping[str, Any]
) -> RunRecord:
    match line["event"]:
        case "run":
            for each in line["accounts"]:
                accounts[each["name"]] = AccountRecord(
                    AccountRef(_text(each["name"]), _text(each["appid"]), _text(each["api"])),
                    each["digest"],
                    int(each["calls"]),
                    tuple(map(_text, each["undo"])),
                )
            return replace(
                record,
                started_at=_text(line["at"]),
                command=_text(line["command"]),
                of=line.get("of"),
                actor=_text(line["actor"]),
                commit=line["commit"],
                digest=line["digest"],
            )
        case "snapshot":
            account = accounts[line["account"]]
            accounts[line["account"]] = replace(
                account, snapshot=_text(line["sha256"]), taken_at=_text(line["at"])
            )
        case "call":
            account = accounts[line["account"]]
            accounts[line["account"]] = replace(account, calls=_with_call(account.calls, line))
        case "read_back":
            account = accounts[line["account"]]
            verified = {"as_predicted": True, "differs": False}.get(line["outcome"])
            accounts[line["account"]] = replace(account, verified=verified)
        case "end":
            return replace(record, outcome=_text(line["outcome"]))
    return record


def _with_call(calls: tuple[CallRecord, ...], line: Mapping[str, Any]) -> tuple[CallRecord, ...]:
    number, outcome = int(line["step"]), line["outcome"]
    if outcome == "started":
        return (*calls, CallRecord(number, _text(line["call"]), _text(line["menu"]), "unknown"))
    *before, last = calls
    if last.step != number or outcome not in ("done", "failed", "unknown"):
        raise ValueError(outcome)
    return (
        *before,
        replace(last, outcome=outcome, menuid=line.get("menuid"), error=line.get("error")),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def finished_by(runs: Iterable[RunRecord], run: str) -> RunRecord | None:
    """Follow the runs that went on with one: the last of them, None where nobody did."""
    last = None
    after = {each.of: each for each in runs if each.command == "resume"}
    seen: set[str] = set()
    while run in after and run not in seen:
        seen.add(run)
        last = after[run]
        run = last.run
    return last


def run_to_json(record: RunRecord) -> dict[str, Any]:
    """Give the item of `history --format json`; `snapshot` is named `RUN/ACCOUNT`."""
    return {
        "run": record.run,
        "started_at": record.started_at,
        "command": record.command,
        "of": record.of,
        "actor": record.actor,
        "commit": record.commit,
        "digest": record.digest,
        "outcome": record.outcome,
        "accounts": [
            {
                "name": account.ref.name,
                "appid": account.ref.appid,
                "api": account.ref.api,
                "digest": account.digest,
                "snapshot": account.snapshot and f"{record.run}/{account.ref.name}",
                "planned": account.planned,
                "calls": [_call_to_json(call) for call in account.calls],
            }
            for account in record.accounts
        ],
        "damage": list(record.damage),
    }


def _call_to_json(call: CallRecord) -> dict[str, Any]:
    value: dict[str, Any] = {"call": call.call, "menu": call.menu, "outcome": call.outcome}
    if call.menuid is not None:
        value["menuid"] = call.menuid
    if call.error is not None:
        value["error"] = call.error
    return value
