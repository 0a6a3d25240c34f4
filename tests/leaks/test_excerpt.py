"""What is shown of an answer has no piece of what was sent, however the host spells it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from menuops.core.secret import Secret
from menuops.transport.excerpt import excerpt
from menuops.transport.redaction import redacted

from .faults import SPELLINGS
from .search import Secrets
from .watch import APP_SECRET, HEADER, ODD_TOKEN

TOKEN = "90_Zr4kP-w8Qm1Vb_" * 8
SENT = {"token": TOKEN, "odd token": ODD_TOKEN, "AppSecret": APP_SECRET, "header": HEADER}


@pytest.mark.parametrize("secret", SENT.values(), ids=SENT)
@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_no_piece_of_what_was_sent_is_left(spell: Callable[[str], str], secret: str) -> None:
    secrets = Secrets()
    secrets.add("it", secret)
    for text in (
        f"no: {spell(secret)}, sorry",
        f"{spell(secret)}\n\n{spell(secret)}",
        spell(secret),
    ):
        assert secrets.found_in(redacted(text, [Secret(secret)])) == []
        assert secrets.found_in(excerpt(text.encode(), [Secret(secret)])) == []
        assert "***" in excerpt(text.encode(), [Secret(secret)])


def test_a_header_is_covered_without_its_first_word_too() -> None:
    said = redacted("unknown key srv+Key/71=.xQ8vLmN2~uT", [Secret(HEADER)])
    assert said == "unknown key***"


def test_a_short_secret_keeps_no_other_from_being_covered() -> None:
    secrets = Secrets()
    secrets.add("it", TOKEN)
    short = [Secret(text) for text in ("t", "x", "Zr4", "wm1")]
    for text in (f"access_token={TOKEN}", TOKEN, f"errmsg {TOKEN.upper()}"):
        assert secrets.found_in(redacted(text, short)) == []


def test_a_secret_that_is_cut_off_where_reading_ends_is_covered() -> None:
    secrets = Secrets()
    secrets.add("it", TOKEN)
    for kept in range(12, len(TOKEN)):
        raw = b"<p>" + b" " * (65536 - 3 - kept) + TOKEN.encode()
        assert secrets.found_in(excerpt(raw, [Secret(TOKEN)])) == []


def test_an_app_secret_of_another_call_is_covered() -> None:
    assert redacted(f"secret {APP_SECRET.upper()} is wrong") == "secret *** is wrong"


def test_what_is_no_secret_stays() -> None:
    text = "invalid appid, rid: 617682e0-09059ac5-34a8e2ea, 菜单 İstanbul"
    assert redacted(text, [Secret(APP_SECRET), Secret(TOKEN), Secret("")]) == text
