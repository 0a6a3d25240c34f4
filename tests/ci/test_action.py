"""The action by itself: its inputs and outputs, and what hostile text can't do through it."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from .conftest import APPID, MENU, SECRET, WeChat
from .github import ROOT, Runner, commands_in, outputs_in


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


report = script("report")


def test_it_takes_accounts_in_any_list_and_a_project_elsewhere(
    runner: Runner, checkout: Path
) -> None:
    inside = checkout / "a b"
    inside.mkdir()
    (checkout / "menus").rename(inside / "menus")
    (checkout / "menuops.yaml").rename(inside / "other.yaml")
    given = {"working-directory": "a b", "config": "other.yaml"}
    for accounts in ("shop", "nobody* shop", "nobody*,shop"):
        ran = runner.action("menuops", {"command": "validate", "accounts": accounts, **given})
        assert ran.code == (64 if "nobody" in accounts else 0), ran.log
    of = {"command": "plan", "accounts": "\nshop\nsh?p\n", "plan-file": "p q.json"}
    ran = runner.action("menuops", {**of, **given})
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
    planned = runner.action("menuops", {"command": "plan", "working-directory": "one"})
    assert planned.annotations[0] == ran.annotations[0], "what a plan finds stands there too"


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


def ended(printed: str = "", code: int = 0, result: Path | None = None, **plan: Any) -> Any:
    """Make what a step ended with; its plan and its result are in `result`, if that is given."""
    if result is None:
        return report.Ran("plan", code, printed)
    (result / "result.json").write_text(json.dumps({"outcome": "changes", **plan}))
    return report.Ran("plan", code, printed, result, result / "result.json")


def test_an_output_can_not_end_itself(tmp_path: Path) -> None:
    outputs = {"a": "x\nb=y\nend-\nEOF", "b": "<<EOF", "c": ""}
    assert outputs_in(report.output_lines(outputs)) == outputs
    named = tmp_path / "x\ndigest=dead"
    named.mkdir()
    found = outputs_in(report.output_lines(ended(result=named).outputs))
    assert (found["digest"], found["plan-file"]) == ("", str(named / "result.json"))


def test_what_is_no_digest_and_no_account_is_none(tmp_path: Path) -> None:
    for digest in ("a" * 63, "a" * 64 + "\n", "`" * 64, "A" * 64, 7, ["a" * 64]):
        account = {"appid": "wx1", "digest": digest, "changes": 3, "next_switch": 4}
        ran = ended(result=tmp_path, digest=digest, accounts=[account, account["appid"]])
        empty = {"digest": "", "account-digests": "", "next-switch": "", "changes": "0"}
        assert {name: ran.outputs[name] for name in empty} == empty
    assert ended(result=tmp_path, accounts=7).outputs["changes"] == "0"


def test_the_log_can_not_give_commands() -> None:
    text = (
        "::error::a\n ::add-mask::b\n##[set-output name=c;]d\r::stop-commands::e\r::e::\n::error::f"
    )
    assert commands_in(ended(text).log + "::notice::after") == [("notice", {}, "after")]


def test_nothing_but_findings_becomes_an_annotation(tmp_path: Path) -> None:
    lines = "::set-output name=a::b\n::error file=a::b\n::stop-commands::c\n::warning ::d\n"
    (tmp_path / "annotations.txt").write_text(lines)
    found = commands_in(ended(result=tmp_path).annotations)
    assert [name for name, _, _ in found] == ["error", "warning"]


def test_a_carriage_return_does_not_end_the_block() -> None:
    text = ended("a\r# b\r\nc\n\n\n# d").summary
    assert "    a␍# b\n    c\n    \n    \n    # d\n" in text
    assert "\r" not in text


@pytest.mark.parametrize("line", ["新品" * 40, "x"], ids=["chinese", "short"])
def test_a_long_summary_is_cut_at_a_line_and_says_so(line: str) -> None:
    text = ended(f"{line}\n" * 250_000, code=5).summary
    assert 990_000 < len(text.encode()) < 1024 * 1024
    cut = text[: text.index("\nThe rest was cut")]
    assert cut.endswith(f"    {line}\n")
    assert "workflow_dispatch" in text, "what to do is told all the same"


def test_one_endless_line_is_cut_too() -> None:
    assert len(ended("x" * 3_000_000).summary.encode()) < 2000


def test_a_long_result_leaves_room_for_the_way_on(tmp_path: Path) -> None:
    """menuops itself writes less than GitHub takes; here is that the step's words fit in."""
    told = "新" * 299_999 + "\n"
    for folder in ("apply", "plan"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "result.md").write_text(told, encoding="utf-8")
    text = ended(code=5, result=tmp_path / "apply", digest="a" * 64).summary
    assert len(text.encode()) < 1024 * 1024
    assert text.endswith(f"`{'a' * 64}`.\n")


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
    assert "the installed one" in ran.page.text
    assert not (checkout / "pwned").exists()


