"""What one job asks of GitHub once, and what it asks again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.adapters.github.refusals import Conflict
from bot.adapters.store.database import Database
from github_sandbox import actions
from tests.support.site import Site

FILES: dict[str, str | None] = {"docs/one.md": "One\n", "docs/two.md": "Two\n"}
OURS = "precedent/learnings"


@pytest.fixture
def site(sqlite_db: Database) -> Site:
    site = Site(sqlite_db)
    push(site, FILES)
    return site


def push(site: Site, files: dict[str, str | None], *, branch: str = "main") -> str:
    return actions.commit_files(
        site.sandbox, site.repository, site.owner, branch=branch, files=files, message="Edit"
    )


@contextmanager
def asked(site: Site) -> Iterator[list[str]]:
    """The requests for contents of the repository, filled in at the end."""
    before, places = len(site.sandbox.bad_days.asked), list[str]()
    yield places
    of_it = f"/repos/{site.repo.full_name}/"
    for each in site.sandbox.bad_days.asked[before:]:
        if each.path.startswith(of_it):
            places.append(f"{each.method} {'/'.join(each.path.removeprefix(of_it).split('/')[:2])}")


def commit(site: Site, *, onto: str) -> str:
    return site.repo.commit_file(
        "docs/one.md", "Mine\n", mode="100644", message="Mine", tree_of=onto, parents=[onto]
    )


def test_the_commit_and_the_trees_of_two_files_are_read_once(site):
    head = site.repo.default_head()
    with asked(site) as places:
        for path in FILES:
            assert site.repo.read_file(path, commit=head) is not None

    assert places == [
        "GET git/commits",
        "GET git/trees",
        "GET git/trees",
        "GET git/blobs",
        "GET git/blobs",
    ]


def test_the_tree_of_a_commit_is_known_from_whatever_told_of_it(site):
    base = site.repo.default_head()
    head = push(site, {"docs/one.md": "Other\n"})
    assert site.repo.merge_base(base, head) == base
    with asked(site) as places:
        made = commit(site, onto=base)
        assert site.repo.read_file("docs/one.md", commit=made).text == "Mine\n"

    assert "GET git/commits" not in places


def test_where_a_branch_points_is_asked_once_in_a_job(site):
    before = site.repo.default_head()
    push(site, {"docs/one.md": "Other\n"})
    with asked(site) as places:
        assert site.repo.head("main") == before
        assert site.repo_of(site.app).head("main") != before

    assert places == ["GET git/ref"]


def test_the_default_branch_is_looked_at_whenever_its_head_is_asked_for(site):
    site.repo.default_head()
    after = push(site, {"docs/one.md": "Other\n"})

    assert site.repo.default_head() == site.repo.head("main") == after


def test_a_branch_is_known_where_we_wrote_it(site):
    base = site.repo.default_head()
    assert site.repo.head(OURS) is None
    site.repo.create_branch(OURS, base)
    assert site.repo.head(OURS) == base
    made = commit(site, onto=base)
    site.repo.advance_branch(OURS, made)
    with asked(site) as places:
        assert site.repo.head(OURS) == made

    assert places == []


def test_a_branch_that_moved_since_it_was_looked_at_is_not_written(site):
    base = site.repo.default_head()
    site.repo.create_branch(OURS, base)
    made = commit(site, onto=base)
    theirs = push(site, {"docs/two.md": "Theirs\n"}, branch=OURS)
    with pytest.raises(Conflict):
        site.repo.advance_branch(OURS, made)

    assert site.repo.head(OURS) == theirs


def test_a_pull_request_is_known_from_the_answer_that_opened_it(site):
    base = site.repo.default_head()
    site.repo.create_branch(OURS, commit(site, onto=base))
    with asked(site) as places:
        assert site.repo.find_pull_request(OURS) is None
        assert site.repo.find_pull_request(OURS) is None
        opened = site.repo.open_pull_request(title="T", body="B", branch=OURS, base="main")

    assert places == ["GET pulls", "POST pulls"]
    assert (opened.title, opened.body, opened.state, opened.base) == ("T", "B", "open", "main")
    assert site.repo.find_pull_request(OURS) == opened
