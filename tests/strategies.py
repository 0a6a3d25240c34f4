"""Menus of every shape that a file may hold, as JSON values; texts that YAML would twist."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

KEYED = (
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
)
HOSTILE = (
    *("on", "~", "null", "010", "12:30", "1e3", ".inf", "2026-11-22", "<<", "=", "?", "!t"),
    *(": ", "a: b", "#", "a #b", "- a", "'", '"', "\\", "%", "@", "`", "|", ">", "{", "]", "&a"),
    *("*a", "${x}", "$${", "$", " a", "a ", "  ", "帮助", "❤️", "👩‍👩‍👧", "\u200b", "\u2028"),
    *("\u202e", "\xa0", "\x85", "\ufeff", "---", "...", "，", "：", "y", "No", "0o7", "-"),
)
# Control characters and halves of characters are refused in files; the rest may be anything.
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8),
    st.text("abAB01 _-:#'\"{}[],&*!|>%@`$~", min_size=1, max_size=12),
)


def texts(most_bytes: int) -> st.SearchStrategy[str]:
    """Texts of 1 to `most_bytes` bytes."""
    return TEXT.filter(lambda text: len(text.encode()) <= most_bytes)


# Two hosts: more than three over all conditional menus are refused.
URLS = st.builds(
    "https://{}.example.com/{}".format,
    st.sampled_from(("a", "b")),
    st.sampled_from(("", "?a=1&b=2", "#x", "新", "%20", "${x}", "a:b", "'")),
)


def buttons(most_bytes: int) -> st.SearchStrategy[Json]:
    """A button of any of the 13 types."""
    name = texts(most_bytes)

    def of(types: tuple[str, ...], **fields: st.SearchStrategy[str]) -> st.SearchStrategy[Json]:
        return st.fixed_dictionaries({"name": name, "type": st.sampled_from(types), **fields})

    return st.one_of(
        of(KEYED, key=texts(128)),
        of(("view",), url=URLS),
        of(
            ("miniprogram",),
            url=URLS,
            appid=st.just("wx286b93c14bbf93aa"),
            pagepath=st.sampled_from(("pages/a", "pages/a?b=1:2", "#")),
        ),
        of(("media_id", "view_limited"), media_id=texts(40)),
        of(("article_id", "article_view_limited"), article_id=texts(40)),
    )


PARENTS = st.fixed_dictionaries(
    {"name": texts(16), "sub_button": st.lists(buttons(60), min_size=1, max_size=5)}
)
ENTRIES = st.lists(st.one_of(buttons(16), PARENTS), min_size=1, max_size=3)

# The tags that the tests' accounts have, and the platforms.
RULES = st.fixed_dictionaries(
    {},
    optional={
        "tag_id": st.sampled_from(("100", "101", "2")),
        "client_platform_type": st.sampled_from(("1", "2", "3")),
    },
).filter(bool)
CONDITIONALS = st.fixed_dictionaries({"matchrule": RULES, "button": ENTRIES})


def menus(most: int = 4) -> st.SearchStrategy[Json]:
    """A whole menu, as a body: `{"button", "conditionalmenu"}`, newest conditional menu first.

    Parts repeat, so that menus drawn one after the other have some in common.
    """
    return st.fixed_dictionaries(
        {"button": ENTRIES, "conditionalmenu": st.lists(CONDITIONALS, max_size=most)}
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Json | None, Json]:
    """A live menu (None: none) and a wanted one, which often share menus in another order."""
    if draw(st.integers(0, 9)) == 0:
        return None, draw(menus())
    live = draw(menus())
    shared = st.lists(st.sampled_from(live["conditionalmenu"] or [None]), max_size=3)
    kept = [menu for menu in draw(shared) if menu is not None]
    wanted = draw(menus(4 - len(kept)))
    mixed = draw(st.permutations([*kept, *wanted["conditionalmenu"]]))
    button = live["button"] if draw(st.booleans()) else wanted["button"]
    return live, {"button": button, "conditionalmenu": mixed}


def as_live(menu: Json) -> Json:
    """Write a body as menu/get answers it."""
    answer: Json = {"menu": {"button": [_read_back(entry) for entry in menu["button"]]}}
    listed = menu["conditionalmenu"]
    if listed:
        answer["conditionalmenu"] = [
            {
                "menuid": 900 - number,
                "button": [_read_back(entry) for entry in one["button"]],
                "matchrule": {
                    "group_id" if name == "tag_id" else name: value
                    for name, value in one["matchrule"].items()
                },
            }
            for number, one in enumerate(listed)
        ]
    return answer


def _read_back(entry: Json) -> Json:
    if "sub_button" in entry:
        return {**entry, "sub_button": [_read_back(child) for child in entry["sub_button"]]}
    return {**entry, "sub_button": []}


def as_file(menu: Json) -> str:
    """Write a body as a menu file: JSON, with `$${` for each `${` that is meant."""
    return json.dumps(menu, ensure_ascii=True).replace("${", "$${")
