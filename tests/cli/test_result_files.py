"""`--result`: how a command ended, in files for the steps of a job that come after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.render.reading import markdown_page
from tests.site import Site, view

BROKEN = "button:\n  - {name: 首页, type: view, url: nope}\n"


@pytest.fixture
def changing(site: Site) -> Site:
    site.live([view("首页")])
    site.menu({"button": [view("首页", "https://shop.example.com/v2")]})
    site.project()
    return site


def kept(site: Site, name: str = "kept") -> Any:
    return json.loads((site.root / name / "result.json").read_bytes())


def read(site: Site, name: str = "kept") -> str:
    return markdown_page((site.root / name / "result.md").read_text(encoding="utf-8")).text


def test_one_run_gives_text_json_and_markdown(changing: Site) -> None:
    planned = changing.run("plan", "--result", "kept", "--out", "plan.json")
    assert "Saved plan.json" in planned.err
    assert kept(changing) == json.loads((changing.root / "plan.json").read_bytes())
    assert "menuops plan: 1 account to change" in read(changing)
    drifted = changing.run("drift", "--result", "kept", "--format", "json")
    assert drifted.json == kept(changing)
    assert "unlike the files" in read(changing)
    applied = changing.run("apply", "plan.json", "--result", "kept")
    assert (applied.code, kept(changing)["outcome"]) == (0, "done")
    assert "applied on 1 account" in read(changing)
    restored = changing.run("restore", kept(changing)["run"], "--yes", "--result", "kept")
    assert (restored.code, kept(changing)["outcome"]) == (0, "done")


@pytest.mark.parametrize("command", ["validate", "plan", "apply", "drift"])
def test_findings_are_annotations_seen_from_the_root_of_the_repository(
    changing: Site, command: str
) -> None:
    (changing.root / ".git").mkdir()
    changing.write("one/menuops.yaml", (changing.root / "menuops.yaml").read_bytes())
    changing.write("one/menus/shop.yaml", BROKEN)
    ended = changing.run(command, "-C", "one", "--result", "kept")
    assert ended.code == 3
    folder = changing.root / "one/kept"
    (line,) = (folder / "annotations.txt").read_text(encoding="utf-8").splitlines()
    assert line.startswith("::error file=one/menus/shop.yaml,line=2,col=")
    assert "url must begin with" in read(changing, "one/kept")
    changing.write("one/menus/shop.yaml", BROKEN.replace("nope", "https://a.example/"))
    changing.run("validate", "-C", "one", "--result", "kept")
    assert sorted(path.name for path in folder.iterdir()) == ["result.json"]


def test_a_menu_that_is_missing_is_seen_from_the_root_too(changing: Site) -> None:
    (changing.root / ".git").mkdir()
    changing.write("one/menuops.yaml", (changing.root / "menuops.yaml").read_bytes())
    (changing.root / "menus/shop.yaml").unlink()
    assert changing.run("validate", "-C", "one", "--result", "kept").code == 3
    (line,) = (changing.root / "one/kept/annotations.txt").read_text("utf-8").splitlines()
    assert line.startswith("::error file=one/menus/shop.yaml,line=1,")


def test_a_menu_beside_the_directory_is_seen_from_the_root_too(changing: Site) -> None:
    (changing.root / ".git").mkdir()
    changing.write("one/menuops.yaml", (changing.root / "menuops.yaml").read_bytes())
    changing.write("menus/other.yaml", BROKEN)
    options = ("-C", "one", "--result", "kept", "../menus/other.yaml")
    assert changing.run("validate", *options).code == 3
    (line,) = (changing.root / "one/kept/annotations.txt").read_text("utf-8").splitlines()
    assert line.startswith("::error file=menus/other.yaml,line=2,")


def test_an_error_is_kept_as_json_has_it(changing: Site) -> None:
    ended = changing.run("apply", "--expect", "a" * 64, "--result", "kept", "--format", "json")
    assert ended.code == 5
    assert kept(changing) == ended.json
    assert "another_digest" in ended.out
    assert "isn't what was approved" in read(changing)


def test_what_can_not_be_kept_changes_nothing_of_the_run(changing: Site) -> None:
    (changing.root / "file").write_text("")
    ended = changing.run("apply", "--yes", "--result", "file/inside")
    assert ended.code == 0
    assert "the result can't be kept there" in ended.err
    assert changing.writes == ["menu/create"]


def test_the_files_are_for_their_user_alone(changing: Site) -> None:
    changing.run("plan", "--result", "deep/kept")
    made = changing.root / "deep/kept"
    modes = [oct(path.stat().st_mode & 0o777) for path in (made.parent, made, *made.iterdir())]
    assert modes == ["0o700", "0o700", "0o600", "0o600"]


def test_it_holds_no_secret(changing: Site) -> None:
    changing.run("plan", "--result", "kept")
    secrets = {*changing.environ.values(), *changing.tokens()}
    for path in (changing.root / "kept").iterdir():
        assert not [secret for secret in secrets if secret in path.read_text(encoding="utf-8")]


def test_a_directory_that_is_a_file_is_wrong_usage(changing: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert changing.run("plan", "--result", str(tmp_path / "file")).code == 64


@pytest.mark.parametrize("name", ["result.json", "result.md", "annotations.txt"])
def test_files_of_somebody_else_are_left_alone(site: Site, name: str) -> None:
    """A folder that is named by mistake, or a file that the checkout brings."""
    theirs = site.write(f"out/{name}", "# My own notes\n")
    ended = site.run("validate", "--result", "out")
    assert ended.code == 0
    assert f"{name} is no file of an earlier run" in ended.err
    assert [each.name for each in theirs.parent.iterdir()] == [name]
    assert theirs.read_text() == "# My own notes\n"
