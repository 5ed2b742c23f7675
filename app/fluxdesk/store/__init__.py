"""The tables: facts read from the chain and what is summed up from them, in SQLite through SQLModel and Alembic.

`Store` (writer.py) applies batches in journal order, one transaction each; `Repository` (repository.py) answers
questions from any thread. Both work on raw base units; whole units and names of quotes are the caller's business.
Imports `core` only, reaches no network, and nothing here runs on an event loop.
"""
