"""The git side of a repository: objects, refs, history, merges, on a dulwich object store in
memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dulwich.graph import find_merge_base
from dulwich.merge import three_way_merge
from dulwich.object_store import commit_tree_changes, iter_tree_contents, tree_lookup_path
from dulwich.objects import Blob, Commit, ObjectID, Tree, TreeEntry
from dulwich.refs import Ref
from dulwich.repo import MemoryRepo

FILE = 0o100644
DIRECTORY = 0o040000


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who made a commit, and when."""

    name: str
    email: str
    at: datetime


class Git:
    """Ids are hexadecimal text; branches are named without ``refs/heads/``, refs with ``refs/``."""

    def __init__(self) -> None:
        self.repo = MemoryRepo()
        self.store = self.repo.object_store
        # Commits never change, and reading one costs more than all else in a walk.
        self._parents: dict[str, Sequence[str]] = {}

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        names = {ref.decode(): sha.decode() for ref, sha in self.repo.refs.as_dict().items()}
        return {name: names[name] for name in sorted(names) if name.startswith(prefix)}

    def branches(self) -> dict[str, str]:
        return {
            name.removeprefix("refs/heads/"): sha for name, sha in self.refs("refs/heads/").items()
        }

    def head(self, branch: str) -> str | None:
        return self.refs().get(f"refs/heads/{branch}")

    def set_ref(self, ref: str, sha: str) -> None:
        self.repo.refs[Ref(ref.encode())] = ObjectID(sha.encode())

    def delete_ref(self, ref: str) -> None:
        del self.repo.refs[Ref(ref.encode())]

    def resolve(self, name: str) -> str | None:
        """The commit a branch, tag, ref or id stands for."""
        refs = self.refs()
        for ref in (f"refs/heads/{name}", f"refs/tags/{name}", name, f"refs/{name}"):
            if ref in refs:
                return refs[ref]
        return name if self.find_commit(name) else None

    def find_commit(self, sha: str) -> Commit | None:
        found = self._find(sha)
        return found if isinstance(found, Commit) else None

    def commit(self, sha: str) -> Commit:
        found = self.store[ObjectID(sha.encode())]
        assert isinstance(found, Commit)
        return found

    def find_tree(self, sha: str) -> Tree | None:
        """The tree with this id, or of the commit with this id."""
        found = self._find(sha)
        if isinstance(found, Commit):
            found = self._find(found.tree.decode())
        return found if isinstance(found, Tree) else None

    def find_blob(self, sha: str) -> bytes | None:
        found = self._find(sha)
        return found.data if isinstance(found, Blob) else None

    def find_path(self, commit: str, path: str) -> tuple[str, bytes] | Tree | None:
        """A file as (blob id, content), a directory as its tree, or None."""
        tree = self.commit(commit).tree
        if not path:
            return self.find_tree(tree.decode())
        try:
            _, sha = tree_lookup_path(self.store.__getitem__, tree, path.encode())
        except (KeyError, ValueError, NotADirectoryError):
            return None
        found = self.store[sha]
        if isinstance(found, Blob):
            return sha.decode(), found.data
        return found if isinstance(found, Tree) else None

    def read(self, branch: str, path: str) -> str | None:
        """A text file at the tip of a branch."""
        head = self.resolve(branch)
        found = self.find_path(head, path) if head else None
        return found[1].decode() if isinstance(found, tuple) else None

    def walk_tree(self, sha: str, *, recursive: bool) -> list[TreeEntry]:
        tree = self.find_tree(sha)
        if tree is None:
            return []
        # The walk names the root itself first.
        return (
            list(iter_tree_contents(self.store, tree.id, include_trees=True))[1:]
            if recursive
            else tree.items()
        )

    def add_blob(self, content: bytes) -> str:
        blob = Blob.from_string(content)
        self.store.add_object(blob)
        return str(blob.id.decode())

    def add_tree(
        self, changes: Mapping[str, tuple[int, str] | None], *, base: str | None = None
    ) -> str:
        """A tree with these (mode, id) by path on top of another; None removes the path."""
        root = self.find_tree(base) if base else Tree()
        assert root is not None
        listed = [
            (
                path.encode(),
                change[0] if change else None,
                ObjectID(change[1].encode()) if change else None,
            )
            for path, change in changes.items()
        ]
        return commit_tree_changes(self.store, root, listed).decode()

    def add_commit(
        self,
        tree: str,
        *,
        message: str,
        parents: Sequence[str],
        author: Signature,
        committer: Signature,
    ) -> str:
        commit = Commit()
        commit.tree = ObjectID(tree.encode())
        commit.parents = [ObjectID(parent.encode()) for parent in parents]
        commit.message = message.encode()
        commit.encoding = b"UTF-8"
        for role, person in (("author", author), ("commit", committer)):
            setattr(commit, f"{role}_time", int(person.at.timestamp()))
            setattr(commit, f"{role}_timezone", 0)
        commit.author = _identity(author)
        commit.committer = _identity(committer)
        self.store.add_object(commit)
        return str(commit.id.decode())

    def tree_with(self, files: Mapping[str, str | None], *, on: str | None) -> str:
        """The tree of a commit with some text files written (None: removed)."""
        changes = {
            path: None if text is None else (FILE, self.add_blob(text.encode()))
            for path, text in files.items()
        }
        return self.add_tree(changes, base=on)

    def merge_base(self, one: str, other: str) -> str | None:
        found = find_merge_base(self.repo, [ObjectID(one.encode()), ObjectID(other.encode())])
        bases = [sha.decode() for sha in found]
        # Of commits of the same second, dulwich also names common ancestors that are not the
        # lowest.
        lowest = (
            sha
            for sha in bases
            if not any(sha != other and self.is_ancestor(sha, other) for other in bases)
        )
        return next(lowest, None)

    def is_ancestor(self, old: str, new: str) -> bool:
        """Not dulwich's can_fast_forward: it says no where `new` merges `old` with another commit
        of its second."""
        return old in self.ancestors(new)

    def ancestors(self, sha: str) -> set[str]:
        """Every commit that led to this one, itself included."""
        seen: set[str] = set()
        waiting = [sha]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting.extend(self._parents_of(one))
        return seen

    def _parents_of(self, sha: str) -> Sequence[str]:
        if sha not in self._parents:
            self._parents[sha] = [parent.decode() for parent in self.commit(sha).parents]
        return self._parents[sha]

    def commits_between(self, base: str, head: str) -> list[str]:
        """What `head` has and `base` has not, oldest first (``git log base..head``)."""
        if self.find_commit(base) is None or self.find_commit(head) is None:
            return []
        walker = self.repo.get_walker(
            include=[ObjectID(head.encode())],
            exclude=[ObjectID(base.encode())],
            order="topo",
            reverse=True,
        )
        return [entry.commit.id.decode() for entry in walker]

    def history(self, head: str, *, path: str | None = None) -> list[str]:
        """Every commit that led to `head`, newest first, optionally those that touched a path."""
        paths = [path.encode()] if path else None
        walker = self.repo.get_walker(include=[ObjectID(head.encode())], paths=paths, order="topo")
        return [entry.commit.id.decode() for entry in walker]

    def merged_tree(self, base: str, head: str) -> str | None:
        """The tree of a merge of `head` into `base`; None when they conflict."""
        common = self.merge_base(base, head)
        return self._three_way(common, base, head)

    def reverted_tree(self, merge: str, *, on: str) -> str | None:
        """The tree that takes back a merge commit's changes on top of another commit; None when
        they conflict."""
        return self._three_way(merge, on, self.commit(merge).parents[0].decode())

    def _three_way(self, common: str | None, ours: str, theirs: str) -> str | None:
        base = self.commit(common) if common else None
        tree, conflicts = three_way_merge(self.store, base, self.commit(ours), self.commit(theirs))
        if conflicts:
            return None
        self.store.add_object(tree)
        return str(tree.id.decode())

    def _find(self, sha: str) -> object | None:
        try:
            return self.store[ObjectID(sha.encode())]
        except (KeyError, ValueError, AssertionError):
            return None


def _identity(person: Signature) -> bytes:
    # Angle brackets and newlines would break the commit header, as in git itself.
    name = "".join(char for char in person.name if char not in "<>\n\0").strip()
    return f"{name} <{person.email}>".encode()
