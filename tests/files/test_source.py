from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from menuops.core.finding import Place
from menuops.files.reader.node import List, Map, Node, Text, key_place_at, place_at
from menuops.files.reader.source import MIN_NODES, read_source
from menuops.files.reader.tree import DEPTH

BOTH = pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])


def read(raw: bytes | str, *, pure: bool = False) -> Node:
    source = read_source(raw if isinstance(raw, bytes) else raw.encode(), "f", 1 << 20, pure=pure)
    assert source.findings == ()
    assert source.root is not None
    return source.root


def rules(raw: bytes | str, *, most: int = 1 << 20, pure: bool = False) -> list[str]:
    raw = raw if isinstance(raw, bytes) else raw.encode()
    return [str(each) for each in read_source(raw, "f", most, pure=pure).findings]


def plain(node: Node) -> Any:
    match node:
        case Text():
            return None if node.is_null else node.text
        case List():
            return [plain(item) for item in node.items]
        case Map():
            return {key: plain(value) for key, value in node.entries.items()}


@BOTH
def test_scalars_are_the_text_that_was_written(pure: bool) -> None:
    text = "a: yes\nb: 010\nc: 12:30\nd: 1e3\ne: 2026-11-11\nf: 0x1F\ng: .5\nh: =\n010: on\n"
    assert plain(read(text, pure=pure)) == {
        "a": "yes",
        "b": "010",
        "c": "12:30",
        "d": "1e3",
        "e": "2026-11-11",
        "f": "0x1F",
        "g": ".5",
        "h": "=",
        "010": "on",
    }


@BOTH
def test_null_tilde_and_nothing_are_null_unless_quoted(pure: bool) -> None:
    text = "a: null\nb: ~\nc:\nd: 'null'\ne: \"~\"\nf: ''\ng: |-\n  null\n"
    assert plain(read(text, pure=pure)) == {
        "a": None,
        "b": None,
        "c": None,
        "d": "null",
        "e": "~",
        "f": "",
        "g": "null",
    }


@BOTH
@pytest.mark.parametrize(
    "value",
    [
        "赞👍🏻",
        "a/b",
        'quo"te',
        "back\\slash",
        "é",
        "\u2028",
        "\x7f",
        "tab\there",
        "\\ud83d\\ude00",
    ],
)
def test_json_gives_the_right_text_escaped_or_not(value: str, pure: bool) -> None:
    for ascii_only in (True, False):
        text = json.dumps({"key": [value]}, ensure_ascii=ascii_only)
        if not ascii_only and "\x7f" in text:
            continue  # raw, YAML has no DEL
        assert plain(read(text, pure=pure)) == {"key": [value]}
        escaped = text.replace("/", "\\/")
        assert plain(read(escaped, pure=pure)) == {"key": [value]}


@BOTH
def test_a_surrogate_pair_moves_nothing_behind_it(pure: bool) -> None:
    text = r'{"a": "\ud83d\ude00\uD83D\uDE00", "b": "x", "b": "y"}'
    second = text.rindex('"b"') + 1
    assert rules(text, pure=pure) == [
        f"f:1:{second}: `b` stands here a second time; the first is in line 1 [duplicate-key]"
    ]


@BOTH
def test_half_a_character_is_refused(pure: bool) -> None:
    for text in (r'{"a": "\ud83d"}', r'{"a": "\ude00\ud83d"}', r'a: "\ud83d"'):
        [finding] = rules(text, pure=pure)
        assert "half of a character" in finding or "half a character" in finding


@BOTH
def test_places_count_characters_from_one(pure: bool) -> None:
    root = read("新品: 'x'\n😀: {赞赞: [一, 二]}\n", pure=pure)
    assert place_at(root, ("新品",)) == Place(1, 5)
    assert key_place_at(root, ("😀",)) == Place(2, 1)
    assert key_place_at(root, ("😀", "赞赞")) == Place(2, 5)
    assert place_at(root, ("😀", "赞赞", 1)) == Place(2, 13)
    assert place_at(root, ("😀", "赞赞", 7, "deeper")) == Place(2, 9), "the nearest above"


@BOTH
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(
    newline: str, mark: str, pure: bool
) -> None:
    root = read(mark + newline.join(["a: 1", "b:", "  - c", ""]), pure=pure)
    assert plain(root) == {"a": "1", "b": ["c"]}
    assert place_at(root, ("a",)) == Place(1, 4)
    assert place_at(root, ("b", 0)) == Place(3, 5)


@pytest.mark.parametrize(
    ("raw", "name", "place"),
    [
        ("名: 一".encode("utf-16"), "UTF-16", "1:1"),
        ("名: 一".encode("utf-32"), "UTF-32", "1:1"),
        (b"\xfe\xff" + "a: b".encode("utf-16-be"), "UTF-16", "1:1"),
        ("a: b".encode("utf-16-le"), "UTF-16", "1:1"),
        ("a: b".encode("utf-16-be"), "UTF-16", "1:1"),
        ("a: 1\nb: 中文\n".encode("gbk"), "GBK", "2:4"),
        (b"a: caf\xe9\n", "0xE9", "1:7"),
    ],
)
def test_another_encoding_is_named_in_one_finding(raw: bytes, name: str, place: str) -> None:
    [finding] = rules(raw)
    assert finding.startswith(f"f:{place}: ")
    assert name in finding
    assert finding.endswith("UTF-8 [encoding]")


