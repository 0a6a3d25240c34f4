"""Where an account's AppSecret is read, at the moment when a token has to be fetched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, assert_never

from menuops.core.account import (
    SecretCommand,
    SecretEnv,
    SecretFile,
    SecretGiven,
    SecretProvider,
    SecretSource,
)
from menuops.core.errors import CannotStart
from menuops.core.secret import Secret
from menuops.wechat.tokens.program import printed_by

_FILE_BYTES: Final = 4096
_WHERE: Final = (
    "the AppSecret stands in the web console (公众号后台), 基本配置 > 开发者密码(AppSecret)"
)


class NoSecret(CannotStart):
    """The AppSecret isn't where the project file says."""


def read_secret(
    name: str, source: SecretSource, environ: Mapping[str, str], *, timeout_s: float
) -> Secret:
    """Read the AppSecret of the account `name`, white space around it dropped.

    A program has `timeout_s` seconds. Raises NoSecret, which names the variable or the file and
    how to set it, and ProgramFailed. What a provider raises passes through.
    """
    match source:
        case SecretGiven(secret):
            return secret
        case SecretEnv(variable):
            where = f"the environment variable {variable}"
            text = environ.get(variable)
            if text is None:
                raise NoSecret(
                    f"{name}: no AppSecret: {where} isn't set",
                    fix=f"set {variable} (in CI from the secret store); {_WHERE}",
                )
            fix = f"set {variable}; in CI a pull request from a fork gets no secrets. Else {_WHERE}"
        case SecretFile(path):
            where = f"the file {path}"
            text = _read_text(name, Path(path))
            fix = f"write the AppSecret alone into {path}; {_WHERE}"
        case SecretCommand(argv):
            where = "what `secret_command` prints"
            label = f"{name}: no AppSecret: `secret_command`"
            text = printed_by(argv, label=label, environ=environ, timeout_s=timeout_s)
            fix = f"let the program print the AppSecret alone; {_WHERE}"
        case SecretProvider(provide):
            where = "what the provider gives"
            given: object = provide()  # whoever wrote it may not have looked at its type
            if not isinstance(given, str):
                raise NoSecret(
                    f"{name}: no AppSecret: the provider gives {type(given).__name__}, not text",
                    fix=f"let it give the AppSecret; {_WHERE}",
                )
            text = given.reveal() if isinstance(given, Secret) else given
            fix = f"let it give the AppSecret; {_WHERE}"
        case _:
            assert_never(source)
    text = text.strip()
    if not text:
        raise NoSecret(f"{name}: no AppSecret: {where} is empty", fix=fix)
    if any(char.isspace() or not char.isprintable() for char in text):
        raise NoSecret(f"{name}: {where} holds more than an AppSecret", fix=fix)
    return Secret(text)


def _read_text(name: str, path: Path) -> str:
    problem, fix = "", ""
    try:
        with path.expanduser().open("rb") as file:
            return file.read(_FILE_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        problem, fix = "isn't there", "create it with mode 0600, or name another as `secret_file`"
    except OSError as error:
        problem, fix = f"can't be read ({error.strerror})", "let this user read it, and nobody else"
    except (ValueError, RuntimeError):
        problem, fix = "isn't text", "it is to hold the AppSecret alone"
    # Outside the handlers, since a decoding error carries what was read.
    raise NoSecret(f"{name}: no AppSecret: the file {path} {problem}", fix=f"{fix}; {_WHERE}")
