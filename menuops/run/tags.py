"""Tags by name: a file names them, the remote knows ids, which differ between accounts."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from menuops.core.errors import CannotStart, MenuopsError
from menuops.core.finding import Finding
from menuops.core.live import Live
from menuops.core.model import ConditionalMenu, MatchRule, Menus
from menuops.run.wanted import WantedAccount
from menuops.wechat.api import TagCount


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of an account as far as they were read."""

    names: Mapping[str, str]
    counts: Mapping[str, int] = field(default_factory=dict)
    """Followers of each tag, by its id."""

    @classmethod
    def of(cls, tags: Sequence[TagCount]) -> Tags:
        """Index the answer of `tags/get` by id."""
        return cls({tag.id: tag.name for tag in tags}, {tag.id: tag.count for tag in tags})

    def ids(self, name: str) -> tuple[str, ...]:
        """Find the ids of a name; the remote keeps names distinct."""
        return tuple(id_ for id_, other in self.names.items() if other == name)


NO_TAGS = Tags({})


def names_tags(wanted: WantedAccount) -> bool:
    """Tell whether the file names a tag, which then must be looked up."""
    return any(menu.tag is not None for menu in wanted.menu.conditionalmenu)


def gives_tag_ids(wanted: WantedAccount) -> bool:
    """Tell whether the file gives an id of a tag."""
    return any(menu.tag_id is not None for menu in wanted.menu.conditionalmenu)


def unknown_ids(wanted: WantedAccount, tags: Tags) -> tuple[Finding, ...]:
    """Find the ids that the account doesn't have, though WeChat may take a menu for them."""
    found = []
    for index, menu in enumerate(wanted.menu.conditionalmenu):
        if menu.tag_id is not None and menu.tag_id not in tags.names:
            place = wanted.loaded.place(("conditionalmenu", index, "matchrule", "tag_id"))
            message = f"{wanted.account.name} has no tag with the id {menu.tag_id}"
            hint = "write `tag:` and its name, or see menuops import"
            found.append(
                Finding(
                    wanted.file,
                    place.line,
                    place.column,
                    "unknown-tag",
                    "error",
                    f"{message}; {hint}",
                )
            )
    return tuple(found)


def loses_a_tagged_menu(wanted: WantedAccount, live: Live) -> bool:
    """Tell whether a live menu for a tag isn't in the file: its name is worth asking for."""
    kept = {
        MatchRule(menu.tag_id, menu.client_platform_type) for menu in wanted.menu.conditionalmenu
    }
    return any(
        menu.matchrule.tag_id is not None and menu.matchrule not in kept
        for menu in live.menus.conditionalmenu
    )


def wanted_menus(wanted: WantedAccount, tags: Tags) -> Menus | tuple[Finding, ...]:
    """Put ids for the names of tags; findings for the names that the account doesn't have."""
    unknown: list[Finding] = []
    menus: list[ConditionalMenu] = []
    for index, menu in enumerate(wanted.menu.conditionalmenu):
        tag_id = menu.tag_id
        if menu.tag is not None:
            ids = tags.ids(menu.tag)
            if not ids:
                unknown.append(_unknown_tag(wanted, index, menu.tag, tags))
                continue
            tag_id = ids[0]
        rule = MatchRule(tag_id, menu.client_platform_type)
        menus.append(ConditionalMenu(rule, menu.button, id=menu.id))
    return tuple(unknown) or Menus(wanted.menu.button, tuple(menus))


def _unknown_tag(wanted: WantedAccount, index: int, name: str, tags: Tags) -> Finding:
    near = difflib.get_close_matches(name, tags.names.values(), n=3, cutoff=0.5)
    hint = f"; did you mean {', '.join(near)}?" if near else "; create it, or mend the name"
    place = wanted.loaded.place(("conditionalmenu", index, "matchrule", "tag"))
    return Finding(
        wanted.file,
        place.line,
        place.column,
        "unknown-tag",
        "error",
        f"{wanted.account.name} has no tag {name!r}{hint}",
    )


def unreadable_tags(error: MenuopsError, wanted: WantedAccount) -> CannotStart:
    """Say what to do when tags are named and can't be read."""
    return CannotStart(
        f"{wanted.file} names tags, and those of {wanted.account.name} can't be read: "
        f"{error.message}",
        fix=f"{error.fix}; or write `tag_id:` in place of `tag:`".lstrip("; "),
        code=error.code,
    )
