"""What expressions of GitHub's workflows and of GitLab's rules have in common: `&&` and `||`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Operand = Callable[[list[str]], Any]
"""Takes what stands between two signs off the tokens, and gives its value."""


def either(tokens: list[str], operand: Operand) -> Any:
    """Take an expression off the tokens; `&&` binds closer, and both sides are always read."""
    value = _both(tokens, operand)
    while tokens[:1] == ["||"]:
        tokens.pop(0)
        other = _both(tokens, operand)
        value = value or other
    return value


def _both(tokens: list[str], operand: Operand) -> Any:
    value = operand(tokens)
    while tokens[:1] == ["&&"]:
        tokens.pop(0)
        other = operand(tokens)
        value = value and other
    return value
