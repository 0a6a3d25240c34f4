"""How long `menuops validate` takes beside check-jsonschema with the same schema.

Aim: one full menu in at most half of its time, 1,000 in at most a tenth. check-jsonschema
judges by the schema alone; menuops also fills in variables and measures in bytes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from side_by_side import compare, program

SCHEMA = Path(__file__).resolve().parent.parent / "schemas" / "menu.schema.json"


def full_menu(number: int) -> str:
    """Write a menu of 3 entries with 5 buttons each, unlike that of any other number."""
    lines = ["button:"]
    for entry in range(3):
        lines += [f"  - name: 栏目{entry}", "    sub_button:"]
        for button in range(5):
            lines += [
                f"      - name: 按钮{entry}{button}",
                "        type: view",
                f"        url: https://shop.example.com/{number}/{entry}/{button}?from=menu",
            ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print both comparisons."""
    ours, theirs = program("menuops"), program("check-jsonschema")
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"menu-{number:04}.yaml" for number in range(1000)]
        for number, file in enumerate(files):
            file.write_text(full_menu(number), encoding="utf-8")
        for title, chosen, runs in (("1 full menu", files[:1], 11), ("1,000 full menus", files, 3)):
            paths = [str(file) for file in chosen]
            compare(
                title,
                {
                    "menuops validate": [ours, "validate", *paths],
                    "check-jsonschema": [theirs, "--schemafile", str(SCHEMA), *paths],
                },
                runs,
            )


if __name__ == "__main__":
    main()
