"""Why a result didn't get where it was sent."""

from __future__ import annotations

from menuops.core.errors import CannotStart


class NotSent(CannotStart):
    """The result of a run is as it was; it only didn't arrive. `status` is that of HTTP, or 0.

    `unsure` says that it may have arrived all the same.
    """

    def __init__(
        self, message: str, *, fix: str = "", status: int = 0, unsure: bool = False
    ) -> None:
        super().__init__(message, fix=fix, code="not_sent")
        self.status = status
        self.unsure = unsure
