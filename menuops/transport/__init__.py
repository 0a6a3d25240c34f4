"""HTTP: bytes out, one JSON object in, and nothing secret in any error.

Importing this package is cheap: requests is imported at the first call.
"""

from __future__ import annotations

from menuops.transport.errors import BadAnswer, Unreachable
from menuops.transport.http import Answer, Http

__all__ = ["Answer", "BadAnswer", "Http", "Unreachable"]
