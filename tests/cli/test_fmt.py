"""`menuops fmt`: which files, what is written, and how it ends."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from menuops.core.outcome import Outcome
from menuops.files.formatting import replacing
from menuops.files.formatting.replacing import Unwritten, replace_content
from menuops.run import formatting
from tests.site import APPID, Site, click

LOOSE = "button:\n- name: '帮助' # help\n  type:   click\n  key: HELP\n"
TIDY = "button:\n  - name: 帮助  # help\n    type: click\n    key: HELP\n"
PROJECT = f"accounts:\n  shop:\n    appid: {APPID}\n    menu: menus/shop.yaml\n"


def read(path: Path) -> str:
    return path.read_bytes().decode()


def test_the_project_file_and_its_menus_are_written_anew(site: Site) -> None:
    site.project(retry_s=0)
    menu = site.menu(LOOSE)
    ended = site.run("fmt")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "formatted menuops.yaml\nformatted menus/shop.yaml\n2 files: 2 formatted\n"
    )
    assert read(menu) == TIDY
    assert read(site.root / "menuops.yaml") == PROJECT + "    retry_s: 0\n"
    again = site.run("fmt")
    assert (again.code, again.out) == (0, "2 files: 2 in the style\n")


def test_a_menu_of_several_accounts_and_times_is_written_once(site: Site) -> None:
    for name in ("a", "b", "c"):
        site.menu(LOOSE, name)
    windows = [
        {"menu": "menus/b.yaml", "until": "2030-01-01T00:00:00+08:00"},
        {"menu": "menus/c.yaml"},
    ]
    shops = {
        "one": site.shop(menu="menus/a.yaml"),
        "two": site.shop(menu="menus/a.yaml", appid="wx2", protected=True),
        "three": site.shop(menu=windows, appid="wx3"),
    }
    site.write("menuops.yaml", {"accounts": shops})
    assert site.run("fmt", "--check").out.splitlines() == [
        "menuops.yaml",
        *(f"menus/{name}.yaml" for name in "abc"),
    ]
    assert "menus/b.yaml" not in site.run("fmt", "-a", "two", "--check").out


def test_a_check_lists_and_writes_nothing(site: Site) -> None:
    menu = site.menu(LOOSE)
    site.write("menuops.yaml", PROJECT)
    ended = site.run("fmt", "--check")
    assert (ended.code, ended.out) == (3, "menus/shop.yaml\n")
    assert ended.err == "2 files: 1 to be formatted, 1 in the style\n"
    assert read(menu) == LOOSE
    site.menu(TIDY)
    assert (site.run("fmt", "--check").code, site.run("fmt", "--check").out) == (0, "")


def test_a_diff_is_one_that_patch_takes(site: Site) -> None:
    menu = site.menu(LOOSE.rstrip("\n"))
    ended = site.run("fmt", "--diff", "menus/shop.yaml")
    assert ended.code == 0
    assert "-- name: '帮助' # help\n" in ended.out
    assert "\\ No newline at end of file\n" in ended.out
    assert read(menu) == LOOSE.rstrip("\n")
    assert site.run("fmt", "--diff", "--check", "menus/shop.yaml").code == 3
    if shutil.which("patch"):
        subprocess.run(["patch", "-p0", "-s"], input=ended.out.encode(), cwd=site.root, check=True)
        assert read(menu) == TIDY
    site.menu(LOOSE)
    coloured = site.run("fmt", "--diff", "--color", "always", "menus/shop.yaml").out
    assert "\x1b[32m+  - name: 帮助  # help\x1b[0m" in coloured


def test_a_file_that_can_not_be_read_is_left_and_the_others_are_done(site: Site) -> None:
    bad, good = site.write("bad.yaml", "a: [\n"), site.write("good.yaml", LOOSE)
    (site.root / "folder").mkdir()
    arguments = ("bad.yaml", "good.yaml", "none.yaml", "folder", "/dev/null")
    ended = site.run("fmt", *arguments)
    assert ended.code == 3
    assert ended.out == "formatted good.yaml\n5 files: 1 formatted, 4 left as they are\n"
    lines = ended.err.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "/dev/null",
        "bad.yaml",
        "folder",
        "none.yaml",
    ]
    assert (read(bad), read(good)) == ("a: [\n", TIDY)
    assert site.run("fmt", "--check", "bad.yaml").out == ""


def test_with_a_project_that_has_errors_its_own_style_is_put_right(site: Site) -> None:
    site.menu(LOOSE)
    project = site.write("menuops.yaml", PROJECT.replace("menu:", "menü:  "))
    ended = site.run("fmt")
    assert (ended.code, "menü" in ended.err) == (3, True)
    assert read(project) == PROJECT.replace("menu:", "menü:")
    site.write("menuops.yaml", "accounts: [\n")
    ended = site.run("fmt")
    assert (ended.code, ended.err.count("menuops.yaml:")) == (3, 1)


def test_without_a_project_the_menu_of_one_account_is_written(site: Site) -> None:
    (site.root / "menuops.yaml").unlink()
    menu = site.menu(LOOSE)
    ended = site.run("fmt", "--menu", "menus/shop.yaml", environ={"MENUOPS_APPID": APPID})
    assert (ended.code, read(menu)) == (0, TIDY)
    assert site.run("fmt").code == 64


def test_another_name_of_the_project_file_and_another_directory(site: Site) -> None:
    site.write("other.yaml", PROJECT.replace("menus/", "'menus/").replace(".yaml", ".yaml'"))
    menu = site.menu(LOOSE)
    ended = site.run("fmt", "-C", str(site.root), "--config", "other.yaml")
    assert (ended.code, read(menu)) == (0, TIDY)
    assert read(site.root / "other.yaml") == PROJECT


def test_json_stays_json_in_a_file_of_that_name(site: Site) -> None:
    path = site.write("menu.json", {"button": [click()]})
    assert site.run("fmt", "menu.json").code == 0
    assert read(path).startswith('{\n  "button": [\n    {\n      "name": "帮助",')
    site.write("menu.json", LOOSE)
    ended = site.run("fmt", "menu.json")
    assert (ended.code, "it isn't JSON" in ended.err) == (3, True)


def test_an_editor_gets_the_text_back(site: Site) -> None:
    ended = site.command("fmt", "-", stdin=LOOSE.encode())
    assert (ended.code, ended.out, ended.err) == (0, TIDY, "")
    document = site.command("fmt", "-", "--format", "json", stdin=b'{"a":"\\u5e2e"}').json
    assert document["files"] == [
        {"file": "<stdin>", "status": "would_change", "text": '{\n  "a": "帮"\n}\n'}
    ]


def test_an_editor_gets_nothing_for_what_can_not_be_read(site: Site) -> None:
    ended = site.command("fmt", "-", stdin=b"a: [")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("<stdin>:1:")
    assert site.command("fmt", "-", "--check", stdin=LOOSE.encode()).code == 3
    assert site.run("fmt", "-", "menus/shop.yaml").code == 64


def test_what_is_sent_has_no_name_and_needs_no_project() -> None:
    done = formatting.format_stream(LOOSE.encode())
    assert [(each.file, each.after.decode()) for each in done.files] == [("<stdin>", TIDY)]
    assert formatting.format_stream(TIDY.encode(), check=True).outcome is Outcome.NO_CHANGES


def test_json_says_of_each_file_what_became_of_it(site: Site) -> None:
    site.write("a.yaml", LOOSE)
    site.write("b.yaml", TIDY)
    site.write("c.yaml", "a: [")
    names = ("a.yaml", "b.yaml", "c.yaml")
    checked = site.run("fmt", "--check", "--diff", "--format", "json", *names)
    assert checked.code == 3
    assert checked.json["outcome"] == "invalid"
    files = checked.json["files"]
    assert [each["status"] for each in files] == ["would_change", "unchanged", "left_alone"]
    assert files[0]["diff"].startswith("--- a.yaml\n+++ a.yaml\n@@ -1,4 +1,4 @@\n")
    assert [each["file"] for each in checked.json["findings"]] == ["c.yaml"]
    written = site.run("fmt", "--format", "json", "a.yaml", "b.yaml").json
    assert (written["outcome"], written["files"][0]["status"]) == ("done", "formatted")
    assert site.run("fmt", "--format", "json", "a.yaml").json["outcome"] == "no_changes"


def test_mode_and_link_stay_and_nothing_is_written_for_nothing(site: Site) -> None:
    path = site.write("real.yaml", LOOSE)
    path.chmod(0o640)
    link = site.root / "link.yaml"
    link.symlink_to("real.yaml")
    assert site.run("fmt", "link.yaml", "real.yaml").out.endswith("1 file: 1 formatted\n")
    assert link.is_symlink()
    assert (read(path), path.stat().st_mode & 0o777) == (TIDY, 0o640)
    before = path.stat()
    site.run("fmt", "link.yaml")
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert not list(site.root.glob(".new-*"))


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("newer")
    with pytest.raises(Unwritten, match="changed"):
        replace_content(path, b"older", b"tidy")
    path.unlink()
    with pytest.raises(Unwritten, match="No such file"):
        replace_content(path, b"older", b"tidy")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_may_not_be_written_is_left(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write everything, so the system's answer is put in its mouth."""
    path = site.write("a.yaml", LOOSE)
    with monkeypatch.context() as patched:
        patched.setattr(os, "access", lambda *_: False)
        with pytest.raises(Unwritten, match="look at its permissions"):
            replace_content(path, LOOSE.encode(), b"")

    def refuse(*_: object) -> None:
        raise Unwritten("it may not be written")

    monkeypatch.setattr(formatting, "replace_content", refuse)
    ended = site.run("fmt", "a.yaml")
    assert (ended.code, ended.err) == (3, "a.yaml:1:1: it may not be written [unwritable]\n")
    assert (read(path), ended.out) == (LOOSE, "1 file: 1 left as it is\n")


