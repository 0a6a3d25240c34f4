"""Turn the findings of `menuops validate --format json` into annotations of a GitHub job."""  # noqa: INP001  # a script beside its action

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any


def escape_data(text: str) -> str:
    """Keep a message on its line: a workflow command ends there."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """Keep a value within its property."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


def workflow_commands(
    document: Mapping[str, Any], directory: Path, workspace: Path
) -> Iterator[str]:
    """Give a workflow command for each finding.

    `document` is what `validate` prints, on errors too. Files in it are seen from `directory`;
    GitHub wants them from `workspace`, the root of the checkout.
    """
    error = document.get("error", {})
    findings = document.get("findings", error.get("findings", ()))
    for finding in findings:
        kind = "warning" if finding["severity"] == "warning" else "error"
        properties = {
            "file": os.path.relpath(directory / finding["file"], workspace),
            "line": str(finding["line"]),
            "col": str(finding["column"]),
            "title": finding["rule"],
        }
        listed = ",".join(f"{key}={escape_property(value)}" for key, value in properties.items())
        yield f"::{kind} {listed}::{escape_data(finding['message'])}"
    if error and not findings:
        yield f"::error::{escape_data(error['message'])}"


def main(argv: Sequence[str]) -> int:
    """Print the annotations for the document in the file that is named."""
    document = json.loads(Path(argv[1]).read_bytes())
    here = Path.cwd()
    workspace = Path(os.environ.get("GITHUB_WORKSPACE", here))
    for line in workflow_commands(document, here.resolve(), workspace.resolve()):
        sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv))
