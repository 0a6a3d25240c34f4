"""Findings as workflow commands, read back as GitHub's runner reads them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.errors import Usage
from menuops.core.finding import Finding
from menuops.render.findings_github import (
    escape_data,
    escape_property,
    github_failure,
    github_text,
)
from menuops.render.terminal import safe

from .findings import ANY, ERROR, HOSTILE, WARNING

ROOT = Path(__file__).resolve().parents[2]


def unescape(text: str, names: str) -> str:
    for name in names.split():
        text = text.replace(name, chr(int(name[1:], 16)))
    return text.replace("%25", "%")


def as_read(line: str) -> tuple[str, dict[str, str], str]:
    """Read one line as the runner does: `::command key=value,key=value::message`."""
    found = re.match(r"::([^ ]+) (.*?)::(.*)$", line, re.DOTALL)
    assert found is not None
    pairs = (pair.split("=", 1) for pair in found[2].split(","))
    properties = {key: unescape(value, "%0D %0A %3A %2C") for key, value in pairs}
    return found[1], properties, unescape(found[3], "%0D %0A")


def test_each_finding_is_an_annotation_at_its_place_and_the_last_line_sums_up() -> None:
    assert github_text([ERROR, WARNING], 3) == (
        "::error file=menus/a.yaml,line=2,col=3,title=name-too-long"
        "::name is 18 bytes (6 characters)\n"
        "::warning file=menus/a.yaml,line=4,col=5,title=plain-http::`http://` isn't encrypted\n"
        "1 error, 1 warning in 3 files\n"
    )
    assert github_text([], 2) == "2 files valid\n"


@pytest.mark.parametrize(
    ("text", "data", "property_"),
    [
        ("%", "%25", "%25"),
        ("%0A", "%250A", "%250A"),
        ("a\r\nb", "a%0D%0Ab", "a%0D%0Ab"),
        ("a:b,c", "a:b,c", "a%3Ab%2Cc"),
        ("::set-output name=x::y", "::set-output name=x::y", "%3A%3Aset-output name=x%3A%3Ay"),
        ("帮助 =;", "帮助 =;", "帮助 =;"),
    ],
)
def test_the_escapes_are_those_of_actions_core(text: str, data: str, property_: str) -> None:
    assert escape_data(text) == data
    assert escape_property(text) == property_


def test_hostile_names_and_messages_stay_within_their_line_and_property() -> None:
    lines = github_text(HOSTILE, 6).splitlines()
    assert len(lines) == len(HOSTILE) + 1
    for line, finding in zip(lines, HOSTILE, strict=False):
        command, properties, message = as_read(line)
        assert command == finding.severity
        assert properties == {
            "file": finding.file,
            "line": "1",
            "col": "1",
            "title": finding.rule,
        }
        assert message.isprintable()
    assert as_read(lines[0])[2] == HOSTILE[0].message
    assert as_read(lines[1])[2] == "“帮助”, 一\\n::error::x\\r\\n%0A"
    assert as_read(lines[2])[2] == "a\\u001b[31m\\u202eb"


@given(st.lists(ANY, max_size=3))
def test_no_text_makes_a_line_or_a_property_of_its_own(findings: list[Finding]) -> None:
    lines = re.split("[\r\n]", github_text(findings, 1).removesuffix("\n"))
    assert len(lines) == len(findings) + 1
    for line, finding in zip(lines, findings, strict=False):
        command, properties, message = as_read(line)
        assert (command, properties["file"]) == (finding.severity, finding.file)
        assert list(properties) == ["file", "line", "col", "title"]
        assert message == safe(finding.message)


@pytest.mark.parametrize(
    ("errors", "warnings", "more"),
    [
        (10, 10, ""),
        (11, 10, "; 1 error more than GitHub shows of a step"),
        (0, 12, "; 2 warnings more than GitHub shows of a step"),
        (25, 11, "; 15 errors and 1 warning more than GitHub shows of a step"),
    ],
)
def test_the_last_line_says_how_many_github_does_not_show(
    errors: int, warnings: int, more: str
) -> None:
    findings = [replace(ERROR, line=n + 1) for n in range(errors)]
    findings += [replace(WARNING, line=n + 1) for n in range(warnings)]
    *annotations, last = github_text(findings, 1).splitlines()
    assert len(annotations) == errors + warnings
    assert last.partition(";")[2] == more[1:]


def test_a_run_that_failed_is_one_annotation_without_a_place() -> None:
    error = Usage("no account 'a,b\x1b' in 100 %", fix="it has: shop")
    assert github_failure(error) == (
        "::error title=menuops::no account 'a,b\\u001b' in 100 %25%0Ait has: shop\n"
    )
