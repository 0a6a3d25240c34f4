"""A Redis that can't be used is one clear error, which has neither the password nor a cause."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.outcome import Outcome
from menuops.core.secret import Secret
from menuops.locks import RedisServer, RedisUnusable
from menuops.locks.redis_server import NOTHING, Kept, Value
from tests.redis_server import LocalRedis, make_certificate, running_redis

NAMED_BY = "the environment variable SHOP_REDIS"
KEY = "menuops:{wx1}:token"
PASSWORD = "correct-horse/battery@staple"


CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@pytest.fixture(autouse=True)
def _no_certificates_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in CA_VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def opened(url: str, timeout_s: float = 5.0) -> RedisServer:
    return RedisServer(Secret(url), named_by=NAMED_BY, timeout_s=timeout_s)


@pytest.fixture
def server(redis_server: LocalRedis) -> Iterator[RedisServer]:
    with opened(redis_server.url) as made:
        yield made


def failing(act: Callable[[], object]) -> RedisUnusable:
    """Do what must fail, and check what holds for every failure."""
    with pytest.raises(RedisUnusable) as caught:
        act()
    error = caught.value
    assert error.outcome is Outcome.CANNOT_START
    assert error.fix
    assert "{" not in error.fix
    assert (error.__cause__, error.__context__) == (None, None)
    return error


def write(server: RedisServer) -> object:
    return server.replace(NOTHING, Kept(KEY, b"new", 60_000))


def test_key_is_set_only_over_what_is_expected(
    server: RedisServer, redis_server: LocalRedis
) -> None:
    assert server.get(KEY) == NOTHING
    assert server.replace(NOTHING, Kept(KEY, b"one", 60_000)) is None
    assert server.get(KEY) == Value("string", b"one")
    assert 50_000 < (server.pttl(KEY) or 0) <= 60_000
    assert server.replace(NOTHING, Kept(KEY, b"two", 60_000)) == Value("string", b"one")
    assert server.replace(Value("string", b"0"), Kept(KEY, b"2", 9)) == Value("string", b"one")
    assert server.replace(Value("string", b"one"), Kept(KEY, b"two", 60_000)) is None
    assert redis_server.call("GET", KEY) == b"two"
    redis_server.call("DEL", KEY)
    assert server.replace(Value("string", b"two"), Kept(KEY, b"three", 60_000)) == NOTHING


def test_setting_once_more_what_was_set_is_done(server: RedisServer) -> None:
    assert write(server) is None
    assert write(server) is None


def test_empty_text_is_something_else_than_nothing(
    server: RedisServer, redis_server: LocalRedis
) -> None:
    redis_server.call("SET", KEY, "")
    assert server.get(KEY) == Value("string", b"")
    assert write(server) == Value("string", b"")


def test_key_of_another_type_is_told_and_can_be_replaced(
    server: RedisServer, redis_server: LocalRedis
) -> None:
    redis_server.call("RPUSH", KEY, "a")
    assert server.get(KEY) == Value("other")
    assert server.hget(KEY, "field") == Value("other")
    assert write(server) == Value("list")
    assert server.renew([Kept(KEY, b"", 1000)]) == [False]
    assert not server.delete_if(KEY, b"")
    assert server.replace(Value("list"), Kept(KEY, b"new", 60_000)) is None
    assert server.get(KEY) == Value("string", b"new")


def test_field_of_a_hash(server: RedisServer, redis_server: LocalRedis) -> None:
    redis_server.call("HSET", "bag", "wx1", b"\xff\x00")
    assert server.hget("bag", "wx1") == Value("string", b"\xff\x00")
    assert server.hget("bag", "wx2") == NOTHING
    assert server.hget("none", "wx1") == NOTHING
    assert server.get("bag") == Value("other")


def test_secret_key_is_sent_as_it_is_and_shown_as_stars(
    server: RedisServer, redis_server: LocalRedis, own_redis: LocalRedis
) -> None:
    redis_server.call("SET", "token.hunter2", "x", "PX", 60_000)
    key = Secret("token.hunter2")
    assert server.get(key) == Value("string", b"x")
    assert server.pttl(key)
    own_redis.call("ACL", "SETUSER", "default", "-get")
    with opened(own_redis.url) as barred:
        message = failing(lambda: barred.get(key)).message
    assert "GET ***" in message
    assert "hunter2" not in message


def test_life_is_none_where_it_has_no_end(server: RedisServer, redis_server: LocalRedis) -> None:
    redis_server.call("SET", KEY, "x")
    assert server.pttl(KEY) is None
    assert server.pttl("absent") is None


def test_renewing_tells_for_each_whether_it_is_still_there(
    server: RedisServer, redis_server: LocalRedis
) -> None:
    """More of them than go in one exchange."""
    kept = [Kept(f"menuops:{n}", str(n).encode(), 60_000) for n in range(1200)]
    for one in kept[::2]:
        redis_server.call("SET", one.key, one.raw, "PX", 5000)
    assert server.renew(kept) == [n % 2 == 0 for n in range(1200)]
    assert (server.pttl("menuops:2") or 0) > 5000
    assert server.renew([]) == []


def test_deleting_takes_only_the_text_that_is_meant(server: RedisServer) -> None:
    write(server)
    assert not server.delete_if(KEY, b"other")
    assert server.delete_if(KEY, b"new")
    assert not server.delete_if(KEY, b"new")
    server.delete(KEY)
    assert server.get(KEY) == NOTHING


@pytest.mark.parametrize(
    "url",
    [
        "",
        "Q",
        "http://:Q@h:6379/0",
        "redis://Q:Q/0",
        "redis://Q:99999/0",
        "redis://Q/db",
        "redis://Q/0?db=x",
        "redis://Q/0?db=0",
        "redis://Q/?Q=0",
        "redis://Q/0?ssl_cert_reqs=none",
        "rediss://Q/0?ssl_check_hostname=False",
        "redis://Q/0#part",
        "redis://[::1/Q",
        "redis://Q Q/0",
        "unix://Q/redis.sock",
        "unix://",
        "redis://:Q\udc80@h/0",
    ],
)
def test_url_that_is_none_is_told_without_it(url: str) -> None:
    error = failing(lambda: opened(url))
    assert NAMED_BY in error.message
    assert "Q" not in str(error)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://", "localhost:6379/0"),
        ("redis://:pw@10.0.0.5", "10.0.0.5:6379/0"),
        ("rediss://user:pw@cache.example:6380/3\n", "cache.example:6380/3"),
        ("redis://[::1]:7000/?db=2", "[::1]:7000/2"),
        ("unix:///run/redis.sock?db=4", "/run/redis.sock/4"),
        ("unix://user:pw@/run/redis.sock", "/run/redis.sock/0"),
    ],
)
def test_address_tells_where_it_is_and_no_login(url: str, address: str) -> None:
    assert opened(url).address == address


@given(st.text(alphabet="ab1@/?#:%[]&=db \\", min_size=1, max_size=12))
def test_password_that_was_not_spelt_right_shows_up_nowhere(middle: str) -> None:
    """Unspelt, its end can look like another part of the URL."""
    password = f"Q{middle}Q"
    for url in (f"redis://me:{password}@h:6379/0", f"unix://:{password}@/h:6379"):
        try:
            shown = opened(url).address
        except RedisUnusable as error:
            shown = str(error)
        assert "Q" not in shown


def test_password_is_read_as_it_was_spelt(tmp_path: Path, requires: Callable[[str], None]) -> None:
    requires("redis-server")
    with running_redis(tmp_path, password=PASSWORD) as redis, opened(redis.url) as server:
        server.ping()


@pytest.mark.parametrize(
    ("login", "asks"),
    [(":hunter2@", True), ("bob:hunter2@", True), ("", True), (":hunter2@", False)],
    ids=["wrong password", "wrong user", "none", "none is asked for"],
)
def test_wrong_login_is_told_without_it(own_redis: LocalRedis, login: str, asks: bool) -> None:
    if asks:
        own_redis.call("CONFIG", "SET", "requirepass", PASSWORD)
    with opened(f"redis://{login}{own_redis.address}/0") as server:
        error = failing(server.ping)
    own_redis.password = PASSWORD if asks else ""
    assert own_redis.address in error.message
    assert "login" in error.message
    assert NAMED_BY in error.fix
    assert "hunter2" not in str(error)
    assert "bob" not in str(error)


RIGHTS = ["+eval", "+get", "+set", "+del", "+type", "+pttl", "+pexpire"]


def test_rights_that_the_fix_names_are_enough(own_redis: LocalRedis) -> None:
    own_redis.call("ACL", "SETUSER", "menu", "on", ">pw", "resetkeys", "~menuops:*", *RIGHTS)
    with opened(f"redis://menu:pw@{own_redis.address}/0") as server:
        assert write(server) is None
        assert server.renew([Kept(KEY, b"new", 9000)]) == [True]
        assert server.get(KEY) == Value("string", b"new")
        assert server.pttl(KEY)
        assert server.delete_if(KEY, b"new")
        server.delete(KEY)


@pytest.mark.parametrize("right", RIGHTS[:3] + RIGHTS[4:5])
def test_right_that_is_missing_is_told_with_those_that_are_needed(
    own_redis: LocalRedis, right: str
) -> None:
    rights = [one for one in RIGHTS if one != right]
    own_redis.call("SET", KEY, "x")
    own_redis.call("ACL", "SETUSER", "menu", "on", ">pw", "resetkeys", "~menuops:*", *rights)
    with opened(f"redis://menu:pw@{own_redis.address}/0") as server:
        error = failing(lambda: server.replace(Value("string", b"x"), Kept(KEY, b"new", 60_000)))
    assert f"the user may not do EVAL {KEY}" in error.message
    assert set(RIGHTS) <= {f"+{word.lower()}" for word in error.fix.replace(",", "").split()}


def test_keys_of_others_may_be_barred(own_redis: LocalRedis) -> None:
    own_redis.call("ACL", "SETUSER", "menu", "on", ">pw", "resetkeys", "~bot:*", "+@all")
    with opened(f"redis://menu:pw@{own_redis.address}/0") as server:
        assert "may not" in failing(lambda: server.get(KEY)).message
        assert "may not" in failing(lambda: write(server)).message


def test_replica_is_not_written(own_redis: LocalRedis) -> None:
    own_redis.call("REPLICAOF", "127.0.0.1", "1")
    with opened(own_redis.url) as server:
        error = failing(lambda: write(server))
        assert "replica" in error.message
        assert NAMED_BY in error.fix
        assert server.get(KEY) == NOTHING
        own_redis.call("CONFIG", "SET", "replica-serve-stale-data", "no")
        assert "primary" in failing(lambda: server.get(KEY)).message


def test_full_memory_is_told_and_loses_no_lease(own_redis: LocalRedis) -> None:
    with opened(own_redis.url) as server:
        write(server)
        own_redis.call("CONFIG", "SET", "maxmemory", "1")
        error = failing(lambda: server.replace(NOTHING, Kept("menuops:2", b"x", 60_000)))
        assert "memory is full" in error.message
        assert "maxmemory" in error.fix
        assert server.renew([Kept(KEY, b"new", 60_000)]) == [True]
        assert server.delete_if(KEY, b"new")


def test_full_disk_is_told(own_redis: LocalRedis) -> None:
    (own_redis.directory / "dump.rdb").mkdir()  # what it saves can't be put there
    own_redis.call("CONFIG", "SET", "save", "3600 1")
    own_redis.call("BGSAVE")
    until_s = time.monotonic() + 10
    while own_redis.call("INFO", "persistence")["rdb_last_bgsave_status"] == "ok":
        assert time.monotonic() < until_s
    with opened(own_redis.url) as server:
        error = failing(lambda: write(server))
    assert "disk" in error.message


def test_missing_replicas_are_told(own_redis: LocalRedis) -> None:
    own_redis.call("CONFIG", "SET", "min-replicas-to-write", "1")
    with opened(own_redis.url) as server:
        assert "replicas are away" in failing(lambda: write(server)).message


def test_database_that_is_not_there_is_told(redis_server: LocalRedis) -> None:
    with opened(f"redis://{redis_server.address}/99") as server:
        assert "database" in failing(server.ping).message


def test_too_many_clients_are_told(own_redis: LocalRedis) -> None:
    with own_redis.client() as owner:
        owner.execute_command("CONFIG", "SET", "maxclients", "1")
        with opened(own_redis.url) as server:
            assert "maxclients" in failing(server.ping).fix
        owner.execute_command("CONFIG", "SET", "maxclients", "100")


def test_script_that_is_switched_off_is_told() -> None:
    said = b"-ERR unknown command 'EVAL', with args beginning with: 'the-token' \r\n"
    with answering(said) as address, opened(f"redis://{address}/0") as server:
        error = failing(lambda: write(server))
    assert "can't do EVAL" in error.message
    assert "the-token" not in str(error)


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """Something that gives the same answer to all that it is sent; its host and port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    while sent := connection.recv(65536):
                        commands = sum(line.startswith(b"*") for line in sent.split(b"\r\n"))
                        connection.sendall(answer * max(commands, 1))
                        if not answer:
                            break

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"-LOADING Redis is loading the dataset in memory\r\n", "loading"),
        (b"-MOVED 3999 10.0.0.7:6381\r\n", "node of a cluster"),
        (b"-CLUSTERDOWN Hash slot not served\r\n", "node of a cluster"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no Redis"),
        (b"-ERR something new the-token\r\n", "refuses GET"),
        (b"", "no connection"),
    ],
)
def test_odd_answers_are_told(answer: bytes, told: str) -> None:
    with answering(answer) as address, opened(f"redis://{address}/0") as server:
        error = failing(lambda: server.get(KEY))
    assert told in error.message
    assert "the-token" not in str(error)


