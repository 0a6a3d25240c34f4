"""Checks of one account: its source, its secret, its IP whitelist, its token, its tags.

Nothing is written to WeChat, and no token is fetched that would void somebody else's.
"""

from __future__ import annotations

import shlex
import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, assert_never

from menuops.core.account import (
    Account,
    ClassicToken,
    CommandToken,
    EnvToken,
    FileToken,
    GivenToken,
    SdkToken,
    SecretCommand,
    SecretEnv,
    SecretFile,
    SecretGiven,
    SecretProvider,
    SecretSource,
    ServerToken,
    StableToken,
    TokenSource,
)
from menuops.core.check import ACCOUNT_WORDS, AccountWord, Check, Status, failed_by
from menuops.core.errors import MenuopsError
from menuops.core.secret import Secret
from menuops.run.file_modes import is_readable_by_all
from menuops.run.proof import prove
from menuops.run.remote import Remote
from menuops.run.settings import World
from menuops.run.tag_checks import check_tags
from menuops.run.wanted import WantedAccount
from menuops.run.ways_past_whitelist import ways_past_whitelist
from menuops.wechat.errors import NotWhitelisted, WeChatError, WrongSecret
from menuops.wechat.tokens.app_secret import read_secret
from menuops.wechat.tokens.status import place_of, shared_with, source_word
from menuops.wechat.tokens.store import TokenKey, TokenStore

_SECRET_CHARS: Final = 32
_SECRET_FROZEN: Final = 40243
_NOT_LISTED: Final = 40164
_ADDRESS_DOUBTED: Final = range(89501, 89508)
"""WeChat asks the administrator about this address, or the administrator has refused it."""
_CONSOLES: Final = "基本配置 is a page of 公众号后台 and of 微信开发者平台"


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found of an account, and the AppSecret that it has, to be compared with others."""

    checks: tuple[Check, ...]
    secret: Secret | None = None


def keeps_token(account: Account) -> bool:
    """Tell whether the account's token goes through the store, and its lock, at all."""
    return isinstance(account.token, StableToken | ClassicToken | CommandToken | ServerToken)


def examine(
    account: Account,
    wanted: Sequence[WantedAccount],
    remote: Remote,
    store: TokenStore,
    world: World,
    *,
    after: str = "",
) -> Examined:
    """Check an account that isn't emulated; raises nothing that a user can act on.

    `wanted` is what its menu files say. `after` is the word of a check that failed before, so that
    nothing can be asked. What can't be looked at is listed as skipped.
    """
    examination = _Examination(account, wanted, remote, store, world)
    examination.look(offline=bool(after))
    return Examined(_complete(account.name, examination.found, after), examination.secret)


def _complete(name: str, found: dict[AccountWord, Check], after: str) -> tuple[Check, ...]:
    """List all words, in their order; those that aren't there are skipped, and say after what."""
    broken = [word for word in ACCOUNT_WORDS if word in found and found[word].status == "failed"]
    blamed = broken[0] if broken else after
    why = f"after `{blamed}`, which failed" if blamed else "no token to ask with"
    return tuple(found.get(word) or Check(name, word, "skipped", why) for word in ACCOUNT_WORDS)


