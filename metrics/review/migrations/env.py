"""Runs migrations on the connection that `review.store` hands over, inside its transaction."""

from alembic import context

from metrics.review.store import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
