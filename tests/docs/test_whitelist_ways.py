"""The ways around the whitelist, as docs/ci.md writes them: each plans where WeChat says 40164.

No address of this machine is listed, so a token that menuops fetched itself would be refused.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Final

import pytest
import requests

from menuops.emulator import Account
from tests.redis_server import LocalRedis, make_certificate
from tests.site import APPID, SECRET, TAGS, Ended, Site

from .ci_page import BLOCKS, PROJECT, WORKFLOW, block
from .forwarding import FIXED, proxy_before
from .page import DOCS

HIDDEN: Final = "https://wechat.invalid"
"""A WeChat that no DNS knows: whoever reaches it went through the proxy."""
BOT: Final = """
import os, sys, wechatpy
from redis import Redis
from wechatpy.session.redisstorage import RedisStorage

class WeChatClient(wechatpy.WeChatClient):
    API_BASE_URL = sys.argv[1] + "/cgi-bin/"

    def fetch_access_token(self):
        asked = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(sys.argv[1] + "/cgi-bin/token", asked)

"""
"""What stands above the page's lines in a bot; WeChat's address is the emulator's."""


def list_addresses(site: Site, *addresses: str) -> None:
    account = Account(appid=APPID, secret=SECRET, tags=TAGS, ip_whitelist=addresses)
    site.emulator.add_account(account)


@pytest.fixture(autouse=True)
def _now(site: Site) -> None:
    site.clock.now_s = time.time()  # `doctor` compares WeChat's with this machine's


@pytest.fixture
def shut(site: Site) -> Site:
    """A WeChat that lists nobody, and a machine without AppSecret."""
    list_addresses(site)
    assert "answers 40164 (invalid ip 127.0.0.1" in site.run("plan").said
    del site.environ["MENUOPS_SECRET_SHOP"]
    return site


def fetched(site: Site) -> str:
    """Get a token as somebody whose address is listed."""
    list_addresses(site, "127.0.0.1")
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{site.url}/cgi-bin/stable_token", json=asked, timeout=10).json()
    list_addresses(site)
    token: str = answer["access_token"]
    return token


def env_of(heading: str, **secrets: str) -> dict[str, str]:
    """Give the `env` that the workflow gets under this heading, with the secrets in it."""
    lines: dict[str, str] = block(heading, WORKFLOW).value["env"]
    secret = re.compile(r"\$\{\{ secrets\.(\w+) \}\}")
    return {
        name: secret.sub(lambda found: secrets[found[1]], value) for name, value in lines.items()
    }


def plans(ended: Ended) -> bool:
    assert ended.code == 0, ended.said
    return "To make this change: menuops apply" in ended.out


def test_a_proxy(site: Site, tmp_path: Path, requires: Callable[[str], None]) -> None:
    requires("openssl")
    heading = "A proxy with a fixed address"
    list_addresses(site, FIXED)
    assert FIXED == "127.0.0.1" or "40164" in site.run("plan").said, "not without it"
    certificate = make_certificate(tmp_path, HIDDEN.removeprefix("https://"))
    environ = {"MENUOPS_API_URL": HIDDEN, "REQUESTS_CA_BUNDLE": str(certificate)}
    with proxy_before(site.url, certificate) as proxy:
        given = env_of(heading, MENUOPS_SECRET_SHOP=SECRET, WECHAT_PROXY=proxy.url)
        assert plans(site.run("plan", environ={**environ, **given}))
        assert "All is well" in site.run("doctor", environ={**environ, **given}).out
    assert {line.rpartition(" ")[0] for line in proxy.asked} == {"CONNECT wechat.invalid:443"}
    for hidden in (SECRET, *site.tokens(), "menu"):
        assert hidden.encode() not in proxy.seen


