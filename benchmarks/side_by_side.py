"""Times whole commands in turn, A B A B …, so that a machine that drifts drifts for both."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

BIN = Path(sys.executable).parent


def program(name: str) -> str:
    """Find a program of this environment, or say how to install it."""
    found = shutil.which(name, path=str(BIN))
    if found is None:
        sys.exit(f"{name} isn't installed here: pip install -e '.[bench]'")
    return found


def seconds(command: Sequence[str], accept: Sequence[int] = (0,)) -> float:
    """Run a command once and give its wall time."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode not in accept:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.decode()}")
    return taken


def compare(title: str, commands: Mapping[str, Sequence[str]], runs: int = 11) -> None:
    """Print each command's median, and the median of the ratios of the first to the others."""
    for command in commands.values():
        seconds(command)  # a first run reads the disk and writes the byte code
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            taken[name].append(seconds(command))
    first = next(iter(commands))
    print(f"{title}, {runs} runs in turn")
    for name, times in taken.items():
        ratios = [mine / theirs for mine, theirs in zip(taken[first], times, strict=True)]
        ratio = "" if name == first else f"   {first} is {statistics.median(ratios):.2f} of it"
        print(f"  {name:<22} {statistics.median(times) * 1000:8.1f} ms{ratio}")
