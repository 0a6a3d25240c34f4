"""How long `menuops --version` takes beside bare Python and octodns-sync.

Aim: at most 5 times bare Python, and a third of octodns-sync.
"""

from __future__ import annotations

import sys

from side_by_side import compare, program

if __name__ == "__main__":
    compare(
        "start-up",
        {
            "menuops --version": [program("menuops"), "--version"],
            "python -c pass": [sys.executable, "-c", "pass"],
            "octodns-sync --version": [program("octodns-sync"), "--version"],
        },
    )
