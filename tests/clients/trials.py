"""What is tried with each client: a row of the table each.

A trial gives the words of its cell, and fails where a client and the emulator don't understand one
another. What only differs from client to client (who renews a token, what an error is called) is in
the words; the table on docs/emulator.md holds them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.site import SECRET, TAGS, Clock, Ended, Site, payload

from .driving import FAN, STRANGER, Client, Emulated

YES: Final = "yes"
MENUS: Final = tuple(
    payload(f"menu-create-{name}") for name in ("all-types", "emoji-and-ampersand", "limits")
)
VIEW: Final = {"type": "view", "name": "会员", "url": "https://vip.example.com/?a=1&b=2"}
CONDITIONAL: Final = {
    "button": [VIEW],
    "matchrule": {"tag_id": "100", "client_platform_type": "1"},
}


@dataclass(frozen=True)
class Bench:
    """A client with a fresh account, opened and without a token."""

    client: Client
    emulated: Emulated
    appid: str
    directory: Path

    def live(self) -> Any:
        return self.emulated.ask(self.appid, "menu/get")

    def put(self, name: str) -> Any:
        self.emulated.state.put_live(self.appid, payload(name))
        return self.live()

    @property
    def site(self) -> Site:
        """A project of menuops with this account, and the command."""
        root, home = self.directory / "project", self.directory / "home"
        root.mkdir(exist_ok=True)
        environ = {
            "MENUOPS_SECRET_SHOP": SECRET,
            "HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CACHE_HOME": str(home / "cache"),
        }
        emulated = self.emulated
        site = Site(root, home, emulated.state, emulated.url, Clock(), environ)
        site.project(appid=self.appid)
        return site

    def menuops(self, site: Site, *arguments: str) -> Ended:
        """Run a command that has to succeed, with nothing of the machine's own settings."""
        ours = [name for name in os.environ if name.startswith(("MENUOPS_", "GITHUB_", "GITLAB_"))]
        ours += [name for name in os.environ if name.lower().endswith("_proxy")]
        given = {**site.environ, "MENUOPS_API_URL": site.url, "NO_COLOR": "1"}
        ended = site.run(*arguments, environ={**dict.fromkeys(ours), **given})
        assert ended.code == 0, ended.said
        return ended


