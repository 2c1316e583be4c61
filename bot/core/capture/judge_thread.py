"""Is a closed thread worth an entry? By rule: what was said, by whom, where in the thread, and what
came after."""

from typing import Final

from bot.core.capture.admission import refuse
from bot.core.capture.refused import judge_refused
from bot.core.capture.reverted import judge_merged
from bot.core.reading.remark_text import read_sentences
from bot.core.reading.statements import lowered, read_statements
from bot.core.threads import Thread
from bot.core.verdicts import CaptureRules, Verdict

DEFAULT_RULES: Final = CaptureRules()


def judge_thread(thread: Thread, rules: CaptureRules = DEFAULT_RULES) -> Verdict:
    unread = refuse_unread(thread, rules)
    if unread:
        return unread
    statements = read_statements(thread, rules)
    if thread.closed_as == "merged":
        return judge_merged(thread, statements, rules)
    return judge_refused(thread, statements, rules)


def refuse_unread(thread: Thread, rules: CaptureRules) -> Verdict | None:
    ignored = refuse_ignored(thread, rules)
    if ignored:
        return ignored
    if _is_empty(thread):
        return refuse(
            "spam_or_test", "it proposes nothing: neither title nor description says what"
        )
    return None


def refuse_ignored(thread: Thread, rules: CaptureRules) -> Verdict | None:
    """What nobody reads: open threads, and what the repository's settings leave out."""
    if thread.closed_as == "open":
        return refuse("still_open", "the thread is open")
    ignored = lowered(thread.labels) & lowered(rules.ignore_labels)
    if ignored:
        return refuse("process_only", f"the repository ignores the label {min(ignored)}")
    if thread.author.lower() in lowered(rules.ignore_authors):
        return refuse("process_only", f"the repository ignores what {thread.author} opens")
    return None


def _is_empty(thread: Thread) -> bool:
    """A title of one word over a template left blank. (A thread without a description may have lost
    it.)"""
    said = [
        s for s in read_sentences(thread.description) if len(s.split()) >= 5 and "?" not in s[-3:]
    ]
    return len(thread.title.split()) < 2 and bool(thread.description.strip()) and not said
