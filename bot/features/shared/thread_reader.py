"""A closed thread with what stands one step away from it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from bot.core.capture.linked_threads import attach, linked_numbers
from bot.core.threads import Mention, Surroundings, Thread, numbers_in_tasks
from bot.core.verdicts import CaptureRules
from bot.ports.github import People, Threads


class Evidence(People, Threads, Protocol):
    """What is asked of GitHub for it."""


def read_evidence(repo: Evidence, number: int, *, rules: CaptureRules) -> Thread:
    thread = repo.thread(number)
    if thread.closed_as == "open":
        return thread
    mentions: Sequence[Mention] = ()
    if thread.closed_as != "merged":
        around = repo.surroundings(number)
        thread, mentions = _placed(repo, thread, around), around.mentions
    found = [repo.linked_thread(each) for each in linked_numbers(thread, mentions, rules)]
    return attach(thread, [each for each in found if each], rules)


def _placed(repo: Evidence, thread: Thread, around: Surroundings) -> Thread:
    """Among its parents and children, and as closed as its commit says."""
    if around.landed and thread.closed_as != "not_planned":
        # A change that was merged by hand, or an issue that a commit solved: nobody turned it down.
        thread = replace(
            thread, closed_as="merged" if thread.kind == "pull_request" else "completed"
        )
    children = dict.fromkeys([*around.children, *_tasks(repo, thread)])
    parent = around.parent or next(_parents(repo, thread, around.mentions), None)
    children_of_it = tuple(n for n in children if n != thread.number)
    landed = around.landed and thread.kind == "issue"
    return replace(thread, parent=parent, children=children_of_it, landed=landed)


def _tasks(repo: Evidence, thread: Thread) -> Sequence[int]:
    """Anybody can write a list; that of somebody who may write is the project's."""
    tasks = numbers_in_tasks(thread.description) if thread.kind == "issue" else []
    return tasks if tasks and repo.writes(thread.author) else ()


def _parents(repo: Evidence, thread: Thread, mentions: Sequence[Mention]) -> Iterator[int]:
    for mention in mentions:
        if thread.number in numbers_in_tasks(mention.text) and repo.writes(mention.author):
            yield mention.number