class _Examination:
    """Notes what it finds under each word, and ends where one fails."""

    def __init__(
        self,
        account: Account,
        wanted: Sequence[WantedAccount],
        remote: Remote,
        store: TokenStore,
        world: World,
    ) -> None:
        self._account = account
        self._wanted = wanted
        self._remote = remote
        self._store = store
        self._world = world
        self.found: dict[AccountWord, Check] = {}
        self.secret: Secret | None = None

    def look(self, *, offline: bool) -> None:
        """Go through all words, or those that need neither network nor store."""
        self._note_source()
        try:
            self._read_secret()
            if offline:
                return
            if isinstance(self._account.token, ClassicToken):
                self._look_at_kept()
            else:
                self._ask()
        except MenuopsError as error:
            self._note_failure(error)

    def _note(self, word: AccountWord, status: Status, message: str, fix: str = "") -> None:
        self.found[word] = Check(self._account.name, word, status, message, fix)

    def _note_source(self) -> None:
        source = self._account.token
        word = source_word(source)
        if isinstance(source, ClassicToken):
            self._note(
                "source",
                "warning",
                "classic: each fetch voids the classic token that other servers of the account "
                "hold",
                f"set `source: stable` for {self._account.name}, which voids none; or `url`, "
                "`command` or `sdk`, to get the token from who holds it",
            )
        else:
            self._note("source", "ok", f"{word}: {shared_with(source)}")

    # The AppSecret

    def _read_secret(self) -> None:
        source = _secret_source(self._account.token)
        if source is None:
            word = source_word(self._account.token)
            self._note("secret", "ok", f"not needed: the token comes from `{word}`")
            return
        account = self._account
        try:
            self.secret = secret = read_secret(
                account.name,
                source,
                self._world.environ,
                timeout_s=account.connect_timeout_s + account.read_timeout_s,
            )
        except MenuopsError as error:
            self.found["secret"] = failed_by(account.name, "secret", error)
            raise
        self._note_secret(source, secret)

    def _note_secret(self, source: SecretSource, secret: Secret, *, proven: bool = False) -> None:
        where = _place_of_secret(source)
        if isinstance(source, SecretFile) and is_readable_by_all(_expanded(source.path)):
            self._note(
                "secret",
                "warning",
                f"every user of this machine may read {where}",
                f"`chmod o-rwx {shlex.quote(str(source.path))}`",
            )
        elif not proven and not _looks_like_secret(secret):
            self._note(
                "secret",
                "warning",
                f"{where} holds something that doesn't look like an AppSecret, which is "
                f"{_SECRET_CHARS} hexadecimal digits",
                "copy it again from the web console (公众号后台), 基本配置 > 开发者密码(AppSecret)",
            )
        else:
            taken = "; WeChat takes it" if proven else ""
            self._note("secret", "ok", f"it stands in {where}{taken}")

    # The token

    def _look_at_kept(self) -> None:
        """Prove the classic token that is kept; none is fetched, since that would void others'."""
        account = self._account
        kept = self._store.get(TokenKey(account.api, account.appid))
        self._note("ip", "skipped", "only a fetch shows whether this machine's address is listed")
        now_s = self._world.clock()
        if kept is None or not kept.is_fresh(now_s):
            self._note(
                "token",
                "skipped",
                "none is kept, and none was fetched, for that would void the one that other "
                "servers of the account hold",
                f"when that does no harm: `menuops token --renew -a {account.name}`",
            )
            return
        held = f"kept, {_life(kept.expires_at_s - now_s)}; not fetched anew"
        self._prove(replace(account, token=GivenToken(kept.value)), held, "token")

    def _ask(self) -> None:
        """Get a token, anew where it is fetched here, and prove it."""
        source = self._account.token
        account = replace(self._account, token=_with_secret(source, self.secret))
        tokens = self._remote.tokens
        tokens.register(account)
        if not isinstance(source, StableToken):
            self._note("ip", "ok", "not needed: menuops itself asks WeChat for no token")
        if keeps_token(account):
            tokens.renew(account)
        grant = tokens.token_and_life(account)
        token_call = None
        if isinstance(source, StableToken) and self.secret is not None:
            token_call = "stable_token"  # noqa: S105  # the name of a call
            self._note("ip", "ok", "WeChat gives this machine a token")
            self._note_secret(source.secret, self.secret, proven=True)
        life = "" if grant.expires_in_s is None else f", {_life(grant.expires_in_s)}"
        self._prove(account, f"{_came_from(source)}{life}", token_call)
        self._look_at_token_file(source)

    def _prove(self, account: Account, held: str, token_call: str | None) -> None:
        api = self._remote.api(account)
        rights, quota = prove(api, token_call)
        self._note("token", "ok", f"{held}; WeChat takes it")
        self.found["rights"], self.found["quota"] = rights, quota
        if rights.status != "failed":
            self.found["tags"] = check_tags(account.name, api, self._wanted)

    def _look_at_token_file(self, source: TokenSource) -> None:
        if not isinstance(source, FileToken) or source.cloudbase:
            return  # Cloud Run mounts its file as it likes
        if is_readable_by_all(_expanded(source.path)):
            self._note(
                "token",
                "warning",
                f"every user of this machine may read {place_of(source)}",
                f"`chmod o-rwx {shlex.quote(str(source.path))}`",
            )

    def _note_failure(self, error: MenuopsError) -> None:
        if any(check.status == "failed" for check in self.found.values()):
            return
        word = _word_of(error)
        failed = failed_by(self._account.name, word, error)
        if word == "secret" and self.secret is not None and not _looks_like_secret(self.secret):
            what = f"it isn't {_SECRET_CHARS} hexadecimal digits, as an AppSecret is"
            failed = replace(failed, message=f"{failed.message}; {what}")
        if isinstance(error, NotWhitelisted) and error.errcode == _NOT_LISTED:
            failed = replace(failed, fix=ways_past_whitelist(error))
        elif word == "ip":
            failed = replace(failed, fix=f"{failed.fix} ({_CONSOLES})")
        self.found[word] = failed


def _word_of(error: MenuopsError) -> AccountWord:
    """Choose the check that an error on the way to a proven token belongs to."""
    match error:
        case WrongSecret():
            return "secret"
        case WeChatError(errcode=errcode) if errcode == _SECRET_FROZEN:
            return "secret"
        case NotWhitelisted():
            return "ip"
        case WeChatError(errcode=errcode) if errcode in _ADDRESS_DOUBTED:
            return "ip"
        case _:
            return "token"


def _secret_source(source: TokenSource) -> SecretSource | None:
    match source:
        case StableToken(secret) | ClassicToken(secret):
            return secret
        case SdkToken():
            return source.secret
        case _:
            return None


def _with_secret(source: TokenSource, secret: Secret | None) -> TokenSource:
    """Put the AppSecret itself in, so that a `secret_command` doesn't run twice."""
    if secret is not None and isinstance(source, StableToken | SdkToken):
        return replace(source, secret=SecretGiven(secret))
    return source


def _place_of_secret(source: SecretSource) -> str:
    match source:
        case SecretEnv(name):
            return f"the environment variable {name}"
        case SecretFile(path):
            return f"the file {path}"
        case SecretCommand():
            return "what `secret_command` prints"
        case SecretProvider() | SecretGiven():
            return "what the program gives"
        case _:
            assert_never(source)


def _looks_like_secret(secret: Secret) -> bool:
    text = secret.reveal()
    return len(text) == _SECRET_CHARS and set(text) <= set(string.hexdigits)


def _came_from(source: TokenSource) -> str:
    match source:
        case StableToken():
            return "stable_token gives one"
        case CommandToken(argv):
            return f"{Path(argv[0]).name} prints one"
        case ServerToken():
            return "the token server gives one"
        case EnvToken() | FileToken() | SdkToken() | GivenToken():
            return f"read from {place_of(source)}"
        case ClassicToken():
            return "kept"
        case _:
            assert_never(source)


def _life(seconds: float) -> str:
    return f"good for {seconds / 60:.0f} min"


def _expanded(path: object) -> Path:
    try:
        return Path(str(path)).expanduser()
    except RuntimeError:  # nobody's home is known by that name
        return Path(str(path))
