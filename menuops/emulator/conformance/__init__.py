r"""Facts about WeChat's menu API, held against a server that claims to speak it.

    MENUOPS_SECRET=demo python -m menuops.emulator.conformance \
        --url http://127.0.0.1:8787 --appid wxdemo000000000001

It speaks HTTP alone, so it can be held against any implementation, the real one included. There it
reads first, refuses what it couldn't restore, asks, and puts back what was there: guard.py,
snapshot.py and restore.py. What is checked is in facts/, a statement of the reference each.
"""
