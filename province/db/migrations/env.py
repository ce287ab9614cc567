"""Alembic's door: one connection, one transaction, the tables of ``province.db.tables``."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine

from province.db.tables import metadata

engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
try:
    with engine.begin() as con:
        batch = con.dialect.name == "sqlite"
        context.configure(connection=con, target_metadata=metadata, render_as_batch=batch)
        with context.begin_transaction():
            context.run_migrations()
finally:
    engine.dispose()
