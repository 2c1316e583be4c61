"""Entries and amendments under way as JSON: what of them has no column of its own."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.core.drafting.draft import Draft
from bot.core.proposal.amendment import Amendment
from bot.core.proposal.life import Act
from bot.core.proposal.proposed_entry import ProposedEntry
from bot.core.verdicts import Quote


def entry_as_json(entry: ProposedEntry) -> dict[str, Any]:
    return {
        "draft": asdict(entry.draft),
        "quote": entry.quote and quote_as_json(entry.quote),
        "reason_class": entry.reason_class,
        "act": entry.act and act_as_json(entry.act),
    }


def entry_of(row: Any) -> ProposedEntry:
    """From a row of `proposal_entries`."""
    return entry_from_json(row.draft, **_columns_of(row))


def entry_from_json(kept: Mapping[str, Any], **columns: Any) -> ProposedEntry:
    return ProposedEntry(
        draft=Draft(**kept["draft"]),
        quote=kept["quote"] and quote_from_json(kept["quote"]),
        # Not kept before there was a use for it.
        reason_class=kept.get("reason_class"),
        act=_act(kept),
        **columns,
    )


def amendment_as_json(amendment: Amendment) -> dict[str, Any]:
    quote = amendment.quote and quote_as_json(amendment.quote)
    act = amendment.act and act_as_json(amendment.act)
    names = ("thread", "state", "instead_of", "contradicts")
    return {**{name: getattr(amendment, name) for name in names}, "quote": quote, "act": act}


def amendment_of(row: Any) -> Amendment:
    """From a row of `proposal_amendments`."""
    return amendment_from_json(
        row.amendment,
        number=row.number,
        kind=row.kind,
        by=row.by,
        written=row.written,
        **_columns_of(row),
    )


def amendment_from_json(kept: Mapping[str, Any], **columns: Any) -> Amendment:
    quote = kept["quote"] and quote_from_json(kept["quote"])
    return Amendment(**{**kept, "quote": quote, "act": _act(kept)}, **columns)


def act_as_json(act: Act) -> dict[str, Any]:
    return {
        **asdict(act),
        "at": act.at.isoformat(),
        "until": act.until and act.until.isoformat(),
    }


def _act(kept: Mapping[str, Any]) -> Act | None:
    """None as well in rows of before it was kept."""
    act = kept.get("act")
    if not act:
        return None
    until = act["until"] and datetime.fromisoformat(act["until"])
    return Act(**{**act, "at": datetime.fromisoformat(act["at"]), "until": until})


def _columns_of(row: Any) -> dict[str, Any]:
    return {
        "life": row.state,
        "line": row.line,
        "drafted_at": row.drafted_at,
        "proposed_at": row.proposed_at,
    }


def quote_as_json(quote: Quote) -> dict[str, Any]:
    return {**asdict(quote), "at": quote.at.isoformat()}


def quote_from_json(kept: Mapping[str, Any]) -> Quote:
    return Quote(**{**kept, "at": datetime.fromisoformat(kept["at"])})
