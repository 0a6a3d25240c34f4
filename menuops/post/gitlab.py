"""GitLab's REST API, as far as reports need it.

Source: GitLab's documentation: "Notes API", "Merge requests API", "Commits API" (statuses, and the
merge requests of a commit), "Issues API", "Markdown uploads API", "User and IP rate limits",
"GitLab CI/CD job token" (which may read notes and merge requests, and write none of this); its
source, lib/api/commit_statuses.rb and app/services/ci/create_commit_status_service.rb.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from menuops.core.secret import Secret
from menuops.post.forge import Comment, Issue, State
from menuops.post.service import Service
from menuops.transport.rest import Content, RestAnswer

_NOTE: Final = "write the note"
_READ: Final = "read the notes"
_ISSUE: Final = "write the issue"
_UPLOAD: Final = "upload the picture"
_WHOSE: Final = "find out whose the token is"
_STATUS: Final = "set the commit status"
_TEXT_CHARS: Final = 255
"""The most that a text of a commit status may have."""


class GitLab:
    """One project, by its number, with a token that is sent to `api_url` and nowhere else.

    `pipeline` is the one that the job belongs to: its commit and its number.
    """

    kind = "merge request"

    def __init__(
        self,
        project: str,
        token: Secret,
        *,
        api_url: str,
        pipeline: tuple[str, int] | None = None,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._project = f"/projects/{quote(project, safe='')}"
        headers = {"PRIVATE-TOKEN": token}
        self._service = Service("GitLab", api_url.rstrip("/"), headers, sleep, clock, _way_out)
        self._pipeline = pipeline
        self._me = ""

    def me(self) -> str:
        """Ask for the user of the token; that of a project's token is a bot of its own."""
        if not self._me:
            user = self._service.get("/user", _WHOSE)
            name = user.get("username") if isinstance(user, dict) else None
            if not isinstance(name, str) or not name:
                raise self._service.odd(_WHOSE, "it names nobody")
            self._me = name.lower()
        return self._me

    def head_of(self, number: int) -> str:
        """Give the commit at the head of a merge request, as it is now."""
        to = "read the merge request"
        answer = self._service.get(f"{self._project}/merge_requests/{number}", to)
        sha = answer.get("sha") if isinstance(answer, dict) else None
        if not isinstance(sha, str):
            raise self._service.odd(to, "it has no head")
        return sha

    def pull_of(self, commit: str) -> int | None:
        """Find the merged request whose merge made `commit`, if it is one alone."""
        to = "find the merge request of the commit"
        path = f"{self._project}/repository/commits/{quote(commit, safe='')}/merge_requests"
        merged = {
            request["iid"]
            for request in self._service.pages(path, to)
            if request.get("state") == "merged"
            # A merge commit, a squash of it, or, fast-forward, the head itself.
            and commit
            in (
                request.get("merge_commit_sha"),
                request.get("squash_commit_sha"),
                request.get("sha"),
            )
            and isinstance(request.get("iid"), int)
        }
        return merged.pop() if len(merged) == 1 else None

    def comments(self, number: int) -> Iterator[Comment]:
        """Give the notes of a merge request that people and bots wrote, oldest first."""
        path = f"{self._project}/merge_requests/{number}/notes"
        query = {"sort": "asc", "order_by": "created_at"}
        for each in self._service.pages(path, _READ, **query):
            note = _note(each)
            if note is not None and not each.get("system"):
                yield note

    def add_comment(self, number: int, body: str) -> Comment:
        """Write a new note."""
        return self._written("POST", number, "", body)

    def edit_comment(self, number: int, comment: Comment, body: str) -> Comment:
        """Write a note anew, in its place."""
        return self._written("PUT", number, f"/{comment.id}", body)

    def _written(self, method: str, number: int, path: str, body: str) -> Comment:
        path = f"{self._project}/merge_requests/{number}/notes{path}"
        answer = self._service.write(method, path, _NOTE, {"body": body}, once=method == "POST")
        note = _note(answer)
        if note is None:
            raise self._service.odd(_NOTE, "it is no note")
        return note

    def set_status(
        self, commit: str, state: State, context: str, description: str, target_url: str
    ) -> None:
        """Set the status of a commit; a description has at most 255 characters.

        It becomes a job of the stage `external`: in the pipeline of this job, where that runs at
        the commit, else in the newest of the commit, or in one of its own.
        """
        document: dict[str, str | int] = {
            "state": "failed" if state == "failure" else state,
            "name": context,
            "description": description,
        }
        if target_url and len(target_url) <= _TEXT_CHARS:
            document["target_url"] = target_url
        if self._pipeline is not None and self._pipeline[0] == commit:
            document["pipeline_id"] = self._pipeline[1]
        path = f"{self._project}/statuses/{quote(commit, safe='')}"
        self._service.write("POST", path, _STATUS, document)

    def open_issues(self) -> Iterator[Issue]:
        """Give the open issues of the token's own."""
        query = {"state": "opened", "scope": "created_by_me"}
        for each in self._service.pages(f"{self._project}/issues", "read the issues", **query):
            issue = _issue(each)
            if issue is not None:
                yield issue

    def add_issue(self, title: str, body: str) -> Issue:
        """Open an issue."""
        return self._issue_written("POST", "", {"title": title, "description": body})

    def edit_issue(self, issue: Issue, title: str, body: str, *, close: bool) -> Issue:
        """Write an issue anew, and close it if wanted."""
        document = {"title": title, "description": body}
        if close:
            document["state_event"] = "close"
        return self._issue_written("PUT", f"/{issue.number}", document)

    def _issue_written(self, method: str, path: str, document: Mapping[str, str]) -> Issue:
        path = f"{self._project}/issues{path}"
        issue = _issue(self._service.write(method, path, _ISSUE, document, once=method == "POST"))
        if issue is None:
            raise self._service.odd(_ISSUE, "it is no issue")
        return issue

    def upload(self, filename: str, png: bytes) -> str:
        """Keep a picture with the project; gives the Markdown that shows it.

        GitLab's own `markdown` isn't taken: only its URL, and only where it is one of an upload.
        """
        boundary = hashlib.sha256(png).hexdigest()  # can't stand in what it is the hash of
        content = Content.file("file", filename, "image/png", png, boundary)
        answer = self._service.write("POST", f"{self._project}/uploads", _UPLOAD, content)
        url = answer.get("url")
        if not isinstance(url, str) or not url.startswith("/uploads/") or set(url) & set("()<> \n"):
            raise self._service.odd(_UPLOAD, "it has no URL of an upload")
        return f"![before and after]({url})"


