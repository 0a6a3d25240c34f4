"""Files with slips, always the same ones.

`MENUOPS_MUTATIONS=300000` reads as many of them, `MENUOPS_MUTATIONS_SEED` others.
"""

from __future__ import annotations

import os
import re

import pytest

from menuops.core.finding import errors_of
from menuops.files.reader.source import read_source

from .mutations import corpus, mutations
from .reading import check_file, plain

COUNT = int(os.environ.get("MENUOPS_MUTATIONS", "2000"))
SEED = int(os.environ.get("MENUOPS_MUTATIONS_SEED", "4"))
PARTS = 4
MOST = 1 << 20
PARSERS_DIFFER = re.compile(
    rb"\t|\xef\xbb\xbf|(?m:^)%|\?|:[,\[\]{}]|[,\[\]{}]:|[|>][-+0-9]*#",
)
"""Tabs, marks, directives, `?`, `:` beside brackets, `|#`: PyYAML's own parser has its own idea."""


@pytest.mark.parametrize("part", range(PARTS))
def test_a_file_with_slips_has_findings_within_it(part: int) -> None:
    for number, raw in enumerate(mutations(COUNT // PARTS, SEED * PARTS + part)):
        try:
            check_file(raw)
        except Exception as exc:
            raise AssertionError(f"file {number} of part {part}: {raw!r}") from exc


def test_both_parsers_come_to_one_verdict() -> None:
    for raw in mutations(COUNT // 8, SEED):
        if PARSERS_DIFFER.search(raw):
            continue
        sources = [read_source(raw, "m", MOST, pure=pure) for pure in (False, True)]
        wrong = [bool(errors_of(source.findings)) for source in sources]
        assert wrong[0] is wrong[1], raw
        if not wrong[0]:
            assert plain(sources[0].root) == plain(sources[1].root), raw


def test_both_parsers_come_to_one_verdict_on_the_files_themselves() -> None:
    """The places too, but for where each gives up."""
    for raw in corpus():
        if PARSERS_DIFFER.search(raw):
            continue
        sources = [read_source(raw, "m", MOST, pure=pure) for pure in (False, True)]
        rules = [sorted(finding.rule for finding in source.findings) for source in sources]
        assert rules[0] == rules[1], raw


def test_the_same_number_gives_the_same_files() -> None:
    assert list(mutations(50, 1)) == list(mutations(50, 1))
    assert list(mutations(50, 1)) != list(mutations(50, 2))