def test_answer_without_tls_is_told() -> None:
    said = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    with answering(said) as address, opened(f"rediss://{address}/0") as server:
        error = failing(server.ping)
    assert "TLS failed" in error.message
    assert "redis://" in error.fix


def test_hanging_up_under_tls_is_no_trouble_with_certificates() -> None:
    with answering(b"") as address, opened(f"rediss://{address}/0") as server:
        assert "no connection" in failing(server.ping).message


def test_nobody_there_is_told(own_redis: LocalRedis) -> None:
    own_redis.stop()
    with opened(own_redis.url) as server:
        error = failing(server.ping)
    assert f"{own_redis.address}/0" in error.message
    assert "refused" in error.message
    assert NAMED_BY in error.fix


@pytest.mark.parametrize("host", ["none.invalid", "a" * 70 + ".invalid"])
def test_host_without_a_name_is_told(host: str) -> None:
    with opened(f"redis://{host}/0") as server:
        assert "name can't be resolved" in failing(server.ping).message


def test_redis_that_hangs_is_told_in_time(own_redis: LocalRedis) -> None:
    with opened(own_redis.url, timeout_s=0.2) as server:
        server.ping()
        own_redis.freeze()
        began_s = time.monotonic()
        assert "no answer in time" in failing(server.ping).message
        assert time.monotonic() - began_s < 2
        own_redis.thaw()
        server.ping()


