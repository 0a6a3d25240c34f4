"""Command lines for every command of menuops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from menuops.cli.main import cli

from .watch import APP_SECRET

Words = tuple[str, ...]
RENEWED: Final = ("token", "--renew", "-a", "shop")
LIFTED: Final = ("--allow", "remove-conditional")


@dataclass(frozen=True)
class Line:
    """A command line, and those that come before it, with nothing in their way.

    `own` are calls that no line above makes by the same code.
    """

    words: Words
    before: tuple[Words, ...] = ()
    formats: Words = ("text", "json")
    own: Words = ()

    @property
    def command(self) -> str:
        return self.words[0]

    def loud(self, format: str) -> Words:  # noqa: A002
        """The words, with all that makes it say more, as far as the command takes it."""
        command = cli.get_command(None, self.command)  # type: ignore[arg-type]
        assert command is not None
        takes = {each.name for each in command.params}
        words = self.words
        if "verbose" in takes:
            words += ("-vv",)
        return (*words, "--format", format) if "format" in takes else words


PLANNED: Final = ("plan", "--out", "plan.json", *LIFTED)
SAVED: Final = ("import", "--raw", "--out", "live.json", "--overwrite")

LINES: Final = {
    "init": Line(("init",)),
    "fmt": Line(("fmt",)),
    "fmt --diff": Line(("fmt", "--check", "--diff")),
    "render": Line(("render", "--origin"), formats=("text", "json", "yaml")),
    "validate": Line(("validate",)),
    "validate FILE": Line(("validate", "menus/shop.yaml")),
    "plan": Line(("plan",), own=("stable_token", "menu/get")),
    "plan --out": Line(PLANNED),
    "show": Line(("show", "plan.json"), (PLANNED,)),
    "preview": Line(("preview", "--tag", "VIP"), formats=("text", "json", "html")),
    "preview --plan": Line(("preview", "--plan", "plan.json"), (PLANNED,)),
    "preview --out": Line(("preview", "--out", "new.svg", "--overwrite")),
    "apply": Line(("apply", "--yes", *LIFTED), own=("menu/create",)),
    "apply PLAN": Line(("apply", "plan.json"), (PLANNED,)),
    "report": Line(("report", "plan.json", "--to", "github", "--status", "--dry-run"), (PLANNED,)),
    "restore --plan": Line(
        ("restore", "--plan", "plan.json", "--yes", *LIFTED), (PLANNED, ("apply", "plan.json"))
    ),
    "history": Line(("history",), (("apply", "--yes", *LIFTED),)),
    "destroy": Line(("destroy", "-a", "shop", "--yes", "--confirm", "shop"), own=("menu/delete",)),
    "drift": Line(("drift",), formats=("text", "json", "markdown")),
    "import": Line(("import",)),
    "import --out": Line(("import", "--out", "new.yaml", "--overwrite")),
    "import --raw": Line(("import", "--raw")),
    "import --from": Line(("import", "--from", "menus/shop.yaml")),
    "plan --live": Line(("plan", "--live", "live.json"), (SAVED,)),
    "who": Line(("who",)),
    "who --user": Line(
        ("who", "--user", "o-vip"), own=("menu/trymatch", "tags/getidlist", "tags/get")
    ),
    "token": Line(("token",), (RENEWED,)),
    "token --renew": Line(RENEWED, own=("stable_token",)),
    "token --reveal": Line(("token", "--reveal"), formats=("text",)),
    "doctor": Line(("doctor",), own=("openapi/quota/get",)),
    "doctor again": Line(("doctor",), (RENEWED,)),
    "emulator": Line(("emulator", "--port", "0", "--state", "menuops.yaml")),
    "emulator --account": Line(("emulator", "--port", "0", "--account", APP_SECRET)),
    "schema": Line(("schema", "project")),
    "completion": Line(("completion", "bash"), formats=("text",)),
}
ONLINE: Final = {
    name: LINES[name]
    for name in ("plan", "apply", "import", "token --renew", "token --reveal", "doctor")
}
"""One of each that needs a token."""
