# /// script
# dependencies = ["wechatpy[cryptography]==1.8.18"]
# ///
"""wechatpy, as a plain `pip install` gives it."""

from of_wechatpy import main

main()
