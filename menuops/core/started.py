"""A project that was made, file by file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from menuops.core.outcome import Outcome

PROJECT_FILE: Final = "menuops.yaml"
MENU_FILE: Final = "menus/demo.yaml"
JOBS: Final = (".github/workflows/menus.yml", ".gitlab-ci.yml")

FileState: TypeAlias = Literal["written", "renewed", "extended", "kept"]
"""New; an older schema of ours before; with lines more at its end; as it was."""


@dataclass(frozen=True, slots=True)
class StartedFile:
    """A file of the project, from its folder, with `/`."""

    file: str
    state: FileState


@dataclass(frozen=True, slots=True)
class Started:
    """A project that stands in `directory`, as it was named."""

    directory: str
    files: tuple[StartedFile, ...]

    @property
    def outcome(self) -> Outcome:
        """Whether anything was written."""
        kept = all(each.state == "kept" for each in self.files)
        return Outcome.NO_CHANGES if kept else Outcome.DONE

    @property
    def is_new(self) -> bool:
        """Whether its project file is the one that was written now."""
        return StartedFile(PROJECT_FILE, "written") in self.files

    @property
    def jobs(self) -> str | None:
        """The file of the CI's jobs, where it is the one that was written now."""
        return next((file for file in JOBS if StartedFile(file, "written") in self.files), None)
