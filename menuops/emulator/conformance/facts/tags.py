"""Section 4: tags. Those made here have names of ours, and are deleted at the end."""

from __future__ import annotations

from typing import Any

from menuops.emulator.conformance.bench import TAG_PREFIX, Bench, at, many, number, record, text
from menuops.emulator.conformance.fact import Facts, Finding, said

facts = Facts()

UNKNOWN = 999_999_999


def made(bench: Bench) -> dict[str, Any]:
    """Make a tag; give the answer."""
    return bench.ok("tags/create", {"tag": {"name": TAG_PREFIX + "made"}})


@facts.stated("4", "D", "tags/get answers {tags: [{id, name, count}]}", writes=False)
def tags_get(bench: Bench) -> Finding:
    listed = many(bench.ok("tags/get"), "tags")
    odd = [tag for tag in listed if sorted(tag) != ["count", "id", "name"]]
    return Finding(f"{len(listed)} tags" if not odd else ", ".join(odd[0]), not odd)


@facts.stated("4", "D", "tags/create answers {tag: {id, name}}")
def tags_create(bench: Bench) -> Finding:
    tag = record(bench.once(made), "tag")
    agrees = sorted(tag) == ["id", "name"] and isinstance(tag.get("id"), int)
    return Finding(", ".join(sorted(tag)), agrees)


@facts.stated("4", "D", "a new tag is listed by tags/get")
def new_tag_is_listed(bench: Bench) -> Finding:
    tag = number(bench.once(made), "tag", "id")
    there = [
        text(one, "name") for one in many(bench.ok("tags/get"), "tags") if one.get("id") == tag
    ]
    return Finding("listed" if there else "not listed", there == [TAG_PREFIX + "made"])


@facts.stated("4", "D", "a name that is taken already is 45157")
def tag_name_taken(bench: Bench) -> Finding:
    bench.once(made)
    found = bench.errcode("tags/create", {"tag": {"name": TAG_PREFIX + "made"}})
    return Finding(said(found), found == 45157)


@facts.stated("4", "D", "a name of 31 characters is 45158")
def tag_name_too_long(bench: Bench) -> Finding:
    found = bench.errcode("tags/create", {"tag": {"name": (TAG_PREFIX + "n" * 31)[:31]}})
    return Finding(said(found), found == 45158)


@facts.question("9.24", "Are 30 characters of Chinese, 90 bytes, taken as a tag's name?")
def tag_name_in_characters(bench: Bench) -> Finding:
    name = TAG_PREFIX + "签" * (30 - len(TAG_PREFIX))
    return Finding(said(bench.errcode("tags/create", {"tag": {"name": name}})))


@facts.stated("4", "D", "tags/update answers ok, and the name is another")
def tags_update(bench: Bench) -> Finding:
    tag = bench.new_tag()
    answer = bench.ok("tags/update", {"tag": {"id": tag, "name": TAG_PREFIX + "renamed"}})
    names = {one.get("id"): one.get("name") for one in many(bench.ok("tags/get"), "tags")}
    agrees = answer.get("errcode") == 0 and names.get(tag) == TAG_PREFIX + "renamed"
    return Finding("renamed" if agrees else f"{answer}, named {names.get(tag)}", agrees)


@facts.stated("4", "D", "tags/delete answers ok, and the tag is gone")
def tags_delete(bench: Bench) -> Finding:
    tag = bench.new_tag()
    answer = bench.ok("tags/delete", {"tag": {"id": tag}})
    there = tag in [one.get("id") for one in many(bench.ok("tags/get"), "tags")]
    agrees = answer.get("errcode") == 0 and not there
    return Finding("gone" if agrees else f"{answer}", agrees)


@facts.stated("4", "D", "tags/update of a tag that doesn't exist is 45159")
def unknown_tag_renamed(bench: Bench) -> Finding:
    asked = {"tag": {"id": UNKNOWN, "name": TAG_PREFIX + "unknown"}}
    found = bench.errcode("tags/update", asked)
    return Finding(said(found), found == 45159)


@facts.stated("4", "D", "deleting one of the tags 0, 1, 2 is 45058", hazard="reserved-tags")
def reserved_tag(bench: Bench) -> Finding:
    found = bench.errcode("tags/delete", {"tag": {"id": 2}})
    return Finding(said(found), found == 45058)


@facts.stated("4", "D", "tags/getidlist answers {tagid_list: [number]}", writes=False)
def tags_of_a_follower(bench: Bench) -> Finding:
    listed = at(bench.ok("tags/getidlist", {"openid": bench.openid()}), "tagid_list")
    agrees = isinstance(listed, list) and all(isinstance(each, int) for each in listed)
    return Finding(f"{len(listed)} tags" if agrees else repr(listed), agrees)


@facts.stated("4", "D", "user/tag/get answers count, and data.openid where there are followers")
def members_of_a_tag(bench: Bench) -> Finding:
    answer = bench.ok("user/tag/get", {"tagid": bench.tag(), "next_openid": ""})
    count = number(answer, "count")
    agrees = count == 0 or isinstance(at(answer, "data", "openid"), list)
    return Finding(", ".join(sorted(answer)), agrees)