@contextmanager
def token_server(authorization: str, answer: bytes) -> Iterator[tuple[str, list[str]]]:
    """Serve an answer to whoever has the header; gives the URL, and the paths that are asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # http.server's name
            asked.append(self.path)
            allowed = self.headers["Authorization"] == authorization
            self.send_response(200 if allowed else 401)
            self.send_header("Content-Length", str(len(answer) if allowed else 0))
            self.end_headers()
            if allowed:
                self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_a_token_server(shut: Site) -> None:
    heading = "A token server"
    (shown,) = (each.text for each in BLOCKS if each.language == "json")
    answer = shown.replace("90_…", fetched(shut)).encode()
    with token_server("Bearer abc", answer) as (url, asked):
        project = block(heading, PROJECT).text
        assert "https://tokens.example.com" in project
        shut.write("menuops.yaml", project.replace("https://tokens.example.com", url))
        given = env_of(heading, TOKEN_SERVER_AUTHORIZATION="Bearer abc")
        assert plans(shut.run("plan", environ=dict(given)))
        assert shut.run("doctor", environ=dict(given)).code == 0
        refused = shut.run("token", "--renew", environ={**given, **dict.fromkeys(given, "x")})
        assert refused.code != 0
    assert set(asked) == {f"/wechat/{APPID}"}


def test_a_program(shut: Site, tmp_path: Path) -> None:
    """`ssh` types the rest of the line on the machine that is listed."""
    shut.write("menuops.yaml", block("A program", PROJECT).text)
    tools = tmp_path / "tools"
    tools.mkdir()
    token = fetched(shut)
    (tools / "ssh").write_text(f'#!/bin/sh\necho "$*" >"{tools}/typed"\necho {token}\n')
    (tools / "ssh").chmod(0o755)
    environ = {"PATH": f"{tools}:{os.environ['PATH']}"}
    assert plans(shut.run("plan", environ=dict(environ)))
    assert shut.run("doctor", environ=dict(environ)).code == 0
    typed = (tools / "typed").read_text().split()
    there = typed[typed.index("menuops") + 1 :]
    list_addresses(shut, "127.0.0.1")
    shut.project()
    ended = shut.run(*there, environ={"MENUOPS_SECRET_SHOP": SECRET})
    assert ended.out == f"{token}\n", "what is typed there prints a token, and nothing else"


def test_the_token_of_a_running_bot(shut: Site, redis_server: LocalRedis) -> None:
    heading = "The token of a running bot"
    if importlib.util.find_spec("wechatpy") is None:
        pytest.skip("wechatpy isn't installed: pip install 'wechatpy[cryptography]==1.8.18'")
    given = env_of(heading, BOT_REDIS_URL=redis_server.url)
    (lines,) = (each.text for each in BLOCKS if each.language == "python")
    list_addresses(shut, "127.0.0.1")
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{BOT}{lines}client.access_token", shut.url],
        env={**os.environ, **given, "SHOP_APPSECRET": SECRET, "NO_PROXY": "*"},
        check=True,
    )
    list_addresses(shut)
    shut.write("menuops.yaml", block(heading, PROJECT).text)
    kept = redis_server.call("KEYS", "*")
    assert plans(shut.run("plan", environ=dict(given)))
    assert shut.run("doctor", environ=dict(given)).code == 0
    assert redis_server.call("KEYS", "*") == kept == [f"wechatpy:{APPID}_access_token".encode()]


def test_cloud_run(shut: Site, tmp_path: Path) -> None:
    project = block("WeChat Cloud Run", PROJECT).text
    mounted = tmp_path / "cloudbase_access_token"
    mounted.write_text(shut.emulator.cloudbase_token(APPID))
    # The mount is at the root of the file system, where only a container has it.
    shut.write("menuops.yaml", f"{project}      path: {mounted}\n")
    with shut.counting() as calls:
        assert plans(shut.run("plan"))
        assert shut.run("apply", "--yes").code == 0
        assert shut.run("doctor").code == 0
    _, _, page = (DOCS / "ci.md").read_text(encoding="utf-8").partition("### WeChat Cloud Run")
    allowed = set(re.findall(r"`/cgi-bin/([a-z_/]+)`", page))
    assert set(calls) - {"openapi/quota/get"} <= allowed


def test_the_ways_of_the_page_are_those_that_doctor_lists(shut: Site) -> None:
    shut.environ["MENUOPS_SECRET_SHOP"] = SECRET
    said = " ".join(shut.run("doctor").out.split())
    for each in BLOCKS:
        if each.file == PROJECT:
            token = each.value["accounts"]["shop"]["token"]
            assert f"`source: {token['source']}`" in said
            for key in ("sdk", "as", "store_env"):
                assert key not in token or f"`{key}: {token[key]}`" in said
    assert "`runs-on: [self-hosted, wechat]`" in said
    assert "`tags: [wechat]`" in said
    proxy = block("A proxy with a fixed address", WORKFLOW).value["env"]
    (variable,) = proxy.keys() - {"MENUOPS_SECRET_SHOP"}
    assert f"`{variable}=http://" in said
