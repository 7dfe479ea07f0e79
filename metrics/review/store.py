"""Reviews in a database: SQLite by default, any SQL database by URL; rows are added, never changed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL, make_url

from metrics.review.applying import standing_reviews
from metrics.review.decision import Review, ReviewError, figure_hash, read_review, to_json

REVIEWS_VARIABLE = "BORDER_METRICS_REVIEWS"
DEFAULT_URL = "sqlite:///data/reviews.sqlite"
HEAD = "0001"
MIGRATIONS = Path(__file__).parent / "migrations"
SCHEMA_LOCK = 4_815_162
BUSY_SECONDS = 60

METADATA = MetaData()
REVIEWS = Table(
    "reviews",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("review_id", String(32), nullable=False, unique=True),
    Column("made_at", String(40), nullable=False),
    Column("author", Text, nullable=False),
    Column("decision", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("cable_id", Text, nullable=False, index=True),
    Column("metric", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("value_text", Text, nullable=False),
    Column("figure_sha256", String(64), nullable=False),
    Column("figure", Text, nullable=False),
    Column("correction", Text, nullable=False),
    Column("withdraws", String(32), nullable=True),
)


class ReviewStore:
    """Reviews of one database. Open it with `open_reviews`; every write is on disk when the call returns."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, *reviews: Review) -> None:
        """Write the reviews, all or none; ReviewError where one takes back a review that is not on record."""
        with writing(self._engine) as connection:
            for review in reviews:
                if review.withdraws and not _stored(connection, [review.withdraws]):
                    raise ReviewError(f"review {review.withdraws} is not on record, so it cannot be withdrawn")
                connection.execute(REVIEWS.insert().values(**_columns(review)))

    def record_seen(self, review: Review, seen: str | None) -> None:
        """Write a review made in view of the one that stands for its figure, named by review_id (None: of none).

        Raises ReviewError where another stands by now, or none: who made it without seeing that is to look again.
        """
        with writing(self._engine) as connection:
            of_cable = select(REVIEWS).where(REVIEWS.c.cable_id == review.anchor[0]).order_by(REVIEWS.c.number)
            made = [read_review(row) for row in connection.execute(of_cable).mappings()]
            standing = standing_reviews(made).get(review.anchor)
            if (standing and standing.review.review_id) != seen:
                last = next((one for one in reversed(made) if one.anchor == review.anchor), None)
                if last is None:
                    raise ReviewError(f"the decision {seen} is not on record any more; look at the figure again")
                raise ReviewError(
                    f"{last.author} has decided on this figure meanwhile "
                    f"({last.decision}: {last.reason or 'no reason'}); look at it again, then decide"
                )
            connection.execute(REVIEWS.insert().values(**_columns(review)))

    def record_new(self, reviews: Iterable[Review]) -> int:
        """Write those reviews that are not on record yet, all or none, and say how many there were.

        Raises ReviewError where a review on record has another content under the same id.
        """
        given = {review.review_id: review for review in reviews}
        with writing(self._engine) as connection:
            known = _stored(connection, list(given))
            changed = sorted(one for one, kept in known.items() if kept != given[one])
            if changed:
                raise ReviewError(f"review {changed[0]} is on record with another content; nothing was written")
            added = [review for one, review in given.items() if one not in known]
            for review in added:
                connection.execute(REVIEWS.insert().values(**_columns(review)))
        return len(added)

    def reviews(self) -> list[Review]:
        """All reviews ever made, in the order they were recorded."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(REVIEWS).order_by(REVIEWS.c.number)).mappings()
            return [read_review(row) for row in rows]

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()


def review_url() -> str:
    """Where reviews are kept: the URL that the environment names, else `data/reviews.sqlite` in the working folder."""
    return os.environ.get(REVIEWS_VARIABLE) or DEFAULT_URL


def read_decisions(url: str | None) -> list[Review]:
    """All reviews in the database at a URL; without one those of the app, none where nobody has reviewed anything yet.

    Raises ReviewError where a database that the URL or the environment names is not there.
    """
    chosen = url or review_url()
    if chosen == DEFAULT_URL and not _is_there(make_url(chosen)):
        return []
    return existing_reviews(chosen).reviews()


def existing_reviews(url: str) -> ReviewStore:
    """The reviews in a database that must be there; raises ReviewError where it is not."""
    if not _is_there(make_url(url)):
        raise ReviewError(
            f"no reviews at {url}; name their database with --reviews URL or the variable {REVIEWS_VARIABLE}"
        )
    return open_reviews(url)


def _is_there(address: URL) -> bool:
    """Whether a SQLite file exists; servers answer for themselves."""
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


def open_reviews(url: str | Path = DEFAULT_URL) -> ReviewStore:
    """The reviews in the database at a URL, or in the SQLite file at a path; the schema is made on first use.

    Raises ReviewError where the database was written by a newer program.
    """
    address = URL.create("sqlite", database=str(url)) if isinstance(url, Path) else make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address)
    if address.get_backend_name() == "sqlite":
        _prepare_sqlite(engine, address.database)
    version = schema_version(engine)
    if version is None or version < HEAD:
        _upgrade(engine)
    elif version > HEAD:
        raise ReviewError(
            f"reviews in {address!r} have schema {version}, this program knows {HEAD}; update the program"
        )
    return ReviewStore(engine)


def schema_version(engine: Engine) -> str | None:
    """The migration the database stands at, None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(engine: Engine) -> None:
    """Bring the schema to the newest migration, one process at a time, all or nothing."""
    from alembic import command  # noqa: PLC0415 - needed once per database, and slow to load
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SCHEMA_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def writing(engine: Engine) -> Any:
    """A transaction that will write: on SQLite it takes the write lock at once, so that no two can deadlock."""
    return engine.execution_options(writes=True).begin()


def _prepare_sqlite(engine: Engine, database: str | None) -> None:
    """Durable commits (WAL, synchronous FULL), waiting writers, and transactions begun by us, not the driver."""
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        _set_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _set_wal(connection: Any) -> None:
    """Switch to write-ahead logging, which does not wait for its lock by itself when several start at once."""
    patience = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > patience:
                raise
            time.sleep(0.05)


def _columns(review: Review) -> dict[str, Any]:
    figure = review.figure
    return {
        **{
            name: getattr(review, name)
            for name in ("review_id", "made_at", "author", "decision", "reason", "withdraws")
        },
        **{name: figure[name] for name in ("cable_id", "metric", "start", "end", "value_text")},
        "figure_sha256": figure_hash(figure),
        "figure": to_json(figure),
        "correction": to_json(review.correction),
    }


def _stored(connection: Connection, review_ids: Sequence[str]) -> dict[str, Review]:
    """Those of the reviews that are on record, by id."""
    found: dict[str, Review] = {}
    for first in range(0, len(review_ids), 500):
        wanted = select(REVIEWS).where(REVIEWS.c.review_id.in_(review_ids[first : first + 500]))
        found.update((row["review_id"], read_review(row)) for row in connection.execute(wanted).mappings())
    return found
