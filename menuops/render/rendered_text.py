"""What would be sent, as YAML that is itself a menu file, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from menuops.core.document import FORMAT_VERSION
from menuops.core.finding import DataPath
from menuops.core.rendered import Origin, Rendered, ValueOrigin
from menuops.files.menu.menu_writer import scalar
from menuops.render.terminal import cells, pad, safe

_WIDE: Final = 60
"""Comments stand in one column, but for those behind longer texts."""


def rendered_text(rendered: Iterable[Rendered], *, origins: bool) -> str:
    """Write a YAML document for each account; with `origins` a comment behind each value.

    A value that holds a literal `${` stands with `$${`, as in a menu file.
    """
    return "---\n".join(_document(each, origins=origins) for each in rendered)


def _document(rendered: Rendered, *, origins: bool) -> str:
    account = rendered.account
    head = f"# {account.name}  {account.appid}  {rendered.file}"
    notes = {origin.at: _note(origin) for origin in rendered.origins} if origins else {}
    menus = {key: value for key, value in rendered.menus.items() if value or key == "button"}
    lines = [(text, notes.get(path, "")) for text, path in _mapping(menus, "", ())]
    widths = (cells(text) for text, note in lines if note)
    column = max((width for width in widths if width <= _WIDE), default=0)
    written = [f"{pad(text, column)}  # {note}" if note else text for text, note in lines]
    return "\n".join([safe(head), *written]) + "\n"


def _note(origin: ValueOrigin) -> str:
    parts = (f"{name} {_origin(given)}" for name, given in origin.parts)
    return safe(", ".join((_origin(origin.written), *parts)))


def _origin(origin: Origin) -> str:
    where = "" if origin.place is None else f":{origin.place.line}:{origin.place.column}"
    return f"{origin.file}{where}"


def _mapping(
    value: Mapping[str, Any], indent: str, path: DataPath, first: str | None = None
) -> Iterator[tuple[str, DataPath]]:
    """Give each line with the path of the value that it ends in."""
    # The name first: it is what a person looks for.
    for key in sorted(value, key=lambda key: key != "name"):
        start = f"{indent if first is None else first}{key}:"
        first = None
        inner = value[key]
        if isinstance(inner, str):
            yield f"{start} {scalar(inner)}", (*path, key)
        elif not inner:
            yield f"{start} {'[]' if isinstance(inner, list) else '{}'}", (*path, key)
        else:
            yield start, (*path, key)
            if isinstance(inner, list):
                yield from _list(inner, f"{indent}  ", (*path, key))
            else:
                yield from _mapping(inner, f"{indent}  ", (*path, key))


def _list(
    items: Sequence[Mapping[str, Any]], indent: str, path: DataPath
) -> Iterator[tuple[str, DataPath]]:
    for index, item in enumerate(items):
        yield from _mapping(item, f"{indent}  ", (*path, index), first=f"{indent}- ")


def rendered_to_json(rendered: Iterable[Rendered], *, origins: bool) -> dict[str, Any]:
    """Build the document of `render --format json`: an account's `button` is what is sent."""
    return {
        "format_version": FORMAT_VERSION,
        "outcome": "done",
        "accounts": [
            {
                "name": each.account.name,
                "appid": each.account.appid,
                "menu": each.file,
                **each.menus,
                **({"origins": list(map(_origin_to_json, each.origins))} if origins else {}),
            }
            for each in rendered
        ],
    }


def _origin_to_json(origin: ValueOrigin) -> dict[str, Any]:
    return {
        "at": list(origin.at),
        **_written_to_json(origin.written),
        "parts": [{"part": name, **_written_to_json(given)} for name, given in origin.parts],
    }


def _written_to_json(origin: Origin) -> dict[str, Any]:
    if origin.place is None:
        return {"from": origin.file}
    return {"file": origin.file, "line": origin.place.line, "column": origin.place.column}
