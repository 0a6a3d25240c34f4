"""What tells one finding from another, for those who compare the findings of two runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from menuops.core.finding import Finding
from menuops.core.jsonform import sha256

_OTHER_LINE: Final = re.compile(r"\bline \d+")


def fingerprints(findings: Iterable[Finding]) -> Iterator[str]:
    """Give 64 hex digits for each finding, all different.

    They stay when lines move: a finding is known by its file, its rule, its message without the
    lines that it names, and by the how-manieth of these it is.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    for finding in findings:
        known_by = (finding.file, finding.rule, _OTHER_LINE.sub("line", finding.message))
        seen[known_by] += 1
        yield sha256([*known_by, seen[known_by]])
