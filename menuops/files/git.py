"""What Git knows of the files: their commit, and what stood in them at another one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

_LIMIT_S: Final = 10.0
_COMMAND: Final = ("git", "-c", "core.fsmonitor=false")  # no daemon is left behind
_DESCRIBE: Final = (
    "describe",
    "--always",
    "--dirty",
    "--abbrev=64",  # the whole name, also of SHA-256
    "--exclude=*",  # no tag's name in its place
)


def head_commit(root: Path) -> str | None:
    """Give the commit of the checkout that `root` is in, with `-dirty` if tracked files differ.

    None without git, outside a repository, before the first commit, and where git doesn't
    answer within 10 seconds. Nothing is asked of the user and no lock is taken.
    """
    done = _git(root, *_DESCRIBE)
    return None if done is None else done.decode("ascii", "replace").strip() or None


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit of the repository whose checkout is `top`."""

    top: Path
    commit: str

    def lay_out(self, paths: Iterable[Path], folder: Path) -> None:
        """Put the files of the commit into `folder`, under their paths from `top`.

        Paths outside the repository, and files that the commit hasn't, are left out.
        """
        names = [name for path in paths if (name := self._name(path)) is not None]
        if not names:
            return
        asked = "".join(f"{self.commit}:{name}\n" for name in names)
        answer = _git(self.top, "cat-file", "--batch", asked=asked.encode(), limit_s=60.0) or b""
        for name, content in zip(names, _contents(answer), strict=False):
            if content is not None:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)

    def _name(self, path: Path) -> str | None:
        # Lexically: links of today's checkout say nothing about those of the commit.
        name = PurePath(os.path.relpath(path, self.top)).as_posix()
        return None if name.startswith("../") or "\n" in name else name


def resolve(root: Path, revision: str) -> Revision | None:
    """Find a commit by any name that git takes; None where there is none, or no repository."""
    top = _git(root, "rev-parse", "--show-toplevel")
    meant = f"{revision}^{{commit}}"
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", meant)
    if top is None or commit is None or not commit.strip():
        return None
    return Revision(Path(os.fsdecode(top.removesuffix(b"\n"))), commit.decode("ascii").strip())


def _contents(answer: bytes) -> Iterator[bytes | None]:
    """Read what `git cat-file --batch` says: a line with a size, and as many bytes; or none."""
    while answer:
        head, _, rest = answer.partition(b"\n")
        words = head.split(b" ")
        if len(words) < 3 or words[-2] != b"blob" or not words[-1].isdigit():
            yield None
            size = int(words[-1]) + 1 if words[-1].isdigit() and len(words) == 3 else 0
            answer = rest[size:]
            continue
        size = int(words[-1])
        yield rest[:size]
        answer = rest[size + 1 :]


def _git(root: Path, *words: str, asked: bytes = b"", limit_s: float = _LIMIT_S) -> bytes | None:
    environ = {
        **os.environ,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(  # noqa: S603 - no shell
            (*_COMMAND, *words),
            cwd=root,
            env=environ,
            input=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limit_s,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout
