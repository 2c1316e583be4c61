"""One repository as the handlers need it; GitHub's dictionaries stop here."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from bot.adapters.github.addresses import address, of_branch, of_repository
from bot.adapters.github.check_runs import check_body, read_check
from bot.adapters.github.client import MAX_PAGES, GitHubApp
from bot.adapters.github.refusals import Conflict, Missing, Moved
from bot.adapters.github.surroundings import (
    number_here,
    read_children,
    read_landed,
    read_mentions,
    with_short_references,
)
from bot.core.conversation.line_remarks import LineRemark
from bot.core.errors import GiveUp, TryLater
from bot.core.files import TextFile, check_mode, check_size, read_text
from bot.core.learnings.check_run import CHECK_NAME, Annotation, Check
from bot.core.threads import (
    ClosedAs,
    Remark,
    RemarkKind,
    Summary,
    Surroundings,
    Thread,
    within_budget,
)
from bot.ports.github import CheckRun, Heads, OwnComment, PullRequest, Reaction, SaidComment

T = TypeVar("T")

WRITING_PERMISSIONS = frozenset({"admin", "maintain", "write"})
# The repository that an address is about; what follows is the issue, the branch or the like.
REPOSITORY = re.compile(r"/(?:repositories/\d+|repos/[^/?]+/[^/?]+)")
# Whose word counts is asked for at most this many people of a thread: the closer, the author, then
# who spoke last.
MAX_PEOPLE = 40
# Of a thread one step away we read the first page of each list, and ask about so many people.
LINKED_PEOPLE = 5
TIMELINE_PAGES = 3
# https://docs.github.com/rest/pulls/pulls#list-pull-requests-files
MOST_FILES = 3_000


class GitHubRepo:
    """``Repo`` over REST. Short-lived: one job, so what it remembers cannot grow stale."""

    def __init__(
        self, app: GitHubApp, *, installation_id: int, repo_id: int, full_name: str
    ) -> None:
        self._app, self._installation_id, self._repo_id = app, installation_id, repo_id
        self.full_name = full_name
        self._permissions: dict[str, bool] = {}
        self._listed: dict[int, int] = {}
        self._issues: dict[int, Any] = {}
        # What is named by the sha of its content cannot change: the tree of a commit, and the
        # members of a tree by name.
        self._trees: dict[str, str] = {}
        self._members: dict[str, Mapping[str, Mapping[str, Any]]] = {}
        # Where branches pointed, and those that no pull request was from. What is written on the
        # strength of it is refused by GitHub where that has changed.
        self._heads: dict[str, str | None] = {}
        self._unproposed: set[str] = set()

    # --- threads

    def thread(self, number: int) -> Thread:
        issue = self._issues[number] = self._get(address("/issues/{}", number))
        return self._read_thread(issue, pages=MAX_PAGES, people=MAX_PEOPLE)

    def linked_thread(self, number: int) -> Thread | None:
        """None when it is gone, in another repository by now, or a bot's: ours are about what
        others said."""
        try:
            issue = self._get(address("/issues/{}", number))
            return (
                None
                if _is_bot(issue.get("user"))
                else self._read_thread(issue, pages=1, people=LINKED_PEOPLE)
            )
        except GiveUp:
            return None

    def _read_thread(self, issue: Mapping[str, Any], *, pages: int, people: int) -> Thread:
        number = issue["number"]
        pull = self._get(address("/pulls/{}", number)) if "pull_request" in issue else None
        said = [
            with_short_references(remark, self.full_name)
            for remark in self._remarks(issue, pull, most=pages)
        ]
        remarks = sorted(said, key=lambda remark: remark.at)
        closer = self._closer(issue)
        # Who spoke last is likelier to have decided than who spoke first.
        known = dict.fromkeys(
            [closer, _login(issue.get("user")), *(remark.author for remark in reversed(remarks))]
        )
        writers = {login for login in list(known)[:people] if self.writes(login)}
        return Thread(
            number=number,
            kind="pull_request" if pull else "issue",
            title=issue["title"],
            author=_login(issue.get("user")),
            closed_as=_closed_as(issue, pull),
            created_at=_moment(issue["created_at"]),
            remarks=within_budget([_with_permission(remark, writers) for remark in remarks]),
            labels=[
                label if isinstance(label, str) else label["name"]
                for label in issue.get("labels") or ()
            ],
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
            events = self._pages(address("/issues/{}/events", issue["number"]))
        except Missing:
            return ""
        closings = [each for each in events if each["event"] == "closed"]
        return _login(closings[-1].get("actor")) if closings else ""

    def surroundings(self, number: int) -> Surroundings:
        """Servers differ in what they tell: whatever is refused is not known."""
        issue = self._issues.get(number) or self._get(address("/issues/{}", number))
        timeline = self._optional(address("/issues/{}/timeline", number), most=TIMELINE_PAGES)
        nests = "pull_request" not in issue
        return Surroundings(
            mentions=read_mentions(timeline, self.full_name),
            parent=self._parent(issue) if nests else None,
            children=self._children(issue) if nests else (),
            landed=read_landed(timeline),
        )

    def _parent(self, issue: Mapping[str, Any]) -> int | None:
        if "parent_issue_url" in issue:
            return number_here(issue["parent_issue_url"], self.full_name)
        try:
            parent = self._get(address("/issues/{}/parent", issue["number"])) or {}
            return number_here(parent.get("url"), self.full_name)
        except GiveUp:
            return None

    def _children(self, issue: Mapping[str, Any]) -> Sequence[int]:
        if (issue.get("sub_issues_summary") or {}).get("total") == 0:
            return ()
        return read_children(
            self._optional(address("/issues/{}/sub_issues", issue["number"]), most=1),
            self.full_name,
        )

    def summary(self, number: int) -> Summary | None:
        """None when there is no such thread, or no longer."""
        try:
            issue = self._get(address("/issues/{}", number))
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
        asked = "/issues?state=closed&sort=updated&direction=desc&since={}&per_page={}"
        listed = self._get(address(asked, f"{moment:%Y-%m-%dT%H:%M:%SZ}", most))
        closed = {issue["number"]: issue.get("closed_at") for issue in listed}
        return {
            number: _moment(at) for number, at in closed.items() if at and _moment(at) >= moment
        }

    def _remarks(
        self, issue: Mapping[str, Any], pull: Mapping[str, Any] | None, *, most: int
    ) -> Iterator[Remark]:
        yield _remark(issue, kind="description", at=issue["created_at"])
        # Whoever closes a long thread says why at its end.
        for comment in self._pages(
            address("/issues/{}/comments", issue["number"]), most=most, both_ends=True
        ):
            yield _remark(
                comment,
                kind="comment",
                at=comment["created_at"],
                edited_at=comment.get("updated_at"),
            )
        if pull is None:
            return
        for review in self._pages(address("/pulls/{}/reviews", issue["number"]), most=most):
            if review.get("body") and review.get("submitted_at"):
                yield _remark(review, kind="review", at=review["submitted_at"])
        for comment in self._pages(address("/pulls/{}/comments", issue["number"]), most=most):
            yield _remark(
                comment,
                kind="review_comment",
                at=comment["created_at"],
                edited_at=comment.get("updated_at"),
            )

    def writes(self, login: str) -> bool:
        """May this person push, now? Asked once per job; somebody GitHub does not know may not."""
        if not login or login.endswith("[bot]"):
            return False
        if login not in self._permissions:
            self._permissions[login] = self._ask_permission(login)
        return self._permissions[login]

    def _ask_permission(self, login: str) -> bool:
        try:
            answer = self._get(address("/collaborators/{}/permission", login))
        except Missing:
            return False
        return answer.get("permission") in WRITING_PERMISSIONS

    # --- comments

    def find_comment(self, number: int, comment_id: int) -> SaidComment | None:
        comment = self._comment(number, comment_id)
        if comment is None or str(comment.get("issue_url") or number).rpartition("/")[2] != str(
            number
        ):
            return None
        return SaidComment(
            id=comment["id"],
            number=number,
            author=_login(comment.get("user")),
            text=comment.get("body") or "",
            at=_moment(comment["created_at"]),
            updated_at=_moment(comment.get("updated_at") or comment["created_at"]),
            url=comment.get("html_url") or "",
            automatic=_is_bot(comment.get("user")) or bool(comment.get("performed_via_github_app")),
        )

    def _comment(self, number: int, comment_id: int) -> Mapping[str, Any] | None:
        """By its address, else in its thread: not every server gives a comment an address of its
        own."""
        try:
            found: Mapping[str, Any] = self._get(address("/issues/comments/{}", comment_id))
        except Missing:
            said = self._optional(address("/issues/{}/comments", number), most=MAX_PAGES)
            return next((comment for comment in said if comment["id"] == comment_id), None)
        return found

    def react(self, comment_id: int, content: str) -> None:
        """Where it is refused (a locked conversation, a server without reactions) nothing more is
        to be done."""
        with suppress(GiveUp, Conflict):
            self._send(
                "POST", address("/issues/comments/{}/reactions", comment_id), {"content": content}
            )

    def own_comment(self, number: int, marker: str) -> OwnComment | None:
        listed = self._pages(address("/issues/{}/comments", number))
        self._listed[number] = len(listed)
        for comment in listed:
            if marker in (comment.get("body") or "") and self._is_own(comment):
                return OwnComment(id=comment["id"], text=comment["body"])
        return None

    def _is_own(self, comment: Mapping[str, Any]) -> bool:
        via = comment.get("performed_via_github_app") or {}
        return (
            str(via.get("id")) == self._app.app_id
            or _login(comment.get("user")) == self._app.own_login
        )

    def comment(self, number: int, text: str) -> int:
        path = address("/issues/{}/comments", number)
        if self._app.may_have_happened(of_repository(self.full_name) + path) and self._lags(number):
            raise TryLater(f"{self.full_name}#{number} has a comment that is not listed yet")
        return int(self._send("POST", path, {"body": text})["id"])

    def _lags(self, number: int) -> bool:
        """Does the issue count more comments than were listed?"""
        return int(
            self._get(address("/issues/{}", number)).get("comments") or 0
        ) > self._listed.get(number, 0)

    def edit_comment(self, comment_id: int, text: str) -> None:
        self._send("PATCH", address("/issues/comments/{}", comment_id), {"body": text})

    def delete_comment(self, comment_id: int) -> None:
        """Also when a person was faster."""
        with suppress(Missing):
            self._send("DELETE", address("/issues/comments/{}", comment_id))

    def reactions(self, comment_id: int) -> Sequence[Reaction] | None:
        """None when the comment is gone. GitHub sends no webhook for reactions."""
        try:
            found = self._pages(address("/issues/comments/{}/reactions", comment_id), polled=True)
        except Missing:
            return None
        return [Reaction(author=_login(each["user"]), content=each["content"]) for each in found]

    # --- comments on lines

    def line_remarks(self, number: int) -> Sequence[LineRemark]:
        return [
            self._line_remark(each) for each in self._pages(address("/pulls/{}/comments", number))
        ]

    def _line_remark(self, comment: Mapping[str, Any]) -> LineRemark:
        # `line` follows the diff until the line is gone from it; the original one stays with its
        # commit.
        on_new_side = (
            comment.get("side", "RIGHT") == "RIGHT"
            and comment.get("subject_type", "line") == "line"
        )
        return LineRemark(
            id=comment["id"],
            thread=comment.get("in_reply_to_id") or comment["id"],
            path=comment.get("path") or "",
            line=(comment.get("original_line") or comment.get("line")) if on_new_side else None,
            commit=comment.get("original_commit_id") or comment.get("commit_id") or "",
            author=_login(comment.get("user")),
            text=comment.get("body") or "",
            own=self._is_own(comment),
            automatic=_is_bot(comment.get("user")) or bool(comment.get("performed_via_github_app")),
        )

    def reply_on_line(self, number: int, thread: int, text: str) -> None:
        self._send("POST", address("/pulls/{}/comments/{}/replies", number, thread), {"body": text})

    # --- files, commits, branches

    @cached_property
    def _about(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._get("")
        return found

    @property
    def default_branch(self) -> str:
        return str(self._about["default_branch"])

    @property
    def web_url(self) -> str:
        return str(self._about["html_url"])

    def head(self, branch: str) -> str | None:
        """The commit a branch points to; None when there is no such branch. Asked once per job."""
        if branch not in self._heads:
            self._heads[branch] = self._ask_head(branch)
        return self._heads[branch]

    def default_head(self) -> str | None:
        """Asked each time: what is read of it may be newer than what was read before."""
        head = self._heads[self.default_branch] = self._ask_head(self.default_branch)
        return head

    def _ask_head(self, branch: str) -> str | None:
        try:
            return str(self._get(of_branch("/git/ref/heads/{}", branch))["object"]["sha"])
        except Missing:
            return None

    def history(self, commit: str) -> Sequence[str]:
        """The newest hundred commits that lead to `commit`, itself first."""
        return [
            member["sha"] for member in self._get(address("/commits?sha={}&per_page=100", commit))
        ]

    def merge_base(self, base: str, head: str) -> str:
        compared = self._get(address("/compare/{}...{}?per_page=1", base, head))
        return self._learn_commit(compared["merge_base_commit"])

    def read_file(self, path: str, *, commit: str) -> TextFile | None:
        """Walks the trees, because the contents API answers a symbolic link with the file it points
        to.

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
        check_size(path, found.get("size") or 0)
        blob = self._get(address("/git/blobs/{}", found["sha"]))
        content = blob["content"]
        text = read_text(
            path, content.encode() if blob.get("encoding") == "utf-8" else base64.b64decode(content)
        )
        return TextFile(text=text, blob=found["sha"], mode=found["mode"])

    def _tree_of(self, commit: str) -> str:
        if commit not in self._trees:
            self._trees[commit] = str(self._get(address("/git/commits/{}", commit))["tree"]["sha"])
        return self._trees[commit]

    def _learn_commit(self, told: Mapping[str, Any]) -> str:
        """The sha of a commit told of in an answer about something else, most of which name its
        tree as well."""
        sha, tree = str(told["sha"]), (told.get("commit") or told).get("tree") or {}
        if "sha" in tree:
            self._trees[sha] = str(tree["sha"])
        return sha

    def _tree_member(self, tree: str, name: str) -> Mapping[str, Any] | None:
        if tree not in self._members:
            listed = self._get(address("/git/trees/{}", tree))["tree"]
            self._members[tree] = {member["path"]: member for member in listed}
        return self._members[tree].get(name)

    def commit_file(
        self,
        path: str,
        text: str | None,
        *,
        mode: str,
        message: str,
        tree_of: str,
        parents: Sequence[str],
    ) -> str:
        """A commit that nothing points to yet: the tree of `tree_of` with one file written. Returns
        its sha.

        None for `text` leaves that tree as it is. Without author and committer, so that GitHub
        signs it.
        """
        tree = self._tree_of(tree_of)
        if text is not None:
            members = [{"path": path, "mode": mode, "type": "blob", "content": text}]
            tree = self._send("POST", "/git/trees", {"base_tree": tree, "tree": members})["sha"]
        commit = {"message": message, "tree": tree, "parents": list(parents)}
        return self._learn_commit(self._send("POST", "/git/commits", commit))

    def author(self, commit: str) -> str:
        by = self._get(address("/git/commits/{}", commit))["author"]
        return f"{by['name']} <{by['email']}>"

    def create_branch(self, branch: str, commit: str) -> None:
        self._heads.pop(branch, None)
        self._send("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": commit})
        self._heads[branch] = commit

    def advance_branch(self, branch: str, commit: str) -> None:
        """Fast-forward only: Conflict means that somebody pushed first."""
        self._heads.pop(branch, None)
        self._send(
            "PATCH", of_branch("/git/refs/heads/{}", branch), {"sha": commit, "force": False}
        )
        self._heads[branch] = commit

    # --- pull requests

    def find_pull_request(self, branch: str) -> PullRequest | None:
        """The newest pull request from `branch`, open or not. That there is none is asked once per
        job."""
        if branch in self._unproposed:
            return None
        owner = self.full_name.partition("/")[0]
        asked = "/pulls?head={}&state=all&sort=created&direction=desc&per_page=10"
        found = self._get(address(asked, f"{owner}:{branch}"))
        ours = [pull for pull in found if pull["head"]["ref"] == branch]
        if not ours:
            self._unproposed.add(branch)
            return None
        return self.pull_request(max(pull["number"] for pull in ours))

    def pull_request(self, number: int) -> PullRequest:
        return self._read_pull(self._get(address("/pulls/{}", number)))

    def _read_pull(self, pull: Mapping[str, Any]) -> PullRequest:
        number = pull["number"]
        issue = {} if pull["state"] == "open" else self._get(address("/issues/{}", number))
        return PullRequest(
            number=number,
            state="merged" if _is_merged(pull) else pull["state"],
            title=pull["title"],
            body=pull.get("body") or "",
            base=pull["base"]["ref"],
            closed_by=(self._closer(issue) if issue else None) or None,
            closed_by_bot=_is_bot(issue.get("closed_by")),
            closed_at=_moment(issue["closed_at"]) if issue.get("closed_at") else None,
            commented=pull.get("comments") != 0,
        )

    def open_pull_request(self, *, title: str, body: str, branch: str, base: str) -> PullRequest:
        asked = {
            "title": title,
            "body": body,
            "head": branch,
            "base": base,
            "maintainer_can_modify": True,
        }
        self._unproposed.discard(branch)
        return self._read_pull(self._send("POST", "/pulls", asked))

    def edit_pull_request(self, number: int, *, title: str, body: str) -> None:
        self._send("PATCH", address("/pulls/{}", number), {"title": title, "body": body})

    def close_pull_request(self, number: int) -> None:
        self._send("PATCH", address("/pulls/{}", number), {"state": "closed"})

    def heads(self, number: int) -> Heads | None:
        try:
            pull = self._get(address("/pulls/{}", number))
        except Missing:
            return None
        head, base = (pull[side].get("sha") for side in ("head", "base"))
        return Heads(head=head, base=base) if pull["state"] == "open" and head and base else None

    def changed_paths(self, number: int) -> frozenset[str] | None:
        files = self._pages(address("/pulls/{}/files", number))
        if len(files) >= MOST_FILES:
            return None
        return frozenset(
            path
            for file in files
            for path in (file.get("filename"), file.get("previous_filename"))
            if path is not None
        )

    # --- check runs

    def find_check(self, name: str, *, commit: str) -> CheckRun | None:
        """The newest: of runs of one name GitHub shows that one alone."""
        asked = address("/commits/{}/check-runs?check_name={}&per_page=100", commit, name)
        found = self._send("GET", asked, for_checks=True)
        runs = found.get("check_runs") or () if isinstance(found, dict) else ()
        ours = [run for run in runs if run["name"] == name and self._is_by_us(run)]
        return read_check(max(ours, key=lambda run: int(run["id"]))) if ours else None

    def _is_by_us(self, run: Mapping[str, Any]) -> bool:
        by = (run.get("app") or {}).get("id")
        return by is None or str(by) == self._app.app_id

    def write_check(
        self,
        check: Check,
        *,
        commit: str,
        onto: int | None,
        annotations: Sequence[Annotation],
        last: bool,
    ) -> int:
        body = check_body(check, annotations, last=last)
        if onto is not None:
            self._send("PATCH", address("/check-runs/{}", onto), body, for_checks=True)
            return onto
        made = self._send(
            "POST", "/check-runs", {"name": CHECK_NAME, "head_sha": commit, **body}, for_checks=True
        )
        if not isinstance(made, dict) or "id" not in made:
            raise Missing(f"{self.full_name}: the server keeps no check runs")
        return int(made["id"])

    # --- requests

    def _get(self, path: str) -> Any:
        return self._send("GET", path)

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        for_checks: bool = False,
    ) -> Any:
        return self._under_its_name(
            lambda: self._request(
                method, of_repository(self.full_name) + path, body, for_checks=for_checks
            )
        )

    def _optional(self, path: str, *, most: int) -> Sequence[Any]:
        try:
            return self._pages(path, most=most)
        except GiveUp:
            return ()

    def _pages(
        self, path: str, *, most: int = MAX_PAGES, polled: bool = False, both_ends: bool = False
    ) -> Sequence[Any]:
        account, repo_id = self._installation_id, self._repo_id

        def read() -> Sequence[Any]:
            place = of_repository(self.full_name) + path
            pages = self._app.pages(
                place,
                installation_id=account,
                repo_id=repo_id,
                most=most,
                polled=polled,
                both_ends=both_ends,
            )
            return list(pages)

        return self._under_its_name(read)

    def _under_its_name(self, ask: Callable[[], T]) -> T:
        """Once more when the repository was renamed: a redirect is never followed with a write."""
        try:
            return ask()
        except Moved as moved:
            self.full_name = self._name_at(moved.to)
            return ask()

    def _name_at(self, location: str) -> str:
        """The name of our repository at the address we were sent to. Missing when that is another
        one: an issue was transferred, and nothing of ours is written there."""
        place = REPOSITORY.search(location)
        found = self._request("GET", place[0]) if place else {}
        if found.get("id") != self._repo_id or found["full_name"] == self.full_name:
            raise Missing(f"moved from {self.full_name} to {location}")
        return str(found["full_name"])

    def _request(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        for_checks: bool = False,
    ) -> Any:
        account, repo_id = self._installation_id, self._repo_id
        return self._app.request(
            method, path, body, installation_id=account, repo_id=repo_id, for_checks=for_checks
        )


def _remark(
    source: Mapping[str, Any], *, kind: RemarkKind, at: str, edited_at: str | None = None
) -> Remark:
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
