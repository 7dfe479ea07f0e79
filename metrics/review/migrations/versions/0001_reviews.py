"""The table of reviews, and triggers that keep what was written from being changed or deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MESSAGE = "reviews are never changed; record a further one"


def upgrade() -> None:
    """Make table, index and triggers."""
    op.create_table(
        "reviews",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("review_id", sa.String(32), nullable=False, unique=True),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("cable_id", sa.Text, nullable=False),
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("value_text", sa.Text, nullable=False),
        sa.Column("figure_sha256", sa.String(64), nullable=False),
        sa.Column("figure", sa.Text, nullable=False),
        sa.Column("correction", sa.Text, nullable=False),
        sa.Column("withdraws", sa.String(32), nullable=True),
    )
    op.create_index("ix_reviews_cable_id", "reviews", ["cable_id"])
    {"sqlite": _guard_sqlite, "postgresql": _guard_postgresql}.get(op.get_bind().dialect.name, _guard_nothing)()


def _guard_sqlite() -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER reviews_no_{act.lower()} BEFORE {act} ON reviews "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION reviews_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER reviews_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON reviews "
        "FOR EACH STATEMENT EXECUTE FUNCTION reviews_refuse()"
    )


def _guard_nothing() -> None:
    """Other databases: only the program's own care keeps rows unchanged."""
