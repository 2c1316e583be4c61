"""The line with which a commit is signed off. https://developercertificate.org"""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.proposal.plan import Change, Plan


def signed_off(plan: Plan, by: str) -> Plan:
    """`by` is a name and an address as commits have them: checks compare it with the author's."""
    return replace(plan, changes=_signed(plan.changes, f"Signed-off-by: {by}"))


def _signed(changes: Sequence[Change], trailer: str) -> Sequence[Change]:
    # Trailers stand together in the last paragraph, which a message of one line does not have yet.
    ends = ["\n" if "\n" in change.message else "\n\n" for change in changes]
    return [
        replace(change, message=f"{change.message}{end}{trailer}")
        for change, end in zip(changes, ends, strict=True)
    ]
