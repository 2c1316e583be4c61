"""Every answer of the sandbox is read by githubkit's models, which are generated from GitHub's own
description."""

from base64 import b64decode, b64encode
from datetime import timedelta

import pytest
from githubkit import TokenAuthStrategy

from github_sandbox import actions
from tests.support.sandbox_client import LEARNINGS, NAME, World, new_world, refused

PATH = "docs/learnings.md"


@pytest.fixture
def world() -> World:
    return new_world()


# --- apps


def test_the_app_describes_itself(world: World) -> None:
    app = world.app_client().rest.apps.get_authenticated().parsed_data
    assert app.slug == "precedent"


def test_the_app_lists_its_installations(world: World) -> None:
    listed = world.app_client().rest.apps.list_installations().parsed_data
    assert [each.id for each in listed] == [world.installation.id]


def test_a_repository_names_its_installation(world: World) -> None:
    found = world.app_client().rest.apps.get_repo_installation(*NAME).parsed_data
    assert found.id == world.installation.id


def test_an_installation_lists_its_repositories(world: World) -> None:
    listed = world.client().rest.apps.list_repos_accessible_to_installation().parsed_data
    assert [repo.full_name for repo in listed.repositories] == ["acme/lantern"]


def test_a_token_can_be_narrowed_to_a_repository_and_to_permissions(world: World) -> None:
    other = world.sandbox.add_repository("acme/other")
    asked = {"repositories": ["lantern"], "permissions": {"issues": "read"}}
    made = (
        world.app_client()
        .rest.apps.create_installation_access_token(world.installation.id, **asked)
        .parsed_data
    )
    assert made.permissions is not None
    assert [repo.name for repo in made.repositories or []] == ["lantern"]

    client = world.client(TokenAuthStrategy(made.token))
    with refused(403, "Resource not accessible by integration"):
        client.rest.issues.create(*NAME, title="x")
    with refused(403, "Resource not accessible by integration"):
        client.rest.issues.create("acme", other.name, title="x")


def test_a_token_cannot_ask_for_more_than_the_installation_has(world: World) -> None:
    with refused(422, "not granted"):
        world.app_client().rest.apps.create_installation_access_token(
            world.installation.id, permissions={"administration": "write"}
        )


def test_a_token_expires_after_an_hour() -> None:
    world = new_world()
    now = world.sandbox.auth_clock()
    world.sandbox.auth_clock = lambda: now
    made = (
        world.app_client()
        .rest.apps.create_installation_access_token(world.installation.id)
        .parsed_data
    )
    client = world.client(TokenAuthStrategy(made.token))
    client.rest.issues.list_for_repo(*NAME)

    world.sandbox.auth_clock = lambda: now + timedelta(hours=1)
    with refused(401, "Bad credentials"):
        client.rest.issues.list_for_repo(*NAME)


def test_a_wrong_token_is_refused(world: World) -> None:
    with refused(401, "Bad credentials"):
        world.client(TokenAuthStrategy("ghs_wrong")).rest.repos.get(*NAME)


def test_a_suspended_installation_is_refused(world: World) -> None:
    client = world.client()
    client.rest.repos.get(*NAME)
    world.installation.suspended_at = world.clock()
    with refused(403, "suspended"):
        client.rest.repos.get(*NAME)


def test_a_public_repository_is_read_without_credentials_and_not_written(world: World) -> None:
    client = world.anonymous()
    assert client.rest.repos.get(*NAME).parsed_data.full_name == "acme/lantern"
    with refused(401, "Requires authentication"):
        client.rest.issues.create(*NAME, title="x")


def test_a_private_repository_is_not_there_for_who_may_not_see_it(world: World) -> None:
    world.sandbox.add_repository("elsewhere/secret", private=True)
    with refused(404, "Not Found"):
        world.client().rest.repos.get("elsewhere", "secret")


# --- repositories


