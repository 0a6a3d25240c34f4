"""Rules that need an account's answers, or another file than these two."""

from __future__ import annotations

from typing import Final

from menuops.core.notes.note import RuleNote, error, warning

RUN: Final[tuple[RuleNote, ...]] = (
    error(
        "unknown-tag",
        "The account has no tag of this name.",
        "Tags belong to an account: create it in the web console, or mend the name. The message "
        "lists those that are most like it.",
    ),
    error(
        "not-a-result",
        "`report` was given something else than a result of menuops.",
        "It takes a saved plan, or what `plan`, `apply`, `restore` or `drift` printed with "
        "`--format json`; an empty file means that the command was stopped before it printed.",
    ),
    error(
        "not-a-plan",
        "The file is no plan that menuops made.",
        "Plans come from `menuops plan --out FILE`.",
    ),
    error(
        "not-formatted",
        "A file can't be written anew without changing what it says.",
        "`fmt` leaves it as it is. The message says what stands in the way.",
    ),
    error(
        "unwritable",
        "A file can't be replaced by what was made of it.",
        "`fmt` needs the right to write it and its directory, and its owner; and nobody else may "
        "have changed it meanwhile. It is as it was.",
    ),
    warning(
        "idle-allow",
        "A guard that the file lifts refuses nothing.",
        "A guard that stays lifted would let the next such change through unseen. Take it out of "
        "`allow`.",
    ),
    warning(
        "classic-token",
        "An account takes classic tokens.",
        "Each token that menuops fetches voids the classic token that other servers of the "
        "account hold. `source: stable` voids none.",
    ),
    warning(
        "dead-menu",
        "A live conditional menu matches nobody any more.",
        "WeChat withdrew what its rule asks for. It can't be made again; it stands as a comment "
        "and is left alone until `--allow remove-dead`.",
    ),
    warning(
        "console-menu",
        "The web console made the menu that was imported, or switched it off.",
        "An apply puts the file's menu in place of the console's, so the first plan isn't empty "
        "and its guard `console-menu` asks for a look.",
    ),
    warning(
        "console-entry",
        "A button of the web console is of a type that can't be posted.",
        "`text`, `img`, `voice`, `video` and `news` exist in the console alone. The comment above "
        "the entry tells what it was; the entry is what comes nearest. Where nothing does, the "
        "entry is left out.",
    ),
    warning(
        "adapted-account",
        "An account's own keys would change the file that was read off it.",
        "`skip_conditional` and `miniprogram_as: view` take parts out of what a file wants. They "
        "are live all the same, so the first plan would take them away. And keys are live that "
        "the file of `click_keys` lacks: add them there.",
    ),
    warning(
        "unnamed-tags",
        "Ids stand in a file that was imported, where names of tags would.",
        "The account has no right to read its tags. Ids are others in each account: put `tag:` "
        "and the name in their place before another account gets the file.",
    ),
    warning(
        "type-case",
        "A type was written with capitals.",
        "Types are in lower case, and WeChat takes no others (65318). The new file has the "
        "type that is meant.",
    ),
    warning(
        "left-out",
        "The file that was imported holds more than menus.",
        "Settings, tokens, comments and fields that a button's type doesn't have find no place in "
        "a menu file. Look whether anything needs them; reset a secret that others could see.",
    ),
    error(
        "not-a-menu",
        "The file that was to be imported holds no menu.",
        "The message says what was found, and what `menuops import --from` understands.",
    ),
    error(
        "not-answers",
        "The file holds no answers that can be planned against.",
        "Save them with `menuops import --raw --out FILE`, for `menuops plan --live FILE`.",
    ),
    error(
        "no-answers",
        "The file of answers has none of this account.",
        "Save them with `menuops import --raw -a NAME --out FILE`, or choose other accounts.",
    ),
    error(
        "other-account",
        "The answers are those of another account.",
        "An account is its API host and its AppID; what it is called doesn't count. Answers of "
        "one would say nothing of another.",
    ),
)
