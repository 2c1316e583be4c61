"""The whole loop, act by act, without a browser: what people do, what the bot makes of it, and
whether it holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.jobs import BRANCH
from bot.tools.demo.seed import PATH, Harbor
from bot.tools.demo.stage import Stage
from github_sandbox import CONTRIBUTOR, OWNER, STRANGER, actions
from github_sandbox.diff import pull_files
from github_sandbox.state import Account, Comment, Issue

Print = Callable[[str], None]

# Where the last act kills the bot: the commit is made, the branch not yet moved.
CRASH_POINT: Final = "commit.done"


class DoesNotHold(AssertionError):
    """An act did not end as promised."""


@dataclass(frozen=True, kw_only=True)
class Theatre:
    stage: Stage
    harbor: Harbor
    show: Print

    # --- acts

    def a_reason_becomes_a_line(self) -> None:
        self.say(OWNER, "closes #3 “Support YAML anchors in the configuration” as not planned:")
        self.decline(
            self.harbor.anchors,
            "We won't support anchors: an alias hides the value from whoever reviews the change,"
            " and a hidden value is how wrong timeouts reach production.",
        )
        pull = self.only_proposal()
        self.show_diff(pull)
        self.holds("**#3**" in self.added(pull), "the reason is proposed as one line")

    def a_second_reason_joins(self) -> None:
        self.say(OWNER, "closes #4 “Poll the queue every millisecond”:")
        self.decline(
            self.harbor.polling,
            "We decided against it: a busy loop costs a whole core per worker,"
            " and the notification arrives within ten milliseconds anyway.",
        )
        pull = self.only_proposal()
        self.show_diff(pull)
        self.holds(
            "**#4**" in self.added(pull) and "**#3**" in self.added(pull),
            "both stand in one pull request",
        )

    def a_person_has_the_last_word(self) -> None:
        pull, repo, owner = self.only_proposal(), self.harbor.repo, self.user(OWNER)
        text = repo.git.read(BRANCH, PATH) or ""
        line = next(line for line in text.split("\n") if line.startswith("- **#4**"))
        own = (
            "- **#4** (not-planned) — Workers wait for the notification; polling costs a"
            " core each. [tags:"
            " queue]"
        )
        self.say(OWNER, "rewords one line on the branch, and merges.")
        actions.edit_pull_file(
            self.stage.sandbox, pull, owner, path=PATH, text=text.replace(line, own)
        )
        self.stage.settle()
        actions.merge(self.stage.sandbox, pull, owner)
        self.stage.settle()
        merged = repo.git.read("main", PATH) or ""
        self.holds(own in merged and "**#3**" in merged, "both lines are on main, one in her words")

    def said_again_it_is_remembered(self) -> None:
        self.say(STRANGER, "opens “Let config files reuse blocks with anchors and aliases”.")
        issue = self.open_issue(
            "Let config files reuse blocks with anchors and aliases",
            "I copy the same block into every queue. YAML has anchors and aliases for this; the"
            " parser"
            " would only have to allow them.",
        )
        comments = self.bot_comments(issue)
        for comment in comments:
            self.show_text(comment.body)
        self.holds(
            len(comments) == 1 and "`#3`" in comments[0].body,
            "one comment says what was decided, and why",
        )

    def nothing_to_say_nothing_said(self) -> None:
        self.say(STRANGER, "opens “The progress bar flickers in a narrow terminal”.")
        issue = self.open_issue(
            "The progress bar flickers in a narrow terminal",
            "With 60 columns it is drawn on two lines.",
        )
        self.holds(self.bot_comments(issue) == [], "silence")

    def a_revert_supersedes(self) -> None:
        self.say(
            OWNER,
            "reverts pull request #2 “Fetch jobs in batches of 20”, with the reason, and merges.",
        )
        sandbox, owner = self.stage.sandbox, self.user(OWNER)
        revert = actions.revert(sandbox, self.harbor.batches, owner)
        reason = (
            "Batches break fairness: a worker that dies keeps the other nineteen jobs of"
            " its batch from"
            " everybody."
        )
        self.show_text(reason)
        actions.edit(sandbox, revert, owner, body=f"{revert.body}\n\n{reason}")
        actions.merge(sandbox, revert, owner)
        self.stage.settle()
        pull = self.only_proposal()
        self.show_diff(pull)
        added = self.added(pull)
        self.holds(
            f"**PR #{revert.number}** (merged)" in added
            and "(superseded)" in added
            and f"Superseded by: #{revert.number}" in added,
            "the new line stands, the old one says what replaced it",
        )

    def killed_and_nothing_lost(self) -> None:
        self.say("the machine", f"loses power (kill -9) in mid-job, at {CRASH_POINT}.")
        stage = self.stage
        stage.stop_bot()
        stage.start_bot(crash_at=CRASH_POINT)
        issue = self.open_issue(
            "Store job arguments with pickle",
            "Then any Python object could be an argument.",
            by=CONTRIBUTOR,
        )
        self.decline(
            issue,
            "We won't do this, because loading a pickle runs whatever code is in it:"
            " whoever can write a job would own the worker.",
            settle=False,
        )
        stage.wait_for_death()
        self.say("somebody", "starts it again.")
        stage.start_bot()
        stage.settle()
        added = self.added(self.only_proposal())
        self.holds(
            added.count(f"**#{issue.number}**") == 1,
            "the line is there, once, in the one pull request",
        )

    # --- what acts are made of

    def user(self, login: str) -> Account:
        return self.stage.sandbox.user(login)

    def decline(self, issue: Issue, reason: str, *, settle: bool = True) -> None:
        owner = self.user(OWNER)
        self.show_text(reason)
        actions.comment(self.stage.sandbox, issue, owner, reason)
        actions.close(self.stage.sandbox, issue, owner, reason="not_planned")
        if settle:
            self.stage.settle()

    def open_issue(self, title: str, body: str, *, by: str = STRANGER) -> Issue:
        issue = actions.open_issue(
            self.stage.sandbox, self.harbor.repo, self.user(by), title=title, body=body
        )
        self.stage.settle()
        return issue

    def only_proposal(self) -> Issue:
        found = [issue for issue, _ in self.harbor.repo.pulls(head=BRANCH)]
        self.holds(len(found) == 1, f"one pull request is open from {BRANCH}", quietly=True)
        return found[0]

    def added(self, pull: Issue) -> str:
        return "\n".join(line for line in self.diff(pull) if line.startswith("+"))

    def diff(self, pull: Issue) -> list[str]:
        assert pull.pull is not None
        changes = pull_files(self.harbor.repo.git, pull.pull.base_sha, pull.pull.head_sha)
        return [line for change in changes for line in (change.patch or "").split("\n")]

    def bot_comments(self, issue: Issue) -> list[Comment]:
        return [comment for comment in issue.comments if comment.author.type == "Bot"]

    # --- what is printed

    def say(self, who: str, what: str) -> None:
        self.show(f"  {who} {what}")

    def show_text(self, text: str) -> None:
        for line in text.split("\n"):
            self.show(f"      | {line}".rstrip())

    def show_diff(self, pull: Issue) -> None:
        self.show(f"  pull request #{pull.number}: {pull.title}")
        for line in self.diff(pull):
            self.show(f"      {line}".rstrip())

    def holds(self, fact: bool, promise: str, *, quietly: bool = False) -> None:
        if not fact:
            raise DoesNotHold(promise)
        if not quietly:
            self.show(f"  holds: {promise}")


ACTS: Final[Sequence[tuple[str, Callable[[Theatre], None]]]] = (
    ("A maintainer says why not, and one line is proposed", Theatre.a_reason_becomes_a_line),
    ("A second decision joins the same pull request", Theatre.a_second_reason_joins),
    ("A person has the last word", Theatre.a_person_has_the_last_word),
    ("The same idea in other words meets the decision", Theatre.said_again_it_is_remembered),
    ("Nothing to say, nothing said", Theatre.nothing_to_say_nothing_said),
    ("A revert supersedes what it takes back", Theatre.a_revert_supersedes),
    ("Killed in mid-job: nothing lost, nothing twice", Theatre.killed_and_nothing_lost),
)


def play(stage: Stage, harbor: Harbor, *, show: Print) -> None:
    """Raises DoesNotHold or NotSettled at the first act that fails."""
    theatre = Theatre(stage=stage, harbor=harbor, show=show)
    for number, (title, act) in enumerate(ACTS, start=1):
        show(f"\nAct {number}. {title}\n")
        act(theatre)