def test_a_repository_is_found_by_name_and_by_id(world: World) -> None:
    named = world.client().rest.repos.get(*NAME).parsed_data
    assert (
        world.client().request("GET", f"/repositories/{named.id}").json()["full_name"]
        == "acme/lantern"
    )


@pytest.mark.parametrize(
    ("login", "permission", "role"),
    [
        ("olive-owner", "admin", "admin"),
        ("carl-contributor", "read", "read"),
        ("sam-stranger", "read", "read"),
    ],
)
def test_permission_of_a_collaborator(world: World, login: str, permission: str, role: str) -> None:
    answer = world.client().rest.repos.get_collaborator_permission_level(*NAME, login).parsed_data
    assert (answer.permission, answer.role_name) == (permission, role)


def test_nobody_of_that_name_has_no_permission_level(world: World) -> None:
    with refused(404, "Not Found"):
        world.client().rest.repos.get_collaborator_permission_level(*NAME, "nobody")


def test_branch_commits_and_comparison(world: World) -> None:
    client, repo = world.client(), world.repo
    first = repo.git.head("main")
    assert first is not None
    actions.create_branch(world.sandbox, repo, world.owner, branch="a/b", at=first)
    second = actions.commit_files(
        world.sandbox, repo, world.owner, branch="a/b", files={"new.txt": "1\n2\n"}, message="Add"
    )
    assert client.rest.repos.get_branch(*NAME, "a/b").parsed_data.commit.sha == second
    assert [each.sha for each in client.rest.repos.list_commits(*NAME, sha="a/b").parsed_data] == [
        second,
        first,
    ]
    one = client.rest.repos.get_commit(*NAME, second).parsed_data
    assert one.files is not None
    assert [(each.filename, each.status, each.additions) for each in one.files] == [
        ("new.txt", "added", 2)
    ]
    compared = client.rest.repos.compare_commits(*NAME, "main...a/b").parsed_data
    assert (compared.status, compared.ahead_by, compared.behind_by) == ("ahead", 1, 0)


# --- issues


def test_an_issue_is_made_by_the_apps_bot(world: World) -> None:
    issue = (
        world.client()
        .rest.issues.create(*NAME, title="Try it", body="Why not?", labels=["idea"])
        .parsed_data
    )
    assert issue.user is not None
    assert (issue.number, issue.user.login, issue.user.type) == (1, "precedent[bot]", "Bot")


def test_issues_are_listed_by_state_since_and_label_and_paged(world: World) -> None:
    client = world.client()
    for title in ("one", "two", "three"):
        actions.open_issue(world.sandbox, world.repo, world.stranger, title=title, labels=[title])
        world.clock.pass_time(hours=1)
    actions.close(world.sandbox, world.repo.issues[1], world.owner, reason="not_planned")

    def numbers(**asked: object) -> list[int]:
        return [
            issue.number for issue in client.rest.issues.list_for_repo(*NAME, **asked).parsed_data
        ]

    assert numbers() == [3, 2]
    assert numbers(state="all", direction="asc") == [1, 2, 3]
    assert numbers(state="closed") == [1]
    assert numbers(state="all", sort="updated") == [1, 3, 2]
    assert numbers(labels="two") == [2]
    assert numbers(since=world.clock() - timedelta(hours=1)) == [3]
    assert numbers(state="all", per_page=2, page=2) == [1]


def test_pages_are_linked(world: World) -> None:
    for title in ("one", "two", "three"):
        actions.open_issue(world.sandbox, world.repo, world.stranger, title=title)
    client = world.client()
    first = client.rest.issues.list_for_repo(*NAME, per_page=1)
    assert 'page=2>; rel="next"' in first.headers["link"]
    assert 'page=3>; rel="last"' in first.headers["link"]
    everything = client.rest.paginate(
        client.rest.issues.list_for_repo, owner=NAME[0], repo=NAME[1], per_page=1
    )
    assert [issue.number for issue in everything] == [3, 2, 1]


