"""How the tests talk to a client: a JSON object a line, a call in, what came of it out.

    {"call": "open", "args": [url, appid, secret]}   a new object of the client, for one account
    {"call": "create", "args": [menu]}               a call of the newest object

Answers are {"result": value}, {"error": {"type", "code", "text"}} with the client's own class of
error and the code it carries (null: none), or {"lacks": reason}.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any


def serve(
    open_client: Callable[[str, str, str], object],
    code: Callable[[Exception], object],
    lacks: Mapping[str, str],
) -> None:
    """Answer calls until stdin ends; they are methods of what `open_client` makes."""
    replies, sys.stdout = sys.stdout, sys.stderr  # whatever a client prints is no reply
    client: object = None
    for line in sys.stdin:
        asked = json.loads(line)
        reply: dict[str, Any]
        try:
            if asked["call"] in lacks:
                reply = {"lacks": lacks[asked["call"]]}
            elif asked["call"] == "open":
                client = open_client(*asked["args"])
                reply = {"result": None}
            else:
                reply = {"result": getattr(client, asked["call"])(*asked["args"])}
        except Exception as error:
            kind = type(error).__name__
            reply = {"error": {"type": kind, "code": code(error), "text": str(error)}}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()
