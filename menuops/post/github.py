"""GitHub's REST API, as far as reports need it; and one question to GraphQL: who am I.

Source: GitHub's REST documentation, version 2022-11-28 of the API: "Issue comments", "Commit
statuses", "Issues", "List pull requests associated with a commit".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from menuops.core.secret import Secret
from menuops.post.failure import NotSent
from menuops.post.forge import Comment, Issue, State
from menuops.post.service import Service, is_limit
from menuops.transport.excerpt import escaped
from menuops.transport.rest import RestAnswer

API_URL: Final = "https://api.github.com"
_VERSION: Final = "2022-11-28"
_COMMENT: Final = "write the comment"
_READ: Final = "read the comments"
_WHOSE: Final = "find out whose the token is"
_STATUS: Final = "set the commit status"
_ISSUE: Final = "write the issue"
_PERMISSIONS: Final[Mapping[str, str]] = {
    _COMMENT: "pull-requests: write",
    _READ: "pull-requests: write",
    _STATUS: "statuses: write",
    _ISSUE: "issues: write",
    "read the issues": "issues: write",
    "read the pull request": "pull-requests: read",
    "find the pull request of the commit": "pull-requests: read",
}


class GitHub:
    """One repository, `owner/name`, with a token that is sent to `api_url` and nowhere else."""

    kind = "pull request"

    def __init__(
        self,
        repository: str,
        token: Secret,
        *,
        api_url: str = API_URL,
        graphql_url: str = "",
        sleep: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._base = api_url.rstrip("/")
        self._graphql = graphql_url or _graphql_of(self._base)
        self._repository = f"/repos/{quote(repository, safe='/')}"
        headers = {
            "Authorization": Secret(f"Bearer {token.reveal()}"),
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": _VERSION,
        }
        self._service = Service("GitHub", self._base, headers, sleep, clock, _way_out)
        self._me = ""

    def me(self) -> str:
        """Ask GraphQL: REST tells people only, and not the token of a job, who they are."""
        if not self._me:
            try:
                self._me = self._viewer()
            except NotSent as error:
                if error.status != 404:
                    raise
                self._me = self._user()  # hosts that speak GitHub's REST alone, such as Gitea
        return self._me

    def _viewer(self) -> str:
        service = self._service.at(self._graphql)
        answer = service.write("POST", "", _WHOSE, {"query": "query { viewer { login } }"})
        data = answer.get("data")
        return self._named(data.get("viewer") if isinstance(data, dict) else None)

    def _user(self) -> str:
        return self._named(self._service.get("/user", _WHOSE))

    def _named(self, user: Any) -> str:
        login = user.get("login") if isinstance(user, dict) else None
        if not isinstance(login, str) or not login:
            raise self._service.odd(_WHOSE, "it names nobody")
        return login.lower()

    def head_of(self, number: int) -> str:
        """Give the commit at the head of a pull request, as it is now."""
        to = "read the pull request"
        answer = self._service.get(f"{self._repository}/pulls/{number}", to)
        head = answer.get("head") if isinstance(answer, dict) else None
        sha = head.get("sha") if isinstance(head, dict) else None
        if not isinstance(sha, str):
            raise self._service.odd(to, "it has no head")
        return sha

    def pull_of(self, commit: str) -> int | None:
        """Find the merged pull request whose merge made `commit`, if it is one alone."""
        to = "find the pull request of the commit"
        path = f"{self._repository}/commits/{quote(commit, safe='')}/pulls"
        merged = {
            pull["number"]
            for pull in self._service.pages(path, to)
            if pull.get("merged_at")
            and pull.get("merge_commit_sha") == commit
            and isinstance(pull.get("number"), int)
        }
        return merged.pop() if len(merged) == 1 else None

    def comments(self, number: int) -> Iterator[Comment]:
        """Give the comments of a pull request, oldest first."""
        path = f"{self._repository}/issues/{number}/comments"
        for each in self._service.pages(path, _READ):
            comment = _comment(each)
            if comment is not None:
                yield comment

    def add_comment(self, number: int, body: str) -> Comment:
        """Write a new comment."""
        path = f"{self._repository}/issues/{number}/comments"
        return self._written("POST", path, body)

    def edit_comment(self, number: int, comment: Comment, body: str) -> Comment:  # noqa: ARG002
        """Write a comment anew, in its place; GitHub numbers them over the whole repository."""
        path = f"{self._repository}/issues/comments/{comment.id}"
        return self._written("PATCH", path, body)

    def _written(self, method: str, path: str, body: str) -> Comment:
        comment = _comment(
            self._service.write(method, path, _COMMENT, {"body": body}, once=method == "POST")
        )
        if comment is None:
            raise self._service.odd(_COMMENT, "it is no comment")
        return comment

    def set_status(
        self, commit: str, state: State, context: str, description: str, target_url: str
    ) -> None:
        """Set the status of a commit; a description has at most 140 characters."""
        document = {"state": state, "context": context, "description": description}
        if target_url:
            document["target_url"] = target_url
        path = f"{self._repository}/statuses/{quote(commit, safe='')}"
        self._service.write("POST", path, _STATUS, document)

    def open_issues(self) -> Iterator[Issue]:
        """Give the open issues of the token's own; pull requests, which GitHub lists too, not."""
        query = {"state": "open", "creator": self.me()}
        for each in self._service.pages(f"{self._repository}/issues", "read the issues", **query):
            issue = _issue(each)
            if issue is not None and "pull_request" not in each:
                yield issue

    def add_issue(self, title: str, body: str) -> Issue:
        """Open an issue."""
        return self._issue_written("POST", "", {"title": title, "body": body})

    def edit_issue(self, issue: Issue, title: str, body: str, *, close: bool) -> Issue:
        """Write an issue anew, and close it if wanted."""
        document = {"title": title, "body": body}
        if close:
            document |= {"state": "closed", "state_reason": "completed"}
        return self._issue_written("PATCH", f"/{issue.number}", document)

    def _issue_written(self, method: str, path: str, document: Mapping[str, str]) -> Issue:
        path = f"{self._repository}/issues{path}"
        issue = _issue(self._service.write(method, path, _ISSUE, document, once=method == "POST"))
        if issue is None:
            raise self._service.odd(_ISSUE, "it is no issue")
        return issue

    def upload(self, filename: str, png: bytes) -> str:  # noqa: ARG002
        """Raise NotSent: GitHub's API takes no pictures."""
        raise NotSent(
            "GitHub's API takes no pictures for comments",
            fix="leave --image out; keep the picture as an artifact of the job",
        )


