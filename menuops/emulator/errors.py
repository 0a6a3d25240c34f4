"""What a user of the emulator can act on."""

from __future__ import annotations


class EmulatorStateError(Exception):
    """The emulator's state file can't be used; the text names it and says what to do."""
