"""What is legal in each part of a menu file, and doubtful in all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from menuops.core.limits import CONDITIONAL_HOSTS
from menuops.core.model import PLATFORMS, MatchRule
from menuops.files.link_rules import host_of


def twins(names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Find names that stood before: the index of each, and that of the first."""
    if len(set(names)) == len(names):
        return
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
    from menuops.core.audience import Follower, matches

    for index, rule in enumerate(rules):
        platform = rule.client_platform_type
        platforms = PLATFORMS if platform is None else (platform,)
        takers = [
            next(
                (
                    earlier
                    for earlier, other in enumerate(rules[:index])
                    if other != MatchRule() and matches(other, Follower(rule.tag_id, each))
                ),
                None,
            )
            for each in platforms
        ]
        found = tuple(sorted({taker for taker in takers if taker is not None}))
        if None not in takers and rule != MatchRule():
            yield index, found


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
