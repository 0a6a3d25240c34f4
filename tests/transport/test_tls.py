"""Certificates: WeChat's host is verified, by certifi's list or by the environment's."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from menuops.transport import Http, Unreachable

from .conftest import OK, RawServer, call


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory, requires: Callable[[str], None]) -> Path:
    """A key and its self-signed certificate for localhost, in one file."""
    requires("openssl")
    made = tmp_path_factory.mktemp("tls")
    pem, key = made / "cert.pem", made / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = ["-addext", "subjectAltName=DNS:localhost", "-out", str(pem), "-keyout", str(key)]
    subprocess.run(command + names, check=True, capture_output=True)
    both = made / "both.pem"
    both.write_bytes(key.read_bytes() + pem.read_bytes())
    return both


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[RawServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    raw = RawServer(context)
    yield raw
    raw.stop()


def test_unknown_certificate_is_refused_before_anything_is_sent(
    http: Http, tls_server: RawServer
) -> None:
    tls_server.answers = [OK]
    with pytest.raises(Unreachable) as caught:
        call(http, tls_server.url)
    error = caught.value
    assert (error.kind, error.sent, error.transient) == ("tls", False, False)
    assert "REQUESTS_CA_BUNDLE" in error.fix
    assert tls_server.requests == []


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_certificates_of_the_environment_are_trusted(
    http: Http,
    tls_server: RawServer,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    monkeypatch.setenv(variable, str(certificate))
    tls_server.answers = [OK, OK]
    assert call(http, tls_server.url).body["errmsg"] == "ok"
    assert call(http, tls_server.url).body["errmsg"] == "ok"
    assert tls_server.connections == 1


def test_hanging_up_under_tls_is_no_trouble_with_certificates(
    http: Http, tls_server: RawServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    tls_server.answers = [None]
    with pytest.raises(Unreachable) as caught:
        call(http, tls_server.url)
    error = caught.value
    assert (error.kind, error.sent, error.transient) == ("reset", True, True)


def test_certificate_of_another_name_is_refused(
    http: Http, tls_server: RawServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with pytest.raises(Unreachable, match="certificate") as caught:
        call(http, tls_server.url.replace("localhost", "127.0.0.1"))
    assert not caught.value.sent


def test_missing_bundle_is_named(
    http: Http, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with pytest.raises(Unreachable, match=r"none\.pem.*REQUESTS_CA_BUNDLE") as caught:
        call(http, "https://127.0.0.1:1")
    assert caught.value.kind == "tls"


def test_plain_http_where_tls_is_expected_is_no_bug_of_ours(http: Http, server: RawServer) -> None:
    with pytest.raises(Unreachable) as caught:
        call(http, server.url.replace("http://", "https://"), connect_timeout_s=0.2)
    assert not caught.value.sent
