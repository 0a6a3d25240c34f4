"""What `--format json` of apply, restore and drift printed, and errors of any command, read back.

A saved plan is read with `plan_from_json`, which works all of it out again. Here nothing can be
worked out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar, get_args

from menuops.core.document import FORMAT_VERSION
from menuops.core.drift import Status
from menuops.core.finding import Finding
from menuops.core.plan import ErrorNote
from menuops.core.told import (
    Told,
    ToldAccount,
    ToldApply,
    ToldChange,
    ToldDrift,
    ToldDriftAccount,
    ToldFailure,
    ToldField,
    ToldPast,
    ToldStep,
)

T = TypeVar("T")
_APPLY_OUTCOMES: Final = ("done", "no_changes", "partial", "unknown", "refused", "error")
_DRIFT_OUTCOMES: Final = ("in_sync", "pending", "drift", "error")
_STEP_OUTCOMES: Final = ("done", "failed", "unknown", "not_tried")
_ACCOUNT_OUTCOMES: Final = ("done", "unchanged", "partial", "unknown")
_KINDS: Final = ("add", "remove", "change", "move", "rename")


class NotTold(Exception):
    """The document isn't one of ours; the text says where it begins to differ."""


def told_from_json(document: Any) -> Told:
    """Tell the three kinds of document apart and read one. Raises NotTold.

    The plan in `left` is for whoever reads plans.
    """
    top = _Reader(document, "the document")
    version = top.text("format_version")
    if version != FORMAT_VERSION:
        raise NotTold(
            f"it has format version {version[:20]!r}, and this menuops reads {FORMAT_VERSION!r}"
        )
    if "accounts" not in top.value:
        return _failure(top)
    return _drift(top) if "at" in top.value else _apply(top)


class _Reader:
    """One JSON object, read key by key; what isn't as it should be raises NotTold."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise NotTold(f"{where} is no object")
        self.value: Mapping[str, Any] = value
        self._where = where

    def text(self, key: str, among: tuple[str, ...] = ()) -> str:
        value = self._typed(key, str)
        if among and value not in among:
            raise NotTold(f"`{key}` of {self._where} is none of {', '.join(among)}")
        return value

    def text_or_none(self, key: str) -> str | None:
        return None if self.value.get(key) is None else self.text(key)

    def number(self, key: str) -> int:
        return self._typed(key, int)

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.value.get(key, [])
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise NotTold(f"`{key}` of {self._where} is no list of texts")
        return tuple(values)

    def each(self, key: str) -> list[_Reader]:
        values = self._typed(key, list)
        return [_Reader(each, f"{key}[{at}]") for at, each in enumerate(values)]

    def object(self, key: str) -> _Reader:
        return _Reader(self.value.get(key), f"`{key}` of {self._where}")

    def error(self) -> ErrorNote | None:
        if self.value.get("error") is None:
            return None
        error = self.object("error")
        return ErrorNote(error.text("code"), error.text("message"), error.text("fix"))

    def _typed(self, key: str, kind: type[T]) -> T:
        value = self.value.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise NotTold(f"`{key}` of {self._where} is missing or of another kind")
        return value


def _failure(top: _Reader) -> ToldFailure:
    if top.text("outcome", ("error", "invalid")) == "invalid":
        findings = _findings(top)
        note = ErrorNote("invalid_files", "the menu files are invalid", "mend them and run again")
        return ToldFailure("validate", note, findings)
    error = top.error()
    if error is None:
        raise NotTold("it has neither `accounts` nor `error`")
    inner = top.object("error")
    findings = _findings(inner) if "findings" in inner.value else ()
    return ToldFailure(top.text_or_none("command") or "", error, findings)


def _findings(reader: _Reader) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            each.text("file"),
            each.number("line"),
            each.number("column"),
            each.text("rule"),
            "error" if each.text("severity", ("error", "warning")) == "error" else "warning",
            each.text("message"),
        )
        for each in reader.each("findings")
    )


def _apply(top: _Reader) -> ToldApply:
    return ToldApply(
        top.text("outcome", _APPLY_OUTCOMES),
        top.text_or_none("digest"),
        top.text_or_none("commit"),
        top.text_or_none("run"),
        tuple(_account(each) for each in top.each("accounts")),
        top.error(),
    )


def _account(reader: _Reader) -> ToldAccount:
    back = None if reader.value.get("back") is None else reader.object("back")
    return ToldAccount(
        reader.text("name"),
        reader.text("appid"),
        reader.text("outcome", _ACCOUNT_OUTCOMES),
        tuple(
            ToldStep(
                each.text("call"),
                each.text_or_none("menu") or "",
                each.text("outcome", _STEP_OUTCOMES),
                each.error(),
            )
            for each in reader.each("steps")
        ),
        reader.text_or_none("snapshot"),
        reader.texts("differs"),
        reader.error(),
        reader.text_or_none("snapshot") if back is None else back.text("snapshot"),
        () if back is None else back.texts("allow"),
    )


def _drift(top: _Reader) -> ToldDrift:
    return ToldDrift(
        top.text("outcome", _DRIFT_OUTCOMES),
        top.text("at"),
        top.text_or_none("commit"),
        tuple(_drift_account(each) for each in top.each("accounts")),
        top.error(),
    )


def _drift_account(reader: _Reader) -> ToldDriftAccount:
    past = None
    if reader.value.get("past") is not None:
        of = reader.object("past")
        is_commit = of.text("source", ("commit", "applied")) == "commit"
        past = ToldPast("commit" if is_commit else "applied", of.text("revision"))
    return ToldDriftAccount(
        reader.text("name"),
        reader.text("appid"),
        reader.text("status", get_args(Status)),
        past,
        _changes(reader, "live_changes"),
        _changes(reader, "file_changes"),
        _changes(reader, "differences"),
        reader.text_or_none("console"),
        reader.error(),
        reader.text_or_none("mode"),
        reader.texts("allow"),
    )


def _changes(reader: _Reader, key: str) -> tuple[ToldChange, ...]:
    return tuple(
        ToldChange(
            each.text("kind", _KINDS),
            each.text("at"),
            each.text_or_none("was_at"),
            each.text("menu"),
            _fields(each),
            each.text_or_none("name"),
        )
        for each in reader.each(key)
    )


def _fields(reader: _Reader) -> tuple[ToldField, ...]:
    if "fields" not in reader.value:
        return ()
    fields = reader.object("fields")
    # Canonical JSON sorts its keys; people look for the name first.
    names = sorted(fields.value, key=lambda name: (name != "name", name != "type", name))
    sides = ((name, fields.object(name).value) for name in names)
    return tuple(ToldField(name, side.get("before"), side.get("after")) for name, side in sides)
