"""What WeChat is asked and answers: the token container, the menu calls, the error codes."""

from __future__ import annotations
