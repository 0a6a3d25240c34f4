"""Rules of the project file, `menuops.yaml`."""

from __future__ import annotations

from typing import Final

from menuops.core.notes.note import RuleNote, error

_VARIABLE: Final = (
    "The key takes the name of an environment variable (letters, digits, `_`), never what the "
    "variable holds: no secret stands in a file."
)

PROJECT: Final[tuple[RuleNote, ...]] = (
    error(
        "no-account",
        "`accounts` is empty.",
        "Name one account, with its `appid` and its `menu`.",
    ),
    error(
        "account-name",
        "An account can't be called so.",
        "A name has letters, digits, `.`, `_` and `-`, 100 at most: it stands in messages, in "
        "names of files and after `-a`.",
    ),
    error(
        "duplicate-account",
        "Two accounts are one to WeChat.",
        "They have the same API host and appid, and each run would undo the menu of the other. "
        "Keep one.",
    ),
    error(
        "appid-form",
        "An `appid` can't be one.",
        "It is the AppID of the account (`wx` and 16 characters), as the web console shows it.",
    ),
    error(
        "api-url",
        "An `api` is neither `emulator` nor a URL of an API.",
        "It is an https URL without user, query and fragment, since it is printed; plain http is "
        "for loopback alone.",
    ),
    error("menu-form", "`menu` is empty.", "Give the path of a menu file."),
    error(
        "no-secret-here",
        "A secret stands in the file, or a key for one.",
        "Whoever reads the repository would have it, for ever. Take it out, renew it, and name "
        "where it is kept: an environment variable, a file or a command.",
    ),
    error(
        "two-secrets",
        "An account has more than one place for its AppSecret.",
        "Keep one of `secret_env`, `secret_file` and `secret_command`.",
    ),
    error(
        "same-token",
        "Two accounts would take one token.",
        "A token belongs to one account: with another's, menus would be written to the wrong "
        "account. Put `${appid}` or `${account}` into what is shared, or give each its own.",
    ),
    error(
        "same-secret",
        "Two accounts would take one AppSecret without saying so.",
        "An AppSecret belongs to one account. Give each its own `secret_env`.",
    ),
    error(
        "unknown-source",
        "No source of tokens is called so.",
        "`stable` (the default), `classic`, `command`, `url`, `file`, `env` or `sdk`.",
    ),
    error(
        "unknown-sdk",
        "No SDK is known by this name.",
        "The message lists those whose tokens can be read.",
    ),
    error(
        "unknown-as",
        "`as` is something else than `cloudbase`.",
        "It says how the token of a file is sent; without it, as usual.",
    ),
    error(
        "unknown-token-store",
        "No store of tokens is called so.",
        "`file` (the default), `memory` or `redis`.",
    ),
    error("secret-env-form", "`secret_env` isn't the name of a variable.", _VARIABLE),
    error("env-form", "`env` isn't the name of a variable.", _VARIABLE),
    error("store-env-form", "`store_env` isn't the name of a variable.", _VARIABLE),
    error("url-env-form", "`url_env` isn't the name of a variable.", _VARIABLE),
    error(
        "notify-form",
        "A list of `notify` is empty or too long.",
        "Without `on`, apply and drift are told; without `accounts`, all of them are.",
    ),
    error(
        "unknown-to",
        "`notify` names another kind of place.",
        "A group robot of WeCom is `wecom`; whatever takes JSON with a `text` is `webhook`.",
    ),
    error(
        "unknown-on",
        "`on` names another command.",
        "What `plan`, `apply` and `drift` came to is told.",
    ),
    error("token-store-env-form", "`token_store_env` isn't the name of a variable.", _VARIABLE),
    error("headers-env-form", "A header isn't given by the name of a variable.", _VARIABLE),
    error(
        "header-name",
        "A header can't be sent.",
        "Its name holds a character that no header has, or it is ours to send.",
    ),
    error(
        "duplicate-header",
        "A header is given twice.",
        "Upper and lower case make no difference to a header. Delete one.",
    ),
    error("secret-file-form", "`secret_file` is empty.", "Give the path of a file."),
    error(
        "secret-command-form",
        "`secret_command` can't be run.",
        "It is a list of words, or a text that is split as a shell would; no shell runs it.",
    ),
    error(
        "command-form",
        "`command` can't be run.",
        "It is a list of words, or a text that is split as a shell would; no shell runs it.",
    ),
    error(
        "url-form",
        "The `url` of a token server can't be one.",
        "It is an https URL without user and fragment; plain http is for loopback alone. What is "
        "secret goes into `headers_env`.",
    ),
    error("path-form", "`path` is empty.", "Give the path of a file."),
    error(
        "field-form",
        "`field` isn't the way to a token in JSON.",
        "Keys with dots between, such as `data.access_token`.",
    ),
    error("store-key-form", "`store_key` is empty.", "Give the key under which Redis has it."),
    error("state-dir-form", "`state_dir` is empty.", "Give a path, or delete the key."),
    error("out-of-range", "A number is too small.", "The message says the least."),
)