def test_a_full_disk_and_a_foreign_owner_leave_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        with pytest.raises(Unwritten, match="it can't be written: Operation not permitted"):
            replace_content(path, b"old", b"new")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fchown", refuse)
        status = path.stat()
        foreign = os.stat_result((*status[:4], status.st_uid + 1, *status[5:]))
        with (tmp_path / "b").open("wb") as file, pytest.raises(Unwritten, match="its owner"):
            replacing._make_like(file.fileno(), foreign)
    assert path.read_bytes() == b"old"


def test_what_an_import_writes_is_in_the_style(site: Site) -> None:
    site.live(
        [click("on"), click("a: b", "x #y"), {"name": "更多", "sub_button": [click("😀\u200b")]}],
        {"matchrule": {"client_platform_type": "1"}, "button": [click("'a'", "#")]},
        {"matchrule": {"group_id": "100", "sex": "1"}, "button": [click()]},
    )
    site.run("import", "--out", "new.yaml")
    before = read(site.root / "new.yaml")
    assert "# dead" in before
    ended = site.run("fmt", "new.yaml")
    assert (ended.code, read(site.root / "new.yaml")) == (0, before)


def test_a_diff_hides_nothing_from_who_reads_it(site: Site) -> None:
    menu = site.menu(LOOSE.replace("help", "he\u202elp\u200b\tx"))
    shown = site.run("fmt", "menus/shop.yaml", "--diff").out
    assert "# he\\u202elp\\u200b\tx" in shown
    assert "\u202e" not in shown
    assert "\u202e" in site.run("fmt", "menus/shop.yaml", "--diff", "--format", "json").out
    assert "\u202e" in read(menu)
