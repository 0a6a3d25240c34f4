"""`menuops init`: a project that works at once, and nothing of the user's written over."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from menuops.core.errors import CannotStart
from menuops.files.schema import schema_text
from menuops.files.whole import write_whole
from menuops.run.starting import start_project
from tests.site import Site

NOBODY = 65534
FILES = [
    "menuops.yaml",
    "menus/demo.yaml",
    "schemas/menu.schema.json",
    "schemas/project.schema.json",
    ".gitignore",
]


def tree(folder: Path) -> dict[str, bytes | None]:
    """Read all that stands in a folder; a folder is None."""
    return {
        str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
        if ".git/" not in f"{path}/"
    }


def states(site: Site, *arguments: str) -> dict[str, str]:
    document = site.run("init", *arguments, "--format", "json").json
    return {each["file"]: each["state"] for each in document["files"]}


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that every user can reach and write to."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o777)
    yield made
    for folder, _, _ in os.walk(made):
        Path(folder).chmod(0o700)
    shutil.rmtree(made)


@pytest.mark.parametrize("name", ["shop", "a/b/c", "我的 shop", "."])
def test_a_new_project_can_be_checked_planned_and_applied(site: Site, name: str) -> None:
    shutil.rmtree(site.root)
    site.root.mkdir()
    ended = site.run("init", name)
    assert (ended.code, ended.err) == (0, "")
    assert [each for each in FILES if f"written   {each}\n" not in ended.out] == []
    at = ("-C", name)
    assert site.run("validate", *at).said == "2 files valid\n"
    assert site.run("plan", *at, "--detailed-exitcode").code == 2
    assert site.run("apply", *at, "--yes").code == 0
    assert site.run("plan", *at).out.endswith("No changes. The accounts are as the files say.\n")
    assert site.calls == []  # of the one WeChat that isn't in the process


def test_the_next_commands_are_whole(site: Site) -> None:
    (site.root / "menuops.yaml").unlink()
    assert "  cd '我的 shop'\n  menuops plan\n" in site.run("init", "我的 shop").out
    assert "Next:\n  menuops plan\n  menuops apply\n" in site.run("init").out
    assert "Next:\n  menuops validate\n  menuops plan\n" in site.run("init").out
    document = site.run("init", "我的 shop", "--format", "json").json
    assert document["next"] == ["cd '我的 shop'", "menuops validate", "menuops plan"]
    assert document["directory"] == "我的 shop"


@pytest.mark.parametrize(
    ("ci", "file"), [("github", ".github/workflows/menus.yml"), ("gitlab", ".gitlab-ci.yml")]
)
def test_jobs_are_named_with_where_their_settings_stand(site: Site, ci: str, file: str) -> None:
    ended = site.run("init", "shop", "--ci", ci)
    assert f"Before the jobs can run they need a few settings: see the top of {file}." in ended.out
    assert "# To use this for your own accounts:" in (site.root / "shop" / file).read_text()
    assert "Before the jobs" not in site.run("init", "shop", "--ci", ci).out


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_jobs_that_are_not_at_the_root_of_the_repository_are_said_to_count_for_nothing(
    site: Site, ci: str
) -> None:
    (site.root / "repository/.git").mkdir(parents=True)
    below = site.run("init", "repository/shop", "--ci", ci)
    assert below.code == 0
    assert "counts only at the root of its repository" in below.err
    assert f"{site.root}/repository. Move it there" in below.err
    assert site.run("init", "repository", "--ci", ci).err == ""
    assert site.run("init", "repository/news").err == ""


def test_a_second_time_changes_nothing(site: Site) -> None:
    site.run("init", "shop")
    before = tree(site.root)
    document = site.run("init", "shop", "--format", "json").json
    assert tree(site.root) == before
    assert document["outcome"] == "no_changes"
    assert {each["state"] for each in document["files"]} == {"kept"}


def test_files_that_are_there_stay_as_they_are(site: Site) -> None:
    """A project file names its own menus, so no menu is put beside it."""
    before = tree(site.root)
    made = states(site)
    assert made["menuops.yaml"] == "kept"
    assert "menus/demo.yaml" not in made
    assert {name: tree(site.root)[name] for name in before} == before
    assert not (site.root / "menus/demo.yaml").exists()
    site.write("other/menus/demo.yaml", "button: []\n")
    assert states(site, "other")["menus/demo.yaml"] == "kept"
    assert (site.root / "other/menus/demo.yaml").read_text(encoding="utf-8") == "button: []\n"


def test_a_link_that_leads_nowhere_is_a_file_of_the_user_too(site: Site) -> None:
    (site.root / "menuops.yaml").unlink()
    (site.root / "menuops.yaml").symlink_to("elsewhere/menuops.yaml")
    assert states(site)["menuops.yaml"] == "kept"
    assert not (site.root / "elsewhere").exists()


def test_the_schemas_are_those_that_menuops_judges_by(site: Site) -> None:
    site.run("init")
    for kind in ("menu", "project"):
        path = site.root / "schemas" / f"{kind}.schema.json"
        assert path.read_bytes() == schema_text(kind).encode()


def test_a_schema_of_another_version_becomes_the_one_of_this(site: Site) -> None:
    site.write("schemas/menu.schema.json", {"$id": "urn:menuops:schema:menu:0"})
    made = states(site)
    assert made["schemas/menu.schema.json"] == "renewed"
    written = (site.root / "schemas/menu.schema.json").read_text(encoding="utf-8")
    assert written == schema_text("menu")


@pytest.mark.parametrize(
    "content", ["not even JSON", "[1]", "{}", '{"$id": 1}', '{"$id": "urn:theirs:schema:menu:1"}']
)
def test_a_file_that_is_no_schema_of_ours_is_kept(site: Site, content: str) -> None:
    site.write("schemas/menu.schema.json", content)
    assert states(site)["schemas/menu.schema.json"] == "kept"
    assert (site.root / "schemas/menu.schema.json").read_text(encoding="utf-8") == content


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        (b"", b"/plan.json\n*.plan.json\n", "extended"),
        (b"*.pyc", b"*.pyc\n/plan.json\n*.plan.json\n", "extended"),
        (b"a\r\nb\r\n", b"a\r\nb\r\n/plan.json\r\n*.plan.json\r\n", "extended"),
        (b"*.plan.json\n", b"*.plan.json\n/plan.json\n", "extended"),
        (b"*.plan.json\r\n/plan.json", b"*.plan.json\r\n/plan.json", "kept"),
        (b"#" * (1 << 20) + b"#", b"#" * (1 << 20) + b"#", "kept"),
    ],
)
def test_git_is_told_of_plans(site: Site, before: bytes, after: bytes, state: str) -> None:
    site.write(".gitignore", before)
    assert states(site)[".gitignore"] == state
    assert (site.root / ".gitignore").read_bytes() == after


def test_git_sees_the_project_and_leaves_its_plans_out(site: Site) -> None:
    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments],
            cwd=site.root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    git("init", "-q")
    site.run("init", "sub")
    site.run("plan", "-C", "sub", "--out", "plan.json")
    site.write("sub/now.plan.json", "{}")
    assert (site.root / "sub" / "plan.json").exists()
    listed = git("ls-files", "--others", "--exclude-standard", "sub").split()
    assert sorted(listed) == sorted(f"sub/{name}" for name in FILES)


def test_all_is_in_the_style_that_fmt_writes(site: Site) -> None:
    site.run("init", "shop")
    assert site.run("fmt", "-C", "shop", "--check").code == 0


def test_folders_may_be_links(site: Site, tmp_path: Path) -> None:
    (tmp_path / "real" / "shared").mkdir(parents=True)
    (tmp_path / "real" / "menus").symlink_to("shared")
    (site.root / "link").symlink_to(tmp_path / "real")
    assert set(states(site, "link").values()) == {"written"}
    assert (tmp_path / "real" / "shared" / "demo.yaml").is_file()
    assert site.run("validate", "-C", "link").code == 0


@pytest.mark.parametrize("name", ["shop", "shop/menus", "shop/schemas"])
def test_a_file_where_a_folder_belongs_is_said_before_anything_is_written(
    site: Site, name: str
) -> None:
    site.write(name, "")
    before = tree(site.root)
    ended = site.run("init", "shop")
    assert (ended.code, ended.out) == (7, "")
    assert f"menuops: {name} is no folder\n" in ended.err
    assert "menuops init DIR" in ended.err
    assert tree(site.root) == before


@pytest.mark.parametrize("name", FILES)
def test_a_folder_where_a_file_belongs_is_said_before_anything_is_written(
    site: Site, name: str
) -> None:
    (site.root / "shop" / name).mkdir(parents=True)
    before = tree(site.root)
    ended = site.run("init", "shop")
    assert (ended.code, f"shop/{name}" in ended.err) == (7, True)
    assert tree(site.root) == before


def failing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> CannotStart:
    """Start a project as a user who isn't root, whom nothing stops."""
    texts: dict[Any, str] = {"menu": schema_text("menu"), "project": schema_text("project")}
    # That user may not be allowed to read this checkout.
    monkeypatch.setattr("menuops.run.starting.schema_text", texts.__getitem__)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        with pytest.raises(CannotStart) as raised:
            start_project(folder)
    finally:
        os.seteuid(user)
    return raised.value


