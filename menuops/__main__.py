"""The command `menuops`, also as `python -m menuops`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; gives the exit code."""
    if sys.argv[1:] == ["--version"]:
        # Asked by scripts more often than all else; needs no command-line parser.
        import menuops

        sys.stdout.write(f"menuops {menuops.__version__}\n")
        return 0
    from menuops.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
