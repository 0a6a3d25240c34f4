"""Findings as SARIF, against the schema of the standard."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest
from hypothesis import given

import menuops
from menuops.core.errors import Usage
from menuops.core.finding import Finding
from menuops.core.jsonform import canonical
from menuops.core.outcome import Outcome
from menuops.core.rulebook import RULEBOOK
from menuops.render.findings_gitlab import findings_to_gitlab
from menuops.render.findings_sarif import failure_to_sarif, findings_to_sarif
from menuops.render.fingerprints import fingerprints

from .findings import AGAIN, ALL, ANY, ERROR, HOSTILE, WARNING

Json = dict[str, Any]

# npm has the one package that carries the schema; Python's have an earlier draft, or none.
PACKAGE: Final = "@microsoft/jest-sarif@1.0.0-beta.0"
SHA512: Final = (
    "A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A=="
)
IN_PACKAGE: Final = "package/lib/schemas/sarif-2.1.0-rtm.5.json"


@pytest.fixture(scope="session")
def standard(pytestconfig: pytest.Config) -> jsonschema.Draft4Validator:
    """The schema of SARIF 2.1.0, fetched once for all runs: pytest keeps it in its cache."""
    directory = pytestconfig.cache.mkdir("sarif")
    if not archives_in(directory):
        fetch_into(directory)
    (archive,) = archives_in(directory)
    with tarfile.open(archive) as files:
        member = files.extractfile(IN_PACKAGE)
        assert member is not None
        schema = json.load(member)
    jsonschema.Draft4Validator.check_schema(schema)
    return jsonschema.Draft4Validator(schema)


def archives_in(directory: Path) -> list[Path]:
    """Find the package; half of one, or another, is none."""

    def digest(path: Path) -> str:
        return base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()

    return [path for path in directory.glob("*.tgz") if digest(path) == SHA512]


def fetch_into(directory: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm isn't installed: apt-get install npm")
    packed = subprocess.run(
        ["npm", "pack", PACKAGE, "--loglevel=error", "--ignore-scripts", "--fetch-retries=1"],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if packed.returncode:
        pytest.skip(f"npm can't fetch {PACKAGE}: {packed.stderr.strip()[-300:]}")


def run_of(findings: Sequence[Finding], outcome: Outcome = Outcome.INVALID) -> Json:
    document = findings_to_sarif(findings, outcome)
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


def keys_in(value: Any) -> Iterator[str]:
    """All keys of a document, however deep."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from keys_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from keys_in(item)


@pytest.mark.parametrize(
    "document",
    [
        findings_to_sarif([], Outcome.VALID),
        findings_to_sarif([ERROR], Outcome.INVALID),
        findings_to_sarif(ALL, Outcome.INVALID),
        findings_to_sarif(
            [Finding("a.yaml", 1, 1, rule, "error", rule) for rule in RULEBOOK], Outcome.INVALID
        ),
        failure_to_sarif(Usage("no account 'x'", fix="it has: shop")),
    ],
    ids=["nothing found", "one", "all sorts", "every rule", "a failure"],
)
def test_it_keeps_the_schema(standard: jsonschema.Draft4Validator, document: Json) -> None:
    # The bytes that are written: they have to be UTF-8, which a lone surrogate isn't.
    read_back = json.loads(canonical(document).encode("utf-8"))
    assert [error.message for error in standard.iter_errors(read_back)] == []


def test_the_schema_refuses_what_is_none(standard: jsonschema.Draft4Validator) -> None:
    document = findings_to_sarif([ERROR], Outcome.INVALID)
    del document["runs"][0]["results"][0]["message"]
    assert not standard.is_valid(document)


def test_a_result_says_what_and_where() -> None:
    (result,) = run_of([ERROR])["results"]
    assert result == {
        "ruleId": "name-too-long",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "name is 18 bytes (6 characters)"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "menus/a.yaml", "uriBaseId": "SRCROOT"},
                    "region": {"startLine": 2, "startColumn": 3},
                }
            }
        ],
        "partialFingerprints": {"finding/v1": next(fingerprints([ERROR]))},
    }


def test_the_run_says_which_program_it_was_and_how_it_counts() -> None:
    run = run_of([])
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("menuops", menuops.__version__)
    assert run["columnKind"] == "unicodeCodePoints"
    assert "SRCROOT" in run["originalUriBaseIds"]
    assert "uri" not in run["originalUriBaseIds"]["SRCROOT"]  # where the machine had the files


@pytest.mark.parametrize("outcome", [Outcome.VALID, Outcome.INVALID])
def test_a_run_that_came_to_its_end_succeeded_whatever_it_found(outcome: Outcome) -> None:
    (invocation,) = run_of([], outcome)["invocations"]
    assert invocation == {"executionSuccessful": True, "exitCode": outcome.exit_code}


def test_a_run_that_failed_says_why() -> None:
    (run,) = failure_to_sarif(Usage("no account 'x\x1b'", fix="it has: shop"))["runs"]
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 64)
    (notification,) = invocation["toolConfigurationNotifications"]
    assert notification["message"]["text"] == "no account 'x\\u001b'\nit has: shop"


def test_rules_are_those_that_were_broken_each_once_with_its_note() -> None:
    run = run_of([ERROR, WARNING, AGAIN])
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["name-too-long", "plain-http"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    note = RULEBOOK["name-too-long"]
    assert rules[0] == {
        "id": "name-too-long",
        "shortDescription": {"text": note.summary},
        "fullDescription": {"text": note.help},
        "help": {
            "text": f"{note.summary}\n\n{note.help}",
            "markdown": f"{note.summary}\n\n{note.help}",
        },
        "defaultConfiguration": {"level": "error"},
    }


def test_a_rule_without_a_note_is_known_by_its_name() -> None:
    (rule,) = run_of([HOSTILE[0]])["tool"]["driver"]["rules"]
    assert rule["id"] == rule["shortDescription"]["text"] == "no-such-rule"


def uri_of(result: Json) -> str:
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert isinstance(uri, str)
    return uri


def test_uris_are_relative_and_escaped_and_lead_back_to_the_file() -> None:
    results = run_of(HOSTILE)["results"]
    for finding, result in zip(HOSTILE, results, strict=True):
        uri = uri_of(result)
        assert uri.isascii()
        assert not set(uri) & set(' \n:,"<>\\^`{|}')  # a colon would end a scheme
        if "\ud83d" not in finding.file:  # no file has that name
            assert unquote_to_bytes(uri) == os.fsencode(finding.file)
        assert result["message"]["text"].isprintable()
    assert uri_of(results[1]) == "%E8%8F%9C%E5%8D%95/%E4%B8%BB%20%E8%8F%9C%E5%8D%95.yaml"
    assert uri_of(results[3]) == "menus/%FF%FE.yaml"


@given(ANY)
def test_any_name_makes_a_uri_and_any_report_is_utf_8(finding: Finding) -> None:
    run = run_of([finding])
    assert re.fullmatch("(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri_of(run["results"][0]))
    canonical(run).encode("utf-8")
    canonical(findings_to_gitlab([finding])).encode("utf-8")
