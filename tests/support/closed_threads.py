"""Closed threads, and what is to be thought of them."""

from dataclasses import replace

from tests.support.conversations import closed, remark

REASON = (
    "We won't add themes because every one of them breaks the contrast rules of the printed"
    " reports."
)


WORTH_AN_ENTRY = {
    "a refusal with its reason": closed(("ada", REASON)),
    "a refusal in one sentence and the reason in the next": closed(
        (
            "ada",
            "I'd rather not. It doubles the start-up time for people who never change the colours.",
        )
    ),
    "a polite refusal": closed(
        (
            "ada",
            (
                "Thanks a lot for the careful write-up! Unfortunately this is out of scope:"
                " layout belongs to the"
                " host."
            ),
        )
    ),
    "behaviour by design": closed(
        (
            "ada",
            (
                "This is by design: the cache must never outlive the request, otherwise"
                " users see each other's"
                " data."
            ),
        )
    ),
    "a decision of a meeting": closed(
        (
            "grace",
            (
                "Discussed in today's call: closing this since the maintenance burden"
                " outweighs the benefit."
            ),
        )
    ),
    "an idea that was measured": closed(
        (
            "ada",
            (
                "I tried it with a pool. Benchmarks show no improvement because the lock is"
                " held for 90% of the"
                " time."
            ),
        ),
        closed_as="not_planned",
    ),
    "a closing question that gives the reason": closed(
        (
            "ada",
            (
                "Since the new index gives no speedup here, because of the overhead of"
                " locking, shall we close"
                " this?"
            ),
        ),
        ("grace", "Yes, agreed."),
        title="Use the parallel index",
    ),
    "a reason given only in a review": closed(
        remark(
            "ada",
            "This breaks backward compatibility for everyone who pinned the old format.",
            kind="review",
            minutes=1,
        ),
        kind="pull_request",
    ),
    "a reason given only in a review comment": closed(
        remark(
            "ada",
            "We can't rely on this flag because older kernels ignore it silently.",
            kind="review_comment",
            minutes=1,
        ),
        ("sam", "I see, closing then."),
        kind="pull_request",
    ),
    "a reason before the proposer gives way": closed(
        ("ada", "I don't think this is worth the complexity: every plugin would need a migration."),
        ("sam", "Fair enough, closing."),
        kind="pull_request",
    ),
    "a proposer who withdraws and says why": closed(
        (
            "sam",
            "Closing this because the new parser is slower than the old one on every benchmark.",
        ),
        kind="pull_request",
    ),
    "another solution that is different": closed(
        ("ada", "We solved this in a different way in #41, without touching the public interface."),
        kind="pull_request",
    ),
    "a deferral that names a rule": closed(
        (
            "ada",
            (
                "Not now: we only add settings once two users depend on them, otherwise the"
                " file becomes"
                " unreadable."
            ),
        ),
        closed_as="not_planned",
    ),
    "a reason that speaks of what happens automatically": closed(
        (
            "ada",
            (
                "We won't add a button because the pool closes idle connections"
                " automatically, and two"
                " owners would clash."
            ),
        )
    ),
    "a refusal followed by a stranger's dissent": closed(
        ("ada", REASON),
        ("eve", "That is the wrong call, every other tool has themes because people want them."),
    ),
    "a reason without a word that says it is one": closed(
        ("ada", "`ps` shows arguments to every user of the machine, and shells keep them."),
        ("sam", "I see. Too bad."),
        title="Add --password to `unlock`",
        kind="pull_request",
    ),
    "a refusal whose reason sounds like another cause": closed(
        ("ada", "We won't: cached files return stale settings after a reload."),
        title="Cache parsed files",
    ),
    "a refusal among kind words": closed(
        ("ada", f"No worries, and thanks for asking! {REASON}"),
        ("sam", "I see, thank you."),
        ("ada", "No problem at all, have a great weekend and see you at the next release party!"),
    ),
    "a refusal that comes back to it some day": closed(
        (
            "ada",
            (
                f"Closing for now. {REASON} Please reopen after the next release if the"
                " reports change."
            ),
        ),
    ),
    "a question that is answered with a rule": closed(
        ("ada", REASON),
        title="How can I load my own theme?",
        description="I found no setting for it.",
    ),
    "a refusal that advises": closed(
        (
            "ada",
            (
                "I'd rather not: reports would be laid out twice for it. You can use a"
                " style sheet of the"
                " printer."
            ),
        ),
    ),
    "an author's own verdict before thanks": replace(
        closed(
            (
                "ada",
                "I measured it again: the cache is never hit because every key holds the time.",
            ),
            ("grace", "Thanks for finding that out before anybody had to review all of this."),
            ("ada", "Sure, closing."),
            kind="pull_request",
        ),
        author="ada",
    ),
    "a refusal after a change of mind": closed(
        ("ada", "Nice idea, and it would be simple."),
        ("ada", f"I've changed my mind. {REASON}"),
    ),
    "a refusal that one who may not write calls outdated": closed(
        ("ada", REASON), ("eve", "That's no longer true since the reports are drawn elsewhere.")
    ),
    "a won't-fix label and a reason": closed(
        ("ada", "The host application owns the colours, so we must not override them."),
        labels=["wontfix"],
    ),
    "an umbrella that states a rule when it closes": closed(
        (
            "ada",
            (
                "All is done. One rule stays: a migration must never run inside the"
                " request, because it"
                " locks the table."
            ),
        ),
        title="Umbrella: move the sessions table",
    ),
}


REVERSALS = {
    "a revert that says why": closed(
        title='Revert "Enable the write cache"',
        description="Reverts acme/anvil#31\n\nIt loses data when the disk is full.",
        kind="pull_request",
        closed_as="merged",
    ),
    "a revert whose reason has no word for one": closed(
        title='Revert "Enable the write cache"',
        description=(
            "Reverts acme/anvil#31. Two of the four machines in the lab came back empty"
            " after the power cut."
        ),
        kind="pull_request",
        closed_as="merged",
    ),
    "a revert of a revert": closed(
        title='Revert "Revert "Enable the write cache""',
        description="Reverts #33. The data loss came from the driver, so the cache is safe again.",
        kind="pull_request",
        closed_as="merged",
    ),
    "a revert of a revert, by its button": closed(
        title='Reapply "Enable the write cache"',
        description="Reverts #33. The data loss came from the driver, which is mended.",
        kind="pull_request",
        closed_as="merged",
    ),
    "a change landed again": closed(
        title="Reland the write cache (#31)",
        description=(
            "It went out in #33 on suspicion. The loss was caused by the driver, so here it"
            " is again."
        ),
        kind="pull_request",
        closed_as="merged",
    ),
    "a feature switched on again": closed(
        title="Re-enable the retry, remove the breaker",
        description=(
            "The breaker stayed open for a minute, so users saw nothing for longer than the outage."
        ),
        kind="pull_request",
        closed_as="merged",
    ),
    "a feature switched off": closed(
        title="Disable HTTP/3 by default",
        description="Several proxies drop the packets, so connections hang until the time-out.",
        kind="pull_request",
        closed_as="merged",
    ),
    "one tool given up for another": closed(
        title="Replace the hand-written parser with the generated one",
        description=(
            "The old parser accepted invalid input, which caused three security fixes in a year."
        ),
        kind="pull_request",
        closed_as="merged",
    ),
    "a decision record": closed(
        title="docs(adr): ADR 12 storage layout",
        description=(
            "One file per tenant, because a shared file cannot be restored for one customer alone."
        ),
        kind="pull_request",
        closed_as="merged",
    ),
}
