"""Chat robots and webhooks: one POST to a URL that is a secret itself.

Source: WeCom's documentation, "群机器人配置说明": markdown of at most 4096 bytes, pictures (JPG,
PNG) of at most 2 MB before base64, 20 messages a minute for each robot; errcode 45009 over that.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from menuops.core.secret import Secret
from menuops.post.failure import NotSent
from menuops.transport.errors import Unreachable
from menuops.transport.rest import Content, Rest, RestAnswer

MARKDOWN_BYTES: Final = 4096
PICTURE_BYTES: Final = 2 * 1024 * 1024
_TOO_OFTEN: Final = 45009
_NO_ROBOT: Final = 93000
_MINUTE_S: Final = 61.0
_CONNECT_S: Final = 3.0
_READ_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Robot:
    """A URL; `name`, which stands in messages, is that of its variable.

    Where it has no `sleep`, a robot that was asked too often isn't waited for.
    """

    url: Secret
    name: str
    sleep: Callable[[float], None] | None = None
    rest: Rest = field(default_factory=Rest)

    def post(self, document: Mapping[str, Any]) -> RestAnswer:
        """Send JSON. Raises NotSent for what isn't answered with 2xx."""
        to = f"send a message to the URL in {self.name}"
        try:
            answer = self.rest.call(
                "POST",
                self.url,
                name=to,
                headers={},
                content=Content.json(document),
                connect_timeout_s=_CONNECT_S,
                read_timeout_s=_READ_S,
            )
        except Unreachable as error:
            raise NotSent(f"can't {error.message}", fix=error.fix, unsure=error.sent) from None
        if answer.moved_to:
            raise NotSent(f"can't {to}: it leads to another host", fix="give the URL as it is now")
        if not 200 <= answer.status < 300:
            # Nothing of the answer is shown: it may repeat the URL in a spelling of its own.
            raise NotSent(
                f"can't {to}: HTTP {answer.status}",
                fix="check the URL; the robot may have been removed",
                status=answer.status,
            )
        return answer

    def send_markdown(self, markdown: str) -> None:
        """Send a message to a group of WeCom. Raises NotSent."""
        self._wecom({"msgtype": "markdown", "markdown": {"content": markdown}})

    def send_picture(self, png: bytes) -> None:
        """Send a picture to a group of WeCom. Raises NotSent."""
        if len(png) > PICTURE_BYTES:
            raise NotSent("the picture has more than 2 MB, which WeCom takes", fix="leave it out")
        digest = hashlib.md5(png, usedforsecurity=False).hexdigest()
        picture = {"base64": b64encode(png).decode(), "md5": digest}
        self._wecom({"msgtype": "image", "image": picture})

    def _wecom(self, document: Mapping[str, Any]) -> None:
        code = _errcode(self.post(document))
        if code == _TOO_OFTEN and self.sleep is not None:
            self.sleep(_MINUTE_S)
            code = _errcode(self.post(document))
        if code == 0:
            return
        fix = {
            _TOO_OFTEN: "a robot takes 20 messages a minute; send it later",
            _NO_ROBOT: f"the robot was removed; put the URL of another into {self.name}",
        }.get(code or 0, "check the URL of the robot")
        told = "an odd answer" if code is None else f"errcode {code}"
        raise NotSent(f"can't send a message to the URL in {self.name}: WeCom: {told}", fix=fix)


def _errcode(answer: RestAnswer) -> int | None:
    document = answer.document
    code = document.get("errcode") if isinstance(document, dict) else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None