def _graphql_of(api_url: str) -> str:
    """Derive it as GitHub Enterprise Server has it: /api/v3 beside /api/graphql."""
    base = api_url.removesuffix("/v3")
    return f"{base}/graphql"


def _comment(answer: Mapping[str, Any]) -> Comment | None:
    match answer:
        case {"id": int(number), "user": {"login": str(login)}, "body": str(body)}:
            return Comment(number, login.lower(), body, _url(answer))
    return None


def _issue(answer: Mapping[str, Any]) -> Issue | None:
    match answer:
        case {"number": int(number), "user": {"login": str(login)}, "title": str(title)}:
            body = answer.get("body")
            text = body if isinstance(body, str) else ""
            return Issue(number, login.lower(), text, title, _url(answer))
    return None


def _url(answer: Mapping[str, Any]) -> str:
    url = answer.get("html_url")
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else ""


def _way_out(answer: RestAnswer, to: str) -> str:
    match answer.status:
        case 401:
            return (
                "the token in GITHUB_TOKEN or GH_TOKEN isn't taken; a job's own is "
                "${{ github.token }}"
            )
        case 403 | 429 if answer.status == 429 or is_limit(answer):
            return "GitHub's rate limit is used up; run this again later"
        case 403 | 404:
            line = _PERMISSIONS.get(to, "contents: read")
            named = answer.headers.get("x-accepted-github-permissions", "")
            says = f" (GitHub names: {escaped(named)[:120]})" if named else ""
            return (
                f"give the job the line `{line}` under `permissions:`{says}; a pull request from a "
                "fork or of a bot has a token that only reads"
            )
        case 410:
            return "the issues of this repository are switched off"
    return "run this again later" if answer.status >= 500 else ""