def test_restart_is_not_noticed(own_redis: LocalRedis) -> None:
    with opened(own_redis.url) as server:
        in_threads(server.ping, 4)
        own_redis.stop()
        own_redis.start()
        in_threads(server.ping, 4)


def in_threads(act: Callable[[], None], count: int) -> None:
    problems: list[Exception] = []
    start = threading.Barrier(count)

    def work() -> None:
        start.wait()
        try:
            for _ in range(20):
                act()
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_many_threads_share_few_connections(own_redis: LocalRedis) -> None:
    def received() -> int:
        return int(own_redis.call("INFO", "stats")["total_connections_received"])

    before = received()
    with opened(own_redis.url) as server:
        in_threads(server.ping, 40)
    assert received() - before <= 8 + 1  # and the one that asks


def test_closed_server_opens_again(redis_server: LocalRedis) -> None:
    server = opened(redis_server.url)
    server.ping()
    server.close()
    server.close()
    server.ping()
    server.close()


def test_forked_process_has_connections_of_its_own(redis_server: LocalRedis) -> None:
    program = """
import os, sys
from menuops.core.secret import Secret
from menuops.locks import RedisServer
server = RedisServer(Secret(sys.argv[1]), named_by="it")
server.ping()
child = os.fork()
if child == 0:
    for _ in range(200):
        assert server.pttl("none") is None
    os._exit(0)
for _ in range(200):
    assert server.get("menuops:there").raw == b"x"
assert os.waitpid(child, 0)[1] == 0
"""
    redis_server.call("SET", "menuops:there", "x")
    subprocess.run([sys.executable, "-c", program, redis_server.url], check=True, timeout=60)


