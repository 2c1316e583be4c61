"""What keeping the pull request asks of the outside world."""

from typing import Protocol

from bot.ports.github import Address, Branches, Comments, Files, People, PullRequests, Threads
from bot.ports.parts import Attempt, Keeps, Opens
from bot.ports.store import Lines, Proposals, Snapshots, ThreadCopies


class Repo(Address, Branches, Comments, Files, People, PullRequests, Threads, Protocol): ...


class Store(Lines, Proposals, Snapshots, ThreadCopies, Protocol): ...


class Context(Attempt, Opens[Repo], Keeps[Store], Protocol): ...
