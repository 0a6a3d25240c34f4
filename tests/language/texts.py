"""The English texts that stand in the code, as templates: `{0}` is a place for a value."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from menuops.files.templates import MENU, PROJECT

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "menuops"
LEFT_OUT = (
    "emulator/",  # plays WeChat, in WeChat's words
    "core/notes/",  # for the page of rules and for SARIF
    "files/templates.py",  # files that `init` writes: their comments are taken below
    "render/findings_sarif.py",  # for machines
    "render/findings_github.py",
    "render/phone/document.py",
    "render/html_page.py",
    "render/rendered_text.py",
    "render/plan_comment.py",
    "files/reader/slips.py:197",
    "locks/redis_server.py",
    "render/language/",
    "__init__.py",
    "__main__.py",
    "wechat/__init__.py",
)
MARKED = {"said": 0, "_under": 0, "count": 1, "_count": 1, "take": 1}
"""Calls whose argument of that number is shown, even where it is a single word; 1 is a noun."""
_NOT_SHOWN = {
    "AssertionError", "NewType", "TypeVar", "compile", "debug", "endswith", "findall", "fullmatch",
    "get", "getLogger", "getenv", "info", "match", "partition", "removeprefix", "removesuffix",
    "replace", "search", "split", "startswith", "sub", "warning",
}  # fmt: skip
"""Calls whose arguments nobody is shown."""
_MOST_FORMS = 24
_COMMAND = r"\s*`?(?:menuops(?: [a-z]+)?|\{\d+\})?(?:[ ]*(?:--?[a-z-]+|\{\d+\}|[A-Z]+))*`?\s*"
"""A command to type is the same in every language."""


@dataclass(frozen=True)
class Text:
    """A template, where it stands, and what its places hold."""

    template: str
    where: str
    places: tuple[str, ...] = ()


def texts() -> Iterator[Text]:
    """Find all texts of the package, in the order of files and lines."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith(LEFT_OUT):
            finder = _Finder(name)
            finder.visit(ast.parse(path.read_text(encoding="utf-8")))
            yield from finder.found
    for comment in re.findall(r"(?m)^ *# ([A-Z0-9].*)$", PROJECT + MENU):
        yield Text(comment, "files/templates.py")
    for file in ("words", "foreign"):
        for word in listed(file):
            yield Text(word, "", tuple(re.findall(r"\{(\d)\}", word)))
    codes = json.loads((PACKAGE / "wechat/errors.json").read_text(encoding="utf-8"))
    for number, code in codes.items():
        for key in ("meaning", "fix"):
            finder = _Finder("wechat/errors.json")
            finder._add([code[key]], int(number), marked=True)
            yield from finder.found


def listed(name: str) -> list[str]:
    """Give the texts of a list beside this file.

    `words` are shown and can't be told from keys by their looks: `new`, `done`; `foreign` are what
    click and the system say.
    """
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    return [json.loads(f'"{line}"') for line in text.splitlines()]


_Piece = str | ast.expr


