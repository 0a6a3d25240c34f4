"""MENUOPS_UPDATE_DOCS=1 writes what is printed and drawn now into the pages."""

from __future__ import annotations

import os
from typing import Final

UPDATE: Final = os.environ.get("MENUOPS_UPDATE_DOCS") == "1"