def test_a_folder_that_is_read_only_is_said(
    reachable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reachable.chmod(0o555)
    error = failing(reachable, monkeypatch)
    path = reachable / "menuops.yaml"
    assert error.message == f"can't write {path}: Permission denied; nothing was written"
    assert "menuops init DIR" in error.fix
    reachable.chmod(0o777)
    assert tree(reachable) == {}


def test_a_folder_that_may_not_be_looked_at_is_said(
    reachable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reachable.chmod(0o000)
    error = failing(reachable, monkeypatch)
    assert f"{reachable} can't be looked at: Permission denied" in error.message


def test_a_failure_in_the_middle_takes_back_what_was_written(
    reachable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before the schemas is gone again, and no folder is left."""
    (reachable / "schemas").mkdir(mode=0o555)
    before = tree(reachable)
    error = failing(reachable, monkeypatch)
    assert "schemas/menu.schema.json: Permission denied; nothing was written" in error.message
    assert tree(reachable) == before


def test_a_failure_at_the_end_gives_back_what_was_renewed(
    reachable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the link of .gitignore leads nobody may write."""
    for name in ("schemas", "closed"):
        (reachable / name).mkdir()
        (reachable / name).chmod(0o777)
    old = reachable / "schemas" / "menu.schema.json"
    old.write_text('{"$id": "urn:menuops:schema:menu:0"}', encoding="utf-8")
    (reachable / "closed" / "ignored").write_bytes(b"a\n")
    (reachable / "closed").chmod(0o555)
    (reachable / ".gitignore").symlink_to("closed/ignored")
    before = tree(reachable)
    error = failing(reachable, monkeypatch)
    assert ".gitignore: Permission denied" in error.message
    assert tree(reachable) == before


def test_ctrl_c_in_the_middle_takes_back_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(path: Path, content: bytes, *, replace: bool) -> None:
        if path.name == "menu.schema.json":
            raise KeyboardInterrupt
        write_whole(path, content, replace=replace)

    monkeypatch.setattr("menuops.run.starting.write_whole", write)
    with pytest.raises(KeyboardInterrupt):
        start_project(tmp_path / "a" / "b")
    assert tree(tmp_path) == {}


def test_a_name_that_is_none_is_said(site: Site) -> None:
    for name in ("x" * 300, "a/../menuops.yaml/b"):
        ended = site.run("init", name)
        assert (ended.code, ended.out) == (7, "")
        assert "menuops: " in ended.err


def test_each_new_project_has_an_account_of_its_own(site: Site) -> None:
    """The emulator keeps the menus of all projects of a user."""
    texts = []
    for name in ("one", "two"):
        assert site.run("init", name).code == 0
        texts.append((site.root / name / "menuops.yaml").read_text("utf-8"))
    assert texts[0] != texts[1]
