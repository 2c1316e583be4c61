"""One repository as the handlers need it; GitHub's dictionaries stop here."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import quote

from bot.files import TextFile, check_mode, read_text
from bot.github.client import GitHubApp
from bot.github.errors import Missing, Moved
from bot.ports import OwnComment, PullRequest, Reaction
from bot.threads import ClosedAs, Remark, RemarkKind, Summary, Thread

T = TypeVar("T")

WRITING_PERMISSIONS = frozenset({"admin", "maintain", "write"})
# The repository that an address is about; what follows is the issue, the branch or the like.
REPOSITORY = re.compile(r"/(?:repositories/\d+|repos/[^/?]+/[^/?]+)")
# Whose word counts is asked for at most this many people of a thread, the closer and the author first.
MAX_PEOPLE = 40


class GitHubRepo:
    """``Repo`` over REST. Short-lived: one job, so what it remembers cannot grow stale."""

    def __init__(self, app: GitHubApp, *, installation_id: int, repo_id: int, full_name: str) -> None:
        self._app, self._installation_id, self._repo_id = app, installation_id, repo_id
        self.full_name = full_name
        self._permissions: dict[str, bool] = {}

    # --- threads

    def thread(self, number: int) -> Thread:
        issue = self._get(f"/issues/{number}")
        pull = self._get(f"/pulls/{number}") if "pull_request" in issue else None
        remarks = sorted(self._remarks(issue, pull), key=lambda remark: remark.at)
        closer = self._closer(issue)
        people = [closer, _login(issue.get("user")), *(remark.author for remark in remarks)]
        writers = {login for login in list(dict.fromkeys(people))[:MAX_PEOPLE] if self.writes(login)}
        return Thread(
            number=number,
            kind="pull_request" if pull else "issue",
            title=issue["title"],
            author=_login(issue.get("user")),
            closed_as=_closed_as(issue, pull),
            created_at=_moment(issue["created_at"]),
            remarks=[_with_permission(remark, writers) for remark in remarks],
            labels=[label if isinstance(label, str) else label["name"] for label in issue.get("labels") or ()],
            closed_at=_moment(issue["closed_at"]) if issue.get("closed_at") else None,
            closed_by=closer or None,
        )

    def _closer(self, issue: Mapping[str, Any]) -> str:
        """Who closed it; where the issue does not say, its events may. Empty while it is open."""
        if issue["state"] == "open":
            return ""
        if issue.get("closed_by"):
            return _login(issue["closed_by"])
        try:
            closings = [each for each in self._pages(f"/issues/{issue['number']}/events") if each["event"] == "closed"]
        except Missing:
            return ""
        return _login(closings[-1].get("actor")) if closings else ""

    def summary(self, number: int) -> Summary | None:
        """None when there is no such thread, or no longer."""
        try:
            issue = self._get(f"/issues/{number}")
        except Missing:
            return None
        return Summary(
            number=number,
            title=issue["title"],
            text=issue.get("body") or "",
            author=_login(issue.get("user")),
            author_is_bot=_is_bot(issue.get("user")),
            is_open=issue["state"] == "open",
            created_at=_moment(issue["created_at"]),
            closed_at=_moment(issue["closed_at"]) if issue.get("closed_at") else None,
        )

    def closed_since(self, moment: datetime, *, most: int) -> Mapping[int, datetime]:
        asked = f"/issues?state=closed&sort=updated&direction=desc&since={moment:%Y-%m-%dT%H:%M:%SZ}&per_page={most}"
        closed = {issue["number"]: issue.get("closed_at") for issue in self._get(asked)}
        return {number: _moment(at) for number, at in closed.items() if at and _moment(at) >= moment}

    def _remarks(self, issue: Mapping[str, Any], pull: Mapping[str, Any] | None) -> Iterator[Remark]:
        yield _remark(issue, kind="description", at=issue["created_at"])
        for comment in self._pages(f"/issues/{issue['number']}/comments"):
            yield _remark(comment, kind="comment", at=comment["created_at"], edited_at=comment.get("updated_at"))
        if pull is None:
            return
        for review in self._pages(f"/pulls/{issue['number']}/reviews"):
            if review.get("body") and review.get("submitted_at"):
                yield _remark(review, kind="review", at=review["submitted_at"])
        for comment in self._pages(f"/pulls/{issue['number']}/comments"):
            yield _remark(comment, kind="review_comment", at=comment["created_at"], edited_at=comment.get("updated_at"))

    def writes(self, login: str) -> bool:
        """May this person push, now? Asked once per job; somebody GitHub does not know may not."""
        if not login or login.endswith("[bot]"):
            return False
        if login not in self._permissions:
            self._permissions[login] = self._ask_permission(login)
        return self._permissions[login]

    def _ask_permission(self, login: str) -> bool:
        try:
            answer = self._get(f"/collaborators/{quote(login)}/permission")
        except Missing:
            return False
        return answer.get("permission") in WRITING_PERMISSIONS

    # --- comments

    def own_comment(self, number: int, marker: str) -> OwnComment | None:
        for comment in self._pages(f"/issues/{number}/comments"):
            if marker in (comment.get("body") or "") and self._is_own(comment):
                return OwnComment(id=comment["id"], text=comment["body"])
        return None

    def _is_own(self, comment: Mapping[str, Any]) -> bool:
        via = comment.get("performed_via_github_app") or {}
        return str(via.get("id")) == self._app.app_id or _login(comment.get("user")) == self._app.own_login

    def comment(self, number: int, text: str) -> int:
        return int(self._send("POST", f"/issues/{number}/comments", {"body": text})["id"])

    def edit_comment(self, comment_id: int, text: str) -> None:
        self._send("PATCH", f"/issues/comments/{comment_id}", {"body": text})

    def delete_comment(self, comment_id: int) -> None:
        """Also when a person was faster."""
        with suppress(Missing):
            self._send("DELETE", f"/issues/comments/{comment_id}")

    def reactions(self, comment_id: int) -> Sequence[Reaction] | None:
        """None when the comment is gone. GitHub sends no webhook for reactions."""
        try:
            found = self._pages(f"/issues/comments/{comment_id}/reactions", polled=True)
        except Missing:
            return None
        return [Reaction(author=_login(each["user"]), content=each["content"]) for each in found]

    # --- files, commits, branches

    @cached_property
    def default_branch(self) -> str:
        return str(self._get("")["default_branch"])

    def head(self, branch: str) -> str | None:
        """The commit a branch points to; None when there is no such branch."""
        try:
            return str(self._get(f"/git/ref/heads/{quote(branch)}")["object"]["sha"])
        except Missing:
            return None

    def history(self, commit: str) -> Sequence[str]:
        """The newest hundred commits that lead to `commit`, itself first."""
        return [member["sha"] for member in self._get(f"/commits?sha={commit}&per_page=100")]

    def merge_base(self, base: str, head: str) -> str:
        return str(self._get(f"/compare/{base}...{head}?per_page=1")["merge_base_commit"]["sha"])

    def read_file(self, path: str, *, commit: str) -> TextFile | None:
        """Walks the trees, because the contents API answers a symbolic link with the file it points to.

        None when there is nothing at `path`; raises UneditableFile for anything but a text file.
        """
        tree = self._tree_of(commit)
        *folders, name = path.split("/")
        for folder in folders:
            found = self._tree_member(tree, folder)
            if found is None:
                return None
            if found["mode"] != "040000":
                check_mode(folder, found["mode"])
                return None
            tree = found["sha"]
        found = self._tree_member(tree, name)
        if found is None:
            return None
        check_mode(path, found["mode"])
        blob = self._get(f"/git/blobs/{found['sha']}")
        content = blob["content"]
        text = read_text(path, content.encode() if blob.get("encoding") == "utf-8" else base64.b64decode(content))
        return TextFile(text=text, blob=found["sha"], mode=found["mode"])

    def _tree_of(self, commit: str) -> str:
        return str(self._get(f"/git/commits/{commit}")["tree"]["sha"])

    def _tree_member(self, tree: str, name: str) -> Mapping[str, Any] | None:
        members = self._get(f"/git/trees/{tree}")["tree"]
        return next((member for member in members if member["path"] == name), None)

    def commit_file(
        self, path: str, text: str | None, *, mode: str, message: str, tree_of: str, parents: Sequence[str]
    ) -> str:
        """A commit that nothing points to yet: the tree of `tree_of` with one file written. Returns its sha.

        None for `text` leaves that tree as it is. Without author and committer, so that GitHub signs it.
        """
        tree = self._tree_of(tree_of)
        if text is not None:
            members = [{"path": path, "mode": mode, "type": "blob", "content": text}]
            tree = self._send("POST", "/git/trees", {"base_tree": tree, "tree": members})["sha"]
        commit = {"message": message, "tree": tree, "parents": list(parents)}
        return str(self._send("POST", "/git/commits", commit)["sha"])

    def create_branch(self, branch: str, commit: str) -> None:
        self._send("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": commit})

    def advance_branch(self, branch: str, commit: str) -> None:
        """Fast-forward only: Conflict means that somebody pushed first."""
        self._send("PATCH", f"/git/refs/heads/{quote(branch)}", {"sha": commit, "force": False})

    # --- pull requests

    def find_pull_request(self, branch: str) -> PullRequest | None:
        """The newest pull request from `branch`, open or not."""
        owner = self.full_name.partition("/")[0]
        found = self._get(f"/pulls?head={quote(f'{owner}:{branch}')}&state=all&sort=created&direction=desc&per_page=10")
        ours = [pull for pull in found if pull["head"]["ref"] == branch]
        return self.pull_request(max(pull["number"] for pull in ours)) if ours else None

    def pull_request(self, number: int) -> PullRequest:
        pull = self._get(f"/pulls/{number}")
        closed_by = None if pull["state"] == "open" else self._closer(self._get(f"/issues/{number}"))
        return PullRequest(
            number=number,
            state="merged" if _is_merged(pull) else pull["state"],
            title=pull["title"],
            body=pull.get("body") or "",
            base=pull["base"]["ref"],
            closed_by=closed_by or None,
        )

    def open_pull_request(self, *, title: str, body: str, branch: str, base: str) -> PullRequest:
        asked = {"title": title, "body": body, "head": branch, "base": base, "maintainer_can_modify": True}
        return self.pull_request(self._send("POST", "/pulls", asked)["number"])

    def edit_pull_request(self, number: int, *, title: str, body: str) -> None:
        self._send("PATCH", f"/pulls/{number}", {"title": title, "body": body})

    def close_pull_request(self, number: int) -> None:
        self._send("PATCH", f"/pulls/{number}", {"state": "closed"})

    # --- requests

    def _get(self, path: str) -> Any:
        return self._send("GET", path)

    def _send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        return self._under_its_name(lambda: self._request(method, f"/repos/{self.full_name}{path}", body))

    def _pages(self, path: str, *, polled: bool = False) -> Sequence[Any]:
        account, repo_id = self._installation_id, self._repo_id

        def read() -> Sequence[Any]:
            place = f"/repos/{self.full_name}{path}"
            return list(self._app.pages(place, installation_id=account, repo_id=repo_id, polled=polled))

        return self._under_its_name(read)

    def _under_its_name(self, ask: Callable[[], T]) -> T:
        """Once more when the repository was renamed: a redirect is never followed with a write."""
        try:
            return ask()
        except Moved as moved:
            self.full_name = self._name_at(moved.to)
            return ask()

    def _name_at(self, address: str) -> str:
        """The name of our repository at the address we were sent to. Missing when that is another one: an issue was
        transferred, and nothing of ours is written there."""
        place = REPOSITORY.search(address)
        found = self._request("GET", place[0]) if place else {}
        if found.get("id") != self._repo_id or found["full_name"] == self.full_name:
            raise Missing(f"moved from {self.full_name} to {address}")
        return str(found["full_name"])

    def _request(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        return self._app.request(method, path, body, installation_id=self._installation_id, repo_id=self._repo_id)


def _remark(source: Mapping[str, Any], *, kind: RemarkKind, at: str, edited_at: str | None = None) -> Remark:
    return Remark(
        author=_login(source.get("user")),
        kind=kind,
        text=source.get("body") or "",
        at=_moment(at),
        bot=_is_bot(source.get("user")),
        edited_at=_moment(edited_at) if edited_at and edited_at != at else None,
        url=source.get("html_url") or "",
    )


def _with_permission(remark: Remark, writers: set[str]) -> Remark:
    return replace(remark, writes=remark.author in writers)


def _closed_as(issue: Mapping[str, Any], pull: Mapping[str, Any] | None) -> ClosedAs:
    if issue["state"] == "open":
        return "open"
    if pull is not None:
        return "merged" if _is_merged(pull) else "closed_unmerged"
    match issue.get("state_reason"):
        case "completed":
            return "completed"
        case "not_planned":
            return "not_planned"
        case "duplicate":
            return "duplicate"
        case _:
            return "closed"


def _is_merged(pull: Mapping[str, Any]) -> bool:
    return bool(pull.get("merged_at") or pull.get("merged"))


def _is_bot(user: Mapping[str, Any] | None) -> bool:
    return user is not None and (user.get("type") == "Bot" or _login(user).endswith("[bot]"))


def _login(user: Mapping[str, Any] | None) -> str:
    """Empty for a deleted account."""
    return str(user["login"]) if user else ""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
