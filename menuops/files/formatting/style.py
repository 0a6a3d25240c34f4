"""A file in our style, or why it is left alone. The reader judges that nothing else changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from menuops.core.finding import Finding, Place, errors_of
from menuops.files.formatting.comments import spans, tidy
from menuops.files.formatting.json_style import json_in_style
from menuops.files.formatting.stream import NotRewritable
from menuops.files.formatting.yaml_style import yaml_in_style
from menuops.files.reader.data import reads_as_text
from menuops.files.reader.node import List, Map, Node, Source, Text
from menuops.files.reader.source import read_source

_MOST_PASSES: Final = 4
Language: TypeAlias = Literal["yaml", "json", "either"]


@dataclass(frozen=True, slots=True)
class Styled:
    """A file's bytes in our style: None if it is left alone, and `findings` say why."""

    content: bytes | None
    findings: tuple[Finding, ...] = ()


def in_style(
    raw: bytes, file: str, most_bytes: int, language: Language, *, pure: bool = False
) -> Styled:
    """Write a file's bytes anew; `file` is its name in findings. Raises nothing.

    JSON of `either` language stays JSON. `pure` is for tests, as in read_source.
    """
    source = read_source(raw, file, most_bytes, pure=pure)
    root, errors = source.root, errors_of(source.findings)
    if root is None or errors:
        return Styled(None, errors)
    try:
        text = _settled(source, root, language, pure=pure)
        content = text.encode()
        if len(content) > most_bytes:
            raise NotRewritable(f"in this style it would have more than {most_bytes:,} bytes")
    except NotRewritable as cause:
        message = f"the file is left as it is: {cause}"
        return Styled(None, (Finding(file, 1, 1, "not-formatted", "error", message),))
    return Styled(content)


def _settled(source: Source, root: Node, language: Language, *, pure: bool) -> str:
    """Rewrite until nothing changes any more: a second run of `fmt` must have nothing to do.

    One pass is enough but where a comment, once in its place, may be put right itself.
    """
    text = _rewritten(source, language, pure=pure)
    for _ in range(_MOST_PASSES):
        before, text = text, _rewritten(_check(source, root, text, pure=pure), language, pure=pure)
        if text == before:
            return text
    raise NotRewritable("its comments stand where none can stay; move them to lines of their own")


def _rewritten(source: Source, language: Language, *, pure: bool) -> str:
    if language != "yaml":
        styled = json_in_style(source.text)
        if styled is not None:
            return styled
        if language == "json":
            raise NotRewritable("its name ends in .json, and it isn't JSON; name it .yaml")
    doubted = {Place(found.line, found.column) for found in source.findings}
    return yaml_in_style(source.text, doubted, pure=pure)


def _check(before: Source, root: Node, text: str, *, pure: bool) -> Source:
    """Give a text's source, made sure of: it says the same, with the same comments.

    No warning may be new. Raises NotRewritable.
    """
    after = read_source(text.encode(), "", len(text) * 4, pure=pure)
    if (
        after.root is None
        or not _same(root, after.root)
        or _rules(after) - _rules(before)
        or _comments(before.text, pure=pure) != _comments(text, pure=pure)
    ):
        raise NotRewritable("menuops can't write it anew without a change; please report this")
    return after


def _rules(source: Source) -> Counter[str]:
    return Counter(found.rule for found in source.findings)


def _comments(text: str, *, pure: bool) -> list[str]:
    return [tidy(comment) for _, comment in spans(text, pure=pure)]


def _same(before: Node, after: Node) -> bool:
    """Compare two trees: texts, what isn't a text, the order of keys and items; not places."""
    pairs = [(before, after)]
    while pairs:
        match pairs.pop():
            case Text() as one, Text() as other if _meaning(one) == _meaning(other):
                continue
            case List(one_items), List(other_items) if len(one_items) == len(other_items):
                pairs += zip(one_items, other_items, strict=True)
            case Map(one), Map(other) if list(one) == list(other):
                pairs += zip(one.values(), other.values(), strict=True)
            case _:
                return False
    return True


def _meaning(node: Text) -> tuple[str, bool]:
    """Give a text, and whether it may be something else than text."""
    if node.is_null:
        return "", True
    return node.text, node.plain and not reads_as_text(node.text)
