"""Results under each other, as the body of a comment or an issue, or a step's summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from menuops.core.plan import Plan
from menuops.core.told import Result, ToldApply, ToldDrift, ToldFailure
from menuops.render.language.speech import mark, said
from menuops.render.markdown import BUDGET_BYTES
from menuops.render.report_comment import marked
from menuops.render.told_words import drift_verdict

_LEAST_BYTES: Final = 4_000
_HEAD_BYTES: Final = 400
_TITLE_CHARS: Final = 200


def comment_body(results: Sequence[Result], picture: str = "", run_url: str = "") -> str:
    """Write one comment for all documents, in less than 60,000 bytes of UTF-8.

    `picture` is Markdown that shows it.
    """
    is_applied = any(map(_is_end, results))
    return marked("applied" if is_applied else "open", report_body(results, picture, run_url))


def replaced_body() -> str:
    """Write what is left of a comment that a newer one stands for."""
    return marked("applied", f"{said('This comment was replaced by a newer one.')}\n")


def _is_end(result: Result) -> bool:
    """Whether this is the end of what a pull request wanted: applied, or tried."""
    ended = isinstance(result, ToldFailure) and result.command in ("apply", "restore")
    return ended or isinstance(result, ToldApply)


def report_body(
    results: Sequence[Result],
    picture: str = "",
    run_url: str = "",
    budget_bytes: int = BUDGET_BYTES,
) -> str:
    """Write all documents under each other; what was applied comes first.

    An account that was left as it is, since it moved, is followed by its plan as it is now.
    """
    ordered: list[tuple[str, Result]] = []
    for result in sorted(results, key=lambda result: not _is_end(result)):
        ordered.append(("", result))
        if isinstance(result, ToldApply) and result.left is not None:
            left = said("What was left as it is, planned from what is live now:")
            ordered.append((f"---\n\n**{left}**\n\n", result.left))
    tail = f"\n[{said('The run')}]({run_url})\n" if run_url else ""
    head = f"{picture}\n\n" if picture else ""
    room = budget_bytes - _HEAD_BYTES - len((head + tail).encode())
    pieces: list[str] = []
    for number, (intro, result) in enumerate(ordered):
        # An equal share; where there are too many for that, what one needs, as far as it goes.
        share = max(room // (len(ordered) - number), _LEAST_BYTES)
        if share > room:
            pieces.append(said(f"**Left out: {len(ordered) - number} documents more.**\n"))
            break
        piece = intro + _markdown(result, share - len(intro.encode()))
        room -= len(piece.encode()) + 1
        pieces.append(piece)
    return head + "\n".join(pieces) + tail


def _markdown(result: Result, budget_bytes: int) -> str:
    if isinstance(result, Plan):
        from menuops.render.plan_markdown import plan_markdown

        return plan_markdown(result, budget_bytes=budget_bytes)
    from menuops.render.told_markdown import told_markdown

    return told_markdown(result, budget_bytes)


def issue_body(results: Sequence[Result], run_url: str = "") -> str:
    """Write the issue about drift, in less than 60,000 bytes of UTF-8."""
    return marked("drift", report_body(results, run_url=run_url))


def issue_title(drifts: Sequence[ToldDrift]) -> str:
    """Name the issue; no name of an account is in it: a title is never escaped."""
    told = mark("; ").join(map(drift_verdict, drifts))
    return said("menuops drift (线上改动): {told}").format(told=told)[:_TITLE_CHARS]
