"""What was sent of a result, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from menuops.core.document import FORMAT_VERSION
from menuops.core.outcome import Outcome
from menuops.core.sent import Sent
from menuops.render.language.speech import mark, said
from menuops.render.terminal import safe


def sent_text(sent: Iterable[Sent]) -> str:
    """Render a line for each thing; what wasn't sent but would be, under it."""
    return "".join(f"{safe(line)}\n" for each in sent for line in _lines(each))


def _lines(sent: Sent) -> Iterator[str]:
    done = f"{said(sent.doing.capitalize())}{mark(': ')}{said(sent.what)}"
    # What a status says is read by programs, and stays as it is.
    where, _, status = sent.to.partition(": ") if sent.what == "status" else (sent.to, "", "")
    told = f"{done}{mark(', ')}{said(where)}{mark(': ') if status else ''}{status}"
    yield f"{told} {sent.url}".rstrip()
    yield from sent.text.splitlines()


def sent_to_json(sent: Sequence[Sent]) -> dict[str, Any]:
    """Give `{format_version, outcome, sent: [{what, doing, to, url?, text?}]}`."""
    return {
        "format_version": FORMAT_VERSION,
        "outcome": Outcome.DONE.word,
        "sent": list(map(_to_json, sent)),
    }


def _to_json(sent: Sent) -> dict[str, str]:
    more = {name: value for name, value in (("url", sent.url), ("text", sent.text)) if value}
    return {"what": sent.what, "doing": sent.doing, "to": sent.to, **more}
