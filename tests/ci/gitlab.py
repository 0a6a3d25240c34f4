"""Enough of GitLab CI to run the jobs of `.gitlab-ci.yml` here, as its documentation says.

One shell for `before_script` and `script`, artifacts, caches with a suffix for protected branches
("Caching in GitLab CI/CD"), and variables ("Predefined CI/CD variables reference"); which jobs a
pipeline has is in gitlab_config.py. What it leaves out: queues and images; nothing is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from .gitlab_config import Config, Json

_INSTALL: Final = re.compile(
    r'^python3 -I -m venv "\$CI_BUILDS_DIR/menuops" && .*pip" install .*$', re.M
)


@dataclass
class Ran:
    """How a job ended."""

    name: str
    code: int = 0
    log: str = ""
    allowed: bool = False
    artifacts: Path | None = None

    @property
    def passed(self) -> bool:
        return self.code == 0 or self.allowed

    def file(self, name: str) -> bytes:
        """Read a file of the job's artifacts."""
        assert self.artifacts is not None
        return (self.artifacts / name).read_bytes()

    def has(self, name: str) -> bool:
        return self.artifacts is not None and (self.artifacts / name).exists()


@dataclass
class Server:
    """A project on GitLab with its runners: each job gets a fresh machine and a fresh checkout.

    `variables` are those of the project's settings, `protected` those of them that only protected
    refs are given. Without `caches` nothing is kept from one job to the next.
    """

    repository: Path
    temp: Path
    menuops: Path
    variables: dict[str, str] = field(default_factory=dict)
    protected: dict[str, str] = field(default_factory=dict)
    caches: bool = True
    machines: int = 0
    jobs: int = 0

    def pipeline(
        self, source: str, *, commit: str, before: str | None = None, **variables: str
    ) -> Pipeline:
        """Make a pipeline of the default branch, or with CI_MERGE_REQUEST_IID of a request."""
        self.jobs += 1
        in_request = source == "merge_request_event"
        known = {
            **({} if in_request else {"CI_COMMIT_BRANCH": "main"}),
            "CI_PIPELINE_SOURCE": source,
            "CI_DEFAULT_BRANCH": "main",
            "CI_COMMIT_SHA": commit,
            "CI_PROJECT_ID": "12",
            "CI_PIPELINE_ID": str(4000 + self.jobs),
            **variables,
        }
        shown = self.git("show", f"{commit}:.gitlab-ci.yml")
        config = Config(yaml.safe_load(shown))
        changed = (
            [] if before is None else self.git("diff", "--name-only", before, commit).split("\n")
        )
        seen = {**self.variables, **({} if in_request else self.protected), **known}
        chosen = config.jobs_of(seen, changed)
        return Pipeline(self, config, known, chosen, is_protected=not in_request)

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments]
        done = subprocess.run(
            command, cwd=self.repository, check=True, capture_output=True, text=True
        )
        return done.stdout.rstrip("\n")

    def folder(self, kind: str) -> Path:
        self.machines += 1
        made = self.temp / f"{kind}-{self.machines}"
        made.mkdir(parents=True)
        return made


