"""The first files of a project, as a person would write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

DEMO_APPID: Final = "wxdemo000000000001"
PROJECT: Final = """\
# yaml-language-server: $schema=schemas/project.schema.json
accounts:
  # Runs against the embedded emulator: no account, no network, no secret.
  demo:
    api: emulator
    appid: wxdemo000000000001
    menu: menus/demo.yaml

  # An account of yours: take the `#` away, and give its AppID and its menu.
  # Its AppSecret belongs into the environment, as MENUOPS_SECRET_SHOP.
  # What is still missing then: menuops doctor -a shop
  # Its live menu as a file: menuops import -a shop --out menus/shop.yaml
  # shop:
  #   appid: wx0123456789abcdef
  #   menu: menus/shop.yaml
"""

MENU: Final = """\
# yaml-language-server: $schema=../schemas/menu.schema.json
# What would change: menuops plan
vars:
  base_url: https://shop.example.com

# 1 to 3 entries, left to right; a name has room for 5 Chinese characters.
button:
  - name: 新品上架
    type: view
    url: ${base_url}/new
  - name: 帮助
    # 1 to 5 buttons, top to bottom.
    sub_button:
      - name: 人工客服
        type: click
        key: CONTACT
      - name: 常见问题
        type: view
        url: ${base_url}/faq

# For some followers: the first whose rule matches wins, else the menu above.
conditionalmenu:
  - id: ios
    matchrule:
      client_platform_type: ios
    button:
      - name: 下载应用
        type: view
        url: ${base_url}/app/ios
      - name: 人工客服
        type: click
        key: CONTACT
"""

FIRST_MENU: Final = """\
  button:
    - name: 首页
      type: view
      url: https://www.example.com/
"""
"""As little as a menu file can say, for a message."""

IGNORED: Final = ("/plan.json", "*.plan.json")
"""What Git leaves out: plans, which hold what is live."""
_COMMENT: Final = re.compile(r"(?m)^( *# )([A-Z0-9].*)$")
"""A sentence, and not what a `#` takes out or names the schema."""


def in_words(text: str, say: Callable[[str], str]) -> str:
    """Say the comments of a file above in the language of whoever reads them."""
    return _COMMENT.sub(lambda found: found[1] + say(found[2]), text)
