"""The plan in Markdown and HTML: goldens, nothing is dropped, nothing breaks out."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menuops.core.audience import Unreachable
from menuops.core.basis import Basis, Past, QuotaLeft
from menuops.core.guards import Guard
from menuops.core.model import Click, Foreign, Menus, Parent, View
from menuops.core.plan import AccountPlan, AccountRef, ErrorNote, Plan, UnreadableAccount
from menuops.core.plan_document import plan_to_json
from menuops.render.markdown import BUDGET_BYTES
from menuops.render.plan.next_commands import NextCommands
from menuops.render.plan.values import mark
from menuops.render.plan.view import plan_view
from menuops.render.plan_comment import PlanDigests, plan_comment, read_plan_comment
from menuops.render.plan_html import plan_html
from menuops.render.plan_markdown import plan_markdown
from menuops.render.plan_text import plan_text

from ..core.strategies import account_plans, menu_for  # noqa: TID252  # tests are no package on the path
from .plans import DEMO, HELP, MENU, NEW, STAFF, change, plan
from .reading import FIGURE, Page, assert_told, markdown_page
from .staged_plans import HOSTILE, equal_account
from .test_plan_text import ALL, CASES, assert_safe

MARKDOWN_TAGS = {
    "h2", "h3", "p", "ul", "ol", "li", "code", "b", "strong", "br", "wbr", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td", "details", "summary",
}  # fmt: skip
HTML_TAGS = MARKDOWN_TAGS - {"b"} | {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "section", "div", "span",
    "mark", "script", "figure", "figcaption", "svg", "path", "circle", "button", "i",
}  # fmt: skip
REFERENCES = re.compile(r"@\w|#\w|https?://|www\.|:\w+:|\bGH-\d|(?<!\w)[!$~%&]\d")


def golden_html(page: str) -> str:
    """Leave out style and script, which say nothing of a plan, and how a phone is drawn."""
    page = re.sub(r"<(style|script)>.*?</\1>", r"<\1></\1>", page, flags=re.DOTALL)
    page = re.sub(r"sha256-[^']+", "sha256", page)

    def phone(found: re.Match[str]) -> str:
        caption = re.search(r"<figcaption.*?</figcaption>", found[0])
        pills = re.findall(r"phone-mark [^>]*>([^<]*)<", found[0])
        assert caption is not None
        return f"\n<figure>{caption[0]}{pills}</figure>\n"

    return re.sub(r">(?=<(tr|li|p|h3|h2|div)\b)", ">\n", FIGURE.sub(phone, page))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("file", ["plan.md", "plan.html"])
def test_plan_view(name: str, file: str, *, update_goldens: bool) -> None:
    following = NextCommands()
    if file == "plan.md":
        shown = plan_markdown(ALL[name], next_commands=following)
    else:
        shown = golden_html(plan_html(ALL[name], next_commands=following))
    path = CASES / name / file
    if update_goldens:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


def assert_all_told(plan: Plan) -> None:
    document = plan_to_json(plan)
    for width in (100, 60, 40):
        assert_told(plan_text(plan, width=width), document)
    assert_told(markdown_page(plan_markdown(plan)).text, document)
    assert_told(Page(FIGURE.sub("", plan_html(plan))).text, document)


@pytest.mark.parametrize("name", ALL)
def test_every_change_and_every_step_is_in_every_view(name: str) -> None:
    assert_all_told(ALL[name])


@given(account_plans())
def test_every_change_and_every_step_of_any_plan_is_in_every_view(account: AccountPlan) -> None:
    assert_all_told(plan(account))


@st.composite
def any_account_plans(draw: st.DrawFn) -> AccountPlan:
    """Plans with all values that others may fill, and two changes where a rename changes more."""
    account = draw(account_plans())
    changes = []
    for each in account.changes:
        made = replace(
            each,
            same_by=draw(st.sampled_from([None, "id", "action", "name", "likeness", "rule"])),
            origin=draw(st.sampled_from([None, "yours", "reverts", "both"])),
        )
        names = [field for field in each.fields if field.field == "name"]
        others = tuple(field for field in each.fields if field.field != "name")
        if each.kind == "change" and names and others:
            changes += [replace(made, kind="rename", fields=tuple(names))]
            made = replace(made, fields=others, origin=None)
        changes.append(made)
    past = Past(draw(st.sampled_from(["commit", "applied"])), "3f2a9c1", account.live.menus)
    basis = replace(
        account.basis,
        mode=draw(st.sampled_from(["manage", "watch"])),
        kept=draw(st.sampled_from([(), account.labels.after[:1]])),
        followers=draw(st.sampled_from([(), (("100", 7),)])),
        quotas=draw(st.sampled_from([(), (QuotaLeft("menu/create", 1000, 3),)])),
        applied=draw(st.sampled_from([None, past])),
    )
    audience = tuple(
        replace(each, up_to=draw(st.sampled_from([None, 0, 1, 2310]))) for each in account.audience
    )
    blocked = tuple(Unreachable(label, account.labels.after[:1]) for label in account.labels.after)
    return replace(
        account,
        changes=tuple(changes),
        steps=() if basis.mode == "watch" else account.steps,
        basis=basis,
        audience=audience,
        unreachable=draw(st.sampled_from([(), blocked])),
    )


@given(any_account_plans())
def test_whatever_is_known_of_changes_they_are_in_every_view(account: AccountPlan) -> None:
    assert_all_told(plan(account))


def assert_nothing_breaks_out(plan: Plan) -> None:
    markdown = plan_markdown(plan)
    assert_safe(markdown)
    page = markdown_page(markdown)
    assert set(page.tags) <= MARKDOWN_TAGS
    assert {(tag, name) for tag, name, _ in page.attributes} <= {("th", "style"), ("td", "style")}
    (comment,) = page.comments
    assert re.fullmatch(r" menuops plan 1 [A-Za-z0-9+/= _]+ ", comment)
    for inside, text in page.pieces:
        assert "code" in inside or not REFERENCES.search(text), text
    html = plan_html(plan)
    assert_safe(FIGURE.sub("", html))  # a phone draws the joiners of an emoji, and nothing else
    page = Page(html)
    assert set(page.tags) <= HTML_TAGS
    assert page.tags.count("script") == page.tags.count("style") == 1
    assert page.comments == []
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name not in ("href", "src", "style", "id", "srcset", "action"), (tag, name, value)


@pytest.mark.parametrize("name", ALL)
def test_a_view_has_no_tags_but_its_own(name: str) -> None:
    assert_nothing_breaks_out(ALL[name])


TEXTS = st.lists(
    st.sampled_from(
        [*HOSTILE, *"`|*_<>&#@!~[](){}\\\"'-=+:;.$%^/", " ", "\n", "a", "品", "\u202e"]
    ),
    min_size=1,
    max_size=4,
).map("".join)


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_of_others_breaks_out_of_a_view(name: str, value: str, label: str) -> None:
    """Wherever one can stand: names, values, fields, rules, accounts, guards, errors."""
    before = Menus(
        (Click(name, value), Parent(value, (Foreign(name, value, ((label, value),)),))),
        (menu_for(name, Click(label, name)),),
    )
    after = Menus((View(value, name), Click(name, label)), (menu_for(value, View(name, label)),))
    account = change(before, after, ref=AccountRef(label, value, name), ids=[label])
    guard = Guard(name, value, lifted=False, message=label)
    account = replace(account, guards=(*account.guards, guard), keys_gained=(name, value))
    error = UnreadableAccount(AccountRef(value, name, label), ErrorNote("x", name, value))
    made = plan(account, error, commit=label)
    assert_nothing_breaks_out(made)
    assert_told(plan_text(made, width=60), plan_to_json(made))


def test_a_page_allows_itself_alone() -> None:
    html = plan_html(ALL["everything"])
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in re.sub(r"<body>.*", "", html, flags=re.DOTALL).replace("http-equiv", "")


# Room


LONG = "https://shop.example.com/" + "p&q=|*`<" * 100


@pytest.mark.parametrize("budget", [4_000, 20_000, BUDGET_BYTES])
@pytest.mark.parametrize("accounts", [1, 400])
def test_markdown_stays_within_its_budget_and_says_what_it_left_out(
    budget: int, accounts: int
) -> None:
    made = plan(
        *(
            change(
                MENU,
                Menus(
                    (Parent("长", tuple(View(f"{n} {i}", LONG + str(i)) for i in range(5))),) * 3,
                    (menu_for("100", NEW, HELP),),
                ),
                ref=AccountRef(f"shop-{n}" * 20, f"wx{n:016}", "emulator"),
            )
            for n in range(accounts)
        ),
        most=20,
    )
    markdown = plan_markdown(made, next_commands=NextCommands(), budget_bytes=budget)
    assert len(markdown.encode()) < budget
    assert "**Long values are cut short, since a comment holds only so much.**" in markdown
    has_all = accounts == 1 and budget > 4_000
    assert ("**Left out, since a comment holds only so much:**" in markdown) is not has_all
    digests = read_plan_comment(markdown)
    assert digests is not None
    assert digests.plan == made.digest
    assert "many&#45;accounts" in markdown or accounts == 1
    left_out = re.search(r"([\d,]+) accounts?(, |\. See)", markdown.partition("Left out")[2])
    blocks = markdown.count("### ")
    assert (
        int(left_out[1].replace(",", "")) + blocks == accounts if left_out else blocks == accounts
    )


def test_many_guards_leave_room_for_the_menus() -> None:
    made = plan(
        *(
            change(
                Menus(MENU, (menu_for(f"9{n:03}", HELP),)),
                MENU[:2],
                ref=AccountRef(f"shop-{n}", f"wx{n:016}", "emulator"),
                lifts=["remove-conditional"] if n < 590 else [],
            )
            for n in range(600)
        ),
        most=1000,
    )
    markdown = plan_markdown(made)
    assert len(markdown.encode()) < BUDGET_BYTES
    assert markdown.index("**Stops:**") < markdown.index("(lifted)")
    assert markdown.count("### ") > 10
    assert re.search(r"Left out.* [\d,]+ guards, .*[\d,]+ accounts\b", markdown)


def test_a_guard_of_many_accounts_is_told_once() -> None:
    before = Menus(MENU, (STAFF,))
    made = plan(change(before, Menus(MENU[:1])), change(before, Menus(MENU[:2]), ref=DEMO))
    assert len(plan_view(made).blocks) == 2
    assert plan_markdown(made).count("**Stops:**") == 1


def test_what_fits_is_not_said_to_be_left_out() -> None:
    assert not any("Left out" in plan_markdown(each) for each in ALL.values())


# Blocks


def test_accounts_with_equal_changes_are_one_block() -> None:
    """Whatever ids their menus and tags have, and however many followers."""
    made = plan(*(equal_account(number) for number in range(500)), most=1000)
    (block,) = plan_view(made).blocks
    assert [member.name for member in block.members] == [a.ref.name for a in made.accounts]
    assert {member.menuids for member in block.members} == {
        (f"tag:VIP+ios {7000 + n}", f"tag:店员 {6000 + n}") for n in range(500)
    }
    assert block.audience[0].people == f"up to {sum(range(500)):,} people"


@pytest.mark.parametrize(
    "other",
    [
        change(MENU, MENU[:1], ref=AccountRef("b", "wx2", "emulator")),
        change(MENU, MENU[:2], ref=AccountRef("b", "wx2", "https://api.weixin.qq.com")),
        change(
            (*MENU[:2], Click("签到", "OTHER")), MENU[:2], ref=AccountRef("b", "wx2", "emulator")
        ),
        change(MENU, MENU[:2], ref=AccountRef("b", "wx2", "emulator"), basis=Basis(mode="watch")),
    ],
)
def test_accounts_that_differ_in_what_is_shown_are_blocks_of_their_own(other: AccountPlan) -> None:
    first = change(MENU, MENU[:2], ref=AccountRef("a", "wx1", "emulator"))
    assert len(plan_view(plan(first, other)).blocks) == 2


def test_fields_of_unknown_things_tell_accounts_apart() -> None:
    """They count for no hash."""
    accounts = [
        change(
            Menus((Foreign("x", "hologram", (("a", value),)),)),
            Menus((HELP,)),
            ref=AccountRef(str(number), f"wx{number}", "emulator"),
        )
        for number, value in enumerate(({"b": 1}, {"b": 2}, {"b": 1}))
    ]
    assert [len(block.members) for block in plan_view(plan(*accounts)).blocks] == [2, 1]


# Values


@given(st.text(), st.text())
def test_a_marked_value_is_whole(before: str, after: str) -> None:
    one, other = mark(before, after)
    assert (one.whole, other.whole) == tuple(map(_shown, (before, after)))
    assert one.same == other.same
    assert one.rest == other.rest


def _shown(text: str) -> str:
    return mark(text, "")[0].whole


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        ("campaign=summer", "campaign=double11", ("summer", "double11")),
        ("签到", "每日签到", ("", "每日")),
        ("abc", "abc", ("", "")),
        ("aa", "aaa", ("", "a")),
        ("cafe\u0301", "cafe", ("e\u0301", "e")),
        ("👍🏽", "👍🏿", ("👍🏽", "👍🏿")),
    ],
)
def test_only_what_differs_is_marked(before: str, after: str, differs: tuple[str, str]) -> None:
    one, other = mark(before, after)
    assert (one.differs, other.differs) == differs


# Digests for tools


@given(st.none() | st.just("ab" * 32), st.dictionaries(st.text(), st.just("cd" * 32)))
def test_digests_come_back_out_of_a_comment(digest: str | None, accounts: dict[str, str]) -> None:
    accounts = {name.encode("utf-8", "replace").decode(): each for name, each in accounts.items()}
    comment = plan_comment(digest or "", accounts, 10**9)
    assert comment.count("--") == 2
    assert comment.count(">") == 1
    assert read_plan_comment(f"hi\n{comment}\n\n## there") == PlanDigests(digest, accounts)


def test_a_long_comment_leaves_the_accounts_out() -> None:
    accounts = {f"shop-{n}": "cd" * 32 for n in range(1000)}
    comment = plan_comment("ab" * 32, accounts, 15_000)
    assert comment == f"<!-- menuops plan 1 digest={'ab' * 32} left_out=1000 -->"
    assert read_plan_comment(comment) == PlanDigests("ab" * 32, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!-- menuops plan 2 digest=none accounts= -->",
        "<!-- menuops plan 1 digest=none accounts=bm8= -->",
        "<!-- menuops plan 1 digest=none accounts=WzFd -->",
        "<!-- menuops plan 1 digest=none accounts=A -->",
        "text <!-- menuops plan 1 digest=none accounts=e30= -->",
    ],
)
def test_what_is_no_comment_of_ours_is_none(text: str) -> None:
    assert read_plan_comment(text) is None


def test_cases_have_all_views() -> None:
    for case in Path(CASES).iterdir():
        assert {"plan.txt", "plan.60.txt", "plan.md", "plan.html"} <= {
            f.name for f in case.iterdir()
        }
