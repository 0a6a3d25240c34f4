"""What is legal in each part of a menu file, and doubtful in all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from menuops.core.limits import CONDITIONAL_HOSTS
from menuops.core.model import PLATFORMS, MatchRule
from menuops.files.rules.links import host_of


def twins(names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Find names that stood before: the index of each, and that of the first."""
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if name and first.setdefault(name, index) != index:
            yield index, first[name]


def unreachable(rules: Sequence[MatchRule]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Find rules that no follower is left for: the index of each, and those that take them all.

    `rules` stand in the order of trying. The `tag_id` of one may be any word for a tag; what is
    said is true as long as different words mean different tags. A rule without fields, which is
    an error, takes nobody here.
    """
    first: dict[tuple[str | None, str | None], int] = {}
    for index, rule in enumerate(rules):
        if rule == MatchRule():
            continue
        tag, platform = rule.tag_id, rule.client_platform_type
        takers = [
            min((first[by] for by in product((tag, None), (each, None)) if by in first), default=-1)
            for each in (PLATFORMS if platform is None else (platform,))
        ]
        if -1 not in takers:
            yield index, tuple(sorted(set(takers)))
        first.setdefault((tag, platform), index)


def crowd(urls: Sequence[str]) -> tuple[int, list[str]] | None:
    """Find the first link that brings one host too many: its index, and all hosts."""
    hosts: dict[str, None] = {}
    at = None
    for index, url in enumerate(urls):
        if host := host_of(url):
            hosts[host] = None
        if at is None and len(hosts) > CONDITIONAL_HOSTS:
            at = index
    return None if at is None else (at, list(hosts))
