"""The tables. A change here is a change in `migrations/` too; a test compares the two."""

import re
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

# GitHub's ids have passed 2**31. SQLite numbers rows by itself only where the type is exactly
# INTEGER.
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


# PostgreSQL takes no NUL, neither database half of a surrogate pair.
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


class Prose(sa.TypeDecorator[str]):
    """Text from outside. Each character that a database would refuse becomes U+FFFD; names and
    keys are not changed so and are refused instead."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else _UNSTORABLE.sub("\ufffd", value)


# --- Intake and engine ----------------------------------------------------------------------------

deliveries: Final = sa.Table(
    "deliveries",
    metadata,
    sa.Column("seq", RowId, primary_key=True),
    sa.Column("guid", sa.Text, nullable=False, unique=True),
    sa.Column("event", sa.Text, nullable=False),
    # Emptied by retention; the row stays, so that a late redelivery is still known.
    sa.Column("body", sa.LargeBinary),
    sa.Column("received_at", Moment, nullable=False),
    # None until dispatched, then: planned, ignored, repeated, malformed, unplanned.
    sa.Column("outcome", sa.Text),
    sa.Column("why", Prose),
    # Plannings that a mistake of ours ended, and when the next one may begin.
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due_at", Moment),
    sa.Column("settled_at", Moment),
    sa.Index(
        "ix_deliveries_undispatched",
        "seq",
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    ),
    sa.Index("ix_deliveries_received_at", "received_at"),
    # Few, and asked for by every look at how the bot is.
    sa.Index(
        "ix_deliveries_put_aside",
        "settled_at",
        sqlite_where=sa.text("outcome IN ('malformed', 'unplanned')"),
        postgresql_where=sa.text("outcome IN ('malformed', 'unplanned')"),
    ),
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
    # Of the comment that it is about.
    sa.Column("comment_id", GitHubId),
    # Not the first of its kind about its thread; what that means, its class says.
    sa.Column("again", sa.Boolean, nullable=False, server_default=sa.false()),
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
    sa.Column("why", Prose),
    # Buried because the App may not: it waits again when its owner allows more.
    sa.Column("forbidden", sa.Boolean, nullable=False, server_default=sa.false()),
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
    sa.Index("ix_jobs_repo_id_kind_created_at", "repo_id", "kind", "created_at"),
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

heartbeats: Final = sa.Table(
    "heartbeats",
    metadata,
    # One row, as large as a delivery may be and as new as the last look: that it could be written
    # is what it tells.
    sa.Column("seq", RowId, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("ballast", sa.LargeBinary, nullable=False),
)

symptoms: Final = sa.Table(
    "symptoms",
    metadata,
    # What one process meets and the others cannot see: clock, credentials, model. Gone once it is
    # over.
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("why", Prose, nullable=False),
    sa.Column("at", Moment, nullable=False),
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

sessions: Final = sa.Table(
    "sessions",
    metadata,
    # Made from the cookie with the session secret: the cookie itself is kept nowhere.
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("login", Prose, nullable=False),
    # The ids of the repositories they may push to, and of suspended installations of theirs.
    sa.Column("repositories", sa.JSON, nullable=False),
    sa.Column("suspended", sa.JSON, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index("ix_sessions_expires_at", "expires_at"),
)

# --- What the bot knows of an installation --------------------------------------------------------

installations: Final = sa.Table(
    "installations",
    metadata,
    # 0 stands for the App itself.
    sa.Column("id", GitHubId, primary_key=True, autoincrement=False),
    sa.Column("account", Prose, nullable=False, server_default=""),
    # Until somebody unsuspends it, its jobs wait.
    sa.Column("suspended", sa.Boolean, nullable=False, server_default=sa.false()),
    # GitHub asked us to be quiet: not one request before, and why.
    sa.Column("paused_until", Moment),
    sa.Column("why", Prose),
    # Pauses in a row; each is twice as long as the one before.
    sa.Column("pauses", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_write_at", Moment),
    # What its owner has granted; None until GitHub was asked.
    sa.Column("permissions", sa.JSON(none_as_null=True)),
)

contributions: Final = sa.Table(
    "contributions",
    metadata,
    # When we wrote what people are told of (a comment, a pull request): counted against the budget
    # of an hour.
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

# --- What the bot knows of a repository -----------------------------------------------------------

repositories: Final = sa.Table(
    "repositories",
    metadata,
    sa.Column("id", GitHubId, primary_key=True, autoincrement=False),
    sa.Column("installation_id", GitHubId, nullable=False),
    sa.Column("full_name", sa.Text, nullable=False),
    # `.github/learnings.yml` and the learnings file as on the default branch; None while there is
    # no such file.
    sa.Column("settings", Prose),
    sa.Column("settings_mistake", Prose),
    sa.Column("document", Prose),
    sa.Column("read_at", Moment, nullable=False),
    # Another moment, another life: what a process remembers of the last one no longer counts.
    sa.Column("known_since", Moment),
    # Grows by one with every change of a thread's copy, and is that thread's version from then on.
    sa.Column("threads_version", sa.BigInteger, nullable=False, server_default="0"),
)

threads: Final = sa.Table(
    "threads",
    metadata,
    sa.Column("repo_id", sa.ForeignKey("repositories.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", GitHubId, primary_key=True, autoincrement=False),
    sa.Column("title", Prose, nullable=False),
    sa.Column("text", Prose, nullable=False),
    sa.Column("created_at", Moment),
    sa.Column("closed_at", Moment),
    # How it was closed, if that decided something; None for one that is here because an entry names
    # it.
    sa.Column("decided_as", sa.Text),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="0"),
    sa.Index("ix_threads_repo_id_version", "repo_id", "version"),
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
    sa.Column("why", Prose, nullable=False),
    sa.Column("judged_at", Moment, nullable=False),
    # The thread that may bring the reason.
    sa.Column("awaits", GitHubId),
    # Who opened the thread.
    sa.Column("author", Prose, nullable=False, server_default=""),
    # How sure, and the sentences it rests on; None for what was judged before these were kept.
    sa.Column("confidence", sa.Float),
    sa.Column("rationale", sa.JSON(none_as_null=True)),
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
    sa.Column("document", Prose),
    sa.Column("base", Prose),
    sa.Column("path", sa.Text),
    # The same for the write under way: kept before the branch moves, so that after a crash our own
    # commit is known.
    sa.Column("next_head", sa.Text),
    sa.Column("next_document", Prose),
    sa.Column("next_base", Prose),
    sa.Column("next_path", sa.Text),
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
    sa.Column("line", Prose),
    sa.Column("drafted_at", Moment, nullable=False),
    sa.Column("proposed_at", Moment),
)

proposal_amendments: Final = sa.Table(
    "proposal_amendments",
    metadata,
    # The entry that is to change, what became of it, and the number that its line comes to name.
    sa.Column("repo_id", sa.ForeignKey("repositories.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", GitHubId, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("by", GitHubId, primary_key=True, autoincrement=False),
    # As of entries.
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("amendment", sa.JSON, nullable=False),
    # The line as we last wrote it on the branch, and a person's wording of it.
    sa.Column("written", Prose),
    sa.Column("line", Prose),
    sa.Column("drafted_at", Moment, nullable=False),
    sa.Column("proposed_at", Moment),
)

commands: Final = sa.Table(
    "commands",
    metadata,
    # What people with write access told us, each comment once: nothing is obeyed or answered twice.
    sa.Column("repo_id", sa.ForeignKey("repositories.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("comment_id", GitHubId, primary_key=True, autoincrement=False),
    # The thread it was said on, and the one it is about.
    sa.Column("said_on", GitHubId, nullable=False),
    sa.Column("number", GitHubId, nullable=False),
    # Empty for one that we do not know.
    sa.Column("verb", sa.Text, nullable=False),
    sa.Column("author", Prose, nullable=False),
    sa.Column("at", Moment, nullable=False),
    # Whether it was obeyed, and what was answered; None where a reaction says it all.
    sa.Column("obeyed", sa.Boolean, nullable=False),
    sa.Column("reply", Prose),
    # Whether there is something to undo.
    sa.Column("changed", sa.Boolean, nullable=False),
    # The entries it changed, as they were and as they became: for `undo`.
    sa.Column("before", sa.JSON, nullable=False),
    sa.Column("after", sa.JSON, nullable=False),
    # The comment of the command that this one takes back.
    sa.Column("undoes", GitHubId),
    sa.Column("undone", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_commands_repo_id_number", "repo_id", "number"),
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
    # A list of the numbers told of besides.
    sa.Column("further", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("comment_id", GitHubId),
    sa.Column("text", Prose, nullable=False),
    sa.Column("at", Moment, nullable=False),
    # Who opened the issue, and which rules or model judged.
    sa.Column("author", Prose, nullable=False, server_default=""),
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
    sa.Column("answer", Prose, nullable=False),
    # In millionths of a dollar: whole numbers add up alike on both databases.
    sa.Column("cost_micro_usd", sa.BigInteger, nullable=False),
    sa.Column("tokens", sa.BigInteger, nullable=False, server_default="0"),
    # Why the answer was not used; empty for one that was.
    sa.Column("discarded", sa.Text),
    # For whom it was asked; 0 is nobody.
    sa.Column("repo_id", GitHubId, nullable=False, server_default="0"),
    sa.Column("at", Moment, nullable=False, index=True),
)