def test_socket_is_as_good_as_a_port(redis_server: LocalRedis) -> None:
    with opened(redis_server.socket_url) as server:
        server.ping()
        assert server.address.endswith("/redis.sock/0")
    with opened("unix:///nowhere/redis.sock") as server:
        assert "No such file" in failing(server.ping).message


def test_missing_package_is_told_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(RedisUnusable) as caught:
        opened("redis://h/0").ping()
    assert caught.value.fix == "pip install 'menuops[redis]'"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory, requires: Callable[[str], None]) -> Path:
    requires("openssl")
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls_redis(
    tmp_path: Path, certificate: Path, requires: Callable[[str], None]
) -> Iterator[LocalRedis]:
    requires("redis-server")
    with running_redis(tmp_path, password=PASSWORD, certificate=certificate) as redis:
        yield redis


@pytest.mark.parametrize("variable", CA_VARIABLES)
def test_certificates_of_the_environment_are_trusted(
    tls_redis: LocalRedis, certificate: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(certificate))
    with opened(tls_redis.url) as server:
        assert write(server) is None


def test_directory_of_certificates_is_trusted(
    tls_redis: LocalRedis, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "certificates"
    directory.mkdir()
    (directory / "mine.pem").write_bytes((certificate.parent / "cert.pem").read_bytes())
    subprocess.run(["openssl", "rehash", str(directory)], check=True)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(directory))
    with opened(tls_redis.url) as server:
        server.ping()


