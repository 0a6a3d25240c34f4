"""Three accounts whose plans have five steps each, and what must be true however an apply ends."""

from __future__ import annotations

import json
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from menuops.core.plan import AccountPlan, Plan
from menuops.core.steps import AddConditional, CreateMenu, DeleteConditional, Step
from menuops.emulator import Account
from menuops.files.plan_file import read_plan
from tests.site import SECRET, TAGS, Ended, Json, Site, click, conditional

from .gateway import Gateway, opened_gateway

NAMES: Final = ("one", "two", "three")
"""The accounts, in the order in which they are written."""

CALLS: Final = (
    "menu/create",
    "menu/addconditional",
    "menu/addconditional",
    "menu/delconditional",
    "menu/delconditional",
)
READS: Final = 2
"""Requests that read an account: two."""

Menus: TypeAlias = tuple[str, tuple[str, ...]]
"""What an account has: the default menu's one button, and that of each conditional menu."""

BEFORE: Final[Menus] = ("旧", ("旧 VIP", "旧 iOS"))
AFTER: Final[Menus] = ("新", ("新 VIP", "新 iOS"))
RULES: Final = ({"tag_id": "100"}, {"client_platform_type": "1"})


def menus_as_file(menus: Menus) -> Json:
    default, names = menus
    return {
        "button": [click(default)],
        "conditionalmenu": [
            conditional(click(name), **rule) for name, rule in zip(names, RULES, strict=True)
        ],
    }


