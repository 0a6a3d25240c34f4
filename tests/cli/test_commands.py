"""What each command prints and writes, besides plan and apply."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from menuops.cli.main import COMMANDS
from menuops.files.plan_file import write_plan
from tests.site import APPID, SECRET, Site, click, conditional, payload, view


def test_an_import_is_printed_or_written(site: Site) -> None:
    site.live([click()], conditional(view(), group_id="100"))
    printed = site.run("import")
    assert (printed.code, printed.err) == (0, "")
    assert "tag: VIP" in printed.out
    written = site.run("import", "--out", "new/shop.yaml")
    assert (written.code, written.out) == (0, "Wrote new/shop.yaml\n")
    assert (site.root / "new/shop.yaml").read_text(encoding="utf-8") == printed.out
    document = site.run("import", "--format", "json").json
    assert (document["outcome"], document["menu"]) == ("done", printed.out)


def test_an_import_writes_over_a_file_only_where_told_to(site: Site) -> None:
    site.live([view()])
    before = (site.root / "menus/shop.yaml").read_bytes()
    ended = site.run("import", "--out", "menus/shop.yaml")
    assert (ended.code, "--overwrite" in ended.err) == (64, True)
    assert (site.root / "menus/shop.yaml").read_bytes() == before
    assert site.calls == []
    assert site.run("import", "--out", "menus/shop.yaml", "--overwrite").code == 0
    assert site.run("plan", "--detailed-exitcode").code == 0


def test_an_import_that_can_not_be_planned_is_3_with_its_places(site: Site) -> None:
    site.emulator.put_live(APPID, payload("menu-get-live-platform-conditionals"))
    ended = site.run("import", "--out", "masked.yaml")
    assert ended.code == 3
    assert "masked.yaml:" in ended.err
    assert site.run("import", "--format", "json").json["findings"]


def test_a_token_is_reported_and_never_shown(site: Site) -> None:
    assert site.run("token").code == 0
    site.run("plan")
    ended = site.run("token")
    assert "stable" in ended.out
    assert site.run("token", "--format", "json").json["accounts"][0]["name"] == "shop"
    assert not [token for token in site.tokens() if token in ended.said]


@pytest.mark.parametrize("name", ["menu", "project", "plan"])
def test_a_schema_is_printed(site: Site, name: str) -> None:
    assert json.loads(site.run("schema", name).out)["$schema"]


def test_help_names_every_command(site: Site) -> None:
    ended = site.run("--help")
    assert ended.code == 0
    assert [name for name in COMMANDS if f"  {name} " not in ended.out] == []
    for name in COMMANDS:
        assert site.run(name, "--help").out.startswith(f"Usage: menuops {name} ")
    assert site.run("--version").out == "menuops 0.1.0\n"


def test_warnings_are_said_beside_a_plan(site: Site) -> None:
    site.menu("button: [{name: on, type: click, key: A}]\nallow: [remove-conditional:ios]\n")
    for arguments in (("plan",), ("apply", "--yes")):
        ended = site.run(*arguments)
        assert ended.code == 0
        assert "[idle-allow]" in ended.err


def test_an_expired_plan_is_shown_as_such(site: Site) -> None:
    plan = replace(
        site.plan(), created_at="2020-01-01T00:00:00Z", expires_at="2020-01-08T00:00:00Z"
    )
    write_plan(site.root / "plan.json", plan)
    ended = site.run("show", "plan.json")
    assert (ended.code, "expired" in ended.err) == (0, True)
    assert "menuops apply" not in ended.out
    anew = (
        "This plan expired at 2020-01-08T00:00:00Z. A new one: menuops plan -a shop --out plan.json"
    )
    assert ended.out.splitlines()[-1] == anew


@pytest.mark.parametrize("name", ["created_at", "expires_at", "commit"])
def test_a_plan_that_was_edited_by_hand_is_refused_as_such(site: Site, name: str) -> None:
    """Else a plan would live on, or be used twice, under the digest that was approved."""
    site.run("plan", "--out", "plan.json")
    document = json.loads((site.root / "plan.json").read_text(encoding="utf-8"))
    site.write("plan.json", {**document, name: "2999-01-01T00:00:00Z"})
    for words in (
        ("apply", "plan.json"),
        ("show", "plan.json"),
        ("restore", "--plan", "plan.json"),
    ):
        ended = site.run(*words)
        assert (ended.code, "this plan was edited" in ended.err) == (5, True)
    assert site.writes == []


def test_a_used_plan_is_shown_as_such(site: Site) -> None:
    site.run("plan", "--out", "plan.json")
    assert site.run("apply", "plan.json").code == 0
    ended = site.run("show", "plan.json")
    run = site.runs[-1].name
    assert f"This plan was used by run {run}." in ended.err
    assert "menuops apply" not in ended.out


def test_a_refused_plan_that_is_saved_is_made_again_where_it_was(site: Site) -> None:
    site.live([view()], conditional(view("甲"), client_platform_type="1"))
    made = site.run("plan", "--out", "plan.json")
    assert made.code == 4
    shown = site.run("show", "plan.json").out.splitlines()[-1]
    for line in (made.out.splitlines()[-1], shown):
        command = line.partition("If it is meant: menuops ")[2]
        site.run("plan", "--out", "plan.json")
        assert site.run(*shlex.split(command)).code == 0, command
        assert json.loads((site.root / "plan.json").read_text("utf-8"))["outcome"] == "changes"


def test_a_bug_leaves_its_traceback_in_a_file(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> str:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("menuops.cli.commands.schema.schema_text", broken)
    ended = site.run("schema", environ={"TMPDIR": None})
    assert ended.code == 1
    assert "ZeroDivisionError: ours" in ended.err
    path = ended.err.split()[-1]
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        assert "Traceback" in file.read()
    os.unlink(path)  # noqa: PTH108


def test_an_emulator_is_served_until_it_is_stopped(site: Site) -> None:
    """A second process plans against it; SIGTERM ends it well."""
    arguments = ["--port", "0", "--account", f"{APPID}:{SECRET}", "--state", "wechat.json"]
    with subprocess.Popen(
        [sys.executable, "-m", "menuops", "emulator", *arguments],
        cwd=site.root,
        env=site.process_environ(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        planned = site.run("apply", "--yes", "--api-url", url)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert planned.code == 0
    assert site.calls == []
    assert (site.root / "wechat.json").is_file()


def test_an_emulator_on_a_port_in_use_is_an_error(site: Site) -> None:
    port = site.url.rpartition(":")[2]
    ended = site.run("emulator", "--port", port)
    assert (ended.code, f"port {port}" in ended.err) == (7, True)
