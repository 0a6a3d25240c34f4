"""Commands that messages tell: real ones, quoted, in the project that they are about."""

from __future__ import annotations

import shlex
from dataclasses import replace

from menuops.core.back_to import BackTo
from menuops.core.commands import Commands


def test_a_command_holds_what_chose_the_project() -> None:
    commands = Commands(("-C", "my shop"))
    assert commands.resume("r1") == "menuops apply -C 'my shop' --resume r1"
    assert commands.history() == "menuops history -C 'my shop'"
    assert commands.restore("r1/店", ["remove-conditional:tag:a b"]) == (
        "menuops restore -C 'my shop' 'r1/店' --allow 'remove-conditional:tag:a b'"
    )


def test_a_new_plan_is_saved_where_the_old_one_was() -> None:
    commands = Commands(out="plan one.json")
    assert commands.plan(["a", "b"], ["quota"]) == (
        "menuops plan -a a -a b --allow quota --out 'plan one.json'"
    )
    assert Commands().plan() == "menuops plan"


def test_a_plan_that_goes_back_is_made_anew_by_a_restore() -> None:
    commands = Commands(("-C", "x"), out="back.json", back_to=BackTo("snapshot", "r1/a"))
    assert commands.plan(["a"]) == "menuops restore -C x r1/a --out back.json"
    whole = replace(commands, back_to=BackTo("snapshot", "r1"), lifts=("quota",), delete_first=True)
    assert whole.plan(["a", "b"], ["quota"]) == (
        "menuops restore -C x r1 -a a -a b --allow quota --delete-first --out back.json"
    )
    saved = replace(commands, back_to=BackTo("plan", "p one.json"))
    assert saved.plan() == "menuops restore -C x --plan 'p one.json' --out back.json"


def test_nobody_types_a_hundred_names() -> None:
    assert Commands().plan(map(str, range(21))) == "menuops plan"
    assert Commands().plan(map(str, range(20))).count("-a ") == 20


def test_a_guard_is_lifted_by_the_same_command_again() -> None:
    again = Commands(again="menuops restore r1 --yes").lifting(["delete-all"])
    assert again == "menuops restore r1 --yes --allow delete-all"


def test_names_are_data() -> None:
    words = shlex.split(Commands().restore("r1/$(rm -rf x); \u202e"))
    assert words[2] == "r1/$(rm -rf x); \\u202e"