class _Finder(ast.NodeVisitor):
    def __init__(self, file: str) -> None:
        self._file = file
        self.found: list[Text] = []

    # What holds no text

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> None: ...

    def visit_Compare(self, node: ast.Compare) -> None:
        pass

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None: ...

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)

    def visit_match_case(self, node: ast.match_case) -> None:
        for each in node.body:
            self.visit(each)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if not node.name.endswith("_to_json"):
            for each in (*node.decorator_list, *node.args.defaults, *node.body):
                self.visit(each)
            self._docs(node)

    def _docs(self, node: ast.FunctionDef) -> None:
        """Take a command's docstring: it is its help."""
        if self._file.startswith("cli/") and node.name in ("command", "cli"):
            for paragraph in re.split(r"\n\n", ast.get_docstring(node) or ""):
                if not paragraph.startswith("\b") and not paragraph.startswith("\\b"):
                    self._add([" ".join(paragraph.split())], node.lineno, marked=True)

    def visit_Dict(self, node: ast.Dict) -> None:
        for value in node.values:
            self.visit(value)

    def visit_Call(self, node: ast.Call) -> None:
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        self.visit(node.func)
        if name in _NOT_SHOWN:
            return
        if name in MARKED and len(node.args) > MARKED[name]:
            for pieces in _forms(node.args[MARKED[name]]):
                if name in ("said", "_under"):
                    self._add(pieces, node.lineno, marked=True)
                elif all(isinstance(piece, str) for piece in pieces):
                    noun = "".join(map(str, pieces))
                    self._add([ast.Constant(0), f" {noun}"], node.lineno, marked=True)
                    self._add([ast.Constant(0), f" {noun}s"], node.lineno, marked=True)
            for index, argument in enumerate(node.args):
                if index != MARKED[name]:
                    self.visit(argument)
            return
        for argument in node.args:
            self.visit(argument)
        for keyword in node.keywords:
            if keyword.arg in ("metavar", "name", "errors", "encoding", "code"):
                continue
            self.visit(keyword.value)

    # What may be text

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._add([node.value], node.lineno)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._take(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Add) and any(_is_text(each) for each in (node.left, node.right)):
            self._take(node)
        else:
            self.generic_visit(node)

    def _take(self, node: ast.expr) -> None:
        for pieces in _forms(node):
            self._add(pieces, node.lineno)
            for piece in pieces:
                if isinstance(piece, ast.expr):
                    self.visit(piece)

    def _add(self, pieces: list[_Piece], line: int, *, marked: bool = False) -> None:
        template = ""
        places: list[str] = []
        for piece in pieces:
            if isinstance(piece, str):
                # What stands in braces alone is filled in later, by `format`.
                for part in re.split(r"(?<!\$)(\{[a-z_]+\})", piece):
                    if re.fullmatch(r"\{[a-z_]+\}", part):
                        template += f"{{{len(places)}}}"
                        places.append(part[1:-1])
                    else:
                        template += part.replace("{", "{{").replace("}", "}}")
            else:
                template += f"{{{len(places)}}}"
                places.append(ast.unparse(piece))
        literal = "".join(piece for piece in pieces if isinstance(piece, str))
        if (re.fullmatch(_COMMAND, template) and not marked) or not re.search(
            "[A-Za-z]{2}", template
        ):
            return
        if marked or _is_shown(literal, bool(places)):
            text = Text(template, f"{self._file}:{line}", tuple(places))
            if text not in self.found:
                self.found.append(text)


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and (_is_text(node.left) or _is_text(node.right))
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _is_shown(literal: str, has_places: bool) -> bool:
    if re.match(r"\s*</?[a-z]", literal) and "menuops" not in literal:
        return False  # HTML
    words = re.findall(r"[A-Za-z][a-z']+", literal)
    if has_places:
        return bool(words) and " " in literal
    return bool(re.search(r"[A-Za-z'`)\"…,;:.]\s+[A-Za-z`(\"'$-]", literal.strip())) and bool(words)


def _forms(node: ast.expr) -> list[list[_Piece]]:
    """Give each text that an expression can make: every branch of a condition is one of its own."""
    forms = _all_forms(node)
    return forms if len(forms) <= _MOST_FORMS else _all_forms(node, deep=False)


def _all_forms(node: ast.expr, *, deep: bool = True) -> list[list[_Piece]]:
    match node:
        case ast.Constant(value=str(text)):
            return [[text]]
        case ast.JoinedStr(values=values):
            parts = [_all_forms(value, deep=deep) for value in values]
            return [_joined(choice) for choice in product(*parts)]
        case ast.FormattedValue(value=value):
            if node.conversion == -1 and deep and _is_choice(value):
                return _all_forms(value)
            return [[value]]
        case ast.IfExp(body=body, orelse=orelse) if deep and _is_choice(node):
            return [*_all_forms(body), *_all_forms(orelse)]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            both = _all_forms(left, deep=deep), _all_forms(right, deep=deep)
            return [_joined(choice) for choice in product(*both)]
        case ast.BinOp(op=ast.Mult(), left=ast.Constant(value=str(text))) if deep:
            return [[text], [""]]
    return [[node]]


def _is_choice(node: ast.expr) -> bool:
    """Tell whether an expression is a condition between texts."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            return all(_is_text(each) or _is_choice(each) for each in (body, orelse))
        case ast.BinOp(op=ast.Mult(), left=ast.Constant(value=str())):
            return True
    return False


def _joined(pieces: tuple[list[_Piece], ...]) -> list[_Piece]:
    joined: list[_Piece] = []
    for piece in (each for part in pieces for each in part):
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece != "":
            joined.append(piece)
    return joined
