"""The git side of the sandbox against definitions, over made-up histories whose commits all have
the same second."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from github_sandbox.diff import changed_files
from github_sandbox.git import Git, Signature

SOMEBODY = Signature(name="Ann <x>\n", email="ann@example.org", at=datetime(2026, 3, 1, tzinfo=UTC))
# For each commit, up to two of the earlier ones (counted back) as parents.
HISTORIES = st.lists(
    st.lists(st.integers(min_value=1, max_value=6), min_size=1, max_size=2, unique=True),
    max_size=18,
)


class History:
    def __init__(self, shape: list[list[int]]) -> None:
        self.git = Git()
        tree = self.git.tree_with({"a": "x\n"}, on=None)
        self.commits: list[str] = []
        self.ancestors: dict[str, set[str]] = {}
        for index, back in enumerate([[], *shape]):
            parents = list(dict.fromkeys(self.commits[max(index - step, 0)] for step in back))
            sha = self.git.add_commit(
                tree, message=str(index), parents=parents, author=SOMEBODY, committer=SOMEBODY
            )
            self.commits.append(sha)
            self.ancestors[sha] = {sha}.union(*(self.ancestors[parent] for parent in parents))

    def in_order(self, shas: list[str]) -> bool:
        """Every parent stands before its children."""
        place = {sha: index for index, sha in enumerate(shas)}
        family = [(parent.decode(), sha) for sha in shas for parent in self.git.commit(sha).parents]
        return all(place.get(parent, -1) < place[sha] for parent, sha in family)


@given(HISTORIES, st.data())
@settings(max_examples=60, deadline=None)
def test_commits_between_are_what_one_has_and_the_other_has_not(
    shape: list[list[int]], data: st.DataObject
) -> None:
    history = History(shape)
    base, head = (data.draw(st.sampled_from(history.commits)) for _ in range(2))
    between = history.git.commits_between(base, head)
    assert set(between) == history.ancestors[head] - history.ancestors[base]
    assert history.in_order(between)


@given(HISTORIES, st.data())
@settings(max_examples=60, deadline=None)
def test_history_is_every_ancestor_newest_first(
    shape: list[list[int]], data: st.DataObject
) -> None:
    history = History(shape)
    head = data.draw(st.sampled_from(history.commits))
    listed = history.git.history(head)
    assert set(listed) == history.ancestors[head]
    assert history.in_order(listed[::-1])


@given(HISTORIES, st.data())
@settings(max_examples=60, deadline=None)
def test_an_ancestor_is_what_the_history_holds(shape: list[list[int]], data: st.DataObject) -> None:
    history = History(shape)
    old, new = (data.draw(st.sampled_from(history.commits)) for _ in range(2))
    assert history.git.is_ancestor(old, new) == (old in history.ancestors[new])


def test_a_merge_of_the_old_head_and_its_own_ancestor_is_a_fast_forward() -> None:
    git = Git()
    first = commit(git, {"a": "1\n"})
    old = commit(git, {"a": "3\n"}, commit(git, {"a": "2\n"}, first))
    assert git.is_ancestor(old, commit(git, {"a": "1\n"}, old, first))


@given(HISTORIES, st.data())
@settings(max_examples=60, deadline=None)
def test_a_merge_base_is_a_common_ancestor_below_no_other(
    shape: list[list[int]], data: st.DataObject
) -> None:
    history = History(shape)
    one, other = (data.draw(st.sampled_from(history.commits)) for _ in range(2))
    common = history.ancestors[one] & history.ancestors[other]
    found = history.git.merge_base(one, other)
    assert found in common
    assert not [sha for sha in common if sha != found and found in history.ancestors[sha]]


def commit(git: Git, files: dict[str, str | None], *parents: str) -> str:
    tree = git.tree_with(files, on=parents[0] if parents else None)
    return git.add_commit(tree, message="x", parents=parents, author=SOMEBODY, committer=SOMEBODY)


def test_changes_to_different_places_merge() -> None:
    git = Git()
    base = commit(git, {"a": "1\n2\n3\n4\n5\n"})
    top, bottom = (
        commit(git, {"a": "0\n2\n3\n4\n5\n"}, base),
        commit(git, {"a": "1\n2\n3\n4\n6\n"}, base),
    )
    tree = git.merged_tree(top, bottom)
    assert tree
    merged = git.add_commit(
        tree, message="m", parents=[top, bottom], author=SOMEBODY, committer=SOMEBODY
    )
    assert git.find_path(merged, "a") == (git.add_blob(b"0\n2\n3\n4\n6\n"), b"0\n2\n3\n4\n6\n")


def test_changes_to_neighbouring_lines_conflict_as_in_git() -> None:
    git = Git()
    base = commit(git, {"a": "1\n2\n3\n"})
    assert (
        git.merged_tree(
            commit(git, {"a": "x\n2\n3\n"}, base), commit(git, {"a": "1\ny\n3\n"}, base)
        )
        is None
    )


def test_a_renamed_file_and_a_removed_one_are_named_as_such() -> None:
    git = Git()
    text = "".join(f"line {n}\n" for n in range(20))
    before = commit(git, {"docs/a.md": text, "gone": "x\n"})
    after = commit(git, {"docs/a.md": None, "docs/b.md": text + "more\n", "gone": None}, before)
    changes = {
        (each.path, each.old_path, each.status) for each in changed_files(git, before, after)
    }
    assert changes == {("docs/b.md", "docs/a.md", "renamed"), ("gone", None, "removed")}


def test_a_lone_carriage_return_does_not_end_a_line() -> None:
    git = Git()
    before = commit(git, {"a": "one\rtwo\n"})
    [change] = changed_files(git, before, commit(git, {"a": "one\rthree\n"}, before))
    assert (change.additions, change.deletions) == (1, 1)


def test_a_name_cannot_break_the_commit() -> None:
    git = Git()
    assert git.commit(commit(git, {"a": "x"})).author == b"Ann x <ann@example.org>"
