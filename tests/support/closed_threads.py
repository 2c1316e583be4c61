"""Closed threads, and what is to be thought of them."""

from tests.support.conversations import closed

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
    "a reason before the proposer gives way": closed(
        ("ada", "I don't think this is worth the complexity: every plugin would need a migration."),
        ("sam", "Fair enough, closing."),
        kind="pull_request",
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
}
