"""What `menuops.wechat` offers to programs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import menuops.wechat


@pytest.mark.parametrize("name", menuops.wechat.__all__)
def test_every_name_that_is_offered_is_there(name: str) -> None:
    assert getattr(menuops.wechat, name) is not None
    assert name in dir(menuops.wechat)


def test_what_is_imported_at_first_use_and_what_is_offered_are_the_same() -> None:
    assert sorted(menuops.wechat._MODULES) == sorted(menuops.wechat.__all__)


def test_no_other_name_is_there() -> None:
    with pytest.raises(AttributeError, match="'nothing'"):
        menuops.wechat.nothing  # noqa: B018


def test_the_package_itself_imports_nothing_of_ours() -> None:
    code = "import menuops.wechat, sys; print(*(m for m in sys.modules if m.startswith('menuops')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["menuops", "menuops.wechat"]
