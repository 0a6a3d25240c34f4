"""What a misspelt word was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Choose the known word that is most like `word`, if one is like it at all."""
    import difflib  # 10 ms that only a slip pays

    words = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word.lower(), words, n=1)
    return words[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give `; did you mean …?`, or nothing."""
    found = nearest(word, known)
    return f"; did you mean `{found}`?" if found else ""
