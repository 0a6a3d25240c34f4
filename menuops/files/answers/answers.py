"""Answers of WeChat that were saved, to be planned against without asking again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import menuops
from menuops.core.document import FORMAT_VERSION
from menuops.core.errors import InvalidFiles
from menuops.core.finding import Finding, Place
from menuops.core.plan import AccountRef
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.reader.encoding import NotText, decode

ANSWERS_BYTES: Final = 256 * 1024 * 1024
"""What a file of answers may have; those of 10,000 accounts have some 50 MB."""
DEPTH: Final = 64
"""Objects and lists in one another, at most: as many as a YAML file may have."""
NO_MENU: Final = frozenset(("46002", "46003"))
"""Error codes that say "no menu". Source: reference, 3.1."""


@dataclass(frozen=True, slots=True)
class SavedAnswers:
    """What one account answered, as it was answered.

    `ref` is None for an answer that doesn't say whose it is. `menu` is that of `menu/get`, None
    for no menu (46003); `selfmenu` that of `get_current_selfmenu_info`, and `tags` that of
    `tags/get`, None where they couldn't be read.
    """

    ref: AccountRef | None
    menu: Mapping[str, Any] | None
    selfmenu: Mapping[str, Any] | None
    tags: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """A file of answers; `read_at` (UTC, `2026-11-22T10:41:00Z`) is empty where it isn't told."""

    file: str
    read_at: str
    answers: tuple[SavedAnswers, ...]

    @property
    def told(self) -> str:
        """Say what a plan of them knows: as of when, or what it can't."""
        if any(each.ref is None for each in self.answers):
            return (
                "an answer of menu/get alone: what was published or switched off in the web "
                "console (公众号后台) isn't seen"
            )
        return f"which was read at {self.read_at or 'a time that it does not tell'}"


class NoAnswers(Exception):
    """A document that holds no answers; the text says why."""


class TooNested(NoAnswers):
    """A document deeper than any answer."""

    def __init__(self) -> None:
        super().__init__(f"this has more than {DEPTH} objects and lists in one another")


def answers_to_json(answers: Sequence[SavedAnswers], read_at: str) -> dict[str, Any]:
    """Give `{format_version, menuops_version, outcome, read_at, answers}`.

    An item of `answers` is `{name, appid, api, menu, selfmenu, tags}`.
    """
    return {
        "format_version": FORMAT_VERSION,
        "menuops_version": menuops.__version__,
        "outcome": "done",
        "read_at": read_at,
        "answers": [_to_json(each) for each in answers],
    }


def _to_json(saved: SavedAnswers) -> dict[str, Any]:
    assert saved.ref is not None, "answers of an account that was asked"
    return {
        "name": saved.ref.name,
        "appid": saved.ref.appid,
        "api": saved.ref.api,
        "menu": saved.menu,
        "selfmenu": saved.selfmenu,
        "tags": saved.tags,
    }


def read_answers(path: Path, shown_as: str) -> AnswersFile:
    """Read what `menuops import --raw` saved, or the plain answer of `menu/get`.

    Raises InvalidFiles.
    """
    try:
        return answers_of(parse_json(read_bytes(path, ANSWERS_BYTES)), shown_as)
    except Unreadable as cause:
        raise InvalidFiles([Finding(shown_as, 1, 1, "unreadable", "error", str(cause))]) from None
    except NotText as cause:
        at = cause.place
        raise InvalidFiles(
            [Finding(shown_as, at.line, at.column, cause.rule, "error", cause.message)]
        ) from None
    except json.JSONDecodeError as cause:
        raise _refused(
            shown_as, f"it isn't JSON: {cause.msg}", Place(cause.lineno, cause.colno)
        ) from None
    except ValueError:
        raise _refused(shown_as, "it isn't JSON that can be read") from None
    except NoAnswers as cause:
        raise _refused(shown_as, str(cause)) from None


def parse_json(raw: bytes) -> Any:
    """Parse an answer, with or without a byte order mark.

    Raises NotText, ValueError (JSONDecodeError with its place), and TooNested.
    """
    if len(raw) > ANSWERS_BYTES:
        raise ValueError
    try:
        data = json.loads(decode(raw), object_pairs_hook=_object)
    except RecursionError:
        raise TooNested from None
    if _is_too_nested(data):
        raise TooNested
    return data


