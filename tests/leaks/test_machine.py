"""Every command while the network, the stores or the disk fail it, or while menuops has a bug."""

from __future__ import annotations

import base64
import json
import ssl
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from menuops.core.secret import Secret
from menuops.emulator import Fault
from menuops.files.plan_file import read_plan, write_plan
from menuops.locks import FileLocks, LockKey
from tests.redis_server import make_certificate
from tests.site import APPID, Json, click
from tests.transport.conftest import RawServer, answered

from .driving import begin, calls_of, drive
from .lines import LINES, ONLINE, PLANNED, Line
from .sources import BAD_URLS
from .watch import APP_SECRET, ODD_TOKEN, PROXY_PASSWORD, Watch

ELSEWHERE = "https://wechat.invalid"
BUG = 1

each_online = pytest.mark.parametrize("line", ONLINE.values(), ids=ONLINE)
two_online = pytest.mark.parametrize("name", ["token --renew", "doctor"])


def drive_well(watch: Watch, line: Line, why: str, **environ: str | None) -> None:
    """Run a line that may fail, but not by a bug of ours."""
    drive(watch, line, why, **environ)
    assert watch.last.code != BUG, watch.last.said


# The network


@pytest.fixture
def proxy(watch: Watch) -> Iterator[RawServer]:
    """A proxy that repeats who asked, and refuses."""
    login = f"shop:{PROXY_PASSWORD}"
    watch.add("the password of the proxy", PROXY_PASSWORD)
    watch.add("the login of the proxy", base64.b64encode(login.encode()).decode())
    server = RawServer()
    yield server
    server.stop()


def proxy_urls(watch: Watch, proxy: RawServer) -> dict[str, str]:
    chinese = watch.add("a Chinese password", "口令口令口令口令口令口令")
    login = f"shop:{quote(PROXY_PASSWORD, safe='')}"
    return {
        "refuses": f"http://{login}@127.0.0.1:{proxy.port}",
        "is away": f"http://{login}@127.0.0.1:1",
        "has no scheme": f"{login}@127.0.0.1:1",
        "is no URL": f"http://{login}@[127.0.0.1",
        "has a bare password": f"http://shop:{PROXY_PASSWORD}/@127.0.0.1:1",
        "has a Chinese password": f"http://shop:{quote(chinese)}@127.0.0.1:{proxy.port}",
        "has a Chinese password as it is": f"http://shop:{chinese}@127.0.0.1:{proxy.port}",
        "speaks SOCKS": f"socks5://{login}@127.0.0.1:1",
        "speaks TLS": f"https://{login}@127.0.0.1:{proxy.port}",
        "isn't known": f"http://{login}@no-such-host.invalid:1",
        "is of no kind": f"nothing://{login}@127.0.0.1:1",
    }


@two_online
def test_no_login_of_a_proxy_is_shown(watch: Watch, proxy: RawServer, name: str) -> None:
    line = ONLINE[name]
    login = base64.b64encode(f"shop:{PROXY_PASSWORD}".encode()).decode()
    watch.project(timeout_s=0.3)
    refusal = answered(login.encode(), f"407 no {PROXY_PASSWORD} {login}")
    for what, url in proxy_urls(watch, proxy).items():
        watch.fresh()
        proxy.answers = [refusal] * 20
        drive_well(watch, line, f"the proxy {what}", HTTPS_PROXY=url, MENUOPS_API_URL=ELSEWHERE)
        assert "proxy" in watch.last.said, what
    assert proxy.requests != []
    assert watch.leaks == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory, requires: Callable[[str], None]) -> Path:
    requires("openssl")
    return make_certificate(tmp_path_factory.mktemp("tls"))


