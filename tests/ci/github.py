"""Enough of GitHub's runner to execute a job's own shell steps here, as its documentation says.

What it leaves out: the queue, approvals, and the steps of other people's actions, but for
artifacts, caches, and the checkout of another commit than that of the test.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from tests.render.reading import Page, markdown_page

from .expressions import either

ROOT: Final = Path(__file__).resolve().parents[2]
ACTIONS: Final = sorted((ROOT / ".github/actions").glob("*/action.yml"))
WORKFLOWS: Final = sorted((ROOT / ".github/workflows").glob("*.yml"))
SHA: Final = "5" * 40
HEAD: Final = "e" * 40
REPOSITORY: Final = "acme/menus"

Context = Mapping[str, Any]
_EXPRESSION: Final = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN: Final = re.compile(r"\s*('(?:[^']|'')*'|[A-Za-z_][\w.-]*|==|!=|&&|\|\||[!(),])")


def load(path: Path) -> dict[str, Any]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def evaluate(text: str, context: Context) -> Any:
    """Give the value of an expression: names, texts, `== != && || !`, brackets, three functions."""
    tokens = _tokens(str(text).strip().removeprefix("${{").removesuffix("}}"))
    value = _either(tokens, context)
    assert not tokens, f"{text}: {tokens} left"
    return value


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        assert found, f"can't read the expression {text[at:]!r}"
        tokens.append(found[1])
        at = found.end()
    return tokens


def _either(tokens: list[str], context: Context) -> Any:
    return either(tokens, lambda tokens: _equal(tokens, context))


def _equal(tokens: list[str], context: Context) -> Any:
    value = _one(tokens, context)
    while tokens[:1] in (["=="], ["!="]):
        wanted = tokens.pop(0) == "=="
        # GitHub compares texts without case; nothing equals the empty text.
        other = _one(tokens, context)
        value = (str(value or "").lower() == str(other or "").lower()) is wanted
    return value


def _one(tokens: list[str], context: Context) -> Any:
    token = tokens.pop(0)
    if token == "!":
        return not _one(tokens, context)
    if token == "(":
        value = _either(tokens, context)
        assert tokens.pop(0) == ")"
        return value
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    if tokens[:2] == ["(", ")"]:
        del tokens[:2]
        return {"cancelled": False, "always": True, "failure": context.get("failed", False)}[token]
    value = context
    for name in token.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def filled(text: Any, context: Context) -> str:
    """Put values in place of `${{ … }}`."""
    return _EXPRESSION.sub(lambda found: str(evaluate(found[1], context) or ""), str(text))


def outputs_in(text: str) -> dict[str, str]:
    """Read GITHUB_OUTPUT as the runner does: `name=value`, or `name<<mark`, lines, mark."""
    values: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        equals, heredoc = line.find("="), line.find("<<")
        if heredoc >= 0 and not 0 <= equals < heredoc:
            name, mark = line.split("<<", 1)
            held: list[str] = []
            while (part := next(lines)) != mark:
                held.append(part)
            values[name] = "\n".join(held)
        elif line:
            name, values[name] = line.split("=", 1)
    return values


COMMANDS: Final = {
    *("add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group"),
    *("notice", "remove-matcher", "save-state", "set-env", "set-output", "stop-commands"),
    "warning",
}


def commands_in(log: str) -> list[tuple[str, dict[str, str], str]]:
    """List what the runner takes for commands in a log: name, properties, message.

    As actions/runner v2.3 ff. has it in ActionCommand.cs: `::name a=b::text` at a line's start, and
    the older `##[name a=b;]text` anywhere in a line.
    """
    found: list[tuple[str, dict[str, str], str]] = []
    resume: str | None = None
    for line in re.split(r"\r\n|\n|\r", log):
        matched, separator = re.match(r"\s*::([^\s:]+)(?: (.*?))?::(.*)", line), ","
        if matched is None or matched[1] not in {*COMMANDS, resume}:
            matched, separator = re.search(r"##\[([^\s\]]+)(?: (.*?))?\](.*)", line), ";"
        if matched is None or matched[1] not in {*COMMANDS, resume}:
            continue
        if resume is not None:
            resume = None if matched[1] == resume else resume
        elif matched[1] == "stop-commands":
            resume = matched[3]
        else:
            pairs = (part.partition("=") for part in (matched[2] or "").split(separator) if part)
            properties = {name: _unescaped(value) for name, _, value in pairs}
            found.append((matched[1], properties, _unescaped(matched[3])))
    assert resume is None, "commands were stopped and never taken up again"
    return found


def _unescaped(text: str) -> str:
    for escape, character in (
        ("%0D", "\r"),
        ("%0A", "\n"),
        ("%3A", ":"),
        ("%2C", ","),
        ("%25", "%"),
    ):
        text = text.replace(escape, character)
    return text


@dataclass
class Ran:
    """How steps or a job ended."""

    result: str = "success"
    code: int = 0
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        """The summary as a browser has it."""
        return markdown_page(self.summary)

    @property
    def annotations(self) -> list[tuple[str, dict[str, str], str]]:
        return commands_in(self.log)


@dataclass
class Runner:
    """Fresh machines for jobs; `workspace` is the checkout that they all get."""

    workspace: Path
    temp: Path
    secrets: dict[str, str] = field(default_factory=dict)
    event_name: str = "push"
    event: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    ref: str = "refs/heads/main"
    machines: int = 0
    root: Path = ROOT  # where the workflow and its actions are
    environ: dict[str, str] = field(default_factory=dict)

    def job(self, name: str, **needs: Ran) -> Ran:
        """Run a job of menus.yml if its `if` lets it."""
        job = load(self.root / ".github/workflows/menus.yml")["jobs"][name]
        wanted = job.get("needs", [])
        assert {*needs} == {*([wanted] if isinstance(wanted, str) else wanted)}, wanted
        context: dict[str, Any] = {
            "github": {
                "event_name": self.event_name,
                "event": self.event,
                "ref": self.ref,
                "repository": REPOSITORY,
                # The stand-in for `gh` reads from the token what it may do.
                "token": "token:" + json.dumps(job["permissions"], separators=(",", ":")),
                "sha": self.environ.get("GITHUB_SHA", SHA),
                "run_id": "1",
                "run_attempt": "1",
            },
            "runner": {},
            "inputs": self.inputs,
            "secrets": self.secrets,
            "needs": {key: {"result": r.result, "outputs": r.outputs} for key, r in needs.items()},
            "steps": {},
        }
        condition = str(job.get("if", "true == true"))
        asks_itself = "cancelled()" in condition or "always()" in condition
        if not asks_itself and any(ran.result != "success" for ran in needs.values()):
            return Ran(result="skipped")
        if not evaluate(condition, context):
            return Ran(result="skipped")
        machine = self._machine()
        context["runner"]["temp"] = machine["RUNNER_TEMP"]
        here = self.workspace, self.root
        ran = self.steps(job["steps"], context, machine, {})
        self.workspace, self.root = here
        ran.outputs = {key: filled(value, context) for key, value in job.get("outputs", {}).items()}
        return ran

    def action(self, name: str, given: Mapping[str, str], **environ: str) -> Ran:
        """Run an action of ours by itself."""
        return self._action(ROOT / ".github/actions" / name, given, {}, self._machine(), environ)

    def steps(
        self,
        steps: list[dict[str, Any]],
        context: dict[str, Any],
        machine: Mapping[str, str],
        environ: Mapping[str, str],
        action: Path | None = None,
    ) -> Ran:
        whole = Ran()
        for step in steps:
            condition = str(step.get("if", ""))
            if whole.code and not re.search(r"cancelled\(\)|always\(\)|failure\(\)", condition):
                continue
            if condition and not evaluate(condition, {**context, "failed": bool(whole.code)}):
                continue
            given = {key: filled(value, context) for key, value in step.get("env", {}).items()}
            with_ = {key: filled(value, context) for key, value in step.get("with", {}).items()}
            uses = step.get("uses", "")
            if uses.startswith("./"):
                ran = self._action(
                    self.root / uses, with_, context["github"], machine, {**environ, **given}
                )
            elif uses:
                ran = self._others(uses.partition("@")[0], with_, machine)
            else:
                ran = self._run(step, machine, {**environ, **given}, action)
            if "id" in step:
                context["steps"][step["id"]] = {"outputs": ran.outputs}
            whole.log += ran.log
            whole.summary += ran.summary
            if ran.code and not whole.code and not step.get("continue-on-error"):
                whole.result, whole.code = "failure", ran.code
        return whole

    def _others(self, name: str, given: Mapping[str, str], machine: Mapping[str, str]) -> Ran:
        """Do what actions/checkout, upload-artifact, download-artifact and cache do, here."""
        artifact = self.temp / "artifacts" / given.get("name", "")
        where = given.get("path", "").replace("~", machine["HOME"], 1)
        cache = self.temp / "cache" / Path(where).name
        if name == "actions/checkout" and "ref" in given:
            self._checkout(given["ref"])
        elif name == "actions/upload-artifact":
            found = [Path(line) for line in where.splitlines() if Path(line).exists()]
            if not found:
                assert given.get("if-no-files-found") == "ignore", where
                return Ran()
            shutil.rmtree(artifact, ignore_errors=True)
            artifact.mkdir(parents=True)
            for each in found:
                shutil.copy(each, artifact)
        elif name == "actions/download-artifact":
            if not artifact.exists():
                return Ran(result="failure", code=1, log="Artifact not found\n")
            shutil.copytree(artifact, where, dirs_exist_ok=True)
        elif name == "actions/cache/save" and Path(where).exists():
            shutil.rmtree(cache, ignore_errors=True)
            shutil.copytree(where, cache)
        elif name == "actions/cache/restore" and cache.exists():
            shutil.copytree(cache, where, dirs_exist_ok=True)
        return Ran()

    def _checkout(self, commit: str) -> None:
        """Take a clean copy of a commit, where there is Git; what it holds is what runs then."""
        if not (self.workspace / ".git").exists():
            return
        folder = self._folder("checkout")
        git = ["git", "-C", str(self.workspace), "archive", commit]
        packed = subprocess.run(git, check=True, stdout=subprocess.PIPE)
        subprocess.run(["tar", "-xC", str(folder)], check=True, input=packed.stdout)
        self.workspace = self.root = folder

    def _action(
        self,
        folder: Path,
        given: Mapping[str, str],
        github: Mapping[str, Any],
        machine: Mapping[str, str],
        environ: Mapping[str, str],
    ) -> Ran:
        action = load(folder / "action.yml")
        context: dict[str, Any] = {
            "github": github,
            "steps": {},
            "runner": {"temp": machine["RUNNER_TEMP"]},
        }
        assert {*given} <= {*action["inputs"]}
        context["inputs"] = {
            key: given.get(key, filled(value.get("default", ""), context))
            for key, value in action["inputs"].items()
        }
        if "version" in action["inputs"] and "version" not in given:
            context["inputs"]["version"] = "installed"  # nothing is fetched in a test
        ran = self.steps(action["runs"]["steps"], context, machine, environ, folder)
        ran.outputs = {
            key: filled(output["value"], context) for key, output in action["outputs"].items()
        }
        return ran

    def _run(
        self,
        step: Mapping[str, Any],
        machine: Mapping[str, str],
        environ: Mapping[str, str],
        action: Path | None,
    ) -> Ran:
        assert "${{" not in step["run"]
        folder = self._folder("step")
        script, output, summary = folder / "script.sh", folder / "output", folder / "summary"
        script.write_text(step["run"], encoding="utf-8")
        output.touch()
        summary.touch()
        options = ["--noprofile", "--norc", "-eo", "pipefail"] if "shell" in step else ["-e"]
        done = subprocess.run(
            ["bash", *options, str(script)],
            cwd=self.workspace,
            env={
                **machine,
                **environ,
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
                **({} if action is None else {"GITHUB_ACTION_PATH": str(action)}),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=120,
        )
        return Ran(
            result="failure" if done.returncode else "success",
            code=done.returncode,
            log=done.stdout.decode(),
            summary=summary.read_bytes().decode(),
            outputs=outputs_in(output.read_bytes().decode()),
        )

    def _machine(self) -> dict[str, str]:
        home = self._folder("machine")
        (home / "temp").mkdir()
        path = (self.temp / "bin", Path(sys.executable).parent, os.environ["PATH"])
        return {
            "PATH": os.pathsep.join(map(str, path)),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SHA": SHA,
            "GITHUB_REF": self.ref,
            "GITHUB_HEAD_REF": self.event.get("pull_request", {}).get("head", {}).get("ref", ""),
            "GITHUB_REF_NAME": self.ref.removeprefix("refs/heads/"),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "1",
            "GITHUB_WORKFLOW_REF": f"{REPOSITORY}/.github/workflows/menus.yml@{self.ref}",
            "RUNNER_TEMP": str(home / "temp"),
            **self.secrets,
            **self.environ,
        }

    def _folder(self, kind: str) -> Path:
        self.machines += 1
        folder = self.temp / f"{kind}-{self.machines}"
        folder.mkdir(parents=True)
        return folder


def run_steps(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give all steps of a workflow or an action."""
    if "runs" in document:
        yield from document["runs"]["steps"]
    for job in document.get("jobs", {}).values():
        yield from job["steps"]


OUR_TAGS: Final = {
    *(
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "details",
        "em",
        "h2",
        "h3",
        "h4",
        "hr",
        "li",
        "ol",
        "p",
    ),
    *("pre", "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul", "wbr"),
}


def assert_only_ours(page: Page) -> None:
    """Find nothing in a page that a text of somebody else could have made of it."""
    assert set(page.tags) <= OUR_TAGS
    links = {value for _, name, value in page.attributes if name != "style"}
    assert links <= {f"https://github.com/{REPOSITORY}/actions/runs/1"}
    assert all(comment.startswith(" menuops plan 1 ") for comment in page.comments)