def _is_too_nested(data: Any) -> bool:
    """Tell what is deeper than YAML may be, level by level: whoever walks it may recurse."""
    level: list[Iterable[Any]] = [[data]]
    for _ in range(DEPTH + 1):
        level = [
            inner.values() if isinstance(inner, dict) else inner
            for each in level
            for inner in each
            if isinstance(inner, dict | list)
        ]
    return bool(level)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):  # which of two values is meant, nobody can tell
        raise ValueError
    return made


def _refused(shown_as: str, why: str, place: Place | None = None) -> InvalidFiles:
    at = place or Place(1, 1)
    message = f"these are no answers that can be planned against: {why}"
    return InvalidFiles([Finding(shown_as, at.line, at.column, "not-answers", "error", message)])


def is_saved(document: object) -> bool:
    """Tell whether a document is one of `menuops import --raw`."""
    return isinstance(document, Mapping) and {"format_version", "answers"} <= document.keys()


def answers_of(document: Any, shown_as: str) -> AnswersFile:
    """Understand a document. Raises NoAnswers."""
    if not isinstance(document, Mapping):
        raise NoAnswers("they are an object, {…}")
    if is_saved(document):
        return _saved(document, shown_as)
    if str(document.get("errcode")) in NO_MENU:
        return AnswersFile(shown_as, "", (SavedAnswers(None, None, None, None),))
    if "errcode" in document and "menu" not in document:
        raise NoAnswers("this is an error that WeChat answered")
    if "selfmenu_info" in document or "is_menu_open" in document:
        raise NoAnswers(
            "get_current_selfmenu_info tells nothing of conditional menus; "
            "save both answers: menuops import --raw --out FILE"
        )
    if not is_menu_answer(document):
        raise NoAnswers(
            "this is neither what `menuops import --raw` prints nor an answer of menu/get"
        )
    return AnswersFile(shown_as, "", (SavedAnswers(None, document, None, None),))


def _saved(document: Mapping[str, Any], shown_as: str) -> AnswersFile:
    version = document["format_version"]
    if version != FORMAT_VERSION:
        raise NoAnswers(
            f"they have format {str(version)[:20]!r}, and this menuops reads {FORMAT_VERSION!r}; "
            "save them again: menuops import --raw --out FILE"
        )
    listed, read_at = document["answers"], document.get("read_at")
    if not isinstance(listed, list):
        raise NoAnswers("`answers` is no list")
    answers = tuple(_one(item, number) for number, item in enumerate(listed, 1))
    return AnswersFile(shown_as, read_at if isinstance(read_at, str) else "", answers)


def _one(item: Any, number: int) -> SavedAnswers:
    match item:
        case {
            "name": str(name),
            "appid": str(appid),
            "api": str(api),
            "menu": menu,
            "selfmenu": selfmenu,
            "tags": tags,
        } if (
            (menu is None or is_menu_answer(menu))
            and (selfmenu is None or _is_selfmenu_answer(selfmenu))
            and (tags is None or _is_tags_answer(tags))
        ):
            return SavedAnswers(AccountRef(name, appid, api), menu, selfmenu, tags)
    raise NoAnswers(f"item {number} of `answers` isn't as it was saved")


def is_menu_answer(value: Any) -> bool:
    """Tell an answer of `menu/get` that has a menu."""
    match value:
        case {"menu": {"button": buttons}} if _are_objects(buttons):
            return _are_objects(value.get("conditionalmenu", []))
    return False


def _is_selfmenu_answer(value: Any) -> bool:
    match value:
        case {"is_menu_open": 0 | 1}:
            return isinstance(value.get("selfmenu_info", {}), Mapping)
    return False


def _is_tags_answer(value: Any) -> bool:
    match value:
        case {"tags": tags} if _are_objects(tags):
            return all(
                isinstance(tag.get("id"), int | str) and isinstance(tag.get("name"), str)
                for tag in tags
            )
    return False


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)
