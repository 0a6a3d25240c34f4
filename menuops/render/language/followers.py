"""Kinds of followers as plans name them: `tag:VIP+ios, others+android`."""

from __future__ import annotations

import re
from typing import Final

_PLATFORM: Final = r"(?:ios|android|other)"
_KIND: Final = re.compile(rf"tag:[^,]+|others(?:\+{_PLATFORM})?|{_PLATFORM}")
_OTHERS: Final = re.compile(r"others(?=\+|\Z)")


def followers(text: str) -> str | None:
    """Say a list of kinds in Chinese; a tag stays as it is. None: the text is something else.

    A comma in the name of a tag makes it something else too, so no name is ever cut.
    """
    kinds = text.split(", ")
    if not all(map(_KIND.fullmatch, kinds)) or not (len(kinds) > 1 or _OTHERS.match(text)):
        return None
    return "、".join(_OTHERS.sub("其他人", kind) for kind in kinds)


def is_sure(text: str) -> bool:
    """Tell whether a list of kinds can be nothing else; behind a tag with blanks a text may go on.

    `tag:VIP+ios, tag:VIP+other will get app` has the form of two tags.
    """
    return not re.search(r"\s", text.replace(", ", ","))
