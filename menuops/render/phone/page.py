"""A preview as one self-contained page: it asks nothing of any network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from menuops.core.preview import AccountPreview, Scene
from menuops.core.screen import shown_name
from menuops.render.html_page import html_page
from menuops.render.language.speech import said
from menuops.render.phone.captions import caption, lines_below, phones
from menuops.render.phone.html import PHONE_CSS, PHONE_JS, asset, phone_html
from menuops.render.phone.marks import marks_of
from menuops.render.phone.taps import Tap, taps

_CSS: Final = asset("page.css")


def preview_page(accounts: Sequence[AccountPreview], *, of_plan: bool) -> str:
    """Write the page; its own policy lets it run this script and load nothing."""
    style = f"{_CSS}{PHONE_CSS}"
    title = ", ".join(account.name for account in accounts[:3])
    body = "".join(_account(account, of_plan=of_plan) for account in accounts)
    return html_page(f"{_text(title)} · menuops preview", body, style=style, script=PHONE_JS)


def _account(account: AccountPreview, *, of_plan: bool) -> str:
    head = f'<h1>{_text(account.name)}</h1>\n<p class="appid">{_text(account.appid)}</p>\n'
    if account.unreadable is not None:
        message = said(f"It can't be read: {account.unreadable}")
        return f'<section>\n{head}<p class="others">{_text(message)}</p>\n</section>\n'
    scenes = "".join(_scene(account, scene) for scene in account.scenes)
    below = "".join(
        f'<p class="others">{_text(line)}</p>\n' for line in lines_below(account, of_plan=of_plan)
    )
    return f"<section>\n{head}{scenes}{below}</section>\n"


def _scene(account: AccountPreview, scene: Scene) -> str:
    drawn = "".join(
        phone_html(
            phone.button,
            caption=caption(scene, phone),
            marks=marks_of(phone),
            title=account.name,
        )
        for phone in phones(scene)
    )
    return f'<div class="scene">\n{drawn}{_taps(scene)}</div>\n'


def _taps(scene: Scene) -> str:
    """List what each tap does, and below it what is removed: for eyes, and for print."""
    body = "".join(map(_row, taps(scene)))
    if not body:
        return ""
    return (
        f'<table class="taps"><caption>{_text(said("What a tap does"))}</caption>{body}</table>\n'
    )


def _row(tap: Tap) -> str:
    sub = ' class="sub"' if "." in tap.at else ""
    cut = ' <span class="cut">(cut on the phone)</span>' if tap.is_cut else ""
    return (
        f"<tr{sub}><td>{_text(tap.at)}</td><td>{_text(tap.name)}{cut}</td>"
        f'<td class="mark">{_text(tap.mark)}</td><td>{_text(tap.does)}</td></tr>'
    )


def _text(text: str) -> str:
    return escape(shown_name(text), quote=False)
