"""WeChat's error codes with what they mean and what to do: `errors.json`, read at the first error.

Source of the codes and messages: WeChat's table of return codes and its interface pages,
https://developers.weixin.qq.com/doc/oplatform/en/Return_codes/Return_code_descriptions_new
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `message` is WeChat's own text, without rid; the rest are our words."""

    number: int
    message: str
    meaning: str
    fix: str


@cache
def all_codes() -> Mapping[int, Code]:
    """Every known code by its number."""
    from importlib.resources import files  # only an error pays for it

    table = json.loads(files("menuops.wechat").joinpath("errors.json").read_text(encoding="utf-8"))
    return {
        int(number): Code(int(number), row["message"], row["meaning"], row["fix"])
        for number, row in table.items()
    }


def code_of(number: int) -> Code:
    """Look one code up; an unknown one has neither meaning nor message."""
    return all_codes().get(number) or Code(
        number,
        "",
        "a code that menuops doesn't know",
        "look it up at https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html",
    )


def is_known(number: int) -> bool:
    """Tell whether a code is in the table."""
    return number in all_codes()
