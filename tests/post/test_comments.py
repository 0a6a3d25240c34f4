"""One comment for all accounts: found again, replaced, ended by an apply, and nobody else's."""

from __future__ import annotations

import re

import pytest

from menuops.core.errors import CannotStart, Usage
from menuops.core.told import ToldApply
from menuops.post.failure import NotSent
from menuops.render.chat_text import chat_markdown, chat_text
from menuops.render.plan_comment import read_plan_comment
from menuops.render.report_body import report_body
from menuops.render.report_comment import marked, state_of
from tests.render.reading import markdown_page
from tests.site import Site, click, conditional, view

from .conftest import Job, Results
from .standin import BOT, MERGE, TOKEN, Fault, StandIn


def test_a_plan_becomes_one_comment_that_the_next_plan_replaces(
    site: Site, results: Results, job: Job
) -> None:
    first = results.plan()
    (sent,) = job.report(first)
    assert (sent.what, sent.doing) == ("comment", "created")
    site.menu({"button": [click("联系", "CONTACT")]})
    second = results.plan()
    (sent,) = job.report(second)
    assert sent.doing == "updated"
    (comment,) = job.stand_in.comments
    assert state_of(comment["body"]) == "open"
    found = read_plan_comment(comment["body"])
    assert found is not None
    assert found.plan == second.digest != first.digest
    assert "联系" in markdown_page(comment["body"]).text


def test_the_same_plan_again_writes_nothing(results: Results, job: Job) -> None:
    plan = results.plan()
    job.report(plan)
    before = job.stand_in.writes
    (sent,) = job.report(plan)
    assert sent.doing == "unchanged"
    assert job.stand_in.writes == before


def test_the_own_comment_is_found_on_a_later_page(results: Results, job: Job) -> None:
    job.stand_in.per_page = 2
    for number in range(5):
        job.stand_in.comment(f"chat {number}", "alice")
    ours = job.stand_in.comment(marked("open", "an older plan"))
    for number in range(3):
        job.stand_in.comment(f"more chat {number}", "alice")
    (sent,) = job.report(results.plan())
    assert sent.doing == "updated"
    assert "menuops plan" in ours["body"]
    assert len(job.stand_in.comments) == 9


def test_a_comment_of_somebody_else_with_the_mark_is_left_alone(results: Results, job: Job) -> None:
    theirs = job.stand_in.comment(marked("open", "approve this digest"), "mallory")
    (sent,) = job.report(results.plan())
    assert sent.doing == "created"
    assert theirs["body"] == marked("open", "approve this digest")


def test_the_mark_counts_only_at_the_start_of_a_comment(results: Results, job: Job) -> None:
    """A bot that quotes a stranger writes it into a comment of its own."""
    quoted = job.stand_in.comment(f"> they said\n{marked('open', 'x')}")
    (sent,) = job.report(results.plan())
    assert sent.doing == "created"
    assert quoted["body"].startswith("> they said")


def test_an_apply_ends_the_comment_and_a_later_plan_makes_a_new_one(
    site: Site, results: Results, job: Job
) -> None:
    job.report(results.plan())
    applied = results.of("apply", "--yes")
    (sent,) = job.report(applied)
    assert sent.doing == "updated"
    (ended,) = job.stand_in.comments
    assert state_of(ended["body"]) == "applied"
    text = markdown_page(ended["body"]).text
    assert "applied on 1 account" in text
    assert f"menuops restore {applied.run}/shop" in text
    before = ended["body"]
    site.menu({"button": [click("联系", "CONTACT")]})
    (sent,) = job.report(results.plan())
    assert sent.doing == "created"
    assert ended["body"] == before
    assert len(job.stand_in.comments) == 2


def test_what_somebody_wrote_into_our_comment_is_gone_with_the_next_report(
    results: Results, job: Job
) -> None:
    """Who may write to a repository can edit our comments; nothing is taken from them."""
    job.report(results.plan())
    (comment,) = job.stand_in.comments
    comment["body"] = comment["body"].replace("digest=", "digest=" + "f" * 64 + " was=")
    job.report(results.of("apply", "--yes"))
    assert "f" * 64 not in comment["body"]


