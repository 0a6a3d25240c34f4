"""What GitHub and GitLab have in common: comments, commit statuses, issues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

State: TypeAlias = Literal["success", "failure"]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a pull request; `author` is who wrote it, as the service names people."""

    id: int
    author: str
    body: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """An open issue."""

    number: int
    author: str
    body: str
    title: str = ""
    url: str = ""


class Forge(Protocol):
    """A place with pull requests. Every method raises NotSent."""

    kind: str
    """`pull request` or `merge request`."""

    def me(self) -> str:
        """Say who the token's comments are by, as `author` has it."""

    def head_of(self, number: int) -> str:
        """Give the commit at the head of a pull request."""

    def pull_of(self, commit: str) -> int | None:
        """Find the pull request whose merge made a commit."""

    def comments(self, number: int) -> Iterator[Comment]:
        """Give the comments of a pull request, oldest first."""

    def add_comment(self, number: int, body: str) -> Comment:
        """Write a new comment."""

    def edit_comment(self, number: int, comment: Comment, body: str) -> Comment:
        """Write a comment anew, in its place."""

    def set_status(
        self, commit: str, state: State, context: str, description: str, target_url: str
    ) -> None:
        """Set the status of a commit in a context."""

    def open_issues(self) -> Iterator[Issue]:
        """Give the open issues of the token's own."""

    def add_issue(self, title: str, body: str) -> Issue:
        """Open an issue."""

    def edit_issue(self, issue: Issue, title: str, body: str, *, close: bool) -> Issue:
        """Write an issue anew, and close it if wanted."""

    def upload(self, filename: str, png: bytes) -> str:
        """Keep a picture; gives the Markdown that shows it."""
