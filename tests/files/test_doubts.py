"""Doubtful names and links: what passes quickly has nothing that a longer look would find."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from menuops.core.audience import followers, shown_in
from menuops.core.finding import Finding
from menuops.core.labels import label_menus
from menuops.core.model import Click, ConditionalMenu, MatchRule, Menus
from menuops.files.menu.menu_file import NOBODY, parse_menu
from menuops.files.rules import texts as rules
from menuops.files.rules.links import host_of, link
from menuops.files.rules.names import shown_sub, shown_top, unseen
from menuops.files.rules.usual import is_plain, is_usual
from menuops.files.rules.whole_menu import crowd, twins, unreachable

CASES = Path(__file__).parents[1] / "cases" / "menu"
LOGIN = (
    "https://open.weixin.qq.com/connect/oauth2/authorize?appid={}"
    "&redirect_uri=https%3A%2F%2Fshop.example.com&response_type=code&scope=snsapi_base"
    "#wechat_redirect"
)
SIGNS = st.sampled_from(
    list("aé中😀❤\ufe0f\ufe00 \u200b\u200d\u202e\u3000\xa0\u3164\u00ad\ufeff🏻\n")
)
PARTS = st.sampled_from(
    [
        "https://", "http://", "HTTPS://", "shop.example.com", "localhost", "10.0.0.1", "[::1]",
        "open.weixin.qq.com", "/connect/oauth2/authorize", "user:word@", "a.cn", ".local", ":80",
        "/", "?", "#", "&", "&amp;", "=", "a", "token=", "access_token=", "key=", "secret", "%",
        "%3A", " ", "中", "0123456789abcdef" * 2, "~", ".", "-", "_", "|",
    ]
)  # fmt: skip


def found(url: str, appid: str | None = "wx1", *, emulated: bool = False) -> list[str]:
    return [broken.rule for broken in link(url, appid, emulated=emulated)]


@given(st.one_of(st.text(max_size=30), st.text(SIGNS, max_size=12)))
def test_a_plain_text_is_one_in_which_nothing_is_unseen(text: str) -> None:
    if text and is_plain(text):
        assert list(unseen("name", text)) == []


@pytest.mark.parametrize(
    "text", ["BUY\ufe0f", "BUY1\ufe0e", "中\ufe0f", "中\ufe00", "a\U000e0100", "\ufe0fa"]
)
def test_a_selector_behind_a_letter_is_unseen(text: str) -> None:
    """A key with one never equals the key that a server waits for, and looks just like it."""
    assert [broken.rule for broken in unseen("key", text)] == ["invisible-character"]


@pytest.mark.parametrize(
    "text", ["❤\ufe0f", "1\ufe0f\u20e3", "©\ufe0f", "㊗\ufe0f", "‼\ufe0f", "☎\ufe0e"]
)
def test_a_selector_behind_a_sign_is_seen(text: str) -> None:
    assert list(unseen("name", text)) == []


@given(st.text(SIGNS, min_size=1, max_size=9))
@example("中" * 4)
@example("😀" * 8)
def test_a_name_that_passes_quickly_has_nothing_to_be_found(text: str) -> None:
    for rule, shown in ((rules.top_name, shown_top), (rules.sub_name, shown_sub)):
        if rule(text) == ():
            assert [*shown(text), *unseen("name", text)] == []


@given(st.lists(PARTS, max_size=12).map("".join))
@example("https://shop.example.com/?to=a&token=" + "a" * 32)
@example("https://shop.example.com/?secret=a")
@example("https://shop.example.com/?PassWord=a")
@example("https://shop.example.com/?a=b&access_token=a")
@example("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&scope=a")
def test_a_usual_link_has_nothing_to_be_found(url: str) -> None:
    if is_usual(url):
        assert list(rules.url(url)) == []
        assert found(url) == []


def test_most_links_are_usual() -> None:
    for url in (
        "https://shop.example.com",
        "https://shop.example.com/new/a-b_c.html?from=menu&id=12",
        "https://mp.weixin.qq.com/s/Ab_c-D",
    ):
        assert is_usual(url)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_any_text_can_be_asked_for_a_link(url: str) -> None:
    for broken in link(url, "wx1", emulated=False):
        assert broken.severity == "warning"
        assert broken.at is None or 0 <= broken.at < len(url)


LEGAL = st.one_of(
    st.sampled_from([*"azAZ019-._~/?!$&'()*+,;=:@#", "/@user", "/@USER@example", "__A__"]),
    st.integers(0, 255).map(lambda byte: f"%{byte:02X}"),
)


@given(st.lists(LEGAL, max_size=20).map("".join))
@example("/%E4%BD%A0/@user?a=$X&b=%7B0%7D#@B")
@example("/@ALICE@example.com/$NAME/%dd")
def test_a_legal_link_is_never_taken_for_what_a_template_left(rest: str) -> None:
    url = f"https://shop.example.com/{rest}"
    if not re.search(r"[/=]@[A-Z][A-Z0-9]*@(?![A-Za-z0-9])|%(?![0-9A-F]{2})", url):
        assert list(rules.url(url)) == []
        assert "placeholder" not in found(url)


@pytest.mark.parametrize(
    ("url", "mark"),
    [
        ("https://{{host}}/x", "{{host}}"),
        ("{{ base_url }}", "{{ base_url }}"),
        ("https://a.{{b", "{{b"),
        ("http{{s}}://e.com", "{{s}}"),
        ("https://{% if a %}b{% endif %}/", "{% if a %}"),
        ("//%s.e.com", "%s"),
        ("https://%1$s/", "%1$s"),
        ("https://%BASE%/x", "%BASE%"),
        ("https://e.com:{0}/", "{0}"),
        ("${base}/x", "${base}"),
        ("#{base}/x", "#{base}"),
        ("https://#{base}/x", "#{base}"),
        ("https://$BASE/x", "$BASE"),
        ("@app.url@/x", "@app.url@"),
    ],
)
def test_a_mark_at_the_beginning_of_a_link_is_an_error_and_the_only_one(
    url: str, mark: str
) -> None:
    [broken] = rules.url(url)
    assert (broken.rule, broken.severity) == ("other-format", "error")
    assert broken.at == url.index(mark)
    assert broken.message.startswith(f"`{mark}` is ")
    assert found(url) == []


@pytest.mark.parametrize("user", ["user:$ecret", "user:p@ss", "$ecret", "%ab_%", "user:__a__"])
def test_a_name_and_a_password_in_a_link_are_no_mark(user: str) -> None:
    url = f"https://{user}@shop.example.com/"
    assert not any("mark" in broken.message for broken in rules.url(url))
    assert "placeholder" not in found(url)


def test_a_login_with_the_appid_of_a_sample_is_doubted_for_every_account() -> None:
    for appid in ("APPID", "YOUR_APPID", "appid"):
        assert found(LOGIN.format(appid)) == ["oauth-appid"]
        assert found(LOGIN.format(appid), None) == ["oauth-appid"]
        assert found(LOGIN.format(appid), emulated=True) == ["oauth-appid"]
    assert found(LOGIN.format("ww0123456789abcdef"), None) == [], "that of an enterprise"
    assert found(LOGIN.format("{{appid}}"), None) == ["placeholder"]


def test_an_emulated_account_may_link_to_any_machine_and_login() -> None:
    assert found("http://localhost/", emulated=True) == ["http-link"]
    assert found(LOGIN.format("wx2")) == ["oauth-appid"]
    assert found(LOGIN.format("wx2"), emulated=True) == []


def test_nobody_has_no_appid_to_compare() -> None:
    assert found(LOGIN.format("wx2"), None) == []
    text = f"button: [{{name: a, type: view, url: '{LOGIN.format('wx2')}'}}]".encode()
    assert parse_menu(text, "m").for_account({}, *NOBODY).findings == ()
    (finding,) = parse_menu(text, "m").for_account({}, "a", "wx1").findings
    assert finding.rule == "oauth-appid"


def test_no_finding_shows_the_secret_in_a_link() -> None:
    for beside in CASES.glob("secret-in-url/warn*.txt"):
        shown = beside.read_text(encoding="utf-8")
        for secret in ("letmein", "abc;", "=abc", "0123456789abcdef"):
            assert secret not in shown


def test_a_secret_that_was_percent_encoded_is_found_too() -> None:
    assert found("https://e.com/?to=%2Fin%3Fapp%5Fsecret%3Dabc") == ["secret-in-url"]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://A.example.com:443/x", "a.example.com"),
        ("https://user:word@b.example.com?x", "b.example.com"),
        ("https://[::1]:8443/", "[::1]"),
        ("https://c.example.com.", "c.example.com"),
        ("ftp://d.example.com", ""),
    ],
)
def test_a_link_leads_to_its_host(url: str, host: str) -> None:
    assert host_of(url) == host


def test_a_domain_that_has_no_ascii_form_gets_no_advice_that_fails() -> None:
    (broken,) = link(f"https://{'中' * 70}.com/", "wx1", emulated=False)
    assert broken.message.endswith("write its ASCII form, xn--…")
    assert found("https://1.2.3.4.5/") == []


def test_names_that_stood_before_are_found_with_the_first() -> None:
    assert list(twins(["a", "b", "a", "", "", "a"])) == [(2, 0), (5, 0)]


def test_the_first_link_with_a_host_too_many_is_found() -> None:
    urls = [f"https://{host}/" for host in "abcde"]
    assert crowd(urls[:3] * 2) is None
    assert crowd([*urls[:3], "nothing", *urls[3:]]) == (4, ["a", "b", "c", "d", "e"])


RULES = st.builds(
    MatchRule,
    st.sampled_from([None, "1", "2"]),
    st.sampled_from([None, "1", "2", "3"]),
).filter(lambda rule: rule != MatchRule())


@given(st.lists(RULES, max_size=6))
def test_a_rule_is_doubted_where_no_follower_would_get_its_menu(rulebook: list[MatchRule]) -> None:
    menus = tuple(
        ConditionalMenu(rule, (Click(str(number), "K"),)) for number, rule in enumerate(rulebook)
    )
    # One more rule, last, that makes `followers` list all platforms and a tag of no rule.
    state = Menus((Click("default", "K"),), (*menus, ConditionalMenu(MatchRule("9", "3"), ())))
    labels = label_menus(Menus(), state, {}).after
    reached = {shown_in(state, labels, kind).button for kind in followers(state)}
    idle = [index for index, menu in enumerate(menus) if menu.button not in reached]
    assert [index for index, _ in unreachable(rulebook)] == idle


def test_the_rules_that_take_all_followers_are_named() -> None:
    rulebook = [MatchRule(None, "1"), MatchRule("9"), MatchRule("9", "2"), MatchRule("9", "1")]
    assert list(unreachable(rulebook)) == [(2, (1,)), (3, (0,))]
    assert list(unreachable([MatchRule(), MatchRule("9"), MatchRule()])) == []


def test_the_place_is_that_of_the_character_where_it_was_written_so() -> None:
    def at(written: str) -> tuple[int, int]:
        text = f"vars: {{v: ' b'}}\nbutton: [{{name: a, type: view, url: {written}}}]"
        findings = parse_menu(text.encode(), "m").for_account({}, "a", "wx1").findings
        return _places(findings, "unescaped-url")[0]

    assert at("https://e.com/a b") == (2, 52)
    assert at("'https://e.com/a b'") == (2, 53)
    assert at(r'"https://e.com/a\x20b"') == (2, 37)  # an escape: the whole text
    assert at('"https://e.com/a${v}"') == (2, 37)  # a variable: the whole text


def _places(findings: tuple[Finding, ...], rule: str) -> list[tuple[int, int]]:
    return [(found.line, found.column) for found in findings if found.rule == rule]
