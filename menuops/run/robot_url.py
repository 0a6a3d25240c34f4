"""The URL of a chat robot or webhook: out of the environment, and never shown."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from menuops.core.errors import CannotStart
from menuops.core.notice import Notice
from menuops.core.secret import Secret
from menuops.files.project.api_url import base_url


def robot_url(notice: Notice, environ: Mapping[str, str]) -> Secret:
    """Read it. Raises CannotStart where it isn't there, or isn't one to send to."""
    text = environ.get(notice.url_env, "").strip()
    fix = f"put the URL of the {notice.to} into {notice.url_env}, as a secret of the job"
    if not text:
        raise CannotStart(f"{notice.url_env} isn't set", fix=fix, code="no_url")
    # All but its query is as the base of an API: https, or loopback; no user, no fragment.
    base, _, query = text.partition("?")
    fine = base_url(base) is not None and query.isprintable() and not {" ", "#"} & set(query)
    if not fine or not urlsplit(base).hostname or not text.isascii():
        raise CannotStart(
            f"{notice.url_env} holds no https URL that can be sent to", fix=fix, code="no_url"
        )
    return Secret(text)
