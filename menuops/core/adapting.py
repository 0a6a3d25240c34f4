"""One menu file for accounts that can't have all of it: a test account beside the real one."""

from __future__ import annotations

from dataclasses import replace

from menuops.core.model import Button, Buttons, Entry, MiniProgram, Parent, View, Wanted


def adapted(wanted: Wanted, *, skip_conditional: bool, miniprogram_as_view: bool) -> Wanted:
    """Take out of what a file wants the things that an account is not to have.

    A mini program's button becomes a link to its `url`, which old clients open anyway; a test
    account can't be linked to a mini program, and the remote refuses its button.
    """
    if skip_conditional:
        wanted = replace(wanted, conditionalmenu=())
    if miniprogram_as_view:
        wanted = replace(
            wanted,
            button=_as_views(wanted.button),
            conditionalmenu=tuple(
                replace(menu, button=_as_views(menu.button)) for menu in wanted.conditionalmenu
            ),
        )
    return wanted


def _as_views(buttons: Buttons) -> Buttons:
    return tuple(_entry(entry) for entry in buttons)


def _entry(entry: Entry) -> Entry:
    if isinstance(entry, Parent):
        return replace(entry, sub_button=tuple(map(_button, entry.sub_button)))
    return _button(entry)


def _button(button: Button) -> Button:
    if isinstance(button, MiniProgram):
        return View(button.name, button.url, id=button.id)
    return button
