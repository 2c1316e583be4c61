"""Is this process of use to GitHub now, and if not, what is to be done?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

PATIENCE: Final = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Observed:
    """``durable`` and ``oldest_undispatched`` are None when they cannot be told, or nothing waits.

    ``workers`` are the fingerprints of the settings of those alive, ``jobs`` their number by state.
    """

    reachable: bool
    durable: bool | None = None
    oldest_undispatched: datetime | None = None
    workers: Sequence[str] = ()
    jobs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """Ready when there are no ``problems``; ``warnings`` are for people."""

    problems: Sequence[str]
    warnings: Sequence[str]
    observed: Observed


def judge_readiness(observed: Observed, *, fingerprint: str, now: datetime) -> Readiness:
    problems, warnings = [], []
    if not observed.reachable:
        problems.append(
            "the database cannot be reached: deliveries are refused, GitHub's log keeps them for three days"
        )
    waits_since = observed.oldest_undispatched
    if waits_since is not None and now - waits_since > PATIENCE:
        cause = "the workers do not keep up" if observed.workers else "no worker is alive: start `precedent worker`"
        problems.append(f"a delivery has waited for {int((now - waits_since).total_seconds())} seconds: {cause}")
    if any(worker != fingerprint for worker in observed.workers):
        warnings.append("a worker runs with other settings than this process: restart both with the same ones")
    if observed.durable is False:
        warnings.append("the database is on a disk that does not outlive a deploy: use PostgreSQL or a persistent disk")
    if buried := observed.jobs.get("buried"):
        warnings.append(f"{buried} jobs were given up: see `precedent deliveries list --given-up`")
    return Readiness(problems=problems, warnings=warnings, observed=observed)