PYTHON = r"""#!/bin/sh
mkdir -p "$4/bin"
printf '#!/bin/sh\nprintf "%%s\\n" "$@" >"$HOME/given"\nexit 1\n' >"$4/bin/python"
chmod +x "$4/bin/python"
"""


@pytest.mark.parametrize("version", ["--help", "x; touch pwned; $(touch pwned)"])
def test_a_hostile_version_is_one_word_to_pip(bare: Runner, checkout: Path, version: str) -> None:
    python = bare.temp / "bin/python3"
    python.parent.mkdir()
    python.write_text(PYTHON, encoding="utf-8")
    python.chmod(0o755)
    ran = bare.action("menuops", {"command": "plan", "version": version})
    assert ran.code == 1
    assert ran.outputs["outcome"] == ""
    (given,) = bare.temp.rglob("given")
    assert given.read_text(encoding="utf-8").splitlines()[-2:] == ["--", version]
    assert not (checkout / "pwned").exists()


def test_no_secret_reaches_log_or_summary(runner: Runner, checkout: Path) -> None:
    broken = MENU.replace("新品", "${nobody}")
    for command, menu in (("validate", broken), ("plan", MENU), ("drift", MENU)):
        (checkout / "menus/shop.yaml").write_text(menu, encoding="utf-8")
        ran = runner.action("menuops", {"command": command})
        assert SECRET not in ran.log + ran.summary


def test_a_job_that_is_cancelled_tells_menuops_and_waits_for_it(tmp_path: Path) -> None:
    """It ends the call in flight and writes down what was done; nothing may kill it before."""
    ready = tmp_path / "ready"
    os.mkfifo(ready)
    stub = tmp_path / "menuops"
    stub.write_text(
        f"#!{sys.executable}\nimport signal, sys\n"
        "def ended(number, frame):\n    print('ended the call in flight')\n    sys.exit(130)\n"
        "signal.signal(signal.SIGINT, ended)\n"
        f"open({str(ready)!r}, 'w').close()\nsignal.pause()\n"
    )
    stub.chmod(0o755)
    given = {"MENUOPS": str(stub), "COMMAND": "drift", "DIRECTORY": ".", "PATH": os.environ["PATH"]}
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        given[name] = str(tmp_path / name)
    run = [sys.executable, "-IB", str(ROOT / ".github/actions/menuops/run.py")]
    with subprocess.Popen(
        run, env={**given, "RUNNER_TEMP": str(tmp_path)}, stdout=subprocess.PIPE, text=True
    ) as step:
        ready.read_bytes()
        step.send_signal(signal.SIGINT)
        said, _ = step.communicate(timeout=60)
    assert step.returncode == 130
    assert "ended the call in flight" in said
    assert outputs_in((tmp_path / "GITHUB_OUTPUT").read_text())["outcome"] == "partial"
