"""The tables. A change here is a change in `migrations/` too; a test compares the two."""

from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa

metadata: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# GitHub's ids have passed 2**31. SQLite numbers rows by itself only where the type is exactly INTEGER.
GitHubId: Final = sa.BigInteger
RowId: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Moment(sa.TypeDecorator[datetime]):
    """A moment with its time zone on both databases; SQLite would forget the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# --- Intake and engine -----------------------------------------------------------------------------------------------

deliveries: Final = sa.Table(
    "deliveries",
    metadata,
    sa.Column("seq", RowId, primary_key=True),
    sa.Column("guid", sa.Text, nullable=False, unique=True),
    sa.Column("event", sa.Text, nullable=False),
    # Emptied by retention; the row stays, so that a late redelivery is still known.
    sa.Column("body", sa.LargeBinary),
    sa.Column("received_at", Moment, nullable=False),
    # None until dispatched, then: planned, ignored, repeated, malformed.
    sa.Column("outcome", sa.Text),
    sa.Column("why", sa.Text),
    sa.Index(
        "ix_deliveries_undispatched",
        "seq",
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    ),
    sa.Index("ix_deliveries_received_at", "received_at"),
)

jobs: Final = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("delivery", sa.Text, nullable=False, index=True),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("installation_id", GitHubId, nullable=False),
    sa.Column("repo_id", GitHubId, nullable=False),
    sa.Column("repo", sa.Text, nullable=False),
    sa.Column("number", GitHubId),
    sa.Column("at", Moment),
    # waiting, started, done, buried
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    # At most one started job per lane: writes to one repository follow one another.
    sa.Column("lane", sa.Text),
    # At most one waiting job per slot: a burst of the same work is one job.
    sa.Column("slot", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("deaths", sa.Integer, nullable=False, server_default="0"),
    # The run under way, named after how many there have been, and the worker that has it.
    sa.Column("runs", sa.Integer, nullable=False, server_default="0"),
    sa.Column("run", sa.Text),
    sa.Column("worker", sa.Text),
    sa.Column("why", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("settled_at", Moment),
    sa.Index(
        "uq_jobs_started_lane",
        "lane",
        unique=True,
        sqlite_where=sa.text("state = 'started'"),
        postgresql_where=sa.text("state = 'started'"),
    ),
    sa.Index(
        "uq_jobs_waiting_slot",
        "slot",
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    sa.Index("ix_jobs_state_due_at", "state", "due_at"),
)

workers: Final = sa.Table(
    "workers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    # By the database's clock, in seconds since 1970: the clocks of two machines may differ.
    sa.Column("alive_until", sa.Float, nullable=False),
)

effects: Final = sa.Table(
    "effects",
    metadata,
    # All of it is the key: what a job did is entered once, however often it ran.
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("about", sa.Text, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

# --- What the bot knows of an installation ---------------------------------------------------------------------------

installations: Final = sa.Table(
    "installations",
    metadata,
    # 0 stands for the App itself.
    sa.Column("id", GitHubId, primary_key=True, autoincrement=False),
    sa.Column("account", sa.Text, nullable=False, server_default=""),
    # Until somebody unsuspends it, its jobs wait.
    sa.Column("suspended", sa.Boolean, nullable=False, server_default=sa.false()),
    # GitHub asked us to be quiet: not one request before, and why.
    sa.Column("paused_until", Moment),
    sa.Column("why", sa.Text),
    # Pauses in a row; each is twice as long as the one before.
    sa.Column("pauses", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_write_at", Moment),
)

contributions: Final = sa.Table(
    "contributions",
    metadata,
    # When we wrote what people are told of (a comment, a pull request): counted against the budget of an hour.
    sa.Column("id", RowId, primary_key=True),
    sa.Column("installation_id", GitHubId, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_contributions_installation_id_at", "installation_id", "at"),
)

sweeps: Final = sa.Table(
    "sweeps",
    metadata,
    # Whose log was read, and up to which moment nothing in it is missing here.
    sa.Column("log", sa.Text, primary_key=True),
    sa.Column("complete_until", Moment, nullable=False),
)

# --- What the bot knows of a repository ------------------------------------------------------------------------------

repositories: Final = sa.Table(
    "repositories",
    metadata,
    sa.Column("id", GitHubId, primary_key=True, autoincrement=False),
    sa.Column("installation_id", GitHubId, nullable=False),
    sa.Column("full_name", sa.Text, nullable=False),
    # `.github/learnings.yml` and the learnings file as on the default branch; None while there is no such file.
    sa.Column("settings", sa.Text),
    sa.Column("settings_mistake", sa.Text),
    sa.Column("document", sa.Text),
    sa.Column("read_at", Moment, nullable=False),
)

threads: Final = sa.Table(
    "threads",
    metadata,
    sa.Column("repo_id", sa.ForeignKey("repositories.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", GitHubId, primary_key=True, autoincrement=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("closed_at", Moment),
)

verdicts: Final = sa.Table(
    "verdicts",
    metadata,
    sa.Column("id", RowId, primary_key=True),
    sa.Column("repo_id", sa.ForeignKey("repositories.id", ondelete="CASCADE"), nullable=False),
    sa.Column("number", GitHubId, nullable=False),
    sa.Column("input_hash", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("admit", sa.Boolean, nullable=False),
    sa.Column("reason_class", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("judged_at", Moment, nullable=False),
    # The same thread judged by the same rules is the same verdict.
    sa.UniqueConstraint("repo_id", "number", "input_hash", "version"),
)

proposals: Final = sa.Table(
    "proposals",
    metadata,
    sa.Column("repo_id", sa.ForeignKey("repositories.id", ondelete="CASCADE"), primary_key=True),
    # The open pull request; the last one that people merged or closed.
    sa.Column("number", GitHubId),
    sa.Column("settled", GitHubId),
    # The branch as we last wrote it, None before the first time.
    sa.Column("head", sa.Text),
    sa.Column("document", sa.Text),
    sa.Column("base", sa.Text),
    # The same for the write under way: kept before the branch moves, so that after a crash our own commit is known.
    sa.Column("next_head", sa.Text),
    sa.Column("next_document", sa.Text),
    sa.Column("next_base", sa.Text),
)

proposal_entries: Final = sa.Table(
    "proposal_entries",
    metadata,
    sa.Column("repo_id", sa.ForeignKey("repositories.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", GitHubId, primary_key=True, autoincrement=False),
    # waiting, proposed, held, merged, refused
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("draft", sa.JSON, nullable=False),
    # A person's wording of the line; None while it is ours.
    sa.Column("line", sa.Text),
    sa.Column("drafted_at", Moment, nullable=False),
    sa.Column("proposed_at", Moment),
)

comments: Final = sa.Table(
    "comments",
    metadata,
    # One comment per issue, whatever happens.
    sa.Column("repo_id", sa.ForeignKey("repositories.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", GitHubId, primary_key=True, autoincrement=False),
    # posted, shadow, withdrawn; silent: nothing was said, and a person named a decision
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("entry", GitHubId, nullable=False),
    sa.Column("comment_id", GitHubId),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    # Who opened the issue, and which rules or model judged.
    sa.Column("author", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Text, nullable=False, server_default=""),
    # unknown, hit, assist, noise, missed
    sa.Column("outcome", sa.Text, nullable=False, server_default="unknown"),
)

model_calls: Final = sa.Table(
    "model_calls",
    metadata,
    # Equal for equal questions to the same model: none is paid twice.
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    # In millionths of a dollar: whole numbers add up alike on both databases.
    sa.Column("cost_micro_usd", sa.BigInteger, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
)
