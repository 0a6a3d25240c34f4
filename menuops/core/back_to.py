"""What a restore goes back to, as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class BackTo:
    """A snapshot (`RUN/ACCOUNT`, `RUN`, a file), or what a saved plan saw; `name` says which."""

    kind: Literal["snapshot", "plan"]
    name: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words behind `menuops restore`."""
        return ("--plan", self.name) if self.kind == "plan" else (self.name,)

    def is_of(self, account: str) -> bool:
        """Whether the name itself says that it is of one account alone."""
        return self.kind == "snapshot" and self.name.endswith(f"/{account}")


def back_to_json(back_to: BackTo | None) -> dict[str, str] | None:
    """Give `{kind, name}`; null for a plan of the files."""
    return None if back_to is None else {"kind": back_to.kind, "name": back_to.name}


def back_from_json(value: Mapping[str, Any] | None) -> BackTo | None:
    """Read back what `back_to_json` gave."""
    return None if value is None else BackTo(value["kind"], value["name"])
