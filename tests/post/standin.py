"""GitHub, GitLab and WeCom as their documentation has them, as far as reports need them.

GitHub: REST 2022-11-28 ("Issue comments", "Commit statuses", "Issues", "Pagination") and the
query `viewer` of GraphQL, which alone tells a job's token that it is github-actions[bot]. WeCom:
"群机器人配置说明". GitLab is in gitlab.py.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from . import gitlab

TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
BOT = "github-actions[bot]"
REPOSITORY = "acme/menus"
HEAD = "a" * 40
MERGE = "b" * 40
Json = dict[str, Any]


@dataclass
class Fault:
    """What is answered in place of the truth; `after` the request was done, or instead of it."""

    method: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    after: bool = False


@dataclass
class Asked:
    method: str
    path: str
    query: Json
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


@dataclass
class StandIn:
    """All three services on one port; `per_page` makes pages small."""

    url: str = ""
    me: str = BOT
    per_page: int = 100
    pulls: Json = field(default_factory=dict)
    comments: list[Json] = field(default_factory=list)
    statuses: list[Json] = field(default_factory=list)
    issues: list[Json] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)
    pipelines: dict[int, str] = field(default_factory=lambda: {4001: HEAD})
    messages: list[Json] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    errcodes: list[int] = field(default_factory=list)
    next_id: int = 100

    def comment(self, body: str, author: str = BOT, number: int = 7) -> Json:
        """Somebody writes a comment."""
        made = self._made(author, body=body, number=number)
        self.comments.append(made)
        return made

    def issue(self, title: str, body: str | None, author: str = BOT, **keys: Any) -> Json:
        made = self._made(author, title=title, body=body, state="open", **keys)
        made["number"] = made["id"] - 90
        self.issues.append(made)
        return made

    def _made(self, author: str, **keys: Any) -> Json:
        self.next_id += 1
        url = f"https://github.example/{self.next_id}"
        return {"id": self.next_id, "user": {"login": author}, "html_url": url, **keys}

    @property
    def called(self) -> list[str]:
        return [f"{asked.method} {asked.path}" for asked in self.requests]

    @property
    def writes(self) -> list[str]:
        return [
            line for line in self.called if not line.startswith("GET") and "graphql" not in line
        ]

    @property
    def environ(self) -> dict[str, str]:
        """What a job of GitHub Actions on pull request 7 is given."""
        return {
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_API_URL": f"{self.url}/api/v3",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_SHA": MERGE,
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_RUN_ID": "42",
        }

    @property
    def gitlab_environ(self) -> dict[str, str]:
        return {
            "CI_API_V4_URL": f"{self.url}/api/v4",
            "CI_PROJECT_ID": "12",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_COMMIT_SHA": HEAD,
            "CI_PIPELINE_ID": "4001",
            "GITLAB_TOKEN": TOKEN,
            "CI_JOB_URL": "https://gitlab.example/acme/menus/-/jobs/9",
        }

    # Answers: a status, a document, and headers

    def answer(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        path = asked.path
        if path == "/robot":
            return self._wecom(asked)
        if path == "/hook":
            self.messages.append(asked.json)
            return 200, "ok", {}
        if path.startswith("/api/v4"):
            if asked.headers.get("private-token") != TOKEN:
                return 401, {"message": "401 Unauthorized"}, {}
            return gitlab.answer(self, asked, path.removeprefix("/api/v4"))
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {"message": "Bad credentials"}, {}
        if path == "/api/graphql":
            return 200, {"data": {"viewer": {"login": self.me}}}, {}
        if path == "/api/v3/user":
            return 403, {"message": "Resource not accessible by integration"}, {}
        return self._github(asked, path.removeprefix(f"/api/v3/repos/{REPOSITORY}"))

    def _github(self, asked: Asked, path: str) -> tuple[int, Any, dict[str, str]]:
        match asked.method, path.split("/")[1:]:
            case "GET", ["pulls", number] if number in self.pulls:
                return 200, self.pulls[number], {}
            case "GET", ["commits", sha, "pulls"]:
                return self.page(
                    asked, [each for each in self.pulls.values() if sha in each["commits"]]
                )
            case "GET", ["issues", number, "comments"]:
                return self.page(asked, self.of(int(number)))
            case "POST", ["issues", number, "comments"]:
                made = self.comment(asked.json["body"], self.me, int(number))
                return 201, made, {}
            case "PATCH", ["issues", "comments", number]:
                return self.edited(self.comments, int(number), asked.json)
            case "POST", ["statuses", sha]:
                self.statuses.append({"sha": sha, **asked.json})
                return 201, self.statuses[-1], {}
            case "GET", ["issues"]:
                wanted = [
                    each
                    for each in self.issues
                    if each["state"] == asked.query["state"]
                    and each["user"]["login"].lower() == asked.query["creator"]
                ]
                return self.page(asked, wanted)
            case "POST", ["issues"]:
                return 201, self.issue(asked.json["title"], asked.json["body"], self.me), {}
            case "PATCH", ["issues", number]:
                return self.edited(self.issues, int(number), asked.json, key="number")
        return 404, {"message": "Not Found"}, {}

    def of(self, number: int) -> list[Json]:
        return [each for each in self.comments if each["number"] == number]

    def edited(
        self, among: list[Json], number: int, keys: Json, key: str = "id"
    ) -> tuple[int, Any, dict[str, str]]:
        for each in among:
            if each[key] == number:
                each.update(keys)
                return 200, each, {}
        return 404, {"message": "Not Found"}, {}

    def page(self, asked: Asked, listed: list[Any]) -> tuple[int, Any, dict[str, str]]:
        """Give one page, and in the header Link where the next one is."""
        size = min(self.per_page, 100, int(asked.query.get("per_page", 20)))
        page = int(asked.query.get("page", 1))
        headers = {}
        if page * size < len(listed):
            rest = "&".join(f"{k}={v}" for k, v in {**asked.query, "page": page + 1}.items())
            url = f"{self.url}{asked.path}?{rest}"
            headers["Link"] = f'<{url}>; rel="next", <{url}>; rel="last"'
        return 200, listed[(page - 1) * size : page * size], headers

    def _wecom(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        if self.errcodes:
            return 200, {"errcode": self.errcodes.pop(0), "errmsg": asked.path}, {}
        if asked.query.get("key") != TOKEN:
            return 200, {"errcode": 93000, "errmsg": "invalid webhook url"}, {}
        document = asked.json
        match document:
            case {"msgtype": "markdown", "markdown": {"content": str(content)}}:
                if len(content.encode()) > 4096:
                    return 200, {"errcode": 40058, "errmsg": "exceed max length 4096"}, {}
            case {"msgtype": "image", "image": {"base64": data, "md5": digest}}:
                raw = base64.b64decode(data)
                if hashlib.md5(raw, usedforsecurity=False).hexdigest() != digest:
                    return 200, {"errcode": 301019, "errmsg": "media MD5 not match"}, {}
                if len(raw) > 2 * 1024 * 1024:
                    return 200, {"errcode": 45001, "errmsg": "image size exceed limit"}, {}
            case _:
                return 200, {"errcode": 40008, "errmsg": "invalid message type"}, {}
        self.messages.append(document)
        return 200, {"errcode": 0, "errmsg": "ok"}, {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    stand_in: StandIn

    def handle_any(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, unquote(parts.path), dict(parse_qsl(parts.query)), headers, raw)
        stand_in = self.stand_in
        stand_in.requests.append(asked)
        fault = next(
            (
                each
                for each in stand_in.faults
                if each.method == asked.method and re.search(each.path, asked.path)
            ),
            None,
        )
        if fault is not None:
            stand_in.faults.remove(fault)
        if fault is None or fault.after:
            answer = stand_in.answer(asked)
        if fault is not None:
            answer = fault.status, fault.body, fault.headers
        status, document, extra = answer
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **extra}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = handle_any  # noqa: N815  # called by these names

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[StandIn]:
    stand_in = StandIn()
    handler = type("Handler", (_Handler,), {"stand_in": stand_in})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    stand_in.pulls["7"] = {
        "number": 7,
        "merged_at": "2026-11-29T00:00:00Z",
        "merge_commit_sha": MERGE,
        "head": {"sha": HEAD},
        "commits": [MERGE],
    }
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
