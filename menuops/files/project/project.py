"""The project file, `menuops.yaml`: the accounts, and what holds for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from menuops.core.errors import InvalidFiles, Usage
from menuops.core.finding import Finding, Place, errors_of
from menuops.core.notice import DEFAULT_ON, Notice
from menuops.files.capping import capped
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.project.paths import path_from
from menuops.files.reader.data import to_data
from menuops.files.reader.node import List, Map, Node, Text
from menuops.files.rules.ignoring import silencer_of
from menuops.files.schema import gate
from menuops.files.wording import looks_secret

if TYPE_CHECKING:
    from menuops.core.account import Account
    from menuops.files.rules.silencing import Silencer

PROJECT_FILE: Final = "menuops.yaml"
PROJECT_BYTES: Final = 16 * 1024 * 1024
MAX_ACCOUNTS: Final = 20
LONE_SECRET: Final = "MENUOPS_SECRET"  # noqa: S105 - the name of a variable
TokenStore = Literal["file", "memory", "redis"]

_APPID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


@dataclass(frozen=True, slots=True)
class Project:
    """A project file without errors; `findings` are its warnings.

    `root` is the folder that the file stands in; the paths of accounts go from there already.
    `token_store_env` names the variable with the URL of the Redis, for `token_store` "redis".
    `file` is the file's name in messages, `path` where it was read; `notices` are what `notify`
    lists.
    """

    root: Path
    accounts: tuple[Account, ...]
    token_store: TokenStore = "file"  # noqa: S105 - where tokens are kept
    token_store_env: str | None = None
    state_dir: Path | None = None
    max_accounts: int = MAX_ACCOUNTS
    file: str = PROJECT_FILE
    findings: tuple[Finding, ...] = ()
    path: Path | None = None
    notices: tuple[Notice, ...] = ()
    _silencer: Silencer | None = None

    def unsilenced(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Leave out of findings in this file, made elsewhere, those that a comment silences."""
        silencer = self._silencer
        return tuple(each for each in findings if silencer is None or not silencer.silences(each))


def find_project(start: Path) -> Path | None:
    """Find the project file in the folder `start`; folders above are not looked at."""
    path = start / PROJECT_FILE
    return path if path.exists() else None


def load_project(path: Path, shown_as: str, api_url: str | None = None) -> Project:
    """Read the project file; `api_url` replaces the host of all but emulated accounts.

    Raises InvalidFiles with all findings, Usage for an `api_url` that can't be one.
    """
    try:
        raw = read_bytes(path, PROJECT_BYTES)
    except Unreadable as exc:
        raise InvalidFiles([Finding(shown_as, 1, 1, "unreadable", "error", str(exc))]) from None
    return replace(parse_project(raw, path.parent, shown_as, api_url), path=path)


def project_tree(project: Project) -> Node | None:
    """Read a project's file again, for places in it; None where there is none, or no longer."""
    from menuops.files.reader.source import read_source

    if project.path is None:
        return None
    try:
        raw = read_bytes(project.path, PROJECT_BYTES)
    except Unreadable:
        return None
    return read_source(raw, project.file, PROJECT_BYTES).root


def menus_named(path: Path) -> tuple[Path, ...]:
    """List the menu files that a project file names, also one with errors; each once.

    A name that looks like a secret is none: it would be shown.
    """
    from menuops.files.reader.source import read_source

    try:
        raw = read_bytes(path, PROJECT_BYTES)
    except Unreadable:
        return ()
    root = read_source(raw, path.name, PROJECT_BYTES).root
    top = root.entries if isinstance(root, Map) else {}
    accounts = top.get("accounts")
    listed = accounts.entries.values() if isinstance(accounts, Map) else ()
    named = (text for each in (*listed, top.get("defaults")) for text in _menu_texts(each))
    return tuple(
        dict.fromkeys(
            path_from(path.parent, text) for text in named if text and not looks_secret(text)
        )
    )


def _menu_texts(account: Node | None) -> Iterator[str]:
    menu = account.entries.get("menu") if isinstance(account, Map) else None
    if isinstance(menu, Text):
        yield menu.text
    elif isinstance(menu, List):
        for window in menu.items:
            yield from _menu_texts(window)


