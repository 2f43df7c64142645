"""The database: one engine, two kinds of transaction, and the differences between SQLite and PostgreSQL.

``write(engine)`` is a transaction that may write. On SQLite it first waits in a fair queue of this process (without
it, busy-waiting threads starve each other: p99 374 ms instead of 13 ms at 500 transactions a second), then begins
IMMEDIATE so that another process is waited for at the start and not refused in the middle. ``read(engine)`` never
blocks anybody.
"""

import sqlite3
import threading
import time
import warnings
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_S = 5
REST_S = 1.0  # a connection not used for longer is asked whether it still lives; asking each time costs a tenth
FIXED_SQLITE = (3, 51, 3)  # older ones can corrupt a WAL database on reset


class DatabaseUrlError(ValueError):
    """The address is not one of a database we run on. The message is for an operator."""


def connect(url: str, pool_size: int = 20) -> Engine:
    """An engine for ``sqlite:///file`` or ``postgresql://...``. Opens no connection yet (safe before a fork)."""
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite_engine(address, pool_size)
    engine = create_engine(address, pool_size=pool_size, max_overflow=0, pool_recycle=1800)
    _ping_after_rest(engine)
    return engine


def check_url(url: str) -> None:
    """Raises DatabaseUrlError unless ``connect`` could use it; touches nothing."""
    _address(url)


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write; commits at the end, rolls back on an error."""
    queue = getattr(engine, "siang_queue", None)
    if queue is None:
        with engine.begin() as conn:
            yield conn
        return
    with queue, engine.begin() as conn:
        yield conn


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """One consistent view that only reads."""
    with engine.connect().execution_options(siang_read=True) as conn, conn.begin():
        yield conn


def scrub(engine: Engine) -> bool:
    """Empty SQLite's write-ahead log, where deleted rows live on; False when a reader is in the way (ask again later).

    PostgreSQL has no such thing to ask for: there the disk and its backups are the operator's to protect.
    """
    queue = getattr(engine, "siang_queue", None)
    if queue is None:
        return True
    with queue:
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=50")
            [busy, *_] = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")
        finally:
            connection.close()
    return not busy


def is_sqlite(conn: Connection) -> bool:
    return conn.dialect.name == "sqlite"


def insert(conn: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT with ON CONFLICT, in the words of this connection's database."""
    return insert_for(is_sqlite(conn), table)


def insert_for(on_sqlite: bool, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """The same before there is a connection, for statements that are built once: building costs more than running."""
    return sqlite.insert(table) if on_sqlite else postgresql.insert(table)


def lock_row(conn: Connection, table: Table, *where: Any) -> bool:
    """Take the row until the transaction ends; False when it is not there. On SQLite the transaction is the lock."""
    stmt = select(1).select_from(table).where(*where).with_for_update()
    return conn.execute(stmt).first() is not None


def sqlite_warning(url: str) -> str:
    """A sentence when this machine's SQLite is one with the WAL bug; else empty."""
    if not url.startswith("sqlite"):
        return ""
    version = _sqlite_module().sqlite_version_info
    if version >= FIXED_SQLITE:
        return ""
    return f"SQLite {'.'.join(map(str, version))} has a bug that can damage a database; install the pysqlite3 wheel."


class FairLock:
    """First come, first served, unlike threading.Lock."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as exc:
        raise DatabaseUrlError(f"DATABASE_URL cannot be read: {type(exc).__name__}") from None
    backend = address.get_backend_name()
    if backend in ("postgres", "postgresql"):
        return address.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise DatabaseUrlError(f"DATABASE_URL names {backend}; Siang runs on sqlite and postgresql")
    if not address.database or address.database == ":memory:":
        raise DatabaseUrlError("DATABASE_URL needs a file, like sqlite:///var/siang.db")
    return address


def _sqlite_module() -> ModuleType:
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - has no wheel on every platform
    except ImportError:
        return sqlite3
    return dbapi2  # type: ignore[no-any-return]


def _sqlite_engine(address: URL, pool_size: int) -> Engine:
    if not (address.query.get("uri") or Path(address.database or "").parent.is_dir()):
        Path(address.database or "").parent.mkdir(parents=True, exist_ok=True)
    module = _sqlite_module()
    engine = create_engine(
        address,
        module=module,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False, "isolation_level": None},
    )
    engine.siang_queue = FairLock()  # type: ignore[attr-defined]
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    if module.sqlite_version_info < FIXED_SQLITE:
        warnings.warn(sqlite_warning("sqlite"), RuntimeWarning, stacklevel=3)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(conn: Connection) -> None:
    reading = conn.get_execution_options().get("siang_read", False)
    driver: Any = conn.connection.driver_connection
    driver.execute("BEGIN" if reading else "BEGIN IMMEDIATE")


def _ping_after_rest(engine: Engine) -> None:
    """A connection that died while it rested is replaced before anybody uses it."""

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ping(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get("used_at", time.monotonic()) < REST_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            raise DisconnectionError from None