@BOTH
def test_merge_keys_take_over_what_is_not_there(pure: bool) -> None:
    text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  c: 3\n  <<: [*x, *y]\n"
    root = read(text, pure=pure)
    assert plain(root)["z"] == {"c": "3", "a": "1", "b": "1"}
    assert key_place_at(root, ("z", "b")) == Place(1, 14), "where it is written"


def test_a_quoted_merge_key_is_a_key() -> None:
    assert plain(read("'<<': a")) == {"<<": "a"}


@BOTH
def test_aliases_stand_for_their_anchor(pure: bool) -> None:
    assert plain(read("&k a: &v [1]\nb: *v\nc: *k\n", pure=pure)) == {
        "a": ["1"],
        "b": ["1"],
        "c": "a",
    }


@BOTH
def test_aliases_stop_at_their_limit(pure: bool) -> None:
    wide = ", ".join(["x"] * 1000)
    few = f"a: &a [{wide}]\nb: [{', '.join(['*a'] * (MIN_NODES // 1001 - 2))}]\n"
    many = f"a: &a [{wide}]\nb: [{', '.join(['*a'] * (MIN_NODES // 1001 + 1))}]\n"
    read(few, pure=pure)
    [finding] = rules(many, pure=pure)
    assert finding.endswith("[too-many-aliases]")


@BOTH
def test_depth_stops_at_its_limit(pure: bool) -> None:
    read("[" * DEPTH + "]" * DEPTH, pure=pure)
    assert rules("[" * (DEPTH + 1), pure=pure) == [
        f"f:1:{DEPTH + 1}: more than {DEPTH} mappings and lists in one another [too-nested]"
    ]
    assert rules("- " * 30_000, pure=pure)[0].endswith("[too-nested]")
    assert rules("[" * 30_000, pure=pure)[0].endswith("[too-nested]")


def test_size_stops_at_its_limit() -> None:
    assert rules("a: bc\n", most=6) == []
    assert rules("a: bc\n", most=5) == ["f:1:1: the file has more than 5 bytes [too-large]"]


@pytest.mark.parametrize(
    "text",
    [
        "name：新品\n",
        "a:\n\tb: c\n",
        "{name: x, url: ${base}/new}\n",
        "a: @b\n",
        "a: b: c\n",
        "a: *新\n",
        "a: [x, ${y}]\n",
        '{"a": 1',
        "a: 1\n---\nb: 2\n",
        "? [a]\n: b\n",
    ],
)
def test_both_parsers_name_a_slip_alike(text: str) -> None:
    if text.startswith("name"):
        text += "type: view\n"
    with_libyaml, without = rules(text), rules(text, pure=True)
    assert len(with_libyaml) == len(without) == 1
    assert with_libyaml[0].partition(": ")[2] == without[0].partition(": ")[2]


def test_only_one_module_imports_pyyaml_and_only_to_read() -> None:
    """`--version` and `--help` import the project's modules, and pay for no reader."""
    code = (
        "import sys, menuops.files.project.project, menuops.files.menu.menu_file\n"
        "import menuops.files.git\n"
        "print(*sorted({'yaml', 'jsonschema', 'jsonschema_rs', 'difflib'} & set(sys.modules)))\n"
        "from menuops.files.menu.menu_file import parse_menu\n"
        "m = parse_menu(b'button: [{name: a, type: click, key: k}]', 'f').for_account({}, '', '')\n"
        "assert m.menu\n"
        "print(*sorted({'jsonschema', 'difflib'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n\n"


@BOTH
@pytest.mark.parametrize("odd", ["\x85", "\u2028", "\u2029"])
def test_only_what_editors_show_as_a_line_end_is_one(odd: str, pure: bool) -> None:
    """YAML 1.1 ends a line at these; JSON, YAML 1.2 and editors don't."""
    root = read(f"# a{odd}b\na: x{odd}y\nb: ['{odd} z']\n", pure=pure)
    assert plain(root) == {"a": f"x{odd}y", "b": [f"{odd} z"]}
    assert key_place_at(root, ("b",)) == Place(3, 1)


@BOTH
def test_a_text_with_every_stand_in_is_read_all_the_same(pure: bool) -> None:
    used = "".join(map(chr, (*range(0xE000, 0xE040), *range(0xF0000, 0xF0040))))
    assert plain(read(f"# \u2028\na: '{used}'\n", pure=pure)) == {"a": used}
    escaped = rf'{{"a": "\ue000", "b": "{chr(0x2028)}"}}'
    assert plain(read(escaped, pure=pure)) == {"a": "\ue000", "b": "\u2028"}
