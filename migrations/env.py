"""Alembic's entry: runs on the connection that survey.schema hands over, in that connection's transaction."""

from alembic import context

from survey.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=False,
)
with context.begin_transaction():
    context.run_migrations()
