"""The one importer of requests: sends what it is given, byte for byte, gives what came."""

from __future__ import annotations

import http.client
import os
import ssl
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidProxyURL
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies

from menuops.core.loopback import is_loopback
from menuops.transport.connection import POOLS, exchange
from menuops.transport.errors import Unreachable
from menuops.transport.failure import BadCertificates, explained

IDLE_S: Final = 45.0
"""Connections that were idle for longer aren't used again: a firewall may have dropped them
without a word, and a write on such a one would be lost after it was sent."""

_CA_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """An HTTP answer as it came. `raw` is at most one byte longer than what was allowed.

    The names of `headers` are in lower case.
    """

    status: int
    content_type: str
    raw: bytes
    cut_short: bool = False
    oversized: bool = False
    date: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class _Adapter(HTTPAdapter):
    """requests' adapter with our connections and one TLS context for all of them.

    Without the context urllib3 reads the certificates again for each connection, 10 to 20 ms.
    """

    def __init__(self, pool_size: int, context: ssl.SSLContext | None) -> None:
        self._tls = {} if context is None else {"ssl_context": context}
        super().__init__(pool_connections=16, pool_maxsize=pool_size, max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs, **self._tls)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **proxy_kwargs, **self._tls)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the certificates to the context, which always verifies."""


class Wire:
    """Sends what it is given, byte for byte, gives what came."""

    def __init__(self, pool_size: int) -> None:
        self._pool_size = pool_size
        self._lock = threading.Lock()
        self._adapters: dict[str, _Adapter] = {}
        self._proxies: dict[str, dict[str, str]] = {}
        self._under_way = 0
        self._last_use_s = time.monotonic()

    def send(
        self,
        name: str,
        method: str,
        url: str,
        headers: Mapping[str, str],
        data: bytes | None,
        *,
        connect_timeout_s: float,
        read_timeout_s: float,
        at_most_bytes: int,
    ) -> Reply:
        """Make one exchange. Raises Unreachable, which says whether the request was sent."""
        host = urlsplit(url).netloc
        reply: Reply | None = None
        problem: Unreachable | RuntimeError | None = None
        with self._exchange(read_timeout_s):
            try:
                reply = self._exchanged(
                    method, url, headers, data, (connect_timeout_s, read_timeout_s), at_most_bytes
                )
            except InvalidProxyURL:
                problem = Unreachable(
                    name, host, "proxy", sent=False, detail="the proxy of the environment is no URL"
                )
            except UnicodeError:  # requests sends a proxy's login as Latin-1
                detail = "the login of the environment's proxy has characters that can't be sent"
                problem = Unreachable(name, host, "proxy", sent=False, detail=detail)
            except (
                requests.RequestException,
                urllib3.exceptions.HTTPError,
                http.client.HTTPException,
                OSError,
            ) as error:
                kind, detail = explained(error)
                problem = Unreachable(name, host, kind, sent=exchange.sent, detail=detail)
            except Exception as error:  # a bug, in words that hold nothing
                problem = RuntimeError(f"{name}: {host}: {_place_of(error)}")
        if problem is not None:
            # Raised out here: the exception above has the URL in its text and must not be
            # found on the new one, not even as its context.
            raise problem
        assert reply is not None
        return reply

    def close(self) -> None:
        """Close every pooled connection."""
        with self._lock:
            adapters = list(self._adapters.values())
        for adapter in adapters:
            adapter.close()

    @contextmanager
    def _exchange(self, answer_s: float) -> Iterator[None]:
        with self._lock:
            if not self._under_way and time.monotonic() - self._last_use_s > IDLE_S:
                for adapter in self._adapters.values():
                    adapter.close()
            self._under_way += 1
        exchange.active, exchange.sent, exchange.answer_s = True, False, answer_s
        try:
            yield
        finally:
            exchange.active = False
            with self._lock:
                self._under_way -= 1
                self._last_use_s = time.monotonic()

    def _exchanged(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        data: bytes | None,
        timeout_s: tuple[float, float],
        at_most_bytes: int,
    ) -> Reply:
        request = requests.PreparedRequest()
        request.prepare(method=method, url=url, headers=headers, data=data)
        response = self._adapter(urlsplit(url).scheme).send(
            request, stream=True, timeout=timeout_s, proxies=self._proxies_for(url)
        )
        content_type = response.headers.get("Content-Type", "")
        cut_short = False
        raw = b""
        try:
            raw = response.raw.read(at_most_bytes + 1, decode_content=True)
            # urllib3 before 2 doesn't raise for an answer that ends early.
            cut_short = len(raw) <= at_most_bytes and bool(response.raw.length_remaining)
        except urllib3.exceptions.ReadTimeoutError:
            raise
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError):
            cut_short = True
        finally:
            if cut_short or len(raw) > at_most_bytes:
                response.raw.close()
            response.raw.release_conn()
        return Reply(
            response.status_code,
            content_type,
            raw,
            cut_short,
            oversized=len(raw) > at_most_bytes,
            date=response.headers.get("Date", ""),
            headers={name.lower(): value for name, value in response.headers.items()},
        )

    def _adapter(self, scheme: str) -> _Adapter:
        adapter = self._adapters.get(scheme)
        if adapter is not None:
            return adapter
        with self._lock:
            if scheme not in self._adapters:
                context = _tls_context() if scheme == "https" else None
                self._adapters[scheme] = _Adapter(self._pool_size, context)
            return self._adapters[scheme]

    def _proxies_for(self, url: str) -> dict[str, str]:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        proxies = self._proxies.get(origin)
        if proxies is None:
            loopback = is_loopback(parts.hostname or "")
            proxies = {} if loopback else get_environ_proxies(origin, no_proxy=None)
            self._proxies[origin] = proxies
        return proxies


def _place_of(error: Exception) -> str:
    """Name an exception and where it was raised, but not what it says."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, line {frame.lineno} of {frame.filename}"


def _tls_context() -> ssl.SSLContext:
    for variable in _CA_VARIABLES:
        path = os.environ.get(variable)
        if not path:
            continue
        try:
            if Path(path).is_dir():
                return ssl.create_default_context(capath=path)
            return ssl.create_default_context(cafile=path)
        except (OSError, ssl.SSLError):
            raise BadCertificates(f"no certificates in {path}, named by {variable}") from None
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
