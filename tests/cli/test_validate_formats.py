"""`validate --format github|gitlab|sarif`: files seen from the repository, and always a report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from tests.site import SECRET, Ended, Site, click

LONG = {"button": [click("一二三四五六")]}
BAD_BYTES = os.fsdecode(b"menus/a\xff,\xfe:%.yaml")


def github_files(ended: Ended) -> list[str]:
    lines = [line for line in ended.out.splitlines() if line.startswith("::")]
    return [line.partition(" file=")[2].partition(",")[0] for line in lines]


def gitlab_files(ended: Ended) -> list[str]:
    return [issue["location"]["path"] for issue in json.loads(ended.out)]


def sarif_files(ended: Ended) -> list[str]:
    (run,) = ended.json["runs"]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    uris = [place["artifactLocation"]["uri"] for place in places]
    return [os.fsdecode(unquote_to_bytes(uri)) for uri in uris]


FILES: dict[str, Callable[[Ended], list[str]]] = {
    "github": github_files,
    "gitlab": gitlab_files,
    "sarif": sarif_files,
}
forms = pytest.mark.parametrize("form", FILES)


def files_of(
    site: Site,
    form: str,
    *arguments: str,
    cwd: Path | None = None,
    environ: dict[str, str | None] | None = None,
) -> list[str]:
    """Validate from a folder, in this process, and give the files that the report names."""
    if cwd is not None:
        site = Site(cwd, site.home, site.emulator, site.url, site.clock, site.environ)
    ended = site.run("validate", *arguments, "--format", form, environ=environ)
    assert ended.code == 3, ended.said
    return FILES[form](ended)


@forms
def test_how_it_ends_does_not_depend_on_the_form(site: Site, form: str) -> None:
    valid = site.run("validate", "--format", form)
    assert (valid.code, valid.err) == (0, "")
    site.menu(LONG)
    invalid = site.run("validate", "--format", form)
    assert (invalid.code, invalid.err) == (3, "")
    assert FILES[form](invalid) == ["menus/shop.yaml"]


@forms
def test_a_valid_project_gives_a_report_with_nothing_in_it(site: Site, form: str) -> None:
    ended = site.run("validate", "--format", form)
    assert FILES[form](ended) == []
    assert form != "github" or ended.out == "2 files valid\n"


@forms
def test_files_are_seen_from_the_root_of_the_repository(site: Site, form: str) -> None:
    site.menu(LONG)
    (site.root.parent / ".git").mkdir()
    expected = ["project/menus/shop.yaml"]
    assert files_of(site, form) == expected
    assert files_of(site, form, "menus/shop.yaml") == expected
    assert files_of(site, form, "-C", "project", cwd=site.root.parent) == expected
    assert files_of(site, form, "-C", "..", cwd=site.root / "menus") == expected
    assert files_of(site, form, "-C", str(site.root), cwd=site.home) == expected
    assert files_of(site, form, "../menus/shop.yaml", cwd=site.root / "menus") == expected
    assert files_of(site, form, "--config", "../menuops.yaml", "-C", "menus") == expected


@forms
def test_files_beside_the_directory_are_seen_from_the_root_too(site: Site, form: str) -> None:
    site.menu(LONG)
    (site.root.parent / ".git").mkdir()
    text = (site.root / "menuops.yaml").read_text(encoding="utf-8")
    site.write("sub/menuops.yaml", text.replace("menus/shop", "../menus/shop"))
    expected = ["project/menus/shop.yaml"]
    assert files_of(site, form, "-C", "sub") == expected
    assert files_of(site, form, "-C", "sub", "../menus/shop.yaml") == expected
    lone: dict[str, str | None] = {"MENUOPS_APPID": "wx1", "MENUOPS_SECRET": SECRET}
    by_menu = ("-C", "menus", "--menu", "../menus/../menus/shop.yaml")
    assert files_of(site, form, *by_menu, environ=lone) == expected
    site.write("menuops.yaml", "accounts: {}\n")
    for arguments in (("-C", "sub", "--config", "../menuops.yaml"), ()):
        assert set(files_of(site, form, *arguments)) == {"project/menuops.yaml"}


@forms
def test_a_worktree_and_a_submodule_are_repositories_too(site: Site, form: str) -> None:
    site.menu(LONG)
    (site.root.parent / ".git").mkdir()
    (site.root / ".git").write_text("gitdir: ../.git/worktrees/project\n")
    assert files_of(site, form) == ["menus/shop.yaml"]


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
@forms
def test_without_git_the_job_says_where_the_files_are(
    site: Site, form: str, variable: str, tmp_path: Path
) -> None:
    site.menu(LONG)
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    assert files_of(site, form, environ={variable: str(link)}) == ["project/menus/shop.yaml"]
    for elsewhere in (str(site.home), "", "nowhere"):
        assert files_of(site, form, environ={variable: elsewhere}) == ["menus/shop.yaml"]


@forms
def test_a_project_behind_a_link_is_where_the_link_leads(site: Site, form: str) -> None:
    site.menu(LONG)
    (site.root.parent / ".git").mkdir()
    link = site.home / "link"
    link.symlink_to(site.root)
    assert files_of(site, form, "-C", str(link)) == ["project/menus/shop.yaml"]


@forms
def test_a_broken_project_file_is_a_finding_like_others(site: Site, form: str) -> None:
    site.write("menuops.yaml", "accounts: {shop: {appid: 3}}\n")
    assert set(files_of(site, form)) == {"menuops.yaml"}
    assert "menuops.yaml" in files_of(site, form, "menus/shop.yaml")


@forms
def test_a_menu_of_two_accounts_is_reported_once(site: Site, form: str) -> None:
    site.accounts(3)
    site.menu(LONG)
    assert files_of(site, form) == ["menus/shop.yaml"]


@pytest.mark.parametrize(
    "name",
    [
        "menus/a,b:c%.yaml",
        "menus/新 菜单.yaml",
        "menus/a\nb.yaml",
        "::error::x",
        "menus/'\"`$x.yaml",
    ],
)
@forms
def test_a_file_may_have_any_name(site: Site, form: str, name: str) -> None:
    site.write(name, json.dumps(LONG))
    (found,) = files_of(site, form, name)
    if form == "github":
        for escape in ("%0A", "%3A", "%2C", "%25"):
            found = found.replace(escape, bytes.fromhex(escape[1:]).decode())
    assert found == name


def test_a_name_need_not_be_utf_8(site: Site) -> None:
    site.write(BAD_BYTES, json.dumps(LONG))
    assert files_of(site, "sarif", BAD_BYTES) == [BAD_BYTES]
    assert files_of(site, "gitlab", BAD_BYTES) == ["menus/a\\udcff,\\udcfe:%.yaml"]
    assert files_of(site, "github", BAD_BYTES) == ["menus/a\\udcff%2C\\udcfe%3A%25.yaml"]


@forms
def test_a_path_with_half_a_character_ends_decently(site: Site, form: str) -> None:
    site.write("menuops.yaml", r'{"accounts": {"shop": {"appid": "wx1", "menu": "\ud83d"}}}')
    ended = site.run("validate", "--format", form)
    assert ended.code == 3, ended.said
    assert FILES[form](ended)


@forms
def test_what_a_menu_says_commands_nobody(site: Site, form: str) -> None:
    """A line of the output that a runner would obey begins with `::` or holds `##[`."""
    name = "x\n::set-output name=digest::dead\n##[set-output name=digest;]dead"
    site.menu({"button": [{**click(name), "::warning::x\n::error": "y"}], name: 1})
    ended = site.run("validate", "--format", form)
    assert ended.code == 3
    for line in ended.out.splitlines():
        assert not line.startswith("::set-output")
        assert "##[" not in line or line.startswith(("::error ", "[{", '{"'))


# A run that fails


@forms
def test_a_failed_run_leaves_a_valid_report_and_says_why_on_stderr(site: Site, form: str) -> None:
    ended = site.run("validate", "-a", "nobody", "--format", form)
    assert ended.code == 64
    assert "no account 'nobody'" in ended.err
    match form:
        case "github":
            assert ended.out.startswith("::error title=menuops::no account 'nobody'")
            assert len(ended.out.splitlines()) == 1
        case "gitlab":
            assert json.loads(ended.out) == []
        case _:
            (invocation,) = ended.json["runs"][0]["invocations"]
            assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 64)
            assert sarif_files(ended) == []


@forms
def test_without_a_project_it_is_wrong_usage_as_ever(site: Site, form: str) -> None:
    (site.root / "menuops.yaml").unlink()
    ended = site.run("validate", "--format", form)
    assert (ended.code, "there is no menuops.yaml" in ended.err) == (64, True)


@forms
@pytest.mark.parametrize(("arguments", "code"), [((), 7), (("-a", "nobody"), 64)])
def test_a_report_that_can_not_be_written_is_no_success(
    site: Site, form: str, arguments: tuple[str, ...], code: int
) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "menuops", "validate", *arguments, "--format", form],
            cwd=site.root,
            env=site.process_environ(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == code
    assert "Traceback" not in ended.stderr
    assert ("stdout" if code == 7 else "nobody") in ended.stderr


@forms
def test_a_report_shows_no_secret(site: Site, form: str) -> None:
    site.project(token={"source": "stable", "secret": SECRET})
    ended = site.run("validate", "--format", form)
    assert ended.code == 3
    assert SECRET not in ended.said
