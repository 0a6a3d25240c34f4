"""The action by itself: its inputs and outputs, and what hostile text can't do through it."""

from __future__ import annotations

import importlib.util
import json
import re
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from .conftest import APPID, MENU, SECRET, WeChat
from .github import ROOT, Runner, commands_in, outputs_in

HOSTILE_MENU = r"""
x-note: "$(touch pwned)"
button:
  - name: "`x`$(id)"
    sub_button:
      - name: "</details><script>"
        type: click
        key: "##[set-output name=digest;]dead"
      - name: "::set-output name=digest::dead"
        type: click
        key: "EOF outcome=done"
      - name: "```"
        type: view
        url: "https://x.example/$(touch>pwned)?`id>pwned`</code>"
"""


def script(name: str) -> ModuleType:
    """Import a script that stands beside the action."""
    path = ROOT / f".github/actions/menuops/{name}.py"
    spec = importlib.util.spec_from_file_location(f"action_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # A dataclass looks its module up while it is made.
    __import__("sys").modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


annotate, report = script("annotate"), script("report")


def outside_code(summary: str) -> str:
    """What Markdown reads as other than the indented block."""
    return "\n".join(line for line in summary.split("\n") if not line.startswith("    "))


def test_it_takes_accounts_in_any_list_and_a_project_elsewhere(
    runner: Runner, checkout: Path
) -> None:
    inside = checkout / "a b"
    inside.mkdir()
    (checkout / "menus").rename(inside / "menus")
    (checkout / "menuops.yaml").rename(inside / "other.yaml")
    for accounts in ("shop", "nobody* shop", "nobody*,shop", "\nshop\nsh?p\n"):
        given = {"accounts": accounts, "working-directory": "a b", "config": "other.yaml"}
        ran = runner.action("menuops", {"command": "plan", "plan-file": "p q.json", **given})
        if "nobody" in accounts:
            assert ran.code == 64, ran.log
            continue
        assert ran.code == 0, ran.log
        assert ran.outputs["plan-file"] == str(inside / "p q.json")
        assert (ran.outputs["changes"], ran.outputs["exit-code"]) == ("1", "0")
        plan = json.loads((inside / "p q.json").read_bytes())
        assert plan["digest"] == ran.outputs["digest"]


def test_findings_in_a_folder_are_annotated_where_they_are(runner: Runner, checkout: Path) -> None:
    inside = checkout / "one"
    inside.mkdir()
    (checkout / "menus").rename(inside / "menus")
    (checkout / "menuops.yaml").rename(inside / "menuops.yaml")
    (inside / "menus/shop.yaml").write_text("button: 1\n", encoding="utf-8")
    ran = runner.action("menuops", {"command": "validate", "working-directory": "one"})
    assert (ran.code, ran.outputs["outcome"]) == (3, "invalid")
    assert ran.annotations[0][1]["file"] == "one/menus/shop.yaml"


def test_a_saved_plan_is_applied_as_it_is(runner: Runner, wechat: WeChat) -> None:
    planned = runner.action("menuops", {"command": "plan", "plan-file": "plan.json"})
    saved = {"command": "apply", "plan-file": planned.outputs["plan-file"]}
    assert runner.action("menuops", {**saved, "expect": "a" * 64}).code == 5
    assert runner.action("menuops", {**saved, "expect": "no-changes"}).code == 64
    assert "menu" not in wechat.menu
    applied = runner.action("menuops", {**saved, "expect": planned.outputs["digest"]})
    assert (applied.code, applied.outputs["outcome"]) == (0, "done"), applied.log
    assert "menu" in wechat.menu


def test_a_plan_that_was_tampered_with_or_is_for_others_is_refused(
    runner: Runner, checkout: Path, wechat: WeChat
) -> None:
    planned = runner.action("menuops", {"command": "plan", "plan-file": "plan.json"})
    path = checkout / "plan.json"
    text = path.read_text(encoding="utf-8")
    for before, after in (
        ("新品", "旧品"),
        (APPID, "wxffffffffffffffff"),
        (wechat.url, "http://127.0.0.1:9"),
        (planned.outputs["digest"], "a" * 64),
    ):
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")
        saved = {"command": "apply", "plan-file": "plan.json"}
        for expect in ("", planned.outputs["digest"]):
            ran = runner.action("menuops", {**saved, "expect": expect})
            assert ran.code in (3, 5), ran.log
            assert ran.outputs["outcome"] != "done"
    path.write_text(text, encoding="utf-8")
    project = checkout / "menuops.yaml"
    of_others = project.read_text(encoding="utf-8").replace(APPID, "wxffffffffffffffff")
    project.write_text(of_others, encoding="utf-8")
    assert runner.action("menuops", saved).code == 5
    assert "menu" not in wechat.menu


def test_an_older_plan_file_is_not_taken_for_the_plan_that_failed(
    runner: Runner, checkout: Path
) -> None:
    runner.action("menuops", {"command": "plan", "plan-file": "plan.json"})
    (checkout / "menus/shop.yaml").write_text("button: 1\n", encoding="utf-8")
    ran = runner.action("menuops", {"command": "plan", "plan-file": "plan.json"})
    assert (ran.code, ran.outputs["digest"], ran.outputs["plan-file"]) == (3, "", "")


def test_apply_without_anything_reviewed_is_no_approval(runner: Runner, wechat: WeChat) -> None:
    ran = runner.action("menuops", {"command": "apply"})
    assert ran.code == 9
    assert "menu" not in wechat.menu


@pytest.mark.parametrize("command", ["", "destroy", "validate; touch pwned", "x\n::error::y"])
def test_another_command_is_wrong_usage(runner: Runner, checkout: Path, command: str) -> None:
    ran = runner.action("menuops", {"command": command})
    assert ran.code == 64
    assert command not in ran.summary or not command
    assert [name for name, _, _ in ran.annotations] == ["error"]
    assert not (checkout / "pwned").exists()


@pytest.mark.parametrize(
    ("command", "name"),
    [
        *(("plan", name) for name in ("config", "accounts", "working-directory")),
        *(("apply", name) for name in ("config", "accounts", "working-directory", "expect")),
        ("apply", "plan-file"),
    ],
)
@pytest.mark.parametrize(
    "value",
    ["--yes", "'\"; touch pwned; $(touch pwned)`touch pwned`\n::set-output name=digest::dead\nEOF"],
)
def test_no_input_breaks_out(
    runner: Runner, wechat: WeChat, checkout: Path, name: str, command: str, value: str
) -> None:
    approved = {"expect": "a" * 64} if command == "apply" else {}
    ran = runner.action("menuops", {"command": command, **approved, name: value})
    assert not list(checkout.rglob("pwned"))
    assert "menu" not in wechat.menu
    assert ran.code != 0
    assert {kind for kind, _, _ in ran.annotations} <= {"error"}
    assert ran.outputs["outcome"] != "done"
    assert "dead" not in ran.outputs["digest"]


def test_hostile_menus_stay_text(runner: Runner, wechat: WeChat, checkout: Path) -> None:
    (checkout / "menus/shop.yaml").write_text(HOSTILE_MENU, encoding="utf-8")
    planned = runner.action("menuops", {"command": "plan"})
    assert planned.code == 0, planned.log
    applied = runner.action("menuops", {"command": "apply", "expect": planned.outputs["digest"]})
    assert applied.code == 0, applied.log
    assert len(wechat.menu["menu"]["button"][0]["sub_button"]) == 3
    for ran in (planned, applied):
        assert "</details>" in ran.summary
        assert not re.search("[<>]|```|touch|set-output", outside_code(ran.summary))
        assert ran.annotations == []
        assert re.fullmatch("[0-9a-f]{64}", ran.outputs["digest"])
        assert "EOF outcome=done" in ran.summary
    assert not list(checkout.rglob("pwned"))


def test_a_hostile_finding_stays_one_annotation(runner: Runner, checkout: Path) -> None:
    menu = 'button:\n  - name: a\n    "%0A::error::x##[set-output name=a;]b": 1\n'
    (checkout / "menus/a,line=9::b %.yaml").write_text(menu, encoding="utf-8")
    project = (checkout / "menuops.yaml").read_text(encoding="utf-8")
    project = project.replace("menus/shop.yaml", '"menus/a,line=9::b %.yaml"')
    (checkout / "menuops.yaml").write_text(project, encoding="utf-8")
    ran = runner.action("menuops", {"command": "validate"})
    assert ran.code == 3
    *found, last = ran.annotations
    assert {(name, properties["file"]) for name, properties, _ in found} == {
        ("error", "menus/a,line=9::b %.yaml")
    }
    assert any("%0A::error::x##[set-output" in message for _, _, message in found)
    assert last[1] == {}
    assert "exit code 3" in last[2]


def test_an_annotation_holds_any_text() -> None:
    message, rule = "a\r\n::error::b%0A, c: d##[x]", "x,y:z%\n"
    finding = {"file": "m.yaml", "line": 2, "column": 3, "rule": rule, "message": message}
    warning = {**finding, "severity": "warning"}
    here = Path("/w/one")
    [line] = annotate.workflow_commands({"findings": [warning]}, here, Path("/w"))
    assert "\n" not in line
    place = {"file": "one/m.yaml", "line": "2", "col": "3", "title": rule}
    assert commands_in(line) == [("warning", place, message)]
    error = {"error": {"message": message, "findings": [{**finding, "severity": "error"}]}}
    assert [
        found[0] for found in commands_in("\n".join(annotate.workflow_commands(error, here, here)))
    ] == ["error"]
    alone = {"error": {"message": message}}
    assert commands_in(*annotate.workflow_commands(alone, here, here)) == [("error", {}, message)]


def ran(stdout: str = "", stderr: str = "", code: int = 0, digest: str = "") -> object:
    plan = {"digest": digest, "outcome": "changes", "accounts": []}
    return report.Ran("plan", code, stdout, stderr, plan, "/x\ndigest=dead")


def test_an_output_can_not_end_itself() -> None:
    outputs = {"a": "x\nb=y\nend-\nEOF", "b": "<<EOF", "c": ""}
    assert outputs_in(report.output_lines(outputs)) == outputs
    assert outputs_in(report.output_lines(ran().outputs))["digest"] == ""  # type: ignore[attr-defined]


def test_what_is_no_digest_is_none() -> None:
    for digest in ("a" * 63, "a" * 64 + "\n", "`" * 64, "A" * 64):
        assert ran(digest=digest).digest == ""  # type: ignore[attr-defined]


def test_the_log_can_not_give_commands() -> None:
    text = (
        "::error::a\n ::add-mask::b\n##[set-output name=c;]d\r::stop-commands::e\r::e::\n::error::f"
    )
    assert commands_in(report.log(ran(text, text)) + "::notice::after") == [("notice", {}, "after")]


def test_a_carriage_return_does_not_end_the_block() -> None:
    text = report.summary(ran("a\r# b\r\nc\n\n\n# d"))
    assert "    a␍# b\n    c\n    \n    \n    # d\n" in text
    assert "\r" not in text


@pytest.mark.parametrize("line", ["新品" * 40, "x"], ids=["chinese", "short"])
def test_a_long_summary_is_cut_at_a_line_and_says_so(line: str) -> None:
    text = report.summary(ran(f"{line}\n" * 250_000, code=5, digest="a" * 64))
    assert 990_000 < len(text.encode()) < 1024 * 1024
    cut = text[: text.index("\nThe rest was cut")]
    assert cut.endswith(f"    {line}\n")
    assert "workflow_dispatch" in text, "what to do is told all the same"


def test_one_endless_line_is_cut_too() -> None:
    assert len(report.summary(ran("x" * 3_000_000)).encode()) < 2000


def wheel(folder: Path) -> Path:
    """Make a menuops that only says that it is the installed one."""
    path = folder / "menuops-0.0.1-py3-none-any.whl"
    about = "menuops-0.0.1.dist-info"
    files = {
        "menuops_stub.py": "def main():\n    print('the installed one')\n",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: menuops\nVersion: 0.0.1\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": "[console_scripts]\nmenuops = menuops_stub:main\n",
    }
    record = "".join(f"{name},,\n" for name in files) + f"{about}/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, f"{about}/RECORD": record}.items():
            archive.writestr(name, text)
    return path


def test_what_it_installs_is_what_it_runs(bare: Runner, checkout: Path) -> None:
    for name in ("pip", "venv"):
        (checkout / f"{name}.py").write_text("open('pwned', 'w')\n", encoding="utf-8")
    given = {"command": "plan", "version": str(wheel(bare.temp))}
    ran = bare.action("menuops", given, PIP_NO_INDEX="1")
    assert ran.code == 0, ran.log
    assert "    the installed one" in ran.summary
    assert not (checkout / "pwned").exists()


@pytest.mark.parametrize("version", ["--help", "x; touch pwned; $(touch pwned)"])
def test_a_hostile_version_fails_to_install(bare: Runner, checkout: Path, version: str) -> None:
    ran = bare.action("menuops", {"command": "plan", "version": version}, PIP_NO_INDEX="1")
    assert ran.code != 0
    assert ran.outputs["outcome"] == ""
    assert not (checkout / "pwned").exists()


def test_no_secret_reaches_log_or_summary(runner: Runner, checkout: Path) -> None:
    menu = MENU.replace("新品", "${nobody}")
    for text in (MENU, menu):
        (checkout / "menus/shop.yaml").write_text(text, encoding="utf-8")
        for command in ("validate", "plan", "drift"):
            ran = runner.action("menuops", {"command": command})
            assert SECRET not in ran.log + ran.summary
