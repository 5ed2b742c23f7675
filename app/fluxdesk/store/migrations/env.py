"""Alembic's entry: runs the migrations on the connection that `store.schema` hands over."""

from alembic import context
from sqlmodel import SQLModel

from fluxdesk.store import tables

assert tables.Trade.metadata is SQLModel.metadata
context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
