"""What holds for a file's findings, whatever the file is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from menuops.core.errors import InvalidFiles
from menuops.core.finding import Finding, errors_of
from menuops.files.capping import MOST_FINDINGS
from menuops.files.menu.menu_file import parse_menu
from menuops.files.project.project import parse_project
from menuops.files.reader.node import List, Map, Node, Text
from menuops.files.reader.source import MIN_NODES, read_source

from .mutations import ROOT

MOST = MOST_FINDINGS + 2
"""Findings of one file, at most: so many, and that there are more, of the reader and of all."""


def check_file(raw: bytes) -> None:
    """Read as a menu and as a project: findings, and no exception."""
    loaded = parse_menu(raw, "m").for_account({"base_url": "https://e.com"}, "a", "wx1")
    check_findings(raw, loaded.findings)
    assert (loaded.menu is None) is bool(errors_of(loaded.findings))
    loaded.place(("button", 0, "name"))
    try:
        check_findings(raw, parse_project(raw, ROOT, "m").findings)
    except InvalidFiles as invalid:
        check_findings(raw, invalid.findings)
        assert errors_of(invalid.findings)  # noqa: PT017 - either way is right
    root = read_source(raw, "m", 1 << 20).root
    if root is not None:
        assert count(root) <= 2 * max(MIN_NODES, len(raw))


def check_findings(raw: bytes, findings: Iterable[Finding]) -> None:
    """Each is one line of text, and stands in the file."""
    lines = re.split("\r\n|[\r\n]", raw.decode("utf-8-sig", "surrogateescape"))
    findings = tuple(findings)
    assert len(findings) <= MOST
    for finding in findings:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        assert str(finding).isprintable()


def count(root: Node) -> int:
    """Count the nodes of a tree, each as often as aliases bring it up."""
    nodes, found = [root], 0
    while nodes:
        found += 1
        node = nodes.pop()
        if isinstance(node, Map):
            nodes += node.entries.values()
        elif isinstance(node, List):
            nodes += node.items
    return found


def plain(node: Node | None) -> Any:
    """Give a tree as dict, list, str and None."""
    match node:
        case Text():
            return None if node.is_null else node.text
        case List():
            return [plain(item) for item in node.items]
        case Map():
            return {key: plain(value) for key, value in node.entries.items()}
    return None