@dataclass
class Stage:
    """The accounts, what they had, and the plan that is applied, `plan.json`."""

    site: Site
    gateway: Gateway
    names: tuple[str, ...] = NAMES

    @property
    def plan(self) -> Plan:
        return read_plan(self.site.root / "plan.json", "plan.json")

    def run(self, *arguments: str) -> Ended:
        return self.site.run(*arguments)

    def live(self) -> dict[str, Menus]:
        """What each account has now."""
        return {name: self.menus_of(name) for name in self.names}

    @property
    def before(self) -> dict[str, Menus]:
        """What each account had."""
        return dict.fromkeys(self.names, BEFORE)

    def menus_of(self, name: str) -> Menus:
        default, conditionals = self.site.now(appid(name))
        return _name(default), tuple(_name(buttons) for _, buttons in conditionals)

    def request_of(self, account: int, step: int) -> int:
        """The number of the request that is a step's call, both counted from 0.

        All accounts are read before the first is written; each is read back after its calls.
        """
        before = READS * len(self.names) + account * (len(CALLS) + READS)
        return before + step + 1

    # What was kept

    def runs(self) -> list[str]:
        """The runs, also one that ended before it had a journal."""
        directory = self.site.state / "runs"
        return sorted(path.name for path in directory.iterdir()) if directory.exists() else []

    def journal(self, run: str) -> list[Json]:
        """The lines of a run's journal that are whole."""
        path = self.site.state / "runs" / run / "journal.jsonl"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return [json.loads(line) for line in text.split("\n")[:-1]]

    def outcomes(self, run: str, name: str) -> dict[int, str]:
        """What a journal says last of each step of an account that it speaks of."""
        return {
            line["step"]: line["outcome"]
            for line in self.journal(run)
            if line["event"] == "call" and line["account"] == name
        }

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Take back all that the context does, to WeChat and on this machine."""
        world = self.site.emulator._store._world
        states = list(world.states)
        kept = Path(tempfile.mkdtemp(dir=self.site.home.parent)) / "home"
        shutil.copytree(self.site.home, kept, symlinks=True)
        try:
            yield
        finally:
            for state in states:
                world.put(state)
            shutil.rmtree(self.site.home)
            kept.rename(self.site.home)


def appid(name: str) -> str:
    return f"wx{name}"


def _name(buttons: Any) -> str:
    (button,) = buttons
    name: str = button["name"]
    return name


@contextmanager
def set_stage(
    site: Site,
    names: tuple[str, ...] = NAMES,
    *,
    top: Mapping[str, Any] | None = None,
    **keys: Any,
) -> Iterator[Stage]:
    """Put three accounts behind a gateway, with BEFORE live, AFTER in the file, and a plan."""
    listed: dict[str, Json] = {}
    for name in names:
        site.emulator.add_account(Account(appid=appid(name), secret=SECRET, tags=TAGS))
        old, olds = BEFORE
        entries = [
            conditional(click(each), **_as_answered(rule))
            for each, rule in zip(olds, RULES, strict=True)
        ]
        site.live([click(old)], *entries, appid=appid(name))
        listed[name] = site.shop(appid=appid(name), **keys)
        site.environ[f"MENUOPS_SECRET_{name.upper()}"] = SECRET
    site.write("menuops.yaml", {"accounts": listed, **(top or {})})
    site.menu(menus_as_file(AFTER))
    with opened_gateway(site.url) as gateway:
        site.url = gateway.url
        stage = Stage(site, gateway, names)
        made = stage.run("plan", "--out", "plan.json")
        assert made.code == 0, made.said
        gateway.begin()
        yield stage


def _as_answered(rule: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("tag_id", "group_id"): value for name, value in rule.items()}


# What is true of a run, however it ended


def possible(account: AccountPlan, outcomes: Mapping[int, str]) -> list[Menus]:
    """The states in which a journal says that an account may be."""
    states = [account_menus(account)]
    names = dict(zip(account.live.menuids, states[0][1], strict=True))
    for number, step in enumerate(account.steps, 1):
        outcome = outcomes.get(number, "not_tried")
        after = [done(step, state, names) for state in states]
        if outcome == "done":
            states = after
        elif outcome in ("started", "unknown"):
            states = [*states, *after]
    return states


def account_menus(account: AccountPlan) -> Menus:
    menus = account.live.menus
    return menus.button[0].name, tuple(each.button[0].name for each in menus.conditionalmenu)


def done(step: Step, state: Menus, names: Mapping[str, str]) -> Menus:
    """What a state becomes by a call; `names` are of the menus that were there, by menuid."""
    default, conditionals = state
    match step:
        case CreateMenu(button):
            return button[0].name, conditionals
        case AddConditional(added):
            return default, (added.button[0].name, *conditionals)
        case DeleteConditional(menuid):
            left = list(conditionals)
            left.remove(names[menuid])
            return default, tuple(left)
    raise AssertionError(f"no plan here has such a step: {step}")


def assert_journal_is_true(stage: Stage, run: str | None, plan: Plan | None = None) -> None:
    """What is live is one of the states that the journal of a run says; without one, untouched."""
    for account in (plan or stage.plan).accounts:
        assert isinstance(account, AccountPlan)
        name = account.ref.name
        said = {} if run is None else stage.outcomes(run, name)
        assert stage.menus_of(name) in possible(account, said), (name, said)


def assert_end_is_right(stage: Stage, ended: Ended, code: int) -> None:
    """The exit code is this one, and what is printed last says as much."""
    assert ended.code == code, ended.said
    last = ended.said.rstrip().splitlines()[-1] if ended.said else ""
    match code:
        case 0:
            assert last.startswith(("Applied ", "Nothing left to do")), ended.said
        case 6:
            assert last.startswith(("Partly applied: ", "All calls were made, but")), ended.said
            assert {printed(ended, word)[0] for word in ("Finish", "Undo")} == {"apply", "restore"}
        case 7:
            assert "othing was written" in ended.err, ended.said
            assert stage.live() == stage.before
        case 5:
            assert "othing was written" in ended.err, ended.said
    # A traceback belongs into a file, and there is none to write.
    assert "Traceback" not in ended.said


# The ways out

WayOut: TypeAlias = Callable[[Stage, str], None]


def printed(ended: Ended, word: str) -> list[str]:
    """The command that the end of a run names for a way out, as it is printed."""
    (line,) = [line for line in ended.out.splitlines() if line.startswith(f"{word} ")]
    program, *command = shlex.split(line.removeprefix(word))
    assert program == "menuops"
    return command


def follow(stage: Stage, ended: Ended, word: str) -> None:
    """Go the way that is printed, as it is printed; a script says yes beforehand."""
    command = printed(ended, word)
    went = stage.run(*command, *(["--yes"] if command[0] == "restore" else []))
    assert went.code == 0, went.said


def plan_and_apply(stage: Stage, run: str, *lifted: str) -> None:
    """A fresh plan and its apply finish what was begun.

    In one go, since a plan that is saved within the second of an equal one is the same plan.
    """
    del run
    applied = stage.run("apply", "--yes", *(f"--allow={guard}" for guard in lifted))
    assert applied.code == 0, applied.said
    assert_all_as_wanted(stage)


def resume(stage: Stage, run: str) -> None:
    """The run itself is finished."""
    resumed = stage.run("apply", "--resume", run)
    assert resumed.code == 0, resumed.said
    assert_all_as_wanted(stage)


def restore(stage: Stage, run: str) -> None:
    """Each account that was touched gets back what it had."""
    for line in stage.journal(run):
        if line["event"] == "snapshot":
            name = line["account"]
            restored = stage.run("restore", f"{run}/{name}", "--yes")
            assert restored.code == 0, restored.said
    assert stage.live() == stage.before


def assert_all_as_wanted(stage: Stage) -> None:
    assert stage.live() == dict.fromkeys(stage.names, AFTER)
    nothing = stage.run("plan", "--detailed-exitcode")
    assert nothing.code == 0, nothing.said


WAYS: Final[Mapping[str, WayOut]] = {
    "plan and apply": plan_and_apply,
    "resume": resume,
    "restore": restore,
}
