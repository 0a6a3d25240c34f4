"""The files of `menuops init` in an editor: each names its schema by a path that leads there."""

from __future__ import annotations

from pathlib import Path

from menuops.run.starting import start_project

from .documents import Editor


def test_a_new_project_has_no_mark_and_knows_its_schemas(editor: Editor, tmp_path: Path) -> None:
    root = tmp_path / "我的 shop"
    start_project(root)
    for name in ("menuops.yaml", "menus/demo.yaml"):
        assert editor.file(root / name).diagnostics() == []
    broken = root / "menus" / "broken.yaml"
    broken.write_text(
        (root / "menus" / "demo.yaml").read_text(encoding="utf-8").replace("type: view", "type: v"),
        encoding="utf-8",
    )
    assert len(editor.file(broken).diagnostics()) == 3
    other = root / "other.yaml"
    text = (root / "menuops.yaml").read_text(encoding="utf-8").replace("api:", "apis:")
    other.write_text(text, encoding="utf-8")
    assert [each.message for each in editor.file(other).diagnostics()] == [
        "Property apis is not allowed."
    ]