def posted(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the entries of an answer as they were posted: without the empty sub-menus of leaves."""
    return [
        {
            name: posted(value) if name == "sub_button" else value
            for name, value in entry.items()
            if (name, value) != ("sub_button", [])
        }
        for entry in buttons
    ]


def token(bench: Bench) -> str:
    """The token it gives is one that the emulator takes, and is asked for once."""
    value = bench.client.get("token")
    assert len(value) > 32
    assert bench.client.get("token") == value
    assert bench.emulated.token_calls(bench.appid) == 1
    return YES


def stable_token(bench: Bench) -> str:
    """The token it gives is the one that everybody gets."""
    assert bench.client.get("stable_token") == bench.emulated.stable_token(bench.appid)
    assert bench.emulated.token_calls(bench.appid) == 0
    return YES


def create(bench: Bench) -> str:
    """All types, emoji, & and slashes, names of full length: each menu becomes what was given."""
    for menu in MENUS:
        assert bench.client.get("create", menu)["errcode"] == 0
        assert posted(bench.live()["menu"]["button"]) == menu["button"]
    bench.client.get("create", MENUS[0])
    assert bench.live() == payload("menu-get-all-types")
    return YES


def get(bench: Bench) -> str:
    """Menus of every kind, as answers of WeChat have them."""
    for name in ("menu-get-all-types", "menu-get-live-raw", "menu-get-with-conditional"):
        bench.put(name)
        assert bench.client.get("get") == payload(name)
    return YES


def delete(bench: Bench) -> str:
    """Nothing is left, conditional menus included."""
    bench.put("menu-get-with-conditional")
    assert bench.client.get("delete")["errcode"] == 0
    assert bench.live()["errcode"] == 46003
    return YES


def selfmenu(bench: Bench) -> str:
    """The menu in force, as WeChat shows it: made by the client, in the console, switched off."""
    for name in ("selfmenu-api", "selfmenu-console", "selfmenu-closed"):
        wanted = payload(name)
        info = wanted.get("selfmenu_info")
        if name == "selfmenu-api":
            bench.client.get("create", {"button": unlisted(info["button"])})
        else:
            bench.emulated.state.put_console(bench.appid, info, wanted["is_menu_open"])
        assert bench.client.get("selfmenu") == wanted
    return YES


def unlisted(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the entries of selfmenu's answer as they were posted."""
    return [
        {**entry, "sub_button": entry["sub_button"]["list"]} if "sub_button" in entry else entry
        for entry in entries
    ]


def addconditional(bench: Bench) -> str:
    """The new menu is there, under the id that was answered."""
    bench.client.get("create", MENUS[0])
    answered = bench.client.get("addconditional", CONDITIONAL)
    (added,) = bench.live()["conditionalmenu"]
    assert str(added["menuid"]) == answered["menuid"]
    assert posted(added["button"]) == CONDITIONAL["button"]
    assert added["matchrule"] == {"group_id": "100", "client_platform_type": "1"}
    return YES


def delconditional(bench: Bench) -> str:
    """The one that was named is gone, the others stay."""
    before = bench.put("menu-get-with-conditional")["conditionalmenu"]
    assert bench.client.get("delconditional", str(before[0]["menuid"]))["errcode"] == 0
    assert bench.live().get("conditionalmenu", []) == before[1:]
    return YES


def trymatch(bench: Bench) -> str:
    """Who has the tag and the phone sees the conditional menu, somebody else the default one."""
    bench.client.get("create", MENUS[0])
    bench.client.get("addconditional", CONDITIONAL)
    seen = [bench.client.get("trymatch", one.openid)["button"] for one in (FAN, STRANGER)]
    assert [posted(each) for each in seen] == [CONDITIONAL["button"], MENUS[0]["button"]]
    return YES


def tags(bench: Bench) -> str:
    """The account's tags, and those of one follower."""
    listed = [{"id": tag.id, "name": tag.name, "count": tag.count} for tag in TAGS]
    assert bench.client.get("tags") in ({"tags": listed}, listed)
    assert bench.client.get("tags_of", FAN.openid) in ({"tagid_list": [100]}, [100])
    return YES


def own_tags(bench: Bench) -> str:
    """A tag is made, renamed, put on a follower, taken off and deleted."""
    before = bench.emulated.ask(bench.appid, "tags/get")
    made = bench.client.get("create_tag", "新客")
    tag = made.get("tag", made)["id"]
    bench.client.get("rename_tag", tag, "老客")
    bench.client.get("put_tag", tag, STRANGER.openid)
    listed = bench.emulated.ask(bench.appid, "tags/get")["tags"]
    assert {"id": tag, "name": "老客", "count": 1} in listed
    assert bench.client.get("tags_of", STRANGER.openid) in ({"tagid_list": [tag]}, [tag])
    assert bench.client.get("tagged", tag)["data"]["openid"] == [STRANGER.openid]
    bench.client.get("take_tag", tag, STRANGER.openid)
    assert bench.client.get("tags_of", STRANGER.openid) in ({"tagid_list": []}, [])
    bench.client.get("delete_tag", tag)
    assert bench.emulated.ask(bench.appid, "tags/get") == before
    return YES


def voided(bench: Bench) -> str:
    """Somebody else has fetched a token, and the client's own is refused: 40001."""
    return after_refusal(bench, bench.emulated.state.void_tokens)


def expired(bench: Bench) -> str:
    """The time of the client's token is over before it thinks so: 42001."""
    return after_refusal(bench, bench.emulated.state.expire_tokens)


def after_refusal(bench: Bench, refuse: Callable[[str], None]) -> str:
    bench.put("menu-get-plain")
    bench.client.get("token")
    refuse(bench.appid)
    outcome = bench.client.call("get")
    calls = bench.emulated.token_calls(bench.appid) - 1
    if outcome.ok:
        assert outcome.result == bench.live()
        assert calls > 0, "the token that was refused still works"
        return f"renewed, {calls} token call{'s' * (calls != 1)}"
    assert calls == 0, "it renewed and failed all the same"
    return str(outcome)


def refused(bench: Bench) -> str:
    """A name is too long: 40018."""
    outcome = bench.client.call("create", {"button": [{**VIEW, "name": "长" * 6}]})
    assert outcome.tells(40018)
    return str(outcome)


def no_menu(bench: Bench) -> str:
    """There is no menu to read: 46003, which some take for no error."""
    outcome = bench.client.call("get")
    assert outcome.tells(46003) or outcome.result is None
    return str(outcome)


def wrong_id(bench: Bench) -> str:
    """No conditional menu has this id: 65301."""
    outcome = bench.client.call("delconditional", "1")
    assert outcome.tells(65301)
    return str(outcome)


def wrong_secret(bench: Bench) -> str:
    """The AppSecret isn't the account's: 40125."""
    bench.client.open(bench.appid, "another")
    outcome = bench.client.call("token")
    assert outcome.tells(40125)
    return str(outcome)


def imported(bench: Bench) -> str:
    """What the client made, menuops imports, and plans no change."""
    for menu in MENUS[:2]:
        bench.client.get("delete")
        bench.client.get("create", menu)
        bench.client.get("addconditional", CONDITIONAL)
        site = bench.site
        file = ("--out", "menus/shop.yaml", "--overwrite")
        bench.menuops(site, "import", "-a", "shop", *file)
        assert "No changes" in bench.menuops(site, "plan", "--detailed-exitcode").out
    return YES


def applied(bench: Bench) -> str:
    """What menuops applied reads through the client as it does without, and as the file says."""
    for menu in MENUS[:2]:
        site = bench.site
        site.menu({**menu, "conditionalmenu": [CONDITIONAL]})
        lifted = ("--allow", "remove-conditional", "--allow", "unmanaged")
        bench.menuops(site, "apply", "--yes", *lifted)
        read = bench.client.get("get")
        assert read == bench.live()
        assert posted(read["menu"]["button"]) == menu["button"]
        in_force = bench.emulated.ask(bench.appid, "get_current_selfmenu_info")
        assert bench.client.get("selfmenu") == in_force
    return YES


TRIALS: Final[dict[str, Callable[[Bench], str]]] = {
    "`token`": token,
    "`stable_token`": stable_token,
    "`menu/create`": create,
    "`menu/get`": get,
    "`menu/delete`": delete,
    "`get_current_selfmenu_info`": selfmenu,
    "`menu/addconditional`": addconditional,
    "`menu/delconditional`": delconditional,
    "`menu/trymatch`": trymatch,
    "`tags/get`, `tags/getidlist`": tags,
    "`tags/create`, `update`, `delete`, members": own_tags,
    "made by it, imported by menuops: the plan is empty": imported,
    "applied by menuops, read by it: the same": applied,
    "its token is void (40001)": voided,
    "its token is over (42001)": expired,
    "a name is too long (40018)": refused,
    "there is no menu (46003)": no_menu,
    "no such conditional menu (65301)": wrong_id,
    "wrong AppSecret (40125)": wrong_secret,
}
