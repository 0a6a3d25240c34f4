"""Rules of a menu file that WeChat, or the meaning of the file, asks for."""

from __future__ import annotations

from typing import Final

from menuops.core.notes.note import RuleNote, error

MENU: Final[tuple[RuleNote, ...]] = (
    error(
        "wrapped-menu",
        "The menu stands inside something else: an answer of WeChat, or names.",
        "Posted back as it is, an answer is refused (40016). "
        "Let `menuops import --from FILE` make a menu file of it. Menus under names of yours are "
        "files of their own, or items under `conditionalmenu`.",
    ),
    error(
        "conditional-body",
        "The file is the body of a conditional menu.",
        "`matchrule` beside `button` is what `menu/addconditional` takes. "
        "Put the whole as an item under `conditionalmenu`, below a default menu, or let "
        "`menuops import --from FILE` do so.",
    ),
    error(
        "entry-count",
        "A menu has no entry, or more than three.",
        "WeChat takes 1 to 3 entries (40016). Put further ones into a sub-menu.",
    ),
    error(
        "sub-button-count",
        "A sub-menu has no button, or more than five.",
        "WeChat takes 1 to 5 buttons in a sub-menu (40023).",
    ),
    error(
        "too-deep",
        "A button of a sub-menu opens a sub-menu.",
        "A menu has two levels (40022).",
    ),
    error(
        "unknown-type",
        "No button has this type.",
        "Types are written in lower case. `text`, `img`, `news` and others exist only in menus "
        "that the web console made; the API can't make them.",
    ),
    error(
        "name-empty",
        "A name is empty.",
        "A follower needs something to tap, and WeChat refuses it (40018, 40025). "
        "Look at the variables if the name is made of some.",
    ),
    error(
        "name-too-long",
        "A name has more bytes than WeChat takes.",
        "16 bytes of UTF-8 at the top level (40018), 60 in a sub-menu (40025). A Chinese "
        "character takes 3 bytes, an emoji 4 and more. Variables are filled in before the count.",
    ),
    error(
        "key-empty",
        "A key is empty.",
        "The key is what your server receives when the button is tapped; WeChat refuses an empty "
        "one (40019, 40026).",
    ),
    error(
        "key-too-long",
        "A key has more bytes than WeChat takes.",
        "128 bytes of UTF-8 (40019, 40026). Variables are filled in before the count.",
    ),
    error(
        "url-scheme",
        "A link doesn't begin with `https://` or `http://` and a host.",
        "WeChat opens web pages alone (40055, 40054). Look at the variables if the link is made "
        "of some.",
    ),
    error(
        "url-too-long",
        "A link has more bytes than WeChat takes.",
        "1,024 bytes of UTF-8 (40020, 40027). Variables are filled in before the count. "
        "Let a short address of your own redirect.",
    ),
    error(
        "appid-empty",
        "The AppID of a mini program is empty.",
        "It names the mini program to open; the program must be linked to the account.",
    ),
    error(
        "pagepath-empty",
        "The page of a mini program is empty.",
        "WeChat needs the path of a page, such as `pages/index/index` (40165).",
    ),
    error(
        "media-id-empty",
        "The id of a material is empty.",
        "It is the `media_id` of a permanent material of this account.",
    ),
    error(
        "article-id-empty",
        "The id of an article is empty.",
        "It is the `article_id` of an article that this account published.",
    ),
    error(
        "id-empty",
        "An `id` is empty.",
        "An `id` of yours keeps a button's or a conditional menu's identity when it changes; it "
        "is never sent. Delete it, or fill it in.",
    ),
    error(
        "duplicate-id",
        "Two things have one `id`.",
        "An `id` names one button of a menu, or one conditional menu of a file.",
    ),
    error(
        "empty-rule",
        "A conditional menu has an empty rule.",
        "WeChat refuses it (65304). Name a tag, a platform, or both; the menu for everybody else "
        "stands under `button` at the top.",
    ),
    error(
        "withdrawn-rule-field",
        "A rule asks for what WeChat withdrew.",
        "Rules by sex, country, province, city or language are refused for privacy (65320), and "
        "menus that have them match nobody any more. Put a tag on the followers instead.",
    ),
    error(
        "tag-and-tag-id",
        "A rule has both `tag` and `tag_id`.",
        "Both name the one tag of a rule. Keep the name: ids differ between accounts.",
    ),
    error(
        "tag-empty",
        "The tag of a rule is empty.",
        "Give the name of a tag of the account, or delete the key.",
    ),
    error(
        "tag-id",
        "A `tag_id` isn't a number.",
        'It is digits in quotes, such as `"104"`. A tag\'s name goes under `tag`.',
    ),
    error(
        "unknown-platform",
        "No platform is called so.",
        '`ios`, `android`, `other`, or WeChat\'s own `"1"`, `"2"`, `"3"`.',
    ),
    error(
        "allow-form",
        "A lifted guard isn't written as GUARD or GUARD:NAME.",
        "Copy it from the plan, which prints the guard that refuses it.",
    ),
    error(
        "unknown-guard",
        "No guard is called so.",
        "Copy it from the plan, which prints the guard that refuses it.",
    ),
)