def test_certificate_that_nobody_vouches_for_is_refused(tls_redis: LocalRedis) -> None:
    with opened(tls_redis.url) as server:
        error = failing(server.ping)
    assert "certificate isn't trusted" in error.message
    assert "SSL_CERT_FILE" in error.fix
    assert PASSWORD not in str(error)


def test_certificate_of_another_host_is_refused(
    tls_redis: LocalRedis, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with opened(tls_redis.url.replace("localhost", "127.0.0.1")) as server:
        assert "certificate isn't trusted" in failing(server.ping).message


def test_bundle_that_holds_no_certificates_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "none.pem"))
    with opened("rediss://h/0") as server, pytest.raises(RedisUnusable) as caught:
        server.ping()
    assert "none.pem, named by CURL_CA_BUNDLE" in caught.value.message


def test_port_that_speaks_no_tls_is_told(redis_server: LocalRedis) -> None:
    with opened(redis_server.url.replace("redis:", "rediss:"), timeout_s=0.2) as server:
        assert "rediss://" in failing(server.ping).fix


def test_port_that_speaks_only_tls_is_told(tls_redis: LocalRedis) -> None:
    with opened(tls_redis.url.replace("rediss:", "redis:"), timeout_s=1.0) as server:
        assert "rediss://" in failing(server.ping).fix


def test_redis_is_imported_only_by_who_uses_it() -> None:
    program = "import sys; import menuops.locks; sys.exit('redis' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, env=dict(os.environ))
