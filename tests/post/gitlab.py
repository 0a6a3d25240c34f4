"""GitLab's REST API v4 as reports use it, which refuses what GitLab would refuse.

Source: GitLab's documentation: "Notes API" (a body of at most 1,000,000 characters), "Commits API"
("Set commit pipeline status", "List merge requests associated with a commit"), "Issues API",
"Markdown uploads API", "REST API" (pagination); its source, lib/api/commit_statuses.rb and
app/services/ci/create_commit_status_service.rb: 255 characters for each text of a status, and a
pipeline_id that belongs to the commit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .standin import Asked, StandIn

Json = dict[str, Any]
Answer = tuple[int, Any, dict[str, str]]
_STATES: Final = {"pending", "running", "success", "failed", "canceled", "skipped"}
_NOTE: Final = {"body"}
_STATUS: Final = {"state", "name", "description", "target_url", "pipeline_id"}
_ISSUE: Final = {"title", "description", "state_event"}
_NOT_FOUND: Final[Answer] = (404, {"message": "404 Not found"}, {})


class Refused(Exception):
    """What GitLab answers with 4xx."""

    def __init__(self, status: int, document: Any) -> None:
        self.answer: Answer = (status, document, {})


def answer(there: StandIn, asked: Asked, path: str) -> Answer:
    """Answer a request to /api/v4, whose token was checked already."""
    parts = path.split("/")[1:]
    if asked.method == "GET" and parts == ["user"]:
        return 200, {"id": 1, "username": there.me}, {}
    if parts[:2] != ["projects", "12"]:
        return 404, {"message": "404 Project Not Found"}, {}
    try:
        return _of_project(there, asked, parts[2:])
    except Refused as why:
        return why.answer


def _of_project(there: StandIn, asked: Asked, parts: list[str]) -> Answer:
    match asked.method, parts:
        case "GET", ["merge_requests", number] if number in there.pulls:
            return 200, _request(there.pulls[number]), {}
        case "GET", ["repository", "commits", sha, "merge_requests"]:
            of = [each for each in there.pulls.values() if sha in each["commits"]]
            return there.page(asked, list(map(_request, of)))
        case "GET", ["merge_requests", number, "notes"] if number in there.pulls:
            _query(asked, sort={"asc", "desc"}, order_by={"created_at", "updated_at"})
            system = {"id": 1, "author": {"username": there.me}, "body": "x", "system": True}
            return there.page(asked, [system, *map(_note, there.of(int(number)))])
        case "POST", ["merge_requests", number, "notes"] if number in there.pulls:
            body = _body(_fields(asked, _NOTE))
            return 201, _note(there.comment(body, there.me, int(number))), {}
        case "PUT", ["merge_requests", _, "notes", number]:
            note = _mine(there, there.comments, "id", int(number))
            note["body"] = _body(_fields(asked, _NOTE))
            return 200, _note(note), {}
        case "POST", ["statuses", sha]:
            return 201, _status(there, sha, _fields(asked, _STATUS)), {}
        case "POST", ["uploads"]:
            return 201, _upload(there, asked), {}
        case "GET", ["issues"]:
            _query(asked, state={"opened"}, scope={"created_by_me"})
            mine = [
                each
                for each in there.issues
                if each["state"] == "open" and each["user"]["login"] == there.me
            ]
            return there.page(asked, list(map(_issue, mine)))
        case "POST", ["issues"]:
            title, text = _texts_of_issue(_fields(asked, _ISSUE))
            return 201, _issue(there.issue(title, text, there.me)), {}
        case "PUT", ["issues", number]:
            fields = _fields(asked, _ISSUE)
            issue = _mine(there, there.issues, "number", int(number))
            issue["title"], issue["body"] = _texts_of_issue(fields)
            if fields.get("state_event") == "close":
                issue["state"] = "closed"
            return 200, _issue(issue), {}
    return _NOT_FOUND


def _request(pull: Json) -> Json:
    return {
        "iid": pull["number"],
        "state": "merged" if pull["merged_at"] else "opened",
        "sha": pull["head"]["sha"],
        "merge_commit_sha": pull["merge_commit_sha"],
        "squash_commit_sha": None,
    }


def _note(each: Json) -> Json:
    author = {"username": each["user"]["login"]}
    return {"id": each["id"], "author": author, "body": each["body"], "system": False}


def _issue(each: Json) -> Json:
    return {
        "iid": each["number"],
        "author": {"username": each["user"]["login"]},
        "title": each["title"],
        "description": each["body"],
        "web_url": "https://gitlab.example/issue",
    }


def _query(asked: Asked, **known: set[str]) -> None:
    for name, values in known.items():
        if asked.query.get(name) not in values:
            raise Refused(400, {"error": f"{name} does not have a valid value"})


def _fields(asked: Asked, known: set[str]) -> Json:
    """Read a body of JSON. GitLab passes over names that it doesn't know; a test shouldn't."""
    if asked.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise Refused(406, {"error": "The requested content-type is not supported."})
    fields = asked.json
    if not isinstance(fields, dict) or fields.keys() - known:
        raise Refused(400, {"error": f"unknown: {fields}"})
    return fields


def _body(fields: Mapping[str, Any]) -> str:
    body = fields.get("body")
    if not isinstance(body, str) or not body.strip():
        raise Refused(400, {"error": "body is missing"})
    if len(body) > 1_000_000:
        raise Refused(400, {"message": {"note": ["is too long (maximum is 1000000 characters)"]}})
    return _without_commands(body)


def _without_commands(text: str) -> str:
    """Refuse quick actions: a line of a note that begins with a slash closes, merges, assigns."""
    outside = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    if found := re.search(r"^[ ]{0,3}/[a-z_]+", outside, re.M):
        raise AssertionError(f"this is a quick action to GitLab: {found[0]}")
    return text


def _texts_of_issue(fields: Mapping[str, Any]) -> tuple[str, str]:
    title, text = fields.get("title"), fields.get("description")
    if not isinstance(title, str) or not title.strip():
        raise Refused(400, {"error": "title is missing"})
    if len(title) > 255:
        raise Refused(400, {"message": {"title": ["is too long (maximum is 255 characters)"]}})
    if not isinstance(text, str) or len(text) > 1_048_576:
        raise Refused(400, {"message": {"description": ["is too long"]}})
    return title, _without_commands(text)


def _status(there: StandIn, sha: str, fields: Json) -> Json:
    if fields.get("state") not in _STATES:
        raise Refused(400, {"error": "state does not have a valid value"})
    if not re.fullmatch("[0-9a-f]{40}", sha):
        raise Refused(404, {"message": "404 Commit Not Found"})
    for name in ("name", "description", "target_url"):
        if len(fields.get(name, "")) > 255:
            raise Refused(400, {"message": {name: ["is too long (maximum is 255 characters)"]}})
    pipeline = fields.get("pipeline_id")
    if pipeline is not None and there.pipelines.get(pipeline) != sha:
        raise Refused(404, {"message": "404 Pipeline for pipeline_id, sha and ref Not Found"})
    there.statuses.append({"sha": sha, **fields})
    return {"id": 93, "sha": sha, "status": fields["state"], "name": fields.get("name", "default")}


def _upload(there: StandIn, asked: Asked) -> Json:
    kind = re.fullmatch(r"multipart/form-data; boundary=(\w+)", asked.headers["content-type"])
    if kind is None:
        raise Refused(400, {"error": "file is invalid"})
    head, _, rest = asked.raw.partition(b"\r\n\r\n")
    disposition = rb'Content-Disposition: form-data; name="file"; filename="([\w.-]+)"'
    named = re.search(disposition, head)
    end = f"\r\n--{kind[1]}--\r\n".encode()
    if named is None or not rest.endswith(end):
        raise Refused(400, {"error": "file is missing"})
    content = rest.removesuffix(end)
    there.uploads.append(content)
    name = named[1].decode()
    url = f"/uploads/{hashlib.md5(content, usedforsecurity=False).hexdigest()}/{name}"
    return {
        "id": len(there.uploads),
        "alt": name,
        "url": url,
        "full_path": f"/-/project/12{url}",
        "markdown": f"![{name}]({url})",
    }


def _mine(there: StandIn, among: list[Json], key: str, number: int) -> Json:
    """Find what is to be edited; the role Developer may edit its own alone."""
    for each in among:
        if each[key] == number:
            if each["user"]["login"] != there.me:
                raise Refused(403, {"message": "403 Forbidden"})
            return each
    raise Refused(404, {"message": "404 Not found"})
