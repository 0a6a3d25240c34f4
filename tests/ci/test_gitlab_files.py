"""The file that `init --ci gitlab` writes: valid, and each kind of pipeline has just its jobs."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from menuops import __version__
from menuops.files.ci_templates import ci_files

from .gitlab_config import Config, Refused, evaluate, matches

TEXT = ci_files("gitlab")[".gitlab-ci.yml"]
CONFIG = Config(yaml.safe_load(TEXT))
MAIN = {"CI_DEFAULT_BRANCH": "main", "CI_COMMIT_BRANCH": "main", "CI_PROJECT_ID": "12"}
REQUEST = {
    "CI_DEFAULT_BRANCH": "main",
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_PROJECT_ID": "12",
    "CI_MERGE_REQUEST_PROJECT_ID": "12",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "12",
}
FORK = {**REQUEST, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "99"}
TAG = {"CI_DEFAULT_BRANCH": "main", "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": "v1"}
MENU = ["menus/shop.yaml"]
SCRIPTS = {
    name: [*job["before_script"], *job["script"]]
    for name in CONFIG.names()
    for job in [CONFIG.job(name)]
}


def test_gitlabs_schema_accepts_it(tmp_path: Path) -> None:
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(TEXT, encoding="utf-8")
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci"]
    done = subprocess.run([*check, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_it_pins_this_version() -> None:
    assert CONFIG.variables["MENUOPS"] == f"menuops[preview]=={__version__}"


@pytest.mark.parametrize(
    ("variables", "changed", "jobs"),
    [
        (REQUEST, MENU, {"validate", "plan"}),
        (REQUEST, ["README.md"], set()),
        (REQUEST, ["menus/deep/er/a.yaml"], {"validate", "plan"}),
        (REQUEST, ["menuops.yaml"], {"validate", "plan"}),
        # A fork's, in the fork and in this project
        ({**FORK, "CI_PROJECT_ID": "99"}, MENU, {"validate", "offline"}),
        (FORK, MENU, {"validate", "offline"}),
        ({**REQUEST, "OFFLINE_PLANS": "true"}, MENU, {"validate", "offline"}),
        ({**MAIN, "CI_PIPELINE_SOURCE": "push"}, MENU, {"validate", "plan-main", "apply"}),
        ({**MAIN, "CI_PIPELINE_SOURCE": "push"}, ["README.md"], set()),
        ({**MAIN, "CI_PIPELINE_SOURCE": "web"}, [], {"plan-main", "apply"}),
        ({**MAIN, "CI_PIPELINE_SOURCE": "api"}, [], {"plan-main", "apply"}),
        ({**MAIN, "CI_PIPELINE_SOURCE": "schedule"}, [], {"switch", "drift"}),
        ({**MAIN, "CI_PIPELINE_SOURCE": "schedule", "RESTORE": "x/y"}, [], {"switch", "drift"}),
        # Other branches and tags have no pipeline
        ({**MAIN, "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "autumn"}, MENU, set()),
        ({**MAIN, "CI_PIPELINE_SOURCE": "web", "CI_COMMIT_BRANCH": "autumn"}, MENU, set()),
        (TAG, MENU, set()),
    ],
)  # fmt: skip
def test_each_kind_of_pipeline_has_just_its_jobs(
    variables: Mapping[str, str], changed: list[str], jobs: set[str]
) -> None:
    chosen = CONFIG.jobs_of(variables, changed)
    assert {*chosen} == jobs
    assert all(job["when"] == "manual" for name, job in chosen.items() if name == "apply")


def test_what_writes_does_so_one_at_a_time_and_is_never_cancelled() -> None:
    writers = {name for name, script in SCRIPTS.items() if "menuops apply" in "\n".join(script)}
    assert writers == {"apply", "switch"}
    for name in CONFIG.names():
        job = CONFIG.job(name)
        assert job.get("resource_group") == ("menuops-wechat" if name in writers else None)
        assert job["interruptible"] is (name not in writers)
        assert ("environment" in job) is (name in writers)


def test_only_what_writes_saves_the_state_and_it_stays_with_protected_branches() -> None:
    saving = set()
    for name in CONFIG.names():
        caches = CONFIG.job(name).get("cache", [])
        for cache in caches if isinstance(caches, list) else [caches]:
            if cache["key"] == "menuops-state":
                assert "unprotect" not in cache
                if cache["policy"] != "pull":
                    saving.add(name)
    assert saving == {"apply", "switch"}


def test_no_job_of_main_unpacks_a_cache_that_any_branch_can_write() -> None:
    """Whatever is in a cache is unpacked over the checkout, a project file too."""
    for name in CONFIG.names():
        caches = CONFIG.job(name).get("cache", [])
        for cache in caches if isinstance(caches, list) else [caches]:
            if cache.get("unprotect"):
                assert name == "offline" or cache["policy"] == "push"


def test_scripts_read_no_name_that_a_stranger_chooses() -> None:
    """Neither a branch nor a title nor a message; what is read stands in quotes."""
    known = {"CI_BUILDS_DIR", "CI_PIPELINE_SOURCE", "GITLAB_TOKEN", "MENUOPS", "PACKAGES", "PATH"}
    known |= {"RESTORE", "ALLOW", "AGAINST"}
    for script in SCRIPTS.values():
        text = re.sub(r"<<'END'.*?^ *END$", "", "\n".join(script), flags=re.M | re.S)
        used = {*re.findall(r"\$\{?([A-Z][A-Z0-9_]+)", text)}
        assert used <= known
        for line in text.splitlines():
            within = re.sub(r'\$\((?:[^()"]|"[^"]*")*\)', "", line)
            bare = re.sub(r'"[^"]*"|\'[^\']*\'|#.*', "", within)
            assert not re.search(r"\$(?!PACKAGES\b|\?|\()", bare), line


def test_the_token_reaches_reports_alone() -> None:
    for script in SCRIPTS.values():
        assert script[0] == 'token="${GITLAB_TOKEN:-}"; unset GITLAB_TOKEN'
        whole = "\n".join(script[1:])
        assert whole.count("GITLAB_TOKEN=") == 1
        assert 'GITLAB_TOKEN="$token" menuops report' in whole
        assert "export token" not in whole


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_every_script_is_one_of_a_shell(shell: str) -> None:
    for name, script in SCRIPTS.items():
        done = subprocess.run(
            [shell, "-n", "-c", "\n".join(script)], capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b""), name


# What plays GitLab here


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('$A == "a"', True),
        ("$A == 'b' || $B", False),
        ("$A", True),
        ("$EMPTY", False),
        ("$NONE == null && $EMPTY != null", True),
        ('$A == "b" && $NONE || $A == "a"', True),
        ('$A == "b" && ($NONE || $A == "a")', False),
        ("$A == $SAME", True),
        ("$NONE != $A", True),
        ("$A =~ /^[ab]$/", True),
        ("$NONE =~ /^a/", False),
        ("$A !~ /^B/i", True),
    ],
)
def test_expressions_are_as_gitlabs_documentation_has_them(text: str, holds: bool) -> None:
    assert evaluate(text, {"A": "a", "SAME": "a", "EMPTY": ""}) is holds


@pytest.mark.parametrize("text", ["$A = 1", "($A", "$A ==", "$A $B", "a == $A"])
def test_what_is_no_expression_makes_no_pipeline(text: str) -> None:
    with pytest.raises(Refused, match="invalid expression syntax"):
        evaluate(text, {"A": "a"})


def test_a_job_that_needs_one_that_isnt_there_makes_no_pipeline() -> None:
    jobs = "a: {stage: x, needs: [b], rules: [{}]}, b: {stage: x, rules: []}"
    text = f"{{workflow: {{rules: [{{}}]}}, stages: [x], {jobs}}}"
    with pytest.raises(Refused, match="'a' job needs 'b' job"):
        Config(yaml.safe_load(text)).jobs_of({"CI_PIPELINE_SOURCE": "web"}, [])


def test_patterns_of_files_match_as_rubys() -> None:
    assert matches("menus/**/*", "menus/a.yaml")
    assert matches("menus/**/*", "menus/a/b/c.yaml")
    assert not matches("menus/**/*", "other/menus/a.yaml")
    assert matches("*.yaml", "a.yaml")
    assert not matches("*.yaml", "a/b.yaml")
    assert not matches("menuops.yaml", "menuops-yaml")
