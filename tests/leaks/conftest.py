"""A site, a Redis and a token server, whose secrets are all known."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator

import pytest

from tests.redis_server import LocalRedis, running_redis
from tests.site import Site
from tests.transport.conftest import RawServer

from .search import Secrets
from .watch import REDIS_PASSWORD, Watch, set_up


@pytest.fixture(scope="session")
def locked_redis(
    tmp_path_factory: pytest.TempPathFactory, requires: Callable[[str], None]
) -> Iterator[LocalRedis]:
    """A real Redis with a password."""
    requires("redis-server")
    with running_redis(tmp_path_factory.mktemp("locked"), password=REDIS_PASSWORD) as server:
        yield server


@pytest.fixture
def watch(site: Site, locked_redis: LocalRedis, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setattr(tempfile, "tempdir", str(site.home))
    token_server = RawServer()
    watch = Watch(site, site.root.parent / "vault", Secrets(), locked_redis, token_server)
    set_up(watch)
    yield watch
    token_server.stop()
