"""Run by Alembic, with the connection that `bot.adapters.store.migrate` opened."""

from alembic import context

from bot.adapters.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