@each_online
def test_a_host_out_of_reach(watch: Watch, certificate: Path, line: Line) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    untrusted = RawServer(context)
    silent = RawServer()
    hosts = {
        "nobody is there": "http://127.0.0.1:1",
        "nobody knows it": "https://no-such-host.invalid",
        "it isn't trusted": untrusted.url,
        "it speaks no TLS": watch.site.url.replace("http://127.0.0.1", "https://localhost"),
        "it hangs up": silent.url,
        "it is no WeChat": watch.token_server.url,
        "it has a login": f"https://shop:{APP_SECRET}@wechat.invalid",
        "it has a query": f"https://wechat.invalid?secret={APP_SECRET}",
    }
    try:
        for name, url in hosts.items():
            watch.fresh()
            watch.token_server.answers = [answered(b"404 page not found", "404 Not Found")] * 20
            with watch.site.counting() as calls:
                drive_well(watch, line, name, MENUOPS_API_URL=url)
                drive(watch, Line((*line.words, "--api-url", url), formats=line.formats), name)
            assert calls == []
    finally:
        untrusted.stop()
        silent.stop()
    assert watch.leaks == []


@pytest.mark.parametrize("name", ["apply", "doctor"])
def test_answers_that_come_too_late(watch: Watch, name: str) -> None:
    line = ONLINE[name]
    calls = calls_of(watch, line)
    watch.project(timeout_s=0.2)
    for call in calls:
        begin(watch, line)
        watch.site.emulator.fail_next(call, Fault.delay(0.4), times=20)
        drive_well(watch, line, f"{call} is late")
    assert watch.leaks == []


# Where tokens, locks and journals are kept


@two_online
def test_a_store_in_redis(watch: Watch, name: str) -> None:
    """It works, it holds what is no token, it can't be used."""
    line = ONLINE[name]
    watch.project(top={"token_store": "redis", "token_store_env": "TOKENS"})
    watch.redis.call("FLUSHALL")
    watch.fresh()
    drive_well(watch, line, "all is well", TOKENS=watch.redis.url)
    (key,) = watch.redis.call("KEYS", "*")
    kept = watch.redis.call("GET", key)
    for what, words in {
        "half of it": ("SET", key, kept[:-40]),
        "with more behind it": ("SET", key, kept + kept),
        "a list of it": ("RPUSH", key, kept),
        "under another account": ("SET", key, kept.replace(APPID.encode(), b"wx00")),
    }.items():
        watch.redis.call("DEL", key)
        watch.redis.call(*words)
        drive_well(watch, line, f"the store holds {what}", TOKENS=watch.redis.url)
    for what, url in BAD_URLS.items():
        watch.fresh()
        drive_well(watch, line, f"the store: {what}", TOKENS=url(watch))
    drive_well(watch, line, "no store")
    assert watch.leaks == []


def replace_by_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "is cut off": lambda path: path.write_bytes(path.read_bytes()[:-40]),
    "has more behind it": lambda path: path.write_bytes(path.read_bytes() * 2),
    "isn't text": lambda path: path.write_bytes(b"\xff\xfe" + path.read_bytes()),
    "is of another account": lambda path: path.write_bytes(
        path.read_bytes().replace(APPID.encode(), b"wx00")
    ),
    "has a token of another kind": lambda path: path.write_text(
        json.dumps({**json.loads(path.read_bytes()), "expires_at": "never"})
    ),
    "may be read by others": lambda path: path.chmod(0o644),
    "is a directory": replace_by_directory,
}


@each_online
def test_a_store_in_files_that_is_damaged(watch: Watch, line: Line) -> None:
    for name, damage in DAMAGE.items():
        watch.fresh()
        watch.site.run("token", "--reveal")
        (path,) = (watch.site.home / "cache" / "menuops" / "tokens").glob("*.json")
        damage(path)
        drive_well(watch, line, f"the token's file {name}")
    assert watch.leaks == []


@each_online
@pytest.mark.parametrize(
    "kept", ["cache/menuops", "cache/menuops/tokens", "state", "state/menuops"]
)
def test_a_directory_that_can_not_be_made(watch: Watch, line: Line, kept: str) -> None:
    path = watch.site.home / kept
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("in the way")
    drive_well(watch, line, f"{kept} can't be made")
    assert watch.leaks == []


