"""The digests of a plan in a comment that Markdown hides: a line for later tools to find.

`<!-- menuops plan 1 digest=<64 hex or none> accounts=<base64 of JSON {name: digest}> -->`, where
`left_out=<number>` stands in place of `accounts=` if there are too many. Base64 has neither `-`
nor `>`, so no name can end the comment.
"""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from menuops.core.jsonform import canonical

_COMMENT: Final = re.compile(
    r"^<!-- menuops plan 1 digest=([0-9a-f]{64}|none) "
    r"(?:accounts=([A-Za-z0-9+/]*={0,2})|left_out=[0-9]+) -->$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class PlanDigests:
    """What a comment holds: the plan's digest (None: no changes), and those of its accounts.

    `accounts` is None where they were left out.
    """

    plan: str | None
    accounts: Mapping[str, str] | None


def plan_comment(plan: str, accounts: Mapping[str, str], most_bytes: int) -> str:
    """Write the comment, without the accounts if it were longer than `most_bytes`."""
    head = f"<!-- menuops plan 1 digest={plan or 'none'}"
    listed = b64encode(canonical(dict(accounts)).encode()).decode()
    if len(head) + len(listed) + 14 > most_bytes:
        return f"{head} left_out={len(accounts)} -->"
    return f"{head} accounts={listed} -->"


def read_plan_comment(markdown: str) -> PlanDigests | None:
    """Find the first such comment; None where there is none that can be read."""
    found = _COMMENT.search(markdown)
    if found is None:
        return None
    digest, listed = found.groups()
    plan = None if digest == "none" else digest
    if listed is None:
        return PlanDigests(plan, None)
    try:
        accounts = json.loads(b64decode(listed, validate=True))
    except (binascii.Error, ValueError):
        return None
    return PlanDigests(plan, accounts) if isinstance(accounts, dict) else None
