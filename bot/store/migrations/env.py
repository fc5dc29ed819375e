"""Alembic's environment: runs the migrations on the connection that `bot.store.migrate` hands over."""

from alembic import context

from bot.store.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="bot.store.db.",
)
with context.begin_transaction():
    context.run_migrations()
