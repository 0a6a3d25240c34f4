"""Rules of what is legal in a menu file, and doubtful: all of them can be silenced."""

from __future__ import annotations

from typing import Final

from menuops.core.notes.note import RuleNote, warning

DOUBT: Final[tuple[RuleNote, ...]] = (
    warning(
        "name-cut",
        "A name is longer than a phone shows.",
        "A phone shows about 4 Chinese characters of a top-level name and 8 of one in a "
        "sub-menu, or twice as many Latin letters, then `…`. The figures are WeChat's; where "
        "exactly it cuts differs a little between phones.",
    ),
    warning(
        "name-over-40-bytes",
        "A name in a sub-menu has more than 40 bytes.",
        "WeChat documents 60 bytes today; its older pages and some programs say 40. "
        "A phone shows about 24 of them (8 Chinese characters).",
    ),
    warning(
        "duplicate-name",
        "Two entries that stand side by side have one name.",
        "A follower can't tell them apart. Often one of them was copied and not changed.",
    ),
    warning(
        "invisible-character",
        "A text holds a character that nobody can see.",
        "Zero-width characters, direction marks, soft hyphens and the like come along when text "
        "is copied from a web page or a chat. They count as bytes, turn text around, and a key "
        "with one never equals the key that your server waits for. Type the text again.",
    ),
    warning(
        "blank-at-edge",
        "A text begins or ends with a blank.",
        "It is sent as it stands and counts as bytes. Take it out of the quotes.",
    ),
    warning(
        "appid-case",
        "The AppID of a mini program has upper-case letters.",
        "WeChat wants it in lower case.",
    ),
    warning(
        "mini-program-appid",
        "The AppID of a mini program isn't `wx` and 16 hexadecimal digits.",
        "All AppIDs have this form. Often one was cut, or a sample's `APPID` was left; copy it "
        "from the mini program's console. If the menu is for the emulator alone, silence it.",
    ),
    warning(
        "placeholder",
        "A text holds what a template should have filled in.",
        "`{{name}}`, `<%= name %>`, `{0}`, `%s` or `@NAME@` is sent as it stands, and followers "
        "see it. Save what the template makes, or write a variable as `${name}`. Where a link "
        "should hold such signs, percent-encode them: `%7B` for `{`.",
    ),
    warning(
        "http-link",
        "A link begins with `http://`.",
        "Anybody on the way can read and change the page, and phones warn of it or refuse it. "
        "Write `https://` if the site has it, as nearly all have.",
    ),
    warning(
        "html-in-url",
        "A link holds `&amp;` or another escape of HTML.",
        "WeChat keeps it as it stands, so the server is asked for a parameter called `amp;…`. "
        "The link was copied from the source of a page: write a plain `&`.",
    ),
    warning(
        "unescaped-url",
        "A link holds a character that must be percent-encoded.",
        "Blanks, Chinese and some signs may not stand in a URL as they are: what arrives differs "
        "between phones. Write `%20` for a blank; copy the address from a browser, which encodes "
        "Chinese (`%E6%96%B0`). A Chinese domain is written in its ASCII form, `xn--…`.",
    ),
    warning(
        "private-host",
        "A link leads to a machine that followers can't reach.",
        "`localhost`, `127.0.0.1`, `192.168.…`, `….local` and the like are each phone's own. It "
        "is often left from a test: let a variable hold the address, with a value per account.",
    ),
    warning(
        "secret-in-url",
        "A link holds what looks like a secret.",
        "A password, an access token or an AppSecret in a link reaches every follower, every log "
        "on the way and this repository. Take it out and renew it. The message doesn't show it.",
    ),
    warning(
        "oauth-appid",
        "A link to WeChat's login is made for another account.",
        "The `appid` in it isn't that of the account that the menu is for, or a sample's "
        "(`APPID`). Followers would log in to the other account, or see an error. Write "
        "`appid=${appid}`. If it is meant, since one account serves the logins of all, silence it.",
    ),
    warning(
        "oauth-redirect",
        "The `redirect_uri` of a login link isn't percent-encoded.",
        "It is a URL inside a URL: unencoded, its own `&`, `?` and `#` end it early, and the page "
        "gets half of its parameters. Encode it once, from `https%3A%2F%2F` on.",
    ),
    warning(
        "oauth-parameters",
        "A login link lacks a parameter, or has them in another order.",
        "WeChat matches such a link as a whole: `appid`, `redirect_uri`, `response_type=code`, "
        "`scope` (`snsapi_base` or `snsapi_userinfo`), then `state`, in this order. "
        "Otherwise the page doesn't open.",
    ),
    warning(
        "oauth-fragment",
        "A login link doesn't end in `#wechat_redirect`.",
        "WeChat's page needs it to send the follower on.",
    ),
    warning(
        "many-hosts",
        "Conditional menus link to more than three hosts.",
        "The links of all conditional menus of an account together may lead to three domains, "
        "and WeChat refuses the menu that brings a fourth (65316). `menuops plan` guards it.",
    ),
    warning(
        "unreachable-rule",
        "No follower is left for a rule.",
        "The first conditional menu that matches wins, from top to bottom, and those above take "
        "all whom this rule means. Move it up, or delete it.",
    ),
    warning(
        "idle-ignore",
        "A `menuops: ignore[…]` silences nothing.",
        "What it was for is mended, or stands in another line. Delete it, so that it doesn't hide "
        "the next one.",
    ),
    warning(
        "useless-ignore",
        "A `menuops: ignore[…]` names an error.",
        "Warnings can be silenced, errors can't: WeChat would refuse the menu, or the file has "
        "no clear meaning.",
    ),
    warning(
        "ignore-form",
        "A comment looks like `menuops: ignore[…]` and isn't.",
        "Write `# menuops: ignore[rule]`, or several as `ignore[one, two]`: at the end of the "
        "line, or alone on the line above it.",
    ),
    warning(
        "unknown-rule",
        "A `menuops: ignore[…]` names a rule that doesn't exist.",
        "Each finding ends with the name of its rule in brackets.",
    ),
)
