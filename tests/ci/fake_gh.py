"""A stand-in for `gh api`: the three REST calls that the job makes, on a file in place of GitHub.

Copied to `gh` on the PATH. The token says what it may do, as the job's `permissions` do.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

ROBOT = {"login": "github-actions[bot]", "type": "Bot"}


def main(arguments: list[str]) -> int:
    file = Path(os.environ["FAKE_GITHUB"])
    github: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    may: dict[str, str] = json.loads(os.environ["GH_TOKEN"].removeprefix("token:"))
    assert arguments.pop(0) == "api"
    fields: dict[str, str] = {}
    method, path = "GET", ""
    while arguments:
        argument = arguments.pop(0)
        if argument == "--method":
            method = arguments.pop(0)
        elif argument == "-f":
            name, _, fields[name] = arguments.pop(0).partition("=")
        elif argument != "--silent":
            path = argument
    run = re.fullmatch(r"repos/acme/menus/actions/runs/([0-9]+)(/jobs\?per_page=100)?", path)
    if run:
        assert may.get("actions") == "read", may
        document = github.get("runs", {}).get(run[1])
        sys.stdout.write(json.dumps(document["jobs"] if document and run[2] else document))
        return 0
    found = re.fullmatch(
        r"repos/acme/menus/(?:commits/(\w+)/(pulls|statuses)\?per_page=100(?:&page=(\d+))?|statuses/(\w+))",
        path,
    )
    assert found, path
    commit, what, page, posted_to = found.groups()
    if method == "POST" and posted_to:
        assert may.get("statuses") == "write", may
        assert len(fields["description"]) <= 140, "GitHub takes 140 characters"
        number = sum(map(len, github["statuses"].values())) + 1
        status = {"id": number, "creator": ROBOT, **fields}
        github["statuses"].setdefault(posted_to, []).insert(0, status)
        file.write_text(json.dumps(github), encoding="utf-8")
    elif what == "pulls":
        assert may.get("pull-requests") == "read", may
        sys.stdout.write(json.dumps(github["pulls"].get(commit, [])))
    else:
        assert may.get("statuses") == "read", may
        start = 100 * (int(page or 1) - 1)
        known = github["statuses"].get(commit, [])
        page_of = known[start : start + 100] if isinstance(known, list) else known
        sys.stdout.write(json.dumps(page_of))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
