"""What a file costs to check as it grows: time in ratios, and memory for one that is refused.

Aim: twice the bytes or the files take about twice the time (a line of cost that is straight),
whatever stands in them; a file over the limit is refused before it is read whole.
"""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import pairwise
from pathlib import Path

from validate import full_menu

from menuops.core.errors import InvalidFiles
from menuops.files.menu.menu_file import MENU_BYTES, parse_menu, read_menu
from menuops.files.project.project import parse_project

STEPS = (1, 2, 4, 8)
WARN_AT = 2.8
"""A ratio of two steps that is marked; a quadratic path gives 4."""
VIEW = "button:\n- name: a\n  type: view\n  url: 'https://shop.example.com"
START = "button:\n  - name: 一\n    type: click\n    key: K\n"
_REFUSE = (
    "import sys, tracemalloc; from pathlib import Path\n"
    "import menuops.files.reader.source\n"
    "from menuops.files.menu.menu_file import read_menu\n"
    "tracemalloc.start()\n"
    "found = read_menu(Path(sys.argv[1]), 'menu.yaml').findings\n"
    "print(tracemalloc.get_traced_memory()[1] // 1024, found[0])\n"
)

MENUS: Mapping[str, Callable[[int], str]] = {
    "buttons": lambda n: "button:\n" + "- {name: 一, type: click, key: K}\n" * (n // 35),
    "conditional menus": lambda n: (
        START
        + "conditionalmenu:\n"
        + "".join(
            f"- matchrule: {{tag: t{i}}}\n  button: [{{name: 一, type: click, key: K}}]\n"
            for i in range(n // 75)
        )
    ),
    "variables": lambda n: (
        "vars: {a: b}\nbutton:\n- name: a\n  type: view\n"
        "  url: 'https://shop.example.com/" + "${a}" * (n // 4) + "'\n"
    ),
    "marks of a template in a link": lambda n: VIEW + "/" + "{0}%s@A@" * (n // 8) + "'\n",
    "signs to escape in a link": lambda n: VIEW + "/" + "|" * n + "'\n",
    "a host of dots": lambda n: VIEW + "." * n + "'\n",
    "unknown variables": lambda n: START + "allow:\n" + _each(n, "- ${{v{}}}\n"),
    "unknown keys": lambda n: START + _each(n, "key{}: 1\n"),
    "unknown keys of a button": lambda n: (
        "button:\n- name: a\n  type: click\n  key: K\n" + _each(n, "  key{}: 1\n", 14)
    ),
    "a key again and again": lambda n: START + "x-a:\n" + "  a: 1\n" * (n // 7),
    "texts to quote": lambda n: START + "allow:\n" + "- 010\n" * (n // 6),
    "comments in texts": lambda n: START + "x-a:\n" + "- a #b\n" * (n // 7),
    "comments that silence": lambda n: START + "# menuops: ignore[name-cut]\n" * (n // 28),
    "full-width colons": lambda n: START + "x-a:\n" + "- {a：b}\n" * (n // 10),
    "merge keys": lambda n: "x-a: &a {k: 1, l: 2}\n" + _each(n, "x-{}: {{<<: *a, k: 3}}\n", 23),
    "merge keys of merge keys": lambda n: (
        "x-0: &a0 {k0: 1}\n"
        + "".join(f"x-{i}: &a{i} {{<<: *a{i - 1}, k{i}: 1}}\n" for i in range(1, n // 41))
    ),
    "one long line": lambda n: "button: [{name: '" + "a" * n + "'}]\n",
    "one long line, broken": lambda n: "button: [{name: " + "a" * n + ": b}]\n",
    "brackets": lambda n: "[" * n,
    "brackets, closed": lambda n: "x-a: [" + "[]," * (n // 3) + "]\n",
    "an open quote": lambda n: 'a: "' + "b\n" * (n // 2),
    "slashes in JSON": lambda n: "{" + '"a//b",' * (n // 7) + " // x\n",
    "comments of JSON": lambda n: "{\n" + '"a": "//", // "b\n\n' * (n // 17),
    "comments of JSON, open": lambda n: "{" + '"a" /* "b' * (n // 9),
    "line separators": lambda n: "x-a: '" + "\u2028" * (n // 3) + "'\n" + START,
}

PROJECTS: Mapping[str, str] = {
    "accounts": "  shop{0}:\n    appid: wx{0:016}\n    menu: a.yaml\n",
    "accounts, each with an error": "  shop{0}: {{appid: wx{0}, menu: a.yaml, x: 1}}\n",
    "accounts, each with a bad token": "  shop{0}: {{appid: wx{0}, menu: a, token: {{a: b}}}}\n",
    "accounts with one AppID": "  shop{0}: {{appid: wx1, menu: a.yaml}}\n",
}


def _each(size: int, line: str, length: int = 11) -> str:
    return "".join(line.format(number) for number in range(size // length))


def seconds(work: Callable[[], object]) -> float:
    """Give the processor's time of the fastest of three runs.

    Without the collector of cycles, as timeit does: it looks through what the rows before left.
    """
    taken = []
    for _ in range(3):
        gc.collect()
        gc.disable()
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
        gc.enable()
    return min(taken)


def line(title: str, sizes: str, works: Sequence[Callable[[], object]]) -> None:
    """Print the times of 1, 2, 4 and 8 times the size, and each one's ratio to the one before."""
    times = [seconds(work) for work in works]
    ratios = [later / earlier for earlier, later in pairwise(times)]
    mark = "  <- not linear" if ratios[-1] > WARN_AT and times[-1] > 0.1 else ""
    shown = "  ".join(f"{ratio:4.1f}" for ratio in ratios)
    print(f"  {title:<34} {sizes:>12}  {times[-1] * 1000:8.0f} ms   {shown}{mark}")


def check_menu(raw: bytes) -> None:
    """Check a menu for one account."""
    parse_menu(raw, "m").for_account({}, "a", "wx1")


def check_project(raw: bytes) -> None:
    """Check a project file."""
    with suppress(InvalidFiles):
        parse_project(raw, Path(), "p")


def main() -> None:
    """Print what grows with what, and what a file over the limit takes."""
    print("one file, 1/8, 1/4, 1/2 and 1 of 1,000,000 bytes: time of the last, ratio per doubling")
    for title, make in MENUS.items():
        raws = [make(120_000 * step).encode() for step in STEPS]
        works = [partial(check_menu, raw) for raw in raws]
        line(title, f"{len(raws[-1]):,} B", works)
    print("one project file, 1,250, 2,500, 5,000 and 10,000 accounts")
    for title, text in PROJECTS.items():
        raws = [
            ("accounts:\n" + "".join(text.format(i) for i in range(1250 * step))).encode()
            for step in STEPS
        ]
        works = [partial(check_project, raw) for raw in raws]
        line(title, f"{len(raws[-1]):,} B", works)
    with tempfile.TemporaryDirectory() as folder:
        print("100, 200, 400 and 800 full menus")
        files = [Path(folder) / f"menu-{number:04}.yaml" for number in range(800)]
        for number, file in enumerate(files):
            file.write_text(full_menu(number), encoding="utf-8")

        def check_files(count: int) -> None:
            for file in files[:count]:
                read_menu(file, file.name).for_account({}, "a", "wx1")

        line(
            "files",
            "800 files",
            [partial(check_files, 100 * step) for step in STEPS],
        )
        print(f"a file over the limit of {MENU_BYTES:,} bytes: memory that it takes")
        for size in (10_000_000, 1_000_000_000):
            large = Path(folder) / "large.yaml"
            with large.open("wb") as stream:
                stream.write(b"button: [")
                stream.truncate(size)
            done = subprocess.run(
                [sys.executable, "-c", _REFUSE, str(large)],
                capture_output=True,
                text=True,
                check=True,
            )
            kibibytes, _, finding = done.stdout.strip().partition(" ")
            print(f"  {size:>13,} B  {int(kibibytes):>7,} KiB   {finding}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"memory of this whole run, at most: {most // 1024:,} MiB")


if __name__ == "__main__":
    main()
