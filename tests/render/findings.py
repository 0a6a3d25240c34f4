"""Findings of all sorts, for the tests of reports."""

from __future__ import annotations

from hypothesis import strategies as st

from menuops.core.finding import Finding

ERROR = Finding("menus/a.yaml", 2, 3, "name-too-long", "error", "name is 18 bytes (6 characters)")
WARNING = Finding("menus/a.yaml", 4, 5, "plain-http", "warning", "`http://` isn't encrypted")
AGAIN = Finding("menus/a.yaml", 9, 3, "name-too-long", "error", "name is 18 bytes (6 characters)")
HOSTILE = (
    Finding("menus/a,b:c%d::.yaml", 1, 1, "no-such-rule", "error", "100 %::set-output name=x::y"),
    Finding("菜单/主 菜单.yaml", 1, 1, "name-empty", "error", "“帮助”, 一\n::error::x\r\n%0A"),
    Finding("menus/new\nline.yaml", 1, 1, "name-empty", "error", "a\x1b[31m\u202eb"),
    Finding("menus/\udcff\udcfe.yaml", 1, 1, "name-empty", "error", "byte \udcff, half \ud83d"),
    Finding("menus/\ud83d.yaml", 1, 1, "name-empty", "warning", "[x](https://a.example) {0}"),
    Finding("::stop-commands::x", 1, 1, "name-empty", "warning", "##[set-output name=x;]y"),
)
ALL = (ERROR, WARNING, AGAIN, *HOSTILE)

ANY = st.builds(
    Finding,
    file=st.text(st.characters(exclude_characters="\0"), min_size=1),
    line=st.integers(1, 9),
    column=st.integers(1, 9),
    rule=st.sampled_from(["name-empty", "plain-http"]),
    severity=st.sampled_from(["error", "warning"]),
    message=st.text(),
)
