# /// script
# dependencies = ["wechatpy==2.0.0a26", "cryptography"]
# ///
"""wechatpy's next version; it doesn't start without cryptography, which it doesn't name."""

from of_wechatpy import main

main()
