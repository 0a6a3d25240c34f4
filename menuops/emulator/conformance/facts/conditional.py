"""Sections 3.7 and 10: conditional menus, how they are listed, what is refused."""

from __future__ import annotations

from typing import Any

from menuops.emulator.conformance.bench import BASIC, UNTELLING, Bench, at, number, record, text
from menuops.emulator.conformance.errors import CannotTell
from menuops.emulator.conformance.fact import Facts, Finding, said

facts = Facts()

ADD, DELETE = "menu/addconditional", "menu/delconditional"
RULES = (
    {"client_platform_type": "1"},
    {"client_platform_type": "2"},
    {"client_platform_type": "3"},
)
LIMIT = 65305


def body(rule: Any, **button: Any) -> dict[str, Any]:
    """Give a conditional menu of one entry."""
    entry = {"type": "click", "name": "menuops", "key": "CONDITIONAL", **button}
    return {"button": [entry], "matchrule": rule}


def three(bench: Bench) -> tuple[list[str], dict[str, Any]]:
    """Add three menus; give their ids, the oldest first, and menu/get's answer."""
    bench.fresh()
    ids = [bench.add(rule, key=f"PLATFORM_{rule['client_platform_type']}") for rule in RULES]
    return ids, bench.ok("menu/get")


def tagged(bench: Bench) -> tuple[int, dict[str, Any]]:
    """Add a menu for a tag; give the tag, and the menu as menu/get lists it."""
    tag = bench.tag()
    menuid = bench.add({"tag_id": str(tag)})
    found = [menu for menu in bench.listed() if str(menu.get("menuid")) == menuid]
    return tag, at(found, 0)


@facts.stated("3.1", "D", "addconditional answers a menuid, as text, and no errcode")
def menuid_is_text(bench: Bench) -> Finding:
    bench.default()
    answer = bench.ok(ADD, body(RULES[0]))
    found = at(answer, "menuid")
    agrees = list(answer) == ["menuid"] and isinstance(found, str) and found.isdigit()
    return Finding(f"{sorted(answer)}, {type(found).__name__} {found}", agrees)


@facts.stated("3.5", "D", "menu/get gives each conditional menu a menuid, a number")
def menuid_is_a_number(bench: Bench) -> Finding:
    ids, answer = bench.once(three)
    found = [number(menu, "menuid") for menu in at(answer, "conditionalmenu")]
    return Finding(", ".join(map(str, found)), sorted(map(str, found)) == sorted(ids))


@facts.stated("3.5", "D", "with conditional menus the default menu has a menuid, a number")
def default_has_a_menuid(bench: Bench) -> Finding:
    found = at(bench.once(three)[1], "menu", "menuid")
    return Finding(repr(found), isinstance(found, int))


@facts.stated("3.10", "I", "menuids grow")
def menuids_grow(bench: Bench) -> Finding:
    ids = bench.once(three)[0]
    grow = all(each.isdigit() for each in ids) and ids == sorted(set(ids), key=int)
    return Finding(", ".join(ids), grow)


@facts.question("10", "Is conditionalmenu always newest first?")
def newest_first(bench: Bench) -> Finding:
    ids, answer = bench.once(three)
    found = [str(at(menu, "menuid")) for menu in at(answer, "conditionalmenu")]
    orders = {tuple(ids): "oldest first", tuple(reversed(ids)): "newest first"}
    return Finding(f"{orders.get(tuple(found), 'neither way')}, of {len(found)}")


@facts.stated("9.6", "R", "client_platform_type comes back as text")
def platform_is_text(bench: Bench) -> Finding:
    rules = [at(menu, "matchrule") for menu in at(bench.once(three)[1], "conditionalmenu")]
    found = [at(rule, "client_platform_type") for rule in rules]
    return Finding(", ".join(map(repr, found)), all(isinstance(each, str) for each in found))


@facts.stated("9.5", "R", "tag_id comes back as group_id")
def tag_is_group(bench: Bench) -> Finding:
    names = sorted(record(bench.once(tagged)[1], "matchrule"))
    return Finding(", ".join(names), "group_id" in names and "tag_id" not in names)


@facts.stated("9.6", "R", "a rule's tag comes back as text")
def group_is_text(bench: Bench) -> Finding:
    tag, menu = bench.once(tagged)
    rule = at(menu, "matchrule")
    found = rule.get("group_id", rule.get("tag_id")) if isinstance(rule, dict) else None
    return Finding(repr(found), found == str(tag))


@facts.stated("3.7", "D", "an equal rule is no obstacle: each call adds a menu")
def equal_rules_add(bench: Bench) -> Finding:
    first, second = bench.add(RULES[0]), bench.add(RULES[0])
    there = {str(menu.get("menuid")) for menu in bench.listed()}
    return Finding(f"{first}, {second}", first != second and {first, second} <= there)


@facts.question("10", "Are two conditional menus with the same rule refused?")
def same_rule_twice(bench: Bench) -> Finding:
    bench.add(RULES[1])
    exchange = bench.call(ADD, body(RULES[1]))
    return Finding(f"refused: errcode {exchange.errcode}" if exchange.errcode else "both are kept")


@facts.stated("3.7", "D", "a rule that is empty is 65304")
def empty_rule(bench: Bench) -> Finding:
    return _refused(bench, body({}), 65304)


@facts.stated("3.7", "D", "a withdrawn field (sex) is 65320")
def withdrawn_field(bench: Bench) -> Finding:
    return _refused(bench, body({"sex": "1"}), 65320)


