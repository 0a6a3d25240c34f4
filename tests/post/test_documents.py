"""What is taken for a result of ours, and what isn't."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.errors import InvalidFiles, MenuopsError, StalePlan
from menuops.files.results import read_result
from tests.site import Site, click

from .conftest import Results, dumped


def document(site: Site, *arguments: str) -> dict[str, Any]:
    return dict(site.run(*arguments, "--format", "json").json)


def test_a_plan_that_was_tampered_with_is_refused(site: Site) -> None:
    plan = document(site, "plan")
    plan["digest"] = "f" * 64
    with pytest.raises(StalePlan, match="was edited"):
        read_result(dumped(plan), "plan.json")
    plan = document(site, "plan")
    plan["accounts"][0]["after"]["button"][0]["name"] = "别的"
    with pytest.raises(StalePlan):
        read_result(dumped(plan), "plan.json")


@pytest.mark.parametrize("command", ["plan", "apply --yes", "drift", "plan -a x"])
def test_a_document_of_another_version_is_refused(site: Site, command: str) -> None:
    made = document(site, *command.split())
    made["format_version"] = "2"
    with pytest.raises(MenuopsError) as caught:
        read_result(dumped(made), "x.json")
    found = caught.value.findings if isinstance(caught.value, InvalidFiles) else ()
    assert "'2'" in f"{caught.value}{[each.message for each in found]}"


def test_an_error_names_its_command(site: Site) -> None:
    for command in ("plan", "apply", "drift"):
        made = read_result(dumped(document(site, command, "-a", "nobody")), "x.json")
        assert getattr(made, "command") == command  # noqa: B009


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"{", "isn't JSON"),
        (b"\xff", "isn't UTF-8"),
        (b"[" * 100_000, "isn't JSON"),
        (b"[]", "no object"),
        (b"{}", "format_version"),
        (b'{"format_version": "1"}', "outcome"),
        (b'{"format_version": "1", "outcome": "error"}', "neither"),
        (b'{"format_version": "1", "outcome": "done", "accounts": 1}', "accounts"),
        (b'{"format_version": "1", "outcome": "valid", "findings": []}', "none of"),
    ],
)
def test_what_is_no_result_is_refused_with_its_reason(raw: bytes, why: str) -> None:
    with pytest.raises(InvalidFiles) as caught:
        read_result(raw, "x.json")
    assert why in caught.value.findings[0].message


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    listed = [path]
    keys: Iterable[Any] = value if isinstance(value, dict) else ()
    keys = range(len(value)) if isinstance(value, list) else keys
    for key in keys:
        each = value[key]
        listed += paths(each, (*path, key))
    return listed


def test_a_document_with_any_value_replaced_is_read_or_refused_and_never_a_bug(
    site: Site, results: Results
) -> None:
    site.run("apply", "--yes")
    site.live([click("别人", "THEIRS")])
    made = [document(site, "drift"), document(site, "apply", "--yes", "--allow", "live-changed")]

    @given(st.data())
    def replaced(data: st.DataObject) -> None:
        whole = json.loads(json.dumps(data.draw(st.sampled_from(made))))
        path = data.draw(st.sampled_from(paths(whole)[1:]))
        where = whole
        for step in path[:-1]:
            where = where[step]
        where[path[-1]] = data.draw(st.sampled_from([None, 1, True, "x", [], {}, [1], {"a": 1}]))
        with suppress(MenuopsError):
            results.read(dumped(whole))

    replaced()