def test_an_issue_is_edited_closed_and_reopened(world: World) -> None:
    client = world.client()
    client.rest.issues.create(*NAME, title="Try it")
    closed = client.rest.issues.update(
        *NAME, 1, title="Try", state="closed", state_reason="not_planned"
    ).parsed_data
    assert (closed.title, closed.state, closed.state_reason) == ("Try", "closed", "not_planned")
    again = client.rest.issues.update(*NAME, 1, state="open").parsed_data
    assert (again.state, again.state_reason) == ("open", "reopened")


def test_an_issue_knows_who_closed_it(world: World) -> None:
    actions.open_issue(world.sandbox, world.repo, world.stranger, title="Try it")
    actions.close(world.sandbox, world.repo.issues[1], world.owner, reason="not_planned")
    client = world.client()
    issue = client.rest.issues.get(*NAME, 1).parsed_data
    assert issue.closed_by
    assert issue.closed_by.login == "olive-owner"
    [event] = client.rest.issues.list_events(*NAME, 1).json()
    assert (event["event"], event["actor"]["login"], event["state_reason"]) == (
        "closed",
        "olive-owner",
        "not_planned",
    )


def test_comments_are_made_edited_listed_and_deleted(world: World) -> None:
    client = world.client()
    client.rest.issues.create(*NAME, title="Try it")
    made = client.rest.issues.create_comment(*NAME, 1, body="First").parsed_data
    client.rest.issues.update_comment(*NAME, made.id, body="Second")
    assert client.rest.issues.get_comment(*NAME, made.id).parsed_data.body == "Second"
    assert [each.body for each in client.rest.issues.list_comments(*NAME, 1).parsed_data] == [
        "Second"
    ]
    client.rest.issues.delete_comment(*NAME, made.id)
    assert client.rest.issues.list_comments(*NAME, 1).parsed_data == []
    with refused(404, "Not Found"):
        client.rest.issues.get_comment(*NAME, made.id)


def test_a_body_beyond_the_limit_is_refused(world: World) -> None:
    client = world.client()
    client.rest.issues.create(*NAME, title="Try it")
    with refused(422, "maximum is 65536 characters"):
        client.rest.issues.create_comment(*NAME, 1, body="x" * 65_537)


def test_an_issue_needs_a_title(world: World) -> None:
    with refused(422, '\\"title\\" wasn\'t supplied'):
        world.client().request("POST", "/repos/acme/lantern/issues", json={})


def test_labels_are_added_and_removed(world: World) -> None:
    client = world.client()
    client.rest.issues.create(*NAME, title="Try it")
    client.rest.issues.add_labels(*NAME, 1, labels=["idea", "wontfix"])
    client.rest.issues.remove_label(*NAME, 1, "idea")
    assert [
        each.name for each in client.rest.issues.list_labels_on_issue(*NAME, 1).parsed_data
    ] == ["wontfix"]
    assert [each.name for each in client.rest.issues.list_labels_for_repo(*NAME).parsed_data] == [
        "idea",
        "wontfix",
    ]


def test_the_same_reaction_twice_is_one(world: World) -> None:
    client = world.client()
    client.rest.issues.create(*NAME, title="Try it")
    said = client.rest.issues.create_comment(*NAME, 1, body="Hello").parsed_data
    first = client.rest.reactions.create_for_issue_comment(*NAME, said.id, content="eyes")
    second = client.rest.reactions.create_for_issue_comment(*NAME, said.id, content="eyes")
    assert (first.status_code, second.status_code) == (201, 200)
    client.rest.reactions.create_for_issue(*NAME, 1, content="+1")
    assert [
        each.content
        for each in client.rest.reactions.list_for_issue_comment(*NAME, said.id).parsed_data
    ] == ["eyes"]
    assert [
        each.content for each in client.rest.reactions.list_for_issue(*NAME, 1).parsed_data
    ] == ["+1"]