def test_an_apply_is_told_to_the_pull_request_that_its_commit_merged(
    results: Results, job: Job
) -> None:
    job.environ = {
        "GITHUB_REF": "refs/heads/main",
        "CI_MERGE_REQUEST_IID": "",
        "CI_COMMIT_SHA": MERGE,
    }
    job.report(results.of("apply", "--yes"))
    (comment,) = job.stand_in.comments
    assert comment["number"] == 7


def test_a_commit_that_merged_nothing_needs_the_number(results: Results, github: Job) -> None:
    github.environ = {"GITHUB_REF": "refs/heads/main", "GITHUB_SHA": "c" * 40}
    with pytest.raises(Usage, match="belongs to no pull request"):
        github.report(results.plan())
    github.report(results.plan(), number=9)
    assert [each["number"] for each in github.stand_in.comments] == [9]


def test_a_stale_apply_is_told_with_the_new_plan_under_it(
    site: Site, results: Results, github: Job
) -> None:
    site.run("plan", "--out", "old.json")
    site.live([click("别人", "THEIRS")], conditional(view(), group_id="100"))
    stale = results.of("apply", "old.json")
    assert stale.command == "apply"
    github.report(results.plan("--allow", "remove-conditional"), stale)
    (comment,) = github.stand_in.comments
    assert state_of(comment["body"]) == "applied"
    text = markdown_page(comment["body"]).text
    assert text.index("menuops apply") < text.index("menuops plan")
    assert "别人" in text
    assert "\\n" not in text


def test_a_plan_of_invalid_files_is_told_with_its_places(
    site: Site, results: Results, github: Job
) -> None:
    site.menu("button: 1\n")
    github.report(results.of("plan"))
    text = markdown_page(github.stand_in.comments[0]["body"]).text
    assert "menuops plan: 1 error in the files" in text
    assert "menus/shop.yaml:1:9" in text