def _note(answer: Mapping[str, Any]) -> Comment | None:
    match answer:
        case {"id": int(number), "author": {"username": str(name)}, "body": str(body)}:
            return Comment(number, name.lower(), body)
    return None


def _issue(answer: Mapping[str, Any]) -> Issue | None:
    match answer:
        case {"iid": int(number), "author": {"username": str(name)}, "title": str(title)}:
            text = answer.get("description")
            url = answer.get("web_url")
            return Issue(
                number,
                name.lower(),
                text if isinstance(text, str) else "",
                title,
                url if isinstance(url, str) and url.startswith(("https://", "http://")) else "",
            )
    return None


def _way_out(answer: RestAnswer, to: str) -> str:
    match answer.status:
        case 401:
            return "the token in GITLAB_TOKEN isn't taken; it may have expired"
        case 404 if to == _STATUS and "References for commit" in answer.excerpt:
            return "no branch has this commit; give --commit of one that was pushed"
        case 403 | 404:
            return (
                "GITLAB_TOKEN needs the scope `api` and the role Developer in this project; a "
                "protected variable isn't there on branches that aren't protected"
            )
        case 429:
            return "GitLab's rate limit is used up; run this again later"
        case 400 if "transition" in answer.excerpt and to == _STATUS:
            return "another job sets this status at this moment; run this again"
        case 409 if to == _STATUS:
            return "another job sets this status at this moment; run this again"
        case 413 if to == _UPLOAD:
            return "the picture is larger than this GitLab takes; leave --image out"
        case 422 if to == _STATUS:
            return "the pipeline has as many jobs as GitLab takes"
    return "run this again later" if answer.status >= 500 else ""