@dataclass
class Pipeline:
    """One pipeline: `run` does all that nobody has to start, `play` starts a manual job."""

    server: Server
    config: Config
    variables: dict[str, str]
    jobs: dict[str, Json]
    is_protected: bool
    ran: dict[str, Ran] = field(default_factory=dict)

    def run(self) -> Pipeline:
        for stage in self.config.document["stages"]:
            for name, job in self.jobs.items():
                if job["stage"] == stage and name not in self.ran and self._starts(job):
                    self._run(name)
        return self

    def play(self, name: str) -> Ran:
        """Start a manual job, as a person does; then whatever waited for it."""
        job = self.jobs[name]
        assert job["when"] == "manual"
        assert self.can_play(name), f"{name} can't be started: {self.ran}"
        ran = self._run(name)
        self.run()
        return ran

    def can_play(self, name: str) -> bool:
        return self._ready(self.jobs[name])

    def __getitem__(self, name: str) -> Ran:
        return self.ran[name]

    @property
    def log(self) -> str:
        return "\n".join(f"== {ran.name}: {ran.code}\n{ran.log}" for ran in self.ran.values())

    def _starts(self, job: Json) -> bool:
        if job["when"] == "manual":
            return False
        return job["when"] == "always" or self._ready(job)

    def _before(self, job: Json) -> list[str]:
        """List the jobs that must have passed: those needed, or all of earlier stages."""
        if "needs" in job:
            return list(job["needs"])
        stages = self.config.document["stages"]
        return [
            other
            for other, each in self.jobs.items()
            if stages.index(each["stage"]) < stages.index(job["stage"])
        ]

    def _ready(self, job: Json) -> bool:
        return all(other in self.ran and self.ran[other].passed for other in self._before(job))

    def _run(self, name: str) -> Ran:
        job = self.jobs[name]
        builds = self.server.folder("builds")
        checkout = builds / "acme/menus"
        checkout.parent.mkdir()
        clone = ["git", "clone", "-q", "--no-checkout", str(self.server.repository), str(checkout)]
        subprocess.run(clone, check=True, capture_output=True)
        detach = ["git", "checkout", "-q", "--detach", self.variables["CI_COMMIT_SHA"]]
        subprocess.run(detach, cwd=checkout, check=True, capture_output=True)
        caches = _caches(job)
        for cache in caches:
            if "pull" in cache.get("policy", "pull-push").split("-"):
                self._copy(self._cache(cache), checkout)
        for other in self._before(job):
            if other in self.ran and self.ran[other].artifacts is not None:
                self._copy(self.ran[other].artifacts, checkout)
        ran = Ran(name)
        ran.code, ran.log = self._script(name, job, builds, checkout)
        allowed = job.get("allow_failure", False)
        if isinstance(allowed, dict):
            allowed = ran.code in allowed["exit_codes"]
        ran.allowed = bool(allowed)
        artifacts = job.get("artifacts", {})
        for paths, when in (
            (artifacts.get("paths", []), artifacts.get("when", "on_success")),
            (list(artifacts.get("reports", {}).values()), "always"),
        ):
            if when == "always" or ran.code == 0:
                ran.artifacts = ran.artifacts or self.server.folder("artifacts")
                _keep(paths, checkout, ran.artifacts)
        for cache in caches:
            saves = cache.get("when", "on_success") == "always" or ran.code == 0
            if saves and "push" in cache.get("policy", "pull-push").split("-"):
                kept = self._cache(cache)
                shutil.rmtree(kept, ignore_errors=True)
                kept.mkdir(parents=True)
                _keep(cache["paths"], checkout, kept)
        self.ran[name] = ran
        return ran

    def _cache(self, cache: Json) -> Path:
        """Find a cache; those of protected branches are others, unless the job says they aren't."""
        name = str(cache["key"])
        if not cache.get("unprotect"):
            name += "-protected" if self.is_protected else "-non_protected"
        return self.server.temp / "caches" / name

    def _copy(self, source: Path | None, checkout: Path) -> None:
        if (
            source is not None
            and source.exists()
            and self.server.caches | ("caches" not in source.parts)
        ):
            shutil.copytree(source, checkout, dirs_exist_ok=True)

    def _script(self, name: str, job: Json, builds: Path, checkout: Path) -> tuple[int, str]:
        self.server.jobs += 1
        script = "\n".join([*job["before_script"], *job["script"]])
        # Nothing is fetched in a test: this environment's own menuops is what was installed.
        script, count = _INSTALL.subn("", script)
        assert count == 1
        installed = builds / "menuops/bin"
        installed.mkdir(parents=True)
        (installed / "menuops").symlink_to(self.server.menuops)
        (installed / "python3").symlink_to(Path(sys.executable).resolve())
        bin_folder = builds / "usr"
        bin_folder.mkdir()
        (bin_folder / "apt-get").write_text('#!/bin/sh\necho "$@" >>"$HOME/apt-get"\n')
        (bin_folder / "apt-get").chmod(0o755)
        (builds / "home").mkdir()
        system = {
            "PATH": os.pathsep.join([str(bin_folder), os.environ["PATH"]]),
            "HOME": str(builds / "home"),
            "LANG": "C.UTF-8",
            "CI": "true",
            "GITLAB_CI": "true",
            "GITLAB_USER_LOGIN": "mei",
            "CI_BUILDS_DIR": str(builds),
            "CI_PROJECT_DIR": str(checkout),
            "CI_JOB_NAME": name,
            "CI_JOB_STAGE": job["stage"],
            "CI_JOB_TOKEN": "glcbt-64_0123456789abcdef",
            "CI_JOB_URL": f"https://gitlab.example/acme/menus/-/jobs/{self.server.jobs}",
        }
        environ = {
            **self.config.variables,
            **job.get("variables", {}),
            **self.server.variables,
            **(self.server.protected if self.is_protected else {}),
            **self.variables,
        }
        written = {
            key: _expanded(value, {**system, **environ}) if key in self.config.variables else value
            for key, value in environ.items()
        }
        # As the runner's own shell does: one shell, each item of the list a line of it.
        done = subprocess.run(
            ["bash", "-c", f"set -eo pipefail\nset +o noclobber\n{script}\n"],
            cwd=checkout,
            env={**system, **written},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=120,
        )
        return done.returncode, done.stdout.decode()


def _expanded(value: str, variables: Mapping[str, str]) -> str:
    """Expand variables in the value of a variable, once."""
    return re.sub(r"\$(\w+)|\$\{(\w+)\}", lambda at: variables.get(at[1] or at[2], ""), value)


def _caches(job: Json) -> list[Json]:
    cache = job.get("cache", [])
    return [cache] if isinstance(cache, dict) else cache


def _keep(patterns: Sequence[str], checkout: Path, folder: Path) -> None:
    for path in _found(patterns, checkout):
        target = folder / path.relative_to(checkout)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, dirs_exist_ok=True)
        else:
            shutil.copy2(path, target)


def _found(patterns: Sequence[str], checkout: Path) -> Iterator[Path]:
    for pattern in patterns:
        assert not pattern.startswith(("/", "..")), "it lies outside the project"
        yield from checkout.glob(pattern)
