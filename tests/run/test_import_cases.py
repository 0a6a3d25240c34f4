"""Files of all kinds with the menu file that they become, or why they become none.

A folder holds `given.json` (or `.yaml`), `menu.yaml` where there is one, and `said.txt` where
something is said: a line a finding, without the message where it is that of another rule.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from menuops.core.errors import CannotStart, InvalidFiles
from menuops.core.finding import Finding, errors_of
from menuops.core.outcome import Outcome
from menuops.files.formatting.style import in_style
from menuops.files.menu.menu_file import MENU_BYTES, parse_menu
from menuops.run.importing import import_file
from menuops.run.settings import Settings

FOLDERS = sorted((Path(__file__).parents[1] / "cases" / "import").iterdir())
OWN = {"not-a-menu", "console-entry", "console-menu", "dead-menu", "type-case", "left-out"}


def said(finding: Finding) -> str:
    if finding.rule in OWN:
        return f"{finding}\n"
    return f"{finding.file}:{finding.line}:{finding.column}: [{finding.rule}]\n"


def imported(folder: Path) -> tuple[str | None, tuple[Finding, ...]]:
    (given,) = folder.glob("given.*")
    try:
        made = import_file(Settings(), given.read_bytes(), given.name, "menu.yaml")
    except InvalidFiles as invalid:
        return None, invalid.findings
    assert (made.outcome is Outcome.INVALID) is bool(errors_of(made.findings))
    return made.text, made.findings


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_file_becomes_the_menu_file_beside_it(folder: Path) -> None:
    text, findings = imported(folder)
    menu, words = folder / "menu.yaml", folder / "said.txt"
    assert text == (menu.read_text(encoding="utf-8") if menu.exists() else None)
    assert "".join(map(said, findings)) == (words.read_text("utf-8") if words.exists() else "")
    if text is not None and not errors_of(findings):
        loaded = parse_menu(text.encode(), "menu.yaml").for_account({}, "demo", "wx1")
        assert loaded.menu is not None
        assert in_style(text.encode(), "menu.yaml", MENU_BYTES, "yaml").content == text.encode()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_menu_file_that_was_made_once_stays_what_it_is(folder: Path) -> None:
    """What import writes is a body too, unless it has names of ours, which would be lost."""
    text, findings = imported(folder)
    if text is None or findings:
        return
    if "conditionalmenu:" in text:
        with pytest.raises(InvalidFiles) as caught:
            import_file(Settings(), text.encode(), "menu.yaml", "menu.yaml")
        assert "a menu file already" in caught.value.findings[0].message
        return
    again = import_file(Settings(), text.replace("$${", "${").encode(), "menu.yaml", "menu.yaml")
    assert again.text == text


def test_an_answer_without_any_menu_is_an_error() -> None:
    for given in (b'{"menu":{"button":[]}}', b'{"selfmenu_info":{"button":[]}}'):
        with pytest.raises(CannotStart) as caught:
            import_file(Settings(), given, "answer.json", "menu.yaml")
        assert caught.value.code == "no_menu"