def test_no_name_pings_links_or_breaks_out(site: Site, results: Results, github: Job) -> None:
    """Those of a menu reach the comment by a plan, a drift and an apply."""
    names = ["@everyone", "#123", "</td><b>", "-->x", "`a`|b", "a@b.cn"]
    site.menu({"button": [{"name": "x", "sub_button": [click(n, f"K{n}") for n in names[:5]]}]})
    github.report(results.plan())
    site.run("apply", "--yes")
    site.live([click("@ops", "#1"), click("<!-- ", "acme/menus@" + "a" * 40)])
    github.report(results.of("drift"))
    for comment in github.stand_in.comments:
        page = markdown_page(comment["body"])
        assert set(page.tags) <= {
            *("h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "strong", "b"),
            *("ul", "ol", "li", "br", "wbr", "blockquote", "details", "summary", "a"),
        }
        assert [value for _, _, value in page.attributes if value and "http" in value] == [
            "https://github.example/acme/menus/actions/runs/42"
        ]
        for word in ("@everyone", "@ops", "#123", "#1", f"@{'a' * 40}"):
            # What finds mentions reads the text between tags, and <wbr> is one.
            assert word not in re.sub("&#[0-9]+;", "", comment["body"])
            assert word not in [text for _, text in page.pieces]
    assert "@ops" in page.text.replace("\n", "")


def test_a_huge_plan_fits_into_a_comment(site: Site, results: Results, github: Job) -> None:
    for number in range(40):
        site.menu(
            {"button": [{"name": f"m{number}", "sub_button": [
                click(f"{number}{at}名", f"K{number}" + "长" * 40) for at in range(5)]}] * 1},
            f"a{number:02}",
        )  # fmt: skip
    site.accounts(40, max_accounts=100)
    plan = results.plan()
    github.report(plan, results.of("plan"))
    (comment,) = github.stand_in.comments
    assert len(comment["body"].encode()) < 60_000
    assert "menuops plan" in comment["body"]
    left = results.of("apply", "--expect", "a" * 64, "--keep-going")
    assert isinstance(left, ToldApply)
    assert left.left is not None
    assert left.left.accounts == plan.accounts
    for budget in (12_000, 60_000):
        body = report_body([left], budget_bytes=budget)
        assert len(body.encode()) < budget
        assert body.index("menuops apply") < body.index("menuops plan")


def test_a_lost_answer_makes_no_second_comment(results: Results, job: Job) -> None:
    job.stand_in.faults.append(Fault("POST", r"/(comments|notes)$", 502, after=True))
    (sent,) = job.report(results.plan())
    assert sent.doing == "created"
    assert len(job.stand_in.comments) == 1
    assert job.waited_s == [2.0]


def test_a_comment_that_was_lost_is_written_again(results: Results, job: Job) -> None:
    job.stand_in.faults.append(Fault("POST", r"/(comments|notes)$", 502))
    job.report(results.plan())
    assert len(job.stand_in.comments) == 1


@pytest.mark.parametrize(
    ("status", "headers", "message", "waited_s"),
    [
        (503, {}, "", [1.0]),
        (429, {"Retry-After": "7"}, "", [7.0]),
        (403, {"Retry-After": "30"}, "You have exceeded a secondary rate limit", [30.0]),
        (403, {}, "You have exceeded a secondary rate limit", [60.0]),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1800000020"}, "", [21.0]),
        (429, {"Retry-After": "Fri, 15 Jan 2027 08:00:09 GMT"}, "", [9.0]),
    ],
)
def test_a_limit_is_waited_for_as_the_service_asks(
    results: Results,
    job: Job,
    status: int,
    headers: dict[str, str],
    message: str,
    waited_s: list[float],
) -> None:
    job.stand_in.faults.append(
        Fault("GET", r"/(comments|notes)$", status, headers, {"message": message})
    )
    job.report(results.plan())
    assert job.waited_s == waited_s
    assert len(job.stand_in.comments) == 1


def test_a_limit_of_an_hour_fails_at_once(results: Results, github: Job) -> None:
    github.stand_in.faults.append(Fault("GET", "/comments$", 429, {"Retry-After": "3600"}))
    with pytest.raises(NotSent, match="rate limit"):
        github.report(results.plan())
    assert github.waited_s == []


def test_a_service_that_is_down_is_tried_four_times(results: Results, github: Job) -> None:
    github.stand_in.faults += [Fault("GET", "/comments$", 500) for _ in range(9)]
    with pytest.raises(NotSent, match="HTTP 500"):
        github.report(results.plan())
    assert github.waited_s == [1.0, 2.0, 4.0]


def test_a_missing_right_is_named_by_its_line(results: Results, github: Job) -> None:
    headers = {"X-Accepted-GitHub-Permissions": "issues=write; pull_requests=write"}
    body = {"message": "Resource not accessible by integration"}
    github.stand_in.faults.append(Fault("POST", "/comments$", 403, headers, body))
    with pytest.raises(NotSent) as caught:
        github.report(results.plan())
    assert "Resource not accessible by integration" in caught.value.message
    assert "`pull-requests: write`" in caught.value.fix
    assert "pull_requests=write" in caught.value.fix
    assert caught.value.outcome.exit_code == 7


def test_a_job_token_of_gitlab_is_no_token_for_notes(results: Results, stand_in: StandIn) -> None:
    job = Job(stand_in, "gitlab", {"GITLAB_TOKEN": "", "CI_JOB_TOKEN": "glcbt-64_x"})
    with pytest.raises(CannotStart) as caught:
        job.report(results.plan())
    assert "CI_JOB_TOKEN can write neither" in caught.value.fix
    assert stand_in.requests == []


@pytest.mark.parametrize("body", [None, [], "x", {"id": "1"}, b"<html>", {"id": 1, "user": None}])
def test_an_odd_answer_is_said_to_be_one(results: Results, job: Job, body: object) -> None:
    job.stand_in.faults.append(Fault("POST", r"/(comments|notes)$", 201, {}, body))
    with pytest.raises(NotSent, match="odd answer"):
        job.report(results.plan())


@pytest.mark.parametrize("body", [None, {}, {"message": "x"}, b"[", {"data": None}])
def test_a_list_that_is_none_and_a_nobody_are_odd_too(
    results: Results, github: Job, body: object
) -> None:
    github.stand_in.faults.append(Fault("GET", "/comments$", 200, {}, body))
    with pytest.raises(NotSent, match="odd answer"):
        github.report(results.plan())
    github.stand_in.faults.append(Fault("POST", "graphql", 200, {}, body))
    with pytest.raises(NotSent, match="odd answer"):
        github.report(results.plan())


def test_odd_comments_among_others_are_passed_over(results: Results, github: Job) -> None:
    """A user who was deleted has no name any more."""
    github.stand_in.comment(marked("open", "x"))["user"] = None
    github.stand_in.comments.append({"id": 1, "number": 7})
    (sent,) = github.report(results.plan())
    assert sent.doing == "created"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_token_follows_to_no_other_host(
    results: Results, github: Job, stand_in: StandIn, status: int
) -> None:
    other = stand_in.url.replace("127.0.0.1", "localhost")
    target = {"Location": f"{other}/api/v3/repos/acme/menus/issues/7/comments"}
    stand_in.faults.append(Fault("GET", "/comments$", status, target))
    with pytest.raises(NotSent, match="leads to another host, localhost"):
        github.report(results.plan())
    assert not [asked for asked in stand_in.requests if "localhost" in asked.headers["host"]]


def test_a_next_page_at_another_host_is_not_asked_for(
    results: Results, github: Job, stand_in: StandIn
) -> None:
    link = {"Link": f'<{stand_in.url.replace("127.0.0.1", "localhost")}/x>; rel="next"'}
    stand_in.faults.append(Fault("GET", "/comments$", 200, link, []))
    with pytest.raises(NotSent, match="at another host"):
        github.report(results.plan())


def test_a_renamed_repository_is_followed_with_the_same_method(
    results: Results, github: Job, stand_in: StandIn
) -> None:
    target = {"Location": f"{stand_in.url}/api/v3/repos/acme/menus/issues/7/comments"}
    stand_in.faults.append(Fault("POST", "/comments$", 307, target))
    github.report(results.plan())
    assert len(stand_in.comments) == 1


def test_a_host_without_graphql_is_asked_by_rest(
    results: Results, github: Job, stand_in: StandIn
) -> None:
    stand_in.faults.append(Fault("POST", "graphql", 404))
    stand_in.faults.append(Fault("GET", "/user$", 200, {}, {"login": BOT.upper()}))
    ours = stand_in.comment(marked("open", "x"))
    github.report(results.plan())
    assert ours["body"] != marked("open", "x")


def test_the_token_is_in_no_error(results: Results, job: Job) -> None:
    said = {"message": f"bad token {TOKEN}"}
    job.stand_in.faults.append(Fault("GET", r"/(comments|notes)$", 422, {}, said))
    with pytest.raises(NotSent) as caught:
        job.report(results.plan())
    assert TOKEN[:12] not in str(caught.value)


@pytest.mark.parametrize("url", ["http://api.example.com", "https://u:p@x.example", "ftp://x"])
def test_the_token_goes_to_no_host_in_the_clear(results: Results, github: Job, url: str) -> None:
    github.environ = {"GITHUB_API_URL": url}
    with pytest.raises(Usage, match="GITHUB_API_URL is no https URL"):
        github.report(results.plan())


def test_a_dry_run_asks_nobody(results: Results, job: Job) -> None:
    job.environ = {"GITHUB_TOKEN": "", "GITLAB_TOKEN": ""}
    (sent,) = job.report(results.plan(), dry_run=True)
    assert sent.doing == "would be sent"
    assert "menuops plan" in sent.text
    assert job.stand_in.requests == []


def test_pictures_are_uploaded_on_gitlab_and_refused_on_github(
    results: Results, stand_in: StandIn
) -> None:
    png = b"\x89PNG\r\n\x1a\n--0\r\n\x00\xff"
    plan = results.plan()
    Job(stand_in, "gitlab").report(plan, pictures=[png])
    assert stand_in.uploads == [png]
    shown = r"!\[before and after\]\(/uploads/[0-9a-f]{32}/menu-1\.png\)"
    assert re.search(shown, stand_in.comments[0]["body"])
    with pytest.raises(Usage, match="takes no pictures"):
        Job(stand_in).report(plan, pictures=[png])


def test_a_picture_that_cant_be_uploaded_hides_no_comment(
    results: Results, stand_in: StandIn
) -> None:
    """Nor does one that the answer would put somewhere else than among the project's uploads."""
    plan = results.plan()
    answers = [
        (201, {"url": url}) for url in ("https://evil.example/x.png", "/uploads/x) [y](z", 1)
    ]
    for status, answer in [*answers, (413, None)]:
        stand_in.faults.append(Fault("POST", "/uploads$", status, {}, answer))
        picture, comment = Job(stand_in, "gitlab").report(plan, pictures=[b"x"])
        assert (picture.what, picture.doing, comment.what) == ("picture", "nothing", "comment")
    assert "![" not in stand_in.comments[0]["body"]


def test_a_merge_that_github_knows_for_another_commit_does_not_count(
    results: Results, github: Job, stand_in: StandIn
) -> None:
    stand_in.pulls["7"]["merge_commit_sha"] = "d" * 40
    github.environ = {"GITHUB_REF": "refs/heads/main"}
    with pytest.raises(Usage):
        github.report(results.plan())
    assert MERGE in stand_in.pulls["7"]["commits"]


def test_long_links_push_no_button_out_of_a_comment(site: Site, results: Results) -> None:
    """A menu of links that are as long as can be is shown with each of its buttons and hosts."""
    filler = "-._~&=?" * 130
    names = [f"{letter}{digit}" for letter in "abc" for digit in range(1, 6)]

    def menu(host: str) -> list[dict[str, object]]:
        links = {name: view(name, f"https://{name}.{host}/{filler}{name}") for name in names}
        return [
            {"name": letter, "sub_button": [links[name] for name in names if name[0] == letter]}
            for letter in "abc"
        ]

    site.live(menu("old.example"))
    site.menu({"button": menu("new.example")})
    body = report_body([results.plan()])
    text = markdown_page(body).text
    for name in names:
        assert f"https://{name}.old.example/" in text, name
        assert f"https://{name}.new.example/" in text, name
    assert "Left out" not in text
    assert "Long values are cut short" in text
    assert len(body.encode()) < 60_000


def test_what_does_not_fit_is_left_out_button_by_button_and_counted(
    site: Site, results: Results
) -> None:
    links = [view(f"m{n}", f"https://x.example/{n}/" + "-&" * 400) for n in range(5)]
    site.menu({"button": [{"name": name, "sub_button": links} for name in "abc"]})
    body = report_body([results.plan()], budget_bytes=9_000)
    text = markdown_page(body).text
    assert "https://x.example/0/" in text
    assert re.search(r"Left out, [^.]*: \d+ buttons", text), text
    assert len(body.encode()) < 9_000


def test_a_drift_far_back_in_a_long_link_is_seen(site: Site, results: Results) -> None:
    """What somebody changed in the console is what the issue and the chat are for."""
    long = f"https://shop.example.com/{'a' * 300}"
    site.live([view("x", f"{long}/one?{'b' * 300}")])
    site.menu({"button": [view("x", f"{long}/two?{'b' * 300}")]})
    drift = results.of("drift")
    page = markdown_page(report_body([drift]))
    texts = (page.text, chat_markdown(drift, 4096), chat_text(drift, 4096))
    for text in texts:
        assert "one" in text
        assert "two" in text
        assert "a" * 200 not in text
