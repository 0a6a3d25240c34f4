"""What the menu files want of the selected accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from menuops.core.account import Account
from menuops.core.errors import InvalidFiles
from menuops.core.finding import Finding, errors_of
from menuops.core.model import Wanted
from menuops.files.menu_file import LoadedMenu, MenuSource, read_menu
from menuops.run.selection import shown_path


@dataclass(frozen=True, slots=True)
class WantedAccount:
    """An account with its menu file, which may have errors."""

    account: Account
    file: str
    loaded: LoadedMenu

    @property
    def menu(self) -> Wanted:
        """The menu of a file without errors."""
        assert self.loaded.menu is not None
        return self.loaded.menu


def read_wanted(
    accounts: Iterable[Account], variables: Mapping[str, str], directory: Path
) -> tuple[WantedAccount, ...]:
    """Read each menu file once and fill it in for each account; errors are in the findings."""
    sources: dict[Path, tuple[str, MenuSource]] = {}
    wanted = []
    for account in accounts:
        path = Path(account.menu)
        if path not in sources:
            shown = shown_path(path, directory)
            sources[path] = (shown, read_menu(path, shown))
        shown, source = sources[path]
        loaded = source.for_account(
            {**dict(account.variables), **variables}, account.name, account.appid
        )
        wanted.append(WantedAccount(account, shown, loaded))
    return tuple(wanted)


def findings_of(wanted: Iterable[WantedAccount]) -> tuple[Finding, ...]:
    """List the findings of all files, each once, by file and place."""
    return tuple(sorted({finding for each in wanted for finding in each.loaded.findings}))


def require_valid(wanted: Sequence[WantedAccount], others: Iterable[Finding] = ()) -> None:
    """Raise InvalidFiles with all findings if there is an error among them."""
    findings = (*others, *findings_of(wanted))
    if errors_of(findings):
        raise InvalidFiles(findings)