def test_the_timeline_is_in_order(world: World) -> None:
    issue = actions.open_issue(world.sandbox, world.repo, world.stranger, title="Try it")
    world.clock.pass_time(minutes=1)
    actions.comment(world.sandbox, issue, world.owner, "No, because")
    world.clock.pass_time(minutes=1)
    actions.close(world.sandbox, issue, world.owner, reason="not_planned")
    listed = world.client().rest.issues.list_events_for_timeline(*NAME, 1).parsed_data
    assert [each.event for each in listed] == ["commented", "closed"]


# --- contents


def test_a_file_is_made_changed_and_removed_through_contents(world: World) -> None:
    client = world.client()
    made = client.rest.repos.create_or_update_file_contents(
        *NAME, "a/b.txt", message="Add", content=b64encode(b"one").decode()
    )
    assert made.status_code == 201
    blob = made.parsed_data.content
    assert blob
    changed = client.rest.repos.create_or_update_file_contents(
        *NAME, "a/b.txt", message="Change", content=b64encode(b"two").decode(), sha=blob.sha
    )
    assert changed.status_code == 200
    read = client.rest.repos.get_content(*NAME, "a/b.txt").parsed_data
    assert b64decode(read.content) == b"two"
    assert [each.name for each in client.rest.repos.get_content(*NAME, "a").parsed_data] == [
        "b.txt"
    ]
    client.rest.repos.delete_file(*NAME, "a/b.txt", message="Remove", sha=read.sha)
    with refused(404, "Not Found"):
        client.rest.repos.get_content(*NAME, "a/b.txt")


def test_a_stale_blob_is_a_conflict(world: World) -> None:
    with refused(409, "docs/learnings.md does not match"):
        world.client().rest.repos.create_or_update_file_contents(
            *NAME, PATH, message="Change", content=b64encode(b"two").decode(), sha="0" * 40
        )


def test_a_file_that_exists_is_not_replaced_unnamed(world: World) -> None:
    with refused(422, "wasn't supplied"):
        world.client().rest.repos.create_or_update_file_contents(
            *NAME, PATH, message="Change", content=b64encode(b"two").decode()
        )


def test_a_file_is_read_as_it_was_at_a_commit(world: World) -> None:
    first = world.repo.git.head("main")
    actions.commit_files(
        world.sandbox, world.repo, world.owner, branch="main", files={PATH: "new\n"}, message="New"
    )
    read = world.client().rest.repos.get_content(*NAME, PATH, ref=first).parsed_data
    assert b64decode(read.content).decode() == LEARNINGS


# --- git data


def new_commit(world: World, text: str, *, parent: str, **more: object) -> str:
    git = world.client().rest.git
    blob = git.create_blob(*NAME, content=text).parsed_data.sha
    entry = {"path": PATH, "mode": "100644", "type": "blob", "sha": blob}
    tree = git.create_tree(*NAME, tree=[entry], base_tree=parent).parsed_data.sha
    return str(
        git.create_commit(
            *NAME, message="Write", tree=tree, parents=[parent], **more
        ).parsed_data.sha
    )


def test_a_commit_is_built_from_blob_and_tree_and_kept_files_stay(world: World) -> None:
    head = world.repo.git.head("main")
    assert head
    sha = new_commit(world, "new\n", parent=head)
    git = world.client().rest.git
    listed = git.get_tree(*NAME, sha, recursive="1").parsed_data.tree
    assert [each.path for each in listed] == ["README.md", "docs", "docs/learnings.md"]
    blob = git.get_blob(*NAME, listed[2].sha).parsed_data
    assert b64decode(blob.content) == b"new\n"


def test_a_commit_without_author_is_the_bots_and_verified(world: World) -> None:
    head = world.repo.git.head("main")
    assert head
    commit = (
        world.client()
        .rest.git.get_commit(*NAME, new_commit(world, "new\n", parent=head))
        .parsed_data
    )
    assert (commit.author.name, commit.verification.verified) == ("precedent[bot]", True)