@facts.stated("9.30", "D", "language, withdrawn too, is 65320")
def withdrawn_language(bench: Bench) -> Finding:
    return _refused(bench, body({"language": "zh_CN"}), 65320)


@facts.stated("7", "D", "a conditional menu without entries is 65307, or 40016")
def empty_conditional(bench: Bench) -> Finding:
    return _refused(bench, {"button": [], "matchrule": RULES[0]}, 65307, 40016)


@facts.stated("7", "D", "an entry with neither type nor action is 65308, or 40017")
def entry_without_action(bench: Bench) -> Finding:
    return _refused(bench, {"button": [{"name": "a"}], "matchrule": RULES[0]}, 65308, 40017)


@facts.stated("3.2", "D", "a name of 17 bytes is 40018 here too")
def conditional_name_too_long(bench: Bench) -> Finding:
    return _refused(bench, body(RULES[0], name="n" * 17), 40018)


def _refused(bench: Bench, value: Any, *codes: int) -> Finding:
    bench.default()
    found = bench.errcode(ADD, value)
    return Finding(said(found), found in codes)


@facts.stated("3.7", "D", "links to a fourth domain are 65316")
def fourth_domain(bench: Bench) -> Finding:
    bench.fresh()
    found = []
    for name in ("example.com", "example.net", "example.org", "example.edu"):
        link = {"type": "view", "name": "a", "url": f"https://{name}/"}
        found.append(bench.errcode(ADD, {"button": [link], "matchrule": RULES[0]}))
    return Finding(", ".join(map(said, found)), found == [0, 0, 0, 65316])


@facts.question("10", "Does one empty rule field beside a full one matter?")
def empty_field(bench: Bench) -> Finding:
    bench.default()
    exchange = bench.call(ADD, body({"tag_id": "", "client_platform_type": "1"}))
    if exchange.errcode:
        return Finding(f"refused: errcode {exchange.errcode}")
    menuid = text(exchange.value(), "menuid")
    rule = [at(menu, "matchrule") for menu in bench.listed() if str(menu.get("menuid")) == menuid]
    return Finding(f"taken, and read back as {at(rule, 0)}")


@facts.question("3.7", "Is group_id still taken for tag_id?")
def posted_group_id(bench: Bench) -> Finding:
    tag = bench.tag()
    bench.default()
    exchange = bench.call(ADD, body({"group_id": str(tag)}))
    return Finding(f"refused: errcode {exchange.errcode}" if exchange.errcode else "taken")


@facts.question("3.7", "Is a tag that the account doesn't have refused?")
def unknown_tag(bench: Bench) -> Finding:
    bench.default()
    exchange = bench.call(ADD, body({"tag_id": "999999999"}))
    return Finding(f"refused: errcode {exchange.errcode}" if exchange.errcode else "taken")


@facts.stated("3.7", "D", "delconditional answers ok, and the menu is gone")
def delete_one(bench: Bench) -> Finding:
    menuid = bench.add(RULES[0])
    kept = bench.add(RULES[1])
    answer = bench.ok(DELETE, {"menuid": menuid})
    there = {str(menu.get("menuid")) for menu in bench.listed()}
    agrees = answer.get("errcode") == 0 and menuid not in there and kept in there
    return Finding(f"{answer}, {'gone' if menuid not in there else 'still there'}", agrees)


@facts.stated("3.7", "R", "delconditional of an unknown menuid is 65301")
def delete_unknown(bench: Bench) -> Finding:
    bench.add(RULES[0])
    found = bench.errcode(DELETE, {"menuid": "1"})
    return Finding(said(found), found == 65301)


@facts.stated("3.7", "R", "delconditional with the key spelt menuId is 65301")
def delete_by_other_key(bench: Bench) -> Finding:
    menuid = bench.add(RULES[0])
    found = bench.errcode(DELETE, {"menuId": menuid})
    return Finding(said(found), found == 65301)


@facts.stated("7", "D", "delconditional of the default menu's id is 65301")
def delete_the_default(bench: Bench) -> Finding:
    bench.add(RULES[0])
    found = bench.errcode(DELETE, {"menuid": str(number(bench.ok("menu/get"), "menu", "menuid"))})
    return Finding(said(found), found == 65301)


@facts.question("10", "Largest number of conditional menus (65305)")
def most_conditional(bench: Bench) -> Finding:
    bench.fresh()
    most = bench.allowance.most_conditional
    for count in range(most):
        exchange = bench.call(ADD, body(RULES[count % 3]))
        if exchange.errcode == LIMIT:
            bench.none()
            return Finding(f"{count}; one more is 65305")
        if exchange.errcode:
            why = UNTELLING.get(exchange.errcode, "after that many")
            raise CannotTell(f"{ADD} answered {exchange.errcode} after {count}: {why}")
    bench.none()
    raise CannotTell(f"{most} were taken; --most-conditional lets it go further")


@facts.question("10", "Deleting a tag that a conditional menu names")
def deleted_tag(bench: Bench) -> Finding:
    tag = bench.new_tag()
    menuid = bench.add({"tag_id": str(tag)})
    exchange = bench.call("tags/delete", {"tag": {"id": tag}})
    if exchange.errcode in UNTELLING:
        raise CannotTell(f"tags/delete answered {exchange.errcode}")
    found = [menu for menu in bench.listed() if str(menu.get("menuid")) == menuid]
    menu = f"the menu stays, with {found[0].get('matchrule')}" if found else "the menu is gone"
    bench.ok("menu/create", BASIC)
    return Finding(f"tags/delete: {said(exchange.errcode)}; {menu.replace(str(tag), 'its id')}")
