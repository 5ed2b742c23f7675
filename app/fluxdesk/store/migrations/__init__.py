"""Alembic migrations of the store, inside the package, so that a wheel has them. Run by `store.schema` only."""