def test_a_commit_with_an_author_is_not_verified(world: World) -> None:
    head = world.repo.git.head("main")
    assert head
    sha = new_commit(world, "new\n", parent=head, author={"name": "A", "email": "a@example.org"})
    assert world.client().rest.git.get_commit(*NAME, sha).parsed_data.verification.verified is False


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"path": "../x", "mode": "100644", "content": "y"}, "malformed path component"),
        ({"path": "x", "mode": "7", "content": "y"}, "valid file modes"),
        ({"path": "x", "mode": "100644", "sha": "0" * 40}, "not a valid object"),
        ({"mode": "100644"}, "tree.path is missing"),
    ],
)
def test_a_tree_of_nonsense_is_refused(world: World, entry: dict[str, str], message: str) -> None:
    with refused(422, message):
        world.client().request("POST", "/repos/acme/lantern/git/trees", json={"tree": [entry]})


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"title": "\\ud800"}', b"[" * 100_000])
def test_a_body_that_is_no_text_is_refused(world: World, body: bytes) -> None:
    with refused(400, "Problems parsing JSON"):
        world.client().request("POST", "/repos/acme/lantern/issues", content=body)


def test_a_branch_needs_a_name_git_accepts(world: World) -> None:
    head = world.repo.git.head("main")
    assert head
    with refused(422, "not a valid ref name"):
        world.client().rest.git.create_ref(*NAME, ref="refs/heads/a..b", sha=head)


def test_a_symbolic_link_keeps_its_mode(world: World) -> None:
    entry = {"path": "docs/link.md", "mode": "120000", "type": "blob", "content": "learnings.md"}
    made = world.client().rest.git.create_tree(*NAME, tree=[entry]).parsed_data
    [folder] = made.tree
    [link] = world.client().rest.git.get_tree(*NAME, folder.sha).parsed_data.tree
    assert (link.path, link.mode, link.type) == ("link.md", "120000", "blob")


def test_a_path_is_removed_by_a_null_sha(world: World) -> None:
    head = world.repo.git.head("main")
    assert head
    git = world.client().rest.git
    removed = {"path": PATH, "mode": "100644", "type": "blob", "sha": None}
    tree = git.create_tree(*NAME, tree=[removed], base_tree=head).parsed_data
    assert [each.path for each in tree.tree] == ["README.md"]


def test_a_branch_is_made_moved_and_deleted(world: World) -> None:
    git, head = world.client().rest.git, world.repo.git.head("main")
    assert head
    git.create_ref(*NAME, ref="refs/heads/precedent/learnings", sha=head)
    sha = new_commit(world, "new\n", parent=head)
    git.update_ref(*NAME, "heads/precedent/learnings", sha=sha, force=False)
    assert git.get_ref(*NAME, "heads/precedent/learnings").parsed_data.object_.sha == sha
    listed = git.list_matching_refs(*NAME, "heads/precedent").parsed_data
    assert [each.ref for each in listed] == ["refs/heads/precedent/learnings"]
    git.delete_ref(*NAME, "heads/precedent/learnings")
    with refused(404, "Not Found"):
        git.get_ref(*NAME, "heads/precedent/learnings")


def test_a_branch_is_not_moved_backwards_without_force(world: World) -> None:
    git, first = world.client().rest.git, world.repo.git.head("main")
    assert first
    git.create_ref(*NAME, ref="refs/heads/x", sha=new_commit(world, "new\n", parent=first))
    with refused(422, "Update is not a fast forward"):
        git.update_ref(*NAME, "heads/x", sha=first, force=False)
    assert git.update_ref(*NAME, "heads/x", sha=first, force=True).parsed_data.object_.sha == first


def test_a_branch_is_not_made_twice(world: World) -> None:
    git, head = world.client().rest.git, world.repo.git.head("main")
    assert head
    with refused(422, "Reference already exists"):
        git.create_ref(*NAME, ref="refs/heads/main", sha=head)


def test_a_branch_that_is_not_there_is_not_moved(world: World) -> None:
    head = world.repo.git.head("main")
    assert head
    with refused(422, "Reference does not exist"):
        world.client().rest.git.update_ref(*NAME, "heads/nowhere", sha=head)
