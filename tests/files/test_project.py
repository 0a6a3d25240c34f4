from __future__ import annotations

from pathlib import Path

import pytest

from menuops.core.account import (
    EMULATOR,
    WECHAT_HOST,
    Account,
    ClassicToken,
    CommandToken,
    EnvToken,
    FileToken,
    SdkToken,
    SecretCommand,
    SecretEnv,
    SecretFile,
    ServerToken,
    StableToken,
    TokenSource,
)
from menuops.core.errors import InvalidFiles, Usage
from menuops.core.finding import Place
from menuops.core.schedule import always
from menuops.files.project.project import (
    Project,
    find_project,
    load_project,
    lone_account,
    parse_project,
    project_tree,
)

REPOSITORY = Path(__file__).parents[2]
ROOT = Path("/project")


def parse(text: str, api_url: str | None = None) -> Project:
    return parse_project(text.encode(), ROOT, "p", api_url)


def account(keys: str, rest: str = "", api_url: str | None = None) -> Account:
    [only] = parse(
        f"accounts:\n  shop: {{appid: wx1, menu: a.yaml{keys}}}\n{rest}", api_url
    ).accounts
    return only


def test_an_account_has_defaults() -> None:
    assert account("") == Account(
        name="shop",
        appid="wx1",
        api=WECHAT_HOST,
        menus=always(ROOT / "a.yaml"),
        token=StableToken(SecretEnv("MENUOPS_SECRET_SHOP")),
        place=Place(2, 3),
    )


def test_a_project_has_defaults() -> None:
    project = parse("accounts:\n  shop: {appid: wx1, menu: a.yaml}\n")
    assert (project.token_store, project.token_store_env) == ("file", None)
    assert (project.state_dir, project.max_accounts) == (None, 20)
    assert (project.root, project.file, project.findings) == (ROOT, "p", ())


def test_every_key_is_read() -> None:
    project = parse(
        "accounts:\n"
        "  shop:\n"
        "    api: http://127.0.0.1:8080/\n"
        "    appid: wx1\n"
        "    menu: menus/a.yaml\n"
        "    vars: {base: https://a.example, n: '010'}\n"
        "    token: {source: classic, secret_file: keys/shop}\n"
        "    protected: true\n"
        "    timeout_s: {read: 2.5}\n"
        "    retry_s: 0\n"
        "token_store: memory\n"
        "state_dir: state\n"
        "max_accounts: 3\n"
        "x-mine: {any: [thing]}\n"
    )
    assert project.accounts == (
        Account(
            name="shop",
            appid="wx1",
            api="http://127.0.0.1:8080",
            menus=always(ROOT / "menus/a.yaml"),
            token=ClassicToken(SecretFile(ROOT / "keys/shop")),
            variables=(("base", "https://a.example"), ("n", "010")),
            protected=True,
            connect_timeout_s=5.0,
            read_timeout_s=2.5,
            retry_s=0.0,
            place=Place(2, 3),
        ),
    )
    assert (project.token_store, project.state_dir) == ("memory", ROOT / "state")
    assert project.max_accounts == 3


def test_tokens_may_be_kept_in_a_redis() -> None:
    text = "accounts: {shop: {appid: wx1, menu: m}}\ntoken_store: redis\ntoken_store_env: STORE\n"
    project = parse(text)
    assert (project.token_store, project.token_store_env) == ("redis", "STORE")


CLOUDBASE = Path("/.tencentcloudbase/wx/cloudbase_access_token")


