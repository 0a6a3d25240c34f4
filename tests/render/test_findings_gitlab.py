"""Findings as GitLab's code quality report, and the fingerprints by which it compares two."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import jsonschema
import pytest

from menuops.core.finding import Finding
from menuops.core.jsonform import canonical
from menuops.render.findings_gitlab import findings_to_gitlab
from menuops.render.fingerprints import fingerprints

from .findings import AGAIN, ALL, ERROR, HOSTILE, WARNING

# No package carries a schema of this report; these are the fields that its documentation asks for.
# Source: GitLab's documentation, "Code Quality report format".
REPORT = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def test_each_finding_is_an_issue() -> None:
    error, warning = findings_to_gitlab([ERROR, WARNING])
    assert re.fullmatch("[0-9a-f]{64}", error.pop("fingerprint"))
    assert error == {
        "description": "name is 18 bytes (6 characters)",
        "check_name": "name-too-long",
        "severity": "major",
        "location": {"path": "menus/a.yaml", "lines": {"begin": 2}},
    }
    assert warning["severity"] == "minor"
    assert findings_to_gitlab([]) == []


def test_the_report_has_what_gitlab_asks_for_whatever_it_is_about() -> None:
    # The bytes that are written: they have to be UTF-8, which a lone surrogate isn't.
    report = json.loads(canonical(findings_to_gitlab(ALL)).encode("utf-8"))
    jsonschema.Draft202012Validator(REPORT).validate(report)
    hostile = report[-len(HOSTILE) :]
    assert [issue["location"]["path"] for issue in hostile] == [
        "menus/a,b:c%d::.yaml",
        "菜单/主 菜单.yaml",
        "menus/new\nline.yaml",
        "menus/\\udcff\\udcfe.yaml",
        "menus/\\ud83d.yaml",
        "::stop-commands::x",
    ]
    assert all(issue["description"].isprintable() for issue in hostile)


# Fingerprints


def test_fingerprints_are_all_different_also_of_findings_that_say_the_same() -> None:
    assert len(set(fingerprints([*ALL, ERROR]))) == len(ALL) + 1


def test_fingerprints_stay_when_lines_move_and_when_others_come_and_go() -> None:
    before = list(fingerprints([ERROR, AGAIN]))
    moved = [replace(each, line=each.line + 7, column=1) for each in (ERROR, AGAIN)]
    assert list(fingerprints([*HOSTILE, WARNING, *moved]))[-2:] == before


def test_a_line_that_a_message_names_is_no_part_of_its_fingerprint() -> None:
    def twin(line: int) -> str:
        message = f"`url` stands here a second time; the first is in line {line}"
        return next(fingerprints([replace(ERROR, message=message)]))

    assert twin(3) == twin(12)


@pytest.mark.parametrize(
    "other",
    [replace(ERROR, file="b.yaml"), replace(ERROR, rule="x"), replace(ERROR, message="18 bytes")],
)
def test_another_file_rule_or_message_is_another_finding(other: Finding) -> None:
    assert next(fingerprints([ERROR])) != next(fingerprints([other]))


def test_a_fingerprint_is_the_same_in_every_run_and_version() -> None:
    assert next(fingerprints([ERROR])) == (
        "a2b27a274c1ed09ce2e1c0f8d672b7a0b9289ac55c6881eff7201472fcc4819c"
    )
