"""The menu calls, each from an account's state to its next one and an answer."""

from __future__ import annotations

from dataclasses import replace

from . import answers
from .answers import OK, Answer
from .asked import Reply
from .buttons import Buttons
from .matching import find_follower, menu_for
from .refusal import Refusal
from .request import Request, read_menu, read_object
from .rules import check_rule
from .state import AccountState, Menu
from .validation import check_menu, hosts

MOST_HOSTS = 3


def create(state: AccountState, request: Request) -> Reply:
    """Replace the default menu whole; conditional ones stay.

    The menu gets a new id each time. A menu set through the API switches the console's off
    (reported), so it opens the menu too.
    """
    buttons = answers.as_read(check_menu(state.account, read_menu(request, state.account.switches)))
    menu = Menu(state.next_menuid, buttons)
    created = replace(state, default=menu, console=None, is_open=True, next_menuid=menu.menuid + 1)
    return created, OK


def get(state: AccountState, _: Request) -> Reply:
    """Show the menus made through the API."""
    return state, answers.menu_get(state)


def delete(state: AccountState, _: Request) -> Reply:
    """Drop the default menu and every conditional one.

    With nothing to drop the answer isn't documented; a switch. A console menu stays.
    """
    if state.default is None and state.account.switches.delete_nothing == "46003":
        raise Refusal(46003)
    return replace(state, default=None, conditional=()), OK


def add_conditional(state: AccountState, request: Request) -> Reply:
    """Add a conditional menu in front of the others; equal rules are no obstacle."""
    if not state.account.conditional:
        raise Refusal(65306)
    body = read_menu(request, state.account.switches)
    posted = check_menu(state.account, body, conditional=True)
    rule = check_rule(state.account, body.get("matchrule"))
    if state.default is None:
        raise Refusal(65303)
    if len(state.conditional) >= state.account.menu_limit:
        raise Refusal(65305)
    check_hosts(state, posted)
    menu = Menu(state.next_menuid, answers.as_read(posted), rule)
    added = replace(state, conditional=(menu, *state.conditional), next_menuid=menu.menuid + 1)
    return added, Answer({"menuid": str(menu.menuid)})


def check_hosts(state: AccountState, buttons: Buttons) -> None:
    """Refuse entries that lead all conditional menus together to more than three domains.

    Hosts are counted as they stand: whether WeChat takes a.example.com and b.example.com for one
    isn't said. Menus that match nobody any more still count.
    """
    found = hosts(buttons).union(*(hosts(menu.buttons) for menu in state.conditional))
    if len(found) > MOST_HOSTS:
        raise Refusal(65316)


def delete_conditional(state: AccountState, request: Request) -> Reply:
    """Drop one conditional menu; the default's id, an unknown one and none at all are 65301.

    The key is all lower case; `menuId` was answered 65301 by the live service.
    """
    if not state.account.conditional:
        raise Refusal(65306)
    menuid = read_object(request).get("menuid")
    kept = tuple(menu for menu in state.conditional if str(menu.menuid) != str(menuid))
    if len(kept) == len(state.conditional):
        raise Refusal(65301)
    return replace(state, conditional=kept), OK


def trymatch(state: AccountState, request: Request) -> Reply:
    """Show the menu that one follower sees."""
    body = read_object(request)
    if state.default is None:
        raise Refusal(46003)
    follower = find_follower(state.account, body.get("user_id"))
    menu = menu_for(state.default, state.conditional, follower)
    return state, answers.trymatch(state.account, menu)


def selfmenu(state: AccountState, _: Request) -> Reply:
    """Show the menu in force, whoever made it."""
    return state, answers.selfmenu(state)
