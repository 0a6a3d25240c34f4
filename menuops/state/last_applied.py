"""What was applied last to each account: a file each, named after API host and appid.

STATE/applied/….json     {format_version, api, appid, run, at, button, conditionalmenu, ids}
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from menuops.core.basis import Past, past_from_json, past_to_json
from menuops.core.document import FORMAT_VERSION
from menuops.core.jsonform import canonical
from menuops.core.plan import AccountRef
from menuops.files.disk import Unreadable, read_bytes
from menuops.files.private import make_private, write_private

_log = logging.getLogger(__name__)
_BYTES: Final = 4 * 1024 * 1024
_ENCODING: Final = ("utf-8", "surrogatepass")


class LastApplied:
    """The directory of these files. What can't be read or written only means that less is known."""

    def __init__(self, root: Path) -> None:
        self._directory = root / "applied"

    def read(self, api: str, appid: str) -> Past | None:
        """Give what a run applied last; None where that isn't known, or not for sure."""
        path = self._path(api, appid)
        if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises for a name too long
            return None
        try:
            value = json.loads(read_bytes(path, _BYTES).decode(*_ENCODING))
            if _is_of(value, api, appid):
                return past_from_json({**value, "source": "applied", "revision": value["run"]})
        except (Unreadable, ValueError, KeyError, TypeError, RecursionError):
            pass
        _log.warning("%s is damaged: what was applied last isn't known", path)
        return None

    def write(self, ref: AccountRef, past: Past, at: str) -> None:
        """Keep what a run applied; `at` is the time, UTC."""
        said = past_to_json(past)
        assert said is not None
        document = {
            "format_version": FORMAT_VERSION,
            "api": ref.api,
            "appid": ref.appid,
            "run": past.revision,
            "at": at,
            "button": said["button"],
            "conditionalmenu": said["conditionalmenu"],
            "ids": said["ids"],
        }
        try:
            make_private(self._directory)
            content = f"{canonical(document)}\n".encode(*_ENCODING)
            write_private(self._path(ref.api, ref.appid), content)
        except OSError as cause:
            _log.warning("what was applied to %s can't be kept: %s", ref.name, cause)

    def forget(self, ref: AccountRef) -> None:
        """Drop what is known before calls are made: until they are done, nothing is."""
        with suppress(OSError):
            self._path(ref.api, ref.appid).unlink()

    def _path(self, api: str, appid: str) -> Path:
        name = hashlib.sha256(f"{api} {appid}".encode()).hexdigest()
        return self._directory / f"{name}.json"


def _is_of(value: Any, api: str, appid: str) -> bool:
    return isinstance(value, Mapping) and (
        (value["format_version"], value["api"], value["appid"]) == (FORMAT_VERSION, api, appid)
    )
