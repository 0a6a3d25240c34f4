"""Warnings of files that several accounts share, and of what only a plan can tell."""

from __future__ import annotations

from menuops.run.validating import validate
from tests.site import Site

MENU = """\
button:
  - name: 官网
    type: view
    url: ${base}/new  # menuops: ignore[http-link]
"""
LOGIN = (
    "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri="
    "https%3A%2F%2Fshop.example.com&response_type=code&scope=snsapi_base#wechat_redirect"
)


def warned(site: Site) -> list[tuple[str, int, str]]:
    found = validate(site.settings(), site.world, ()).findings
    return [(finding.file, finding.line, finding.rule) for finding in found]


def share(site: Site, *bases: str) -> None:
    accounts = {
        f"a{number}": site.shop(appid=f"wx{number}", vars={"base": base})
        for number, base in enumerate(bases, 1)
    }
    site.write("menuops.yaml", {"accounts": accounts})


def test_a_comment_that_one_account_needs_is_idle_for_none(site: Site) -> None:
    site.menu(MENU)
    share(site, "https://a.example.com", "http://b.example.com")
    assert warned(site) == []
    share(site, "https://a.example.com", "https://b.example.com")
    assert warned(site) == [("menus/shop.yaml", 4, "idle-ignore")]


def test_a_comment_is_idle_by_no_account_whose_menu_has_an_error(site: Site) -> None:
    site.menu(MENU)
    share(site, "https://a.example.com", "ftp://b.example.com")
    assert warned(site) == [("menus/shop.yaml", 4, "url-scheme")]


def test_each_account_is_asked_about_its_own_appid_and_host(site: Site) -> None:
    site.menu(MENU.replace("${base}/new  # menuops: ignore[http-link]", LOGIN))
    share(site, "", "")
    assert warned(site) == [("menus/shop.yaml", 4, "oauth-appid")]
    site.write("menuops.yaml", {"accounts": {"a": site.shop(appid="wx1")}})
    assert warned(site) == []


def test_an_emulated_account_may_link_to_this_machine(site: Site) -> None:
    site.menu(MENU.replace("${base}/new  # menuops: ignore[http-link]", "https://localhost:8443/"))
    site.project()
    assert warned(site) == [("menus/shop.yaml", 4, "private-host")]
    site.project(api="emulator")
    assert warned(site) == []


def test_a_plan_says_what_is_doubtful_and_goes_on(site: Site) -> None:
    site.menu(MENU.replace("  # menuops: ignore[http-link]", ""))
    site.project(vars={"base": "http://shop.example.com"})
    ended = site.run("plan")
    assert ended.code == 0
    assert "menus/shop.yaml:4:10: warning: the link goes over http" in ended.err
    assert "[http-link]" not in ended.out


def test_a_comment_silences_what_only_a_plan_can_tell(site: Site) -> None:
    text = "button:\n  - {name: 帮助, type: click, key: HELP}\nallow:\n  - console-menu"
    site.menu(f"{text}\n")
    assert "menus/shop.yaml:4:5: warning: allow: 'console-menu' lifts" in site.run("plan").err
    site.menu(f"{text}  # menuops: ignore[idle-allow]\n")
    assert "idle-" not in site.run("plan").err
    keys = "appid: wx0123456789abcdef, menu: menus/shop.yaml, retry_s: 0, token: {source: classic}"
    account = f"accounts:\n  shop: {{{keys}}}"
    site.write("menuops.yaml", f"{account}\n")
    assert "[classic-token]" in site.run("plan").err
    site.write("menuops.yaml", f"{account}  # menuops: ignore[classic-token]\n")
    assert "classic" not in site.run("plan").err
