"""Which files `validate` reads, when some are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from menuops.core.errors import Usage
from menuops.run.settings import Settings
from menuops.run.validating import Validation, validate
from tests.site import Site, click

TEMPLATE = {"button": [click("${name}")]}
LONG = {"button": [click("一二三四五六")]}


def validation(site: Site, *files: str) -> Validation:
    return validate(site.settings(), site.world, [Path(file) for file in files])


@pytest.fixture
def project(site: Site) -> Site:
    """Two accounts share a menu and the second has a name too long for it; a third has its own."""
    accounts = {
        "short": site.shop(appid="wx1", vars={"name": "帮助"}),
        "long": site.shop(appid="wx2", vars={"name": "一二三四五六"}, protected=True),
        "other": site.shop(appid="wx3", menu="menus/other.yaml"),
    }
    site.write("menuops.yaml", {"accounts": accounts})
    site.menu(TEMPLATE)
    site.menu(LONG, "other")
    return site


def test_a_named_menu_is_checked_for_each_account_that_uses_it_and_no_other(project: Site) -> None:
    result = validation(project, "menus/shop.yaml")
    (finding,) = result.findings
    assert (finding.file, finding.rule) == ("menus/shop.yaml", "name-too-long")
    assert result.files == 1


@pytest.mark.parametrize("named", [("menuops.yaml",), ("menuops.yaml", "menus/shop.yaml"), ()])
def test_to_name_the_project_file_is_to_name_its_menus(
    project: Site, named: tuple[str, ...]
) -> None:
    """What it says of variables can make a menu invalid that didn't change."""
    result = validation(project, *named)
    assert [finding.file for finding in result.findings] == ["menus/other.yaml", "menus/shop.yaml"]
    assert result.files == 3


def test_a_menu_beside_the_project_is_checked_too(project: Site) -> None:
    project.menu(LONG, "draft")
    result = validation(project, "menuops.yaml", "menus/draft.yaml")
    assert {finding.file for finding in result.findings} == {
        "menus/draft.yaml",
        "menus/other.yaml",
        "menus/shop.yaml",
    }
    assert result.files == 4


def test_a_file_named_twice_is_one(project: Site) -> None:
    result = validation(project, "menus/shop.yaml", "menus/../menus/shop.yaml")
    assert (len(result.findings), result.files) == (1, 1)


def test_errors_of_the_project_file_hide_none_of_its_menus(project: Site) -> None:
    accounts = {
        "bad": project.shop(appid="not an appid"),
        "timed": project.shop(appid="wx1", menu=[{"menu": "menus/other.yaml", "from": "soon"}]),
    }
    project.write("menuops.yaml", {"accounts": accounts, "defaults": {"menu": "menus/gone.yaml"}})
    project.menu({"button": 3})
    project.menu({"button": [{"name": "x", "type": "viw"}]}, "other")
    result = validation(project)
    assert {(finding.file, finding.rule) for finding in result.findings} >= {
        ("menuops.yaml", "appid-form"),
        ("menuops.yaml", "moment"),
        ("menus/shop.yaml", "wrong-type"),
        ("menus/other.yaml", "unknown-type"),
        ("menus/gone.yaml", "unreadable"),
    }
    assert result.files == 4


@pytest.mark.parametrize("content", ["", "accounts: [", "accounts: 3", "accounts: {a: 1}", "- a"])
def test_a_project_file_that_names_no_menu_is_checked_alone(project: Site, content: str) -> None:
    project.write("menuops.yaml", content)
    assert validation(project).files == 1
    (project.root / "menuops.yaml").unlink()
    (project.root / "menuops.yaml").mkdir()
    assert validation(project).files == 1


def test_the_host_of_the_command_line_counts_for_named_files_too(project: Site) -> None:
    accounts = {
        "one": project.shop(appid="wx1", api="https://a.example.com"),
        "two": project.shop(appid="wx1", api="https://b.example.com"),
    }
    project.write("menuops.yaml", {"accounts": accounts})
    for named in ((), ("menuops.yaml",)):
        assert "duplicate-account" in {each.rule for each in validation(project, *named).findings}
    settings = Settings(directory=project.root, api_url="http://a.example.com")
    with pytest.raises(Usage):
        validate(settings, project.world, [Path("menus/shop.yaml")])


def test_a_menu_that_is_not_there_says_whose_it_is_and_how_to_make_it(site: Site) -> None:
    site.project(menu="menus/none.yaml")
    (finding,) = validation(site).findings
    assert str(finding) == (
        "menus/none.yaml:1:1: there is no such file; it is a menu of shop: write it, or take "
        "what is live: menuops import -a shop --out menus/none.yaml [unreadable]"
    )
