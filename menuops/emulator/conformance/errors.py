"""What stops a fact, or the whole run."""

from __future__ import annotations


class Lost(Exception):
    """No whole answer came; whether the call was done isn't known. Its text holds no URL."""


class CannotTell(Exception):
    """A fact can't be checked here; the text is the reason."""


class OtherShape(Exception):
    """An answer isn't shaped as every description of it says; the text is what was seen."""


class CannotStart(Exception):
    """The run is refused, or can't begin. Nothing of the account was changed."""


class NotRestored(Exception):
    """What was there before couldn't be put back; the text says how far it came."""
