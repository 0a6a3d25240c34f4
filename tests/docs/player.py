"""Plays a page: writes its files, types its commands, and tells what was printed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tests.site import Ended, opened_site

from .page import DOCS, Console, Edit, File, Page, Scene, Typed
from .scenes import SCENES
from .told import Told, moments_in

PICTURES = DOCS / "pictures"
_SHELL = re.compile(r"[|<>;&*]")
_PIPED = re.compile(r"(menuops [^|<>;&*]*)\|(.*)")
_PICTURE = re.compile(r"--out (\S+\.(?:svg|png))\b")


class Stage:
    """One machine: a home, a project, an emulated WeChat; a scene plays on it."""

    def __init__(self, page: Page, scene: Scene, directory: Path, stack: ExitStack) -> None:
        site = stack.enter_context(opened_site(directory))
        site.home.mkdir()
        site.clock.now_s = float(int(time.time()))
        site.environ |= {
            "HOME": str(site.home),
            "XDG_STATE_HOME": str(site.home / "state"),
            "XDG_CACHE_HOME": str(site.home / "cache"),
            "GITHUB_ACTOR": "xiaoming",
            "PYTHONIOENCODING": "utf-8",
        }
        SCENES[scene.name](site, stack)
        if page.language:
            site.environ["MENUOPS_LANG"] = page.language
        written = (item.text for item in page.files if isinstance(item, File))
        named = moments_in([*page.commands, *written])
        self._told = Told(site, site.root, named)
        self._site = site

    def write(self, item: File | Edit) -> None:
        """Do to the files what the reader is told to do."""
        if isinstance(item, File):
            self._site.write(item.path, item.text)
            return
        text = (self._site.root / item.path).read_text(encoding="utf-8")
        assert text.count(item.old) == 1, item
        self._site.write(item.path, text.replace(item.old, item.new))

    def typed(self, typed: Typed) -> str:
        """Type a command; gives what it prints, and its exit code where that isn't 0."""
        ended = self._ended(self._told.real(typed.command))
        end = f"exit {ended.code}\n" if ended.code else ""
        return self._told.shown(ended.said) + end

    def pictures(self, typed: Typed) -> Iterator[tuple[str, bytes]]:
        """The pictures that this command drew."""
        for name in _PICTURE.findall(typed.command):
            yield name, (self._site.root / name).read_bytes()

    def _ended(self, command: str) -> Ended:
        if piped := _PIPED.match(command):  # in this process, for a new one costs half a second
            printed = self._ended(piped[1])
            read = self._in_shell(piped[2], stdin=printed.out)
            return Ended(read.code, read.out, printed.err + read.err)
        if not _SHELL.search(command):
            match shlex.split(command, comments=True):
                case ["menuops", *arguments]:
                    return self._site.run(*arguments)
                case ["cd", folder]:
                    self._site = replace(self._site, root=self._site.root / folder)
                    return Ended(0, "", "")
                case ["export", setting] if setting.endswith("=…"):
                    return Ended(0, "", "")  # a secret: the machine has it
        return self._in_shell(command)

    def _in_shell(self, command: str, stdin: str = "") -> Ended:
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self._site.root,
            env=self._environ(),
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def _environ(self) -> dict[str, str]:
        environ = self._site.process_environ()
        return {**environ, "PATH": f"{Path(sys.executable).parent}:{environ['PATH']}"}


def played(page: Page, directory: Path) -> Iterator[tuple[Console, list[tuple[Typed, str]]]]:
    """Play all scenes of a page; give each block with what its commands print.

    Pictures that a command draws are compared with those in docs/pictures by `drawn`.
    """
    with ExitStack() as stack:
        stage: Stage | None = None
        for number, item in enumerate(page.items):
            if isinstance(item, Scene):
                stack.close()
                stage = Stage(page, item, directory / str(number), stack)
                continue
            assert stage is not None, f"{page.name}: no scene yet"
            if isinstance(item, File | Edit):
                stage.write(item)
                continue
            said = []
            for typed in item.typed:
                said.append((typed, stage.typed(typed)))
                for name, content in stage.pictures(typed):
                    drawn(page, name, content)
            yield item, said


def kept_picture(page: Page, name: str) -> Path:
    """Where a picture of a page is kept: each language has its own."""
    return PICTURES / (page.language or "") / name


def drawn(page: Page, name: str, content: bytes) -> None:
    """Compare a picture with the one that the page shows, or keep it."""
    from .updating import UPDATE

    path = kept_picture(page, name)
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert path.read_bytes() == content, f"{path} isn't what `menuops preview` draws now"
