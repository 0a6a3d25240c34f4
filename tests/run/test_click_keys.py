"""Keys that the account's bot answers: a menu with any other is refused before it is sent."""

from __future__ import annotations

import pytest

from ..site import Site, click, conditional, view  # noqa: TID252  # tests are no package on the path

KEYS = "\ufeff# the bot's\r\nHELP\r\n\r\n  CONTACT \r\nORDER_*\r\nA[1]?\r\nB[1]?_*\r\n\\#3\r\n"


@pytest.fixture
def bot(site: Site) -> Site:
    site.write("bot/keys.txt", KEYS)
    site.project(click_keys="bot/keys.txt")
    return site


def findings(site: Site) -> list[str]:
    return site.run("validate").out.splitlines()[:-1]


@pytest.mark.parametrize("key", ["HELP", "CONTACT", "ORDER_", "ORDER_7", "A[1]?", "B[1]?_x", "#3"])
def test_a_key_of_the_file_is_answered(bot: Site, key: str) -> None:
    bot.menu({"button": [click("一", key)]})
    assert findings(bot) == []


@pytest.mark.parametrize(
    "key", ["help", "ORDER", "A1x", "# the bot's", "XORDER_1", "B1x_x", "\\#3"]
)
def test_any_other_key_is_a_finding(bot: Site, key: str) -> None:
    bot.menu({"button": [click("一", key)]})
    (line,) = findings(bot)
    assert "the bot of shop answers no key" in line
    assert "says bot/keys.txt" in line
    assert line.endswith("[unanswered-key]")
    assert bot.run("plan").code == 3
    assert bot.calls == []


def test_each_finding_has_the_place_of_its_key(bot: Site) -> None:
    bot.menu(
        """\
button:
  - name: 帮助
    sub_button:
      - {name: 一, type: click, key: HELP}
      - {name: 二, type: click, key: HELQ}
  - {name: 扫码, type: scancode_push, key: SCAN}
  - {name: 三, type: view, url: https://shop.example.com}
conditionalmenu:
  - matchrule: {tag: VIP}
    button: [{name: 四, type: click, key: VIP}]
"""
    )
    lines = findings(bot)
    assert [line.split(":")[1:3] for line in lines] == [["5", "37"], ["6", "42"], ["10", "42"]]
    assert "did you mean `HELP`?" in lines[0]
    assert "add it there, or mend the key" in lines[1]


def test_another_account_may_have_another_bot(bot: Site) -> None:
    bot.menu({"button": [click("一", "HELP")]})
    bot.write("bot/other.txt", "ELSE\n")
    bot.write(
        "menuops.yaml",
        {
            "accounts": {
                "shop": bot.shop(click_keys="bot/keys.txt"),
                "other": bot.shop(appid="wxother", click_keys="bot/other.txt"),
            }
        },
    )
    (line,) = findings(bot)
    assert "the bot of other answers no key `HELP`, says bot/other.txt" in line


@pytest.mark.parametrize(
    ("content", "rule"),
    [(None, "unreadable"), ("é".encode("latin-1"), "encoding"), (b"K\n" * 600_000, "too-large")],
)
def test_a_file_that_cannot_be_read_is_a_finding(
    bot: Site, content: bytes | None, rule: str
) -> None:
    bot.menu({"button": [view()]})
    if content is None:
        (bot.root / "bot/keys.txt").unlink()
    else:
        bot.write("bot/keys.txt", content)
    (line,) = findings(bot)
    assert line.startswith("bot/keys.txt:1:1: ")
    assert line.endswith(f"[{rule}]")


def test_the_plan_lists_keys_gained_and_lost_over_all_menus(bot: Site) -> None:
    bot.live(
        [click("旧", "OLD"), click("一", "HELP")], conditional(click("贵宾", "VIP"), tag_id="100")
    )
    bot.menu({"button": [click("一", "HELP"), click("二", "CONTACT")]})
    account = bot.account_plan("remove-conditional")
    assert account.keys_gained == ("CONTACT",)
    assert account.keys_lost == ("OLD", "VIP")
    text = bot.run("plan", "--allow", "remove-conditional").out
    assert "Keys   the server will receive CONTACT; no longer OLD, VIP" in text


def test_accounts_may_share_a_bot(bot: Site) -> None:
    bot.menu({"button": [click("一", "HELQ")]})
    accounts = {name: bot.shop(appid=f"wx{name}", click_keys="bot/keys.txt") for name in "ab"}
    bot.write("menuops.yaml", {"accounts": accounts})
    assert [line.split("the bot of ")[1][0] for line in findings(bot)] == ["a", "b"]


def test_among_many_keys_none_is_looked_for(bot: Site) -> None:
    bot.write("bot/keys.txt", "".join(f"KEY_{n}\n" for n in range(3000)))
    bot.menu({"button": [click("一", "KEY_3000")]})
    (line,) = findings(bot)
    assert "did you mean" not in line
