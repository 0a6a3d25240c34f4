"""A checkout with menus, WeChat played on loopback, and GitHub in a file."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import requests

from menuops.emulator import Account, Emulator

from .github import HEAD, REPOSITORY, SHA, Runner
from .warm import warm

APPID: Final = "wx0123456789abcdef"
SECRET: Final = "0f0e0d0c0b0a09080706050403020100"
MENU: Final = """\
button:
  - name: 新品
    type: view
    url: https://shop.example.com/new
"""


@dataclass(frozen=True)
class WeChat:
    """The emulator, and what others do there."""

    emulator: Emulator
    url: str

    @property
    def menu(self) -> Any:
        """What `menu/get` answers."""
        return self._call("get", "menu/get")

    @property
    def first(self) -> str:
        """The name of the first entry that followers see."""
        seen = self._call("get", "get_current_selfmenu_info")
        return str(seen["selfmenu_info"]["button"][0]["name"])

    def by_console(self, name: str) -> None:
        """Publish another menu in the web console, as people do."""
        button = {"name": name, "type": "view", "url": "https://x.example/"}
        asked = {"appid": APPID, "selfmenu_info": {"button": [button]}, "is_open": 1}
        with _session() as session:
            done = session.post(f"{self.url}/__emulator__/console", json=asked, timeout=10)
            assert done.status_code == 200, done.text

    def publish(self, *names: str) -> None:
        """Change the menu behind everybody's back, as another program does."""
        buttons = [{"name": name, "type": "click", "key": "K"} for name in names]
        assert self._call("post", "menu/create", {"button": buttons})["errcode"] == 0

    def add_for_ios(self, name: str) -> None:
        """Add a conditional menu behind everybody's back."""
        body = {
            "button": [{"name": name, "type": "click", "key": "K"}],
            "matchrule": {"client_platform_type": "1"},
        }
        assert "menuid" in self._call("post", "menu/addconditional", body)

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        asked = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
        with _session() as session:
            token = session.post(f"{self.url}/cgi-bin/stable_token", json=asked, timeout=10)
            return session.request(
                method,
                f"{self.url}/cgi-bin/{path}",
                params={"access_token": token.json()["access_token"]},
                data=None if body is None else json.dumps(body, ensure_ascii=False).encode(),
                timeout=10,
            ).json()


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


@pytest.fixture
def wechat() -> Iterator[WeChat]:
    emulator = Emulator()
    emulator.add_account(Account(appid=APPID, secret=SECRET))
    with emulator.serve() as url:
        yield WeChat(emulator, url)


@dataclass(frozen=True)
class GitHub:
    """What the stand-in for `gh` knows: pull requests and statuses by commit."""

    file: Path

    @property
    def statuses(self) -> list[dict[str, Any]]:
        """Those of the pull request's head, newest first."""
        statuses = json.loads(self.file.read_text())["statuses"].get(HEAD, [])
        assert isinstance(statuses, list)
        return statuses

    def know(self, *, pulls: list[dict[str, Any]], statuses: list[dict[str, Any]]) -> None:
        known = {"pulls": {SHA: pulls}, "statuses": {HEAD: statuses}}
        self.file.write_text(json.dumps(known))


def pull(**changes: Any) -> dict[str, Any]:
    """Give a pull request that the push merged, as REST has it."""
    return {
        "number": 7,
        "merged_at": "2026-11-22T10:00:00Z",
        "merge_commit_sha": SHA,
        "base": {"ref": "main"},
        "head": {"sha": HEAD, "repo": {"full_name": REPOSITORY}},
        **changes,
    }


@pytest.fixture
def github(tmp_path: Path) -> GitHub:
    (tmp_path / "bin").mkdir()
    gh = tmp_path / "bin/gh"
    source = Path(__file__).with_name("fake_gh.py").read_text(encoding="utf-8")
    gh.write_text(f"#!{sys.executable}\n{source}", encoding="utf-8")
    gh.chmod(0o755)
    known = GitHub(tmp_path / "github.json")
    known.know(pulls=[pull()], statuses=[])
    return known


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project with one account, `shop`."""
    folder = tmp_path / "checkout"
    (folder / "menus").mkdir(parents=True)
    (folder / "menuops.yaml").write_text(
        f"accounts:\n  shop:\n    appid: {APPID}\n    menu: menus/shop.yaml\n", encoding="utf-8"
    )
    (folder / "menus/shop.yaml").write_text(MENU, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def menuops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The command `menuops`, quick to start."""
    with warm(tmp_path_factory.mktemp("menuops")) as command:
        yield command


@pytest.fixture
def runner(tmp_path: Path, checkout: Path, wechat: WeChat, github: GitHub, menuops: Path) -> Runner:
    """A runner whose jobs get the secret of `shop` and talk to the emulator."""
    (tmp_path / "bin/menuops").symlink_to(menuops)
    return Runner(
        checkout,
        tmp_path,
        secrets={
            "MENUOPS_SECRET_SHOP": SECRET,
            "MENUOPS_API_URL": wechat.url,
            "FAKE_GITHUB": str(github.file),
        },
    )


@pytest.fixture
def bare(tmp_path: Path, checkout: Path) -> Runner:
    """A runner without secrets, WeChat and GitHub, whose project is the one of this repository."""
    source = Path(__file__).resolve().parents[2]
    shutil.rmtree(checkout / "menus")
    shutil.copytree(source / "menus", checkout / "menus")
    shutil.copy(source / "menuops.yaml", checkout / "menuops.yaml")
    return Runner(checkout, tmp_path)