def parse_project(raw: bytes, root: Path, shown_as: str, api_url: str | None = None) -> Project:
    """Parse what a project file in the folder `root` holds. Raises as load_project."""
    from menuops.files.project.accounts import build_accounts  # 10 ms with what it needs
    from menuops.files.reader.source import read_source  # PyYAML: 40 ms

    host = _checked(api_url)
    source = read_source(raw, shown_as, PROJECT_BYTES)
    tree = source.root
    findings = list(source.findings)
    if tree is None:
        raise InvalidFiles(findings)

    def warn(rule: str, message: str, place: Place) -> None:
        findings.append(Finding(shown_as, place.line, place.column, rule, "warning", message))

    silencer = silencer_of(source, shown_as)
    data = to_data(tree, "project", warn)
    if not gate("project")(data):
        found = _explained(data, tree, shown_as, findings)
        raise InvalidFiles(_unsilenced(silencer, {*source.findings, *found}))
    accounts, more = build_accounts(data, tree, root, host, shown_as)
    kept = _unsilenced(silencer, {*findings, *more})
    if errors_of(kept):
        raise InvalidFiles(kept)
    state_dir = data.get("state_dir")
    return Project(
        root,
        accounts,
        cast(TokenStore, data.get("token_store", "file")),
        data.get("token_store_env"),
        None if state_dir is None else path_from(root, state_dir),
        int(data.get("max_accounts", MAX_ACCOUNTS)),
        shown_as,
        kept,
        notices=tuple(map(_notice, data.get("notify", ()))),
        _silencer=silencer,
    )


def _notice(data: dict[str, Any]) -> Notice:
    on = tuple(data.get("on", DEFAULT_ON))
    return Notice(data["to"], data["url_env"], on, tuple(data.get("accounts", ())))


def notices_of(path: Path) -> tuple[Notice, ...]:
    """Read who is told how a run came out; nobody where the file can't be read.

    Most files name nobody, and one of thousands of accounts isn't parsed again to learn that.
    """
    try:
        if b"notify" not in read_bytes(path, PROJECT_BYTES):
            return ()
        return load_project(path, path.name).notices
    except (Unreadable, InvalidFiles):
        return ()


def _unsilenced(silencer: Silencer | None, findings: set[Finding]) -> tuple[Finding, ...]:
    if silencer is None:
        return capped(findings)
    from menuops.core.rulebook import OF_PROJECT_FILES

    return capped(silencer.applied(findings, OF_PROJECT_FILES))


def lone_account(appid: str, menu: Path, api_url: str | None) -> Project:
    """Make a project of one account without a file: its name is its appid.

    The AppSecret is to stand in MENUOPS_SECRET. Raises Usage.
    """
    from menuops.core.account import WECHAT_HOST, Account, SecretEnv, StableToken
    from menuops.core.schedule import always

    host = _checked(api_url) or WECHAT_HOST
    if not _APPID.match(appid):
        raise Usage("MENUOPS_APPID is no AppID: 1 to 64 letters, digits, `_` and `-`")
    account = Account(appid, appid, StableToken(SecretEnv(LONE_SECRET)), host, menus=always(menu))
    return Project(Path(), (account,), file="MENUOPS_APPID")


def _checked(api_url: str | None) -> str | None:
    if api_url is None:
        return None
    from menuops.files.project.api_url import base_url

    url = base_url(api_url)
    if url is None:
        raise Usage(
            "the API's URL must be https without user, query and fragment",
            fix="plain http is for loopback alone: 127.0.0.1, localhost, [::1]",
        )
    return url


def _explained(
    data: Any, tree: Node, shown_as: str, warnings: Iterable[Finding]
) -> Iterable[Finding]:
    from menuops.files.fault import to_findings
    from menuops.files.project.project_faults import project_faults

    found = to_findings(project_faults(data), tree, shown_as, warnings)
    if errors_of(found):
        return found
    message = "the file doesn't fit the schema (`menuops schema project`)"
    return [Finding(shown_as, 1, 1, "schema", "error", message)]
