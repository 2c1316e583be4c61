"""Acts on check runs: an App makes and concludes them, people ask for them once more."""

from github_sandbox.actions.rights import require
from github_sandbox.errors import unprocessable
from github_sandbox.payloads import Payload
from github_sandbox.payloads import checks as render
from github_sandbox.sandbox import Sandbox
from github_sandbox.state import Account, CheckRun, Repository


def keep_run(sandbox: Sandbox, repo: Repository, run: CheckRun, *, concluded: bool) -> None:
    """A new one is announced, one that was concluded just now as well.

    https://docs.github.com/webhooks/webhook-events-and-payloads#check_run
    """
    with sandbox.turn():
        if run.id not in repo.check_runs:
            repo.check_runs[run.id] = run
            _notify(sandbox, repo, run, "created", sandbox.app.bot)
        if concluded:
            _notify(sandbox, repo, run, "completed", sandbox.app.bot)


def rerequest(sandbox: Sandbox, repo: Repository, run: CheckRun, by: Account) -> None:
    """The button "Re-run": the run itself stays as it is until its App writes it again.

    https://docs.github.com/rest/checks/runs#rerequest-a-check-run
    """
    with sandbox.turn():
        require(repo.may_push(by), by)
        if run.status != "completed":
            raise unprocessable("This check run is not rerequestable")
        _notify(sandbox, repo, run, "rerequested", by)


def _notify(sandbox: Sandbox, repo: Repository, run: CheckRun, action: str, by: Account) -> None:
    payload: Payload = {
        "action": action,
        "check_run": render.hooked_run(sandbox.site, repo, run, sandbox.app),
    }
    sandbox.notify("check_run", repo, by, payload)
