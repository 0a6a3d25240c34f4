"""The page's files, as they are in the package."""

from __future__ import annotations

import re
from pathlib import Path

from .reply import Refused, Reply

FOLDER = Path(__file__).parent.parent / "page"
NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?:/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)*")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
# All from here, nothing inline, in nobody's frame: a menu's texts are data from anybody.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}


def page_file(name: str) -> Reply:
    """Give a file of the page by its name below the folder."""
    content_type = TYPES.get(Path(name).suffix)
    if content_type is None or not NAME.fullmatch(name):
        raise Refused(404, "the page has no such file")
    try:
        content = (FOLDER / name).read_bytes()
    except OSError:
        raise Refused(404, "the page has no such file") from None
    return Reply(content, content_type=content_type, headers=HEADERS)