@pytest.mark.parametrize(
    ("keys", "token"),
    [
        ("secret_env: S", StableToken(SecretEnv("S"))),
        ("secret_file: ~/s", StableToken(SecretFile(Path("/home/me/s")))),
        ("secret_command: pass show s", StableToken(SecretCommand(("pass", "show", "s")))),
        ("source: classic", ClassicToken(SecretEnv("MENUOPS_SECRET_SHOP"))),
        ("source: command, command: 'a \"b c\" d\\ e'", CommandToken(("a", "b c", "d e"))),
        (
            "source: command, command: [bin/a, '', '$HOME', ./b]",
            CommandToken(("/project/bin/a", "", "$HOME", "./b")),
        ),
        ("source: command, command: /bin/a", CommandToken(("/bin/a",))),
        ("source: url, url: 'https://t.example/a?b=c@d'", ServerToken("https://t.example/a?b=c@d")),
        (
            "source: url, url: 'http://[::1]:80', headers_env: {B: BV, a: AV}, field: data.x",
            ServerToken("http://[::1]:80", (("B", "BV"), ("a", "AV")), ("data", "x")),
        ),
        ("source: file, path: t", FileToken(ROOT / "t")),
        ("source: file, as: cloudbase", FileToken(CLOUDBASE, cloudbase=True)),
        ("source: file, path: t, as: cloudbase", FileToken(ROOT / "t", cloudbase=True)),
        (f"source: file, path: {CLOUDBASE}", FileToken(CLOUDBASE, cloudbase=True)),
        ("source: env, env: T", EnvToken("T")),
        ("source: sdk, sdk: wxjava, store_env: R", SdkToken("wxjava", "R")),
        (
            "source: sdk, sdk: easywechat, store_env: R, store_key: k, secret_env: S",
            SdkToken("easywechat", "R", "k", SecretEnv("S")),
        ),
        (
            "source: sdk, sdk: wechatpy, store_env: R, store_prefix: ''",
            SdkToken("wechatpy", "R", prefix=""),
        ),
    ],
)
def test_every_source_of_a_token_is_read(
    keys: str, token: TokenSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert account(f", token: {{{keys}}}").token == token


@pytest.mark.parametrize(
    ("keys", "tokens"),
    [
        (
            "source: command, command: 'bin/${account} --for ${appid} $${appid}'",
            [
                CommandToken(("/project/bin/a.b", "--for", "wx1", "${appid}")),
                CommandToken(("/project/bin/商店", "--for", "wx2", "${appid}")),
            ],
        ),
        (
            "secret_command: [get, '${account}']",
            [
                StableToken(SecretCommand(("get", "a.b"))),
                StableToken(SecretCommand(("get", "商店"))),
            ],
        ),
        (
            "source: url, url: 'https://t.example/${appid}/${account}', field: '${account}.token'",
            [
                ServerToken("https://t.example/wx1/a.b", field=("a.b", "token")),
                ServerToken("https://t.example/wx2/%E5%95%86%E5%BA%97", field=("商店", "token")),
            ],
        ),
        (
            "source: file, path: '/run/${appid}'",
            [FileToken(Path("/run/wx1")), FileToken(Path("/run/wx2"))],
        ),
        (
            "secret_file: 'keys/${account}'",
            [
                StableToken(SecretFile(ROOT / "keys/a.b")),
                StableToken(SecretFile(ROOT / "keys/商店")),
            ],
        ),
        (
            "source: sdk, sdk: senparc, store_env: R, store_key: 'x:${appid}'",
            [SdkToken("senparc", "R", "x:wx1"), SdkToken("senparc", "R", "x:wx2")],
        ),
        (
            "source: sdk, sdk: wxjava, store_env: R, store_prefix: '${account}'",
            [SdkToken("wxjava", "R", prefix="a.b"), SdkToken("wxjava", "R", prefix="商店")],
        ),
    ],
)
def test_one_recipe_in_the_defaults_serves_every_account(
    keys: str, tokens: list[TokenSource]
) -> None:
    text = "accounts: {a.b: {appid: wx1, menu: m}, 商店: {appid: wx2, menu: m}}\n"
    accounts = parse(f"{text}defaults: {{token: {{{keys}}}}}").accounts
    assert [each.token for each in accounts] == tokens


def test_a_program_beside_the_project_file_is_never_looked_up_in_the_path() -> None:
    text = "accounts: {a: {appid: wx1, menu: m, token: {source: command, command: ./get}}}"
    [only] = parse_project(text.encode(), Path(), "p").accounts
    assert only.token == CommandToken(("./get",))


def test_what_is_wrong_with_the_defaults_is_said_once_for_all_accounts() -> None:
    text = "accounts:\n" + "".join(f"  a{n}: {{appid: wx{n}, menu: m}}\n" for n in range(9))
    for keys in ("source: env, env: A", "secret_env: A", "source: command, command: 'a \"'"):
        with pytest.raises(InvalidFiles) as invalid:
            parse(f"{text}defaults: {{token: {{{keys}}}}}\n")
        assert [f.line for f in invalid.value.findings] == [11]


def test_accounts_stand_in_the_order_of_the_file() -> None:
    text = "accounts:\n" + "".join(f"  {n}: {{appid: {n}1, menu: m}}\n" for n in "cab")
    assert [each.name for each in parse(text).accounts] == ["c", "a", "b"]


def test_one_time_limit_is_for_both() -> None:
    both = account(", timeout_s: 3")
    assert (both.connect_timeout_s, both.read_timeout_s) == (3.0, 3.0)


def test_defaults_lie_under_each_account() -> None:
    rest = "defaults: {vars: {a: 1a, b: 1b}, protected: true, retry_s: 7}\n"
    merged = account(", vars: {b: 2b, c: 2c}, retry_s: 8", rest)
    assert dict(merged.variables) == {"a": "1a", "b": "2b", "c": "2c"}
    assert (merged.protected, merged.retry_s) == (True, 8.0)


@pytest.mark.parametrize(
    ("default", "own", "token"),
    [
        ("{source: classic}", "{secret_env: S}", ClassicToken(SecretEnv("S"))),
        ("{secret_env: S}", "{source: classic}", ClassicToken(SecretEnv("MENUOPS_SECRET_SHOP"))),
        ("{secret_env: S}", "{secret_file: f}", StableToken(SecretFile(ROOT / "f"))),
        (
            "{source: env, env: T}",
            "{source: stable}",
            StableToken(SecretEnv("MENUOPS_SECRET_SHOP")),
        ),
        ("{secret_env: S}", "{source: env, env: T}", EnvToken("T")),
        ("{source: env, env: T}", "{env: U}", EnvToken("U")),
        ("{source: env}", "{env: U}", EnvToken("U")),
        ("{secret_file: f}", "{secret_command: c}", StableToken(SecretCommand(("c",)))),
        ("{secret_command: c}", "{secret_env: S}", StableToken(SecretEnv("S"))),
        (
            "{source: sdk, sdk: wechatpy, store_env: R, store_prefix: p}",
            "{store_key: k}",
            SdkToken("wechatpy", "R", "k"),
        ),
        (
            "{source: url, url: 'https://t.example', headers_env: {A: B}}",
            "{headers_env: {C: D}, field: a}",
            ServerToken("https://t.example", (("C", "D"),), ("a",)),
        ),
        ("{source: file, as: cloudbase}", "{path: /t}", FileToken(Path("/t"), cloudbase=True)),
        ("{source: file, as: cloudbase}", "{source: file, path: /t}", FileToken(Path("/t"))),
    ],
)
def test_a_source_of_its_own_drops_the_default_token(
    default: str, own: str, token: TokenSource
) -> None:
    assert account(f", token: {own}", f"defaults: {{token: {default}}}\n").token == token


@pytest.mark.parametrize(
    ("name", "variable"),
    [("shop", "SHOP"), ("shop-1.cn", "SHOP_1_CN"), ("商店", "__"), ("Straße", "STRA_E")],
)
def test_the_secret_has_a_variable_named_after_the_account(name: str, variable: str) -> None:
    [only] = parse(f"accounts: {{{name}: {{appid: wx1, menu: m}}}}").accounts
    assert only.token == StableToken(SecretEnv(f"MENUOPS_SECRET_{variable}"))


def test_an_api_url_replaces_every_host_but_the_emulator() -> None:
    text = (
        "accounts:\n  a: {appid: wx1, menu: m}\n  b: {appid: wx2, menu: m, api: https://b.example}\n"
        "  c: {appid: wx3, menu: m, api: emulator}\n"
    )
    accounts = parse(text, "http://localhost:8080/base/").accounts
    assert [each.api for each in accounts] == ["http://localhost:8080/base"] * 2 + [EMULATOR]


@pytest.mark.parametrize(
    "url",
    [
        "http://api.weixin.qq.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com/",
        "http://10.0.0.1",
        "http://localhost@example.com",
        "https://user:password@example.com",
        "https://example.com/?access_token=abc",
        "https://example.com/#a",
        "https://",
        "https://a b",
        "ftp://example.com",
        "example.com",
        "emulator",
        "",
        "https://example.com\n",
    ],
)
def test_a_token_goes_nowhere_it_could_be_read(url: str) -> None:
    with pytest.raises(Usage) as refused:
        account("", api_url=url)
    assert "password" not in str(refused.value)
    with pytest.raises(Usage):
        lone_account("wx1", Path("m.yaml"), url)
    if url != "emulator":
        with pytest.raises(InvalidFiles):
            account(f", api: {url!r}" if "\n" not in url else ', api: "https://e.com\\n"')


def test_paths_may_be_absolute_or_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    text = "accounts: {a: {appid: wx1, menu: /m.yaml}}\nstate_dir: ~/state\n"
    project = parse(text)
    assert project.accounts[0].menus[0].menu == Path("/m.yaml")
    assert project.state_dir == Path("/home/me/state")
    nobody = parse(text.replace("~", "~nobody-is-called-so"))
    assert nobody.state_dir == ROOT / "~nobody-is-called-so/state"


def test_the_demo_project_has_one_emulated_account() -> None:
    path = find_project(REPOSITORY)
    assert path == REPOSITORY / "menuops.yaml"
    project = load_project(path, "menuops.yaml")
    [demo] = project.accounts
    assert (demo.name, demo.api, demo.appid) == ("demo", EMULATOR, "wxdemo000000000001")
    assert demo.menus[0].menu == REPOSITORY / "menus/demo.yaml"
    assert project.findings == ()


def test_folders_above_are_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "menuops.yaml").touch()
    below = tmp_path / "below"
    below.mkdir()
    assert find_project(below) is None
    assert find_project(tmp_path) == tmp_path / "menuops.yaml"


