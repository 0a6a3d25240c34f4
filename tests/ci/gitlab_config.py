"""What `.gitlab-ci.yml` says: which jobs a pipeline has, and each with all that it extends.

Source: GitLab's documentation, "Specify when jobs run with rules", "CI/CD YAML syntax reference".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from .expressions import either

Json = dict[str, Any]
GLOBAL: Final = {"stages", "variables", "workflow", "default"}
KEYWORDS: Final = {
    *("stage", "variables", "rules", "script", "before_script", "artifacts", "cache", "needs"),
    *("environment", "resource_group", "interruptible", "allow_failure", "image"),
}
_TOKEN: Final = re.compile(
    r"""\s*(\$\w+|"[^"]*"|'[^']*'|/(?:[^/\\]|\\.)+/i?|null|==|!=|=~|!~|&&|\|\||[()])"""
)


class Refused(Exception):
    """GitLab makes no pipeline of this."""


# Expressions of rules:if


def evaluate(text: str, variables: Mapping[str, str]) -> bool:
    """Tell whether an expression holds; a variable alone does if it is there and not empty."""
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise Refused(f"invalid expression syntax: {text[at:]!r}")
        tokens.append(found[1])
        at = found.end()
    value = _either(tokens, variables)
    if tokens:
        raise Refused(f"invalid expression syntax: {text!r}")
    return bool(value)


def _either(tokens: list[str], variables: Mapping[str, str]) -> Any:
    return either(tokens, lambda tokens: _compared(tokens, variables))


def _compared(tokens: list[str], variables: Mapping[str, str]) -> Any:
    value = _one(tokens, variables)
    if tokens and tokens[0] in ("==", "!=", "=~", "!~"):
        operator = tokens.pop(0)
        other = _one(tokens, variables)
        if operator in ("=~", "!~"):
            found = value is not None and re.search(other, value) is not None
            return found is (operator == "=~")
        return (value == other) is (operator == "==")
    return value


def _one(tokens: list[str], variables: Mapping[str, str]) -> Any:
    if not tokens:
        raise Refused("invalid expression syntax: it ends too soon")
    token = tokens.pop(0)
    if token == "(":
        value = _either(tokens, variables)
        if tokens[:1] != [")"]:
            raise Refused("invalid expression syntax: no closing bracket")
        tokens.pop(0)
        return value
    if token.startswith("$"):
        return variables.get(token[1:])
    if token == "null":
        return None
    if token.startswith("/"):
        pattern, _, flags = token[1:].rpartition("/")
        return re.compile(pattern, re.I if flags else 0)
    if token[0] in "\"'":
        return token[1:-1]
    raise Refused(f"invalid expression syntax at {token!r}")


# What the file says


@dataclass(frozen=True)
class Config:
    """`.gitlab-ci.yml`, read."""

    document: Json

    @staticmethod
    def read(path: Path) -> Config:
        return Config(yaml.safe_load(path.read_text(encoding="utf-8")))

    @property
    def variables(self) -> dict[str, str]:
        found: Json = self.document.get("variables", {})
        return {
            name: str(value["value"] if isinstance(value, dict) else value)
            for name, value in found.items()
        }

    def job(self, name: str) -> Json:
        """Give a job with what it extends and the defaults for keys that it hasn't."""
        job = self._extended(name)
        job.pop("extends", None)
        whole = {**self.document.get("default", {}), **job}
        assert {*whole} <= KEYWORDS, whole.keys() - KEYWORDS
        return whole

    def _extended(self, name: str) -> Json:
        job = dict(self.document[name])
        parents = job.get("extends", [])
        merged: Json = {}
        for parent in [parents] if isinstance(parents, str) else parents:
            merged = _merged(merged, self._extended(parent))
        return _merged(merged, job)

    def names(self) -> list[str]:
        return [name for name in self.document if name not in GLOBAL and not name.startswith(".")]

    def jobs_of(self, variables: Mapping[str, str], changed: Sequence[str]) -> dict[str, Json]:
        """Choose the jobs of a pipeline; each gets the `when` and `allow_failure` of its rule."""
        if (
            _rule(self.document["workflow"]["rules"], {**self.variables, **variables}, changed)
            is None
        ):
            return {}
        chosen: dict[str, Json] = {}
        for name in self.names():
            job = self.job(name)
            own = job.get("variables", {})
            seen = {**self.variables, **own, **variables, "CI_JOB_NAME": name}
            rule = _rule(job.get("rules", [{}]), seen, changed)
            if rule is None:
                continue
            when = rule.get("when", job.get("when", "on_success"))
            if when != "never":
                chosen[name] = {**job, "when": when}
        for name, job in chosen.items():
            for needed in job.get("needs", []):
                if needed not in chosen:
                    raise Refused(
                        f"'{name}' job needs '{needed}' job, but it isn't in the pipeline"
                    )
        if chosen and {job["stage"] for job in chosen.values()} - {*self.document["stages"]}:
            raise Refused("a chosen stage doesn't exist")
        return chosen


def _rule(
    rules: Sequence[Json], variables: Mapping[str, str], changed: Sequence[str]
) -> Json | None:
    """Find the first rule that matches. Files count in pipelines of a push and a merge request."""
    has_files = variables["CI_PIPELINE_SOURCE"] in ("push", "merge_request_event")
    for rule in rules:
        if "if" in rule and not evaluate(rule["if"], variables):
            continue
        if (
            "changes" in rule
            and has_files
            and not any(matches(pattern, path) for pattern in rule["changes"] for path in changed)
        ):
            continue
        return None if rule.get("when") == "never" else rule
    return None


def matches(pattern: str, path: str) -> bool:
    """Match as Ruby's File.fnmatch does with FNM_PATHNAME: `**/` stands for any folders."""
    meant = {"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    parts = re.findall(r"\*\*/|[*?]|[^*?]+", pattern)
    return (
        re.fullmatch("".join(meant.get(part, re.escape(part)) for part in parts), path) is not None
    )


def _merged(below: Json, above: Json) -> Json:
    """Merge as `extends` does: objects key by key, all else replaced."""
    merged = dict(below)
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merged(merged[key], value)
        else:
            merged[key] = value
    return merged
