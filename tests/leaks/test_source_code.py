"""Read off the code: what holds a secret is a Secret, and few places open one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import menuops

PACKAGE = Path(menuops.__file__).parent
SOURCES = {
    str(path.relative_to(PACKAGE)): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
    if "emulator" not in path.relative_to(PACKAGE).parts  # its tokens open nothing
}

OPENED = {
    "core/secret.py secrets_in_memory": "counts its characters",
    "transport/http.py Http.call": "puts it into a header",
    "transport/http.py _query": "puts it into the URL",
    "transport/http.py _encoded": "puts it into the body",
    "transport/rest.py Rest.call": "puts it into a header, or takes it as the URL",
    "post/github.py GitHub.__init__": "writes `Bearer` before it; a Secret again",
    "transport/redaction.py _without_pieces": "looks for it in what is to be shown",
    "wechat/tokens/store.py StoredToken.to_json": "the store keeps it: file, mode 0600, or Redis",
    "wechat/tokens/app_secret.py read_secret": "trims and checks what a provider gives",
    "wechat/tokens/sdk_forms.py _easywechat_slots": "EasyWeChat's key in Redis has it, or its MD5",
    "locks/redis_url.py parse_url": "takes the URL of Redis apart; all parts are Secrets again",
    "locks/redis_server.py RedisServer._do": "sends a key that holds one",
    "locks/redis_server.py RedisServer._new_client": "logs in to Redis",
    "run/account_checks.py _looks_like_secret": "counts its characters",
    "cli/commands/token.py command": "--reveal prints a token, alone",
}
"""Where a secret is opened, and what for. A new place is looked at by somebody, then added."""

PLAIN = {
    "files/project/project_faults.py _token token: dict[str, Any]": "keys of the project file",
    "files/project/token_keys.py key_faults token: Mapping[str, Any]": "keys of the project file",
    "files/project/token_keys.py _missing token: Mapping[str, Any]": "keys of the project file",
    "files/project/token_keys.py _strays token: Mapping[str, Any]": "keys of the project file",
    "run/account_checks.py _place_of_secret _place_of_secret: str": "says where, not what",
}
"""What is named like a secret and typed as plain text, and why that is right."""

_NAMED = re.compile(
    r"(^|_)(token|secret|password|passwd|authorization|credential|app_?secret|login)s?$", re.I
)
_PLAIN = re.compile(r"\b(str|bytes|bytearray|Any|object|AnyStr)\b")


def scopes(tree: ast.AST, above: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Every node with the name of the class and function that it stands in."""
    for node in ast.iter_child_nodes(tree):
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        inner = ".".join(filter(None, (above, node.name))) if named else above  # type: ignore[attr-defined]
        yield inner, node
        yield from scopes(node, inner)


def test_secrets_are_opened_in_reviewed_places_alone() -> None:
    found = {
        f"{file} {scope}"
        for file, tree in SOURCES.items()
        for scope, node in scopes(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "reveal")
        or (isinstance(node, ast.Constant) and node.value == "reveal")
    }
    assert found == set(OPENED)


def annotated(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Parameters, fields and what a function returns, by name."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name, node.returns
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        every = node.args
        for each in (*every.posonlyargs, *every.args, *every.kwonlyargs, every.vararg, every.kwarg):
            if each is not None:
                yield each.arg, each.annotation
    if isinstance(node, ast.AnnAssign):
        yield ast.unparse(node.target).rpartition(".")[2], node.annotation


def test_what_is_named_like_a_secret_is_no_plain_text() -> None:
    found = {
        f"{file} {scope} {name}: {ast.unparse(annotation) if annotation else 'untyped'}"
        for file, tree in SOURCES.items()
        for scope, node in scopes(tree)
        for name, annotation in annotated(node)
        if _NAMED.search(name) and (annotation is None or _PLAIN.search(ast.unparse(annotation)))
    }
    assert found == set(PLAIN)


def test_no_exception_is_raised_from_another() -> None:
    """Those of requests, redis and json hold what they were at; `from None` hides them."""
    found = [
        f"{file} {scope}: {ast.unparse(node)}"
        for file, tree in SOURCES.items()
        for scope, node, in_handler in raises(tree)
        if node.exc is not None
        and not (is_none(node.cause) or (node.cause is None and not in_handler))
    ]
    assert found == []


def raises(tree: ast.AST) -> Iterator[tuple[str, ast.Raise, bool]]:
    for scope, node in scopes(tree):
        inside = ast.walk(node) if isinstance(node, ast.ExceptHandler) else ()
        yield from ((scope, each, True) for each in inside if isinstance(each, ast.Raise))
        if isinstance(node, ast.Raise):
            yield scope, node, False


def is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