@each_online
def test_locks_that_others_hold(watch: Watch, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    watch.site.run("token", "--reveal")  # what waits is loaded now
    for module in [each for each in sys.modules.values() if hasattr(each, "TOKEN_WAIT_S")]:
        monkeypatch.setattr(module, "TOKEN_WAIT_S", 0.05)
    for purpose in ("token", "apply"):
        others = FileLocks(command=f"menuops {purpose} elsewhere")
        with others.held(LockKey(watch.site.url, APPID, purpose)):
            drive_well(watch, line, f"the {purpose} lock is held")
    assert watch.leaks == []


# Plans


def test_plans_that_are_stale_used_or_damaged(watch: Watch) -> None:
    line = LINES["apply PLAN"]

    def live_moved() -> None:
        watch.site.live([click("别处")])

    def plan_changed(change: Callable[[Json], object]) -> Callable[[], None]:
        def do() -> None:
            path = watch.site.root / "plan.json"
            document = json.loads(path.read_bytes())
            change(document)
            path.write_text(json.dumps(document))

        return do

    def plan_expired() -> None:
        plan = read_plan(watch.site.root / "plan.json", "plan.json")
        write_plan(watch.site.root / "plan.json", replace(plan, expires_at="2020-01-01T00:00:00Z"))

    for name, happen in {
        "is stale": live_moved,
        "is used": lambda: watch.site.run("apply", "plan.json"),
        "has expired": plan_expired,
        "was changed": plan_changed(lambda plan: plan.update(digest="0" * 64)),
        "is of no account": plan_changed(lambda plan: plan["accounts"][0].update(appid="wx00")),
    }.items():
        watch.fresh()
        watch.site.run(*PLANNED)
        happen()
        for words in (("apply", "plan.json"), ("show", "plan.json")):
            drive_well(watch, Line(words, line.before), f"the plan {name}")
    assert watch.leaks == []


# Bugs


def bug(*_args: Any, **values: Any) -> Any:
    """Raise with all that is at hand, as a careless line of ours might."""
    raise KeyError(f"{_args} {values}", *_args, values)


def careless(*args: Any, **values: Any) -> Any:
    """Raise with the secrets themselves."""
    opened = [each.reveal() for each in (*args, *values.values()) if isinstance(each, Secret)]
    for many in (*args, *values.values()):
        if isinstance(many, dict):
            opened += [each.reveal() for each in many.values() if isinstance(each, Secret)]
    raise ValueError(f"{args} {values} {opened}")


BUGS: dict[str, tuple[str, Callable[..., Any]]] = {
    "in the client": ("menuops.wechat.client.raise_for_code", bug),
    "with a token's answer": ("menuops.wechat.tokens.call.grant_from_json", bug),
    "with what is kept": ("menuops.wechat.tokens.store.StoredToken.is_fresh", bug),
    "with what is sent": ("menuops.transport.http._encoded", careless),
    "with a query": ("menuops.transport.http._query", careless),
    "of urllib3": ("urllib3.connectionpool.HTTPConnectionPool.urlopen", bug),
    "of requests": ("requests.adapters.HTTPAdapter.send", bug),
    "of http.client": ("http.client.HTTPConnection.getresponse", bug),
}


@two_online
@pytest.mark.parametrize(("where", "raises"), BUGS.values(), ids=BUGS)
def test_a_bug(
    watch: Watch,
    name: str,
    where: str,
    raises: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The report, which is meant for others to read, has no secret either."""
    monkeypatch.setattr(where, raises)
    for _format in range(2):
        watch.fresh()
        drive(watch, ONLINE[name], f"a bug in {where}")
    monkeypatch.undo()
    assert watch.leaks == []


def test_a_report_leaves_out_a_token_that_looks_like_none(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The frames are there, to mend the bug by."""
    watch.project(token={"source": "env", "env": "SHOP_TOKEN"})
    watch.site.environ["SHOP_TOKEN"] = watch.add("an odd token", ODD_TOKEN)
    monkeypatch.setattr("menuops.transport.http._query", careless)
    assert watch.drive("a bug", "plan").code == BUG
    (report,) = watch.site.home.glob("menuops-bug-*.txt")
    assert "in careless" in report.read_text()
    assert watch.leaks == []
