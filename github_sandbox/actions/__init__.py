"""What people and apps do on GitHub: one function per act, used by REST, by the web page, and by
tests.

Each takes the sandbox, then what it acts on, then who acts; checks that they may; changes the
state; sends the webhooks. An App's rights come from its token and are checked before it gets here;
its bot account is not asked again.
"""

from github_sandbox.actions.checks import keep_run, rerequest
from github_sandbox.actions.files import commit_files, create_branch, delete_branch, move_branch
from github_sandbox.actions.installations import (
    accept_permissions,
    archive_repository,
    choose_repositories,
    rename_repository,
    suspend,
    unarchive_repository,
    unsuspend,
)
from github_sandbox.actions.issues import (
    add_labels,
    close,
    comment,
    delete_comment,
    edit,
    edit_comment,
    open_issue,
    react,
    remove_label,
    remove_reaction,
    reopen,
)
from github_sandbox.actions.nesting import add_sub_issue, remove_sub_issue
from github_sandbox.actions.pulls import edit_pull_file, merge, open_pull, propose_edit, revert
from github_sandbox.actions.reviews import comment_on_line, reply_on_line, review

__all__ = [
    "accept_permissions",
    "add_labels",
    "add_sub_issue",
    "archive_repository",
    "choose_repositories",
    "close",
    "comment",
    "comment_on_line",
    "commit_files",
    "create_branch",
    "delete_branch",
    "delete_comment",
    "edit",
    "edit_comment",
    "edit_pull_file",
    "keep_run",
    "merge",
    "move_branch",
    "open_issue",
    "open_pull",
    "propose_edit",
    "react",
    "remove_label",
    "remove_reaction",
    "remove_sub_issue",
    "rename_repository",
    "reopen",
    "reply_on_line",
    "rerequest",
    "revert",
    "review",
    "suspend",
    "unarchive_repository",
    "unsuspend",
]
