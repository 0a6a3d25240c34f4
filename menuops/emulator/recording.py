"""A file of all exchanges: one JSON object a line, as the control interface shows calls."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import BinaryIO

from .buttons import JsonObject
from .errors import EmulatorStateError


class Recording:
    """Appends to a file, which its owner alone can read. Thread-safe.

    Processes may share one: a line is written at once. Raises EmulatorStateError where the file
    can't be opened. A disk that fills up later is said once, and the calls go on.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._failed = False
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as exc:
            raise EmulatorStateError(
                f"{path}: the calls can't be recorded there ({exc.strerror}); "
                "choose another file or correct its permissions"
            ) from exc
        self._stream: BinaryIO = os.fdopen(descriptor, "ab", buffering=0)

    def add(self, shown: JsonObject) -> None:
        """Append an exchange that hides what must not be shown."""
        line = json.dumps(shown, ensure_ascii=False, separators=(",", ":")) + "\n"
        with self._lock:
            try:
                self._stream.write(line.encode("utf-8", "replace"))
            except OSError as exc:
                if not self._failed:
                    import logging

                    self._failed = True
                    logging.getLogger(__name__).error(
                        "%s: calls are missing there from now on: %s", self.path, exc.strerror
                    )

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