def test_a_project_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(InvalidFiles) as invalid:
            load_project(path, "p")
        assert [f.rule for f in invalid.value.findings] == ["unreadable"]


def test_a_lone_account_needs_no_file() -> None:
    project = lone_account("wx1", Path("m.yaml"), None)
    [only] = project.accounts
    assert only == Account(
        "wx1",
        "wx1",
        StableToken(SecretEnv("MENUOPS_SECRET")),
        WECHAT_HOST,
        menus=always(Path("m.yaml")),
    )
    assert (
        lone_account("wx1", Path("m"), "https://a.example/").accounts[0].api == "https://a.example"
    )
    with pytest.raises(Usage):
        lone_account("wx 1", Path("m.yaml"), None)


def test_one_bad_account_among_many_is_found() -> None:
    text = "accounts:\n" + "".join(f"  a{n}: {{appid: wx{n}, menu: m}}\n" for n in range(100))
    with pytest.raises(InvalidFiles) as invalid:
        parse(text + "  b: {appid: wx, men: m}\n")
    [finding] = invalid.value.findings
    assert (finding.line, finding.rule) == (102, "unknown-key")


def test_a_bad_default_is_found_once_whatever_the_accounts() -> None:
    text = "accounts:\n" + "".join(f"  a{n}: {{appid: wx{n}, menu: m}}\n" for n in range(3))
    with pytest.raises(InvalidFiles) as invalid:
        parse(text + "defaults: {protected: maybe}\nmax_account: 3\n")
    assert [f.rule for f in invalid.value.findings] == ["wrong-type", "unknown-key"]


def test_a_project_file_that_has_gone_has_no_places(tmp_path: Path) -> None:
    path = tmp_path / "menuops.yaml"
    path.write_text("accounts: {a: {appid: wx1, menu: a.yaml}}\n")
    project = load_project(path, "menuops.yaml")
    assert project_tree(project) is not None
    path.unlink()
    assert project_tree(project) is None
    assert project_tree(lone_account("wx1", Path("m.yaml"), None)) is None
