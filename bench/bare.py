"""Baseline (a), the bare limit: Flask, the signature, and one raw transaction with the same durability. No survey.

The transaction inserts the event id (dedupe) and updates one JSON row of the sender. When an event has a reply token,
a fixed text goes to LINE from a pool of threads over a pooled connection: the least a bot can do.
"""

import base64
import hashlib
import hmac
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import urllib3
from flask import Flask, Response, abort, request

from bench.shots import SECRET, TOKEN
from survey.db import FairLock

TABLES = (
    "CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY, answers {json} NOT NULL)",
)
ROWS = 1000
THREADS = 32


class Sqlite:
    """One connection a thread, one writer at a time."""

    def __init__(self, path: str) -> None:
        self._path, self._local, self._queue = path, threading.local(), FairLock()
        conn = self._connection()
        for table in TABLES:
            conn.execute(table.format(json="TEXT"))
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany("INSERT OR IGNORE INTO state VALUES (?, '{}')", [(i,) for i in range(ROWS)])
        conn.execute("COMMIT")

    def _connection(self) -> Any:
        if not hasattr(self._local, "conn"):
            from pysqlite3 import dbapi2

            self._local.conn = dbapi2.connect(self._path, timeout=5, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-16000"):
                self._local.conn.execute(f"PRAGMA {pragma}")
        return self._local.conn

    def store(self, event_id: str, row: int, state: str) -> None:
        conn = self._connection()
        with self._queue:
            conn.execute("BEGIN IMMEDIATE")
            conn.execute("INSERT INTO seen VALUES (?) ON CONFLICT DO NOTHING", (event_id,))
            conn.execute("UPDATE state SET answers = ? WHERE id = ?", (state, row))
            conn.execute("COMMIT")


class Postgresql:
    """One connection a thread; psycopg prepares what is repeated."""

    def __init__(self, url: str) -> None:
        self._url, self._local = url, threading.local()
        with psycopg.connect(url) as conn:
            conn.execute("SELECT pg_advisory_xact_lock(1)")
            for table in TABLES:
                conn.execute(table.format(json="JSONB").encode())
            for row in range(ROWS):
                conn.execute("INSERT INTO state VALUES (%s, '{}') ON CONFLICT DO NOTHING", (row,))

    def store(self, event_id: str, row: int, state: str) -> None:
        if not hasattr(self._local, "conn"):
            self._local.conn = psycopg.connect(self._url)
        with self._local.conn.transaction():
            self._local.conn.execute("INSERT INTO seen VALUES (%s) ON CONFLICT DO NOTHING", (event_id,))
            self._local.conn.execute("UPDATE state SET answers = %s WHERE id = %s", (state, row))


def create() -> Flask:
    """The application of one process."""
    url = os.environ["BENCH_DATABASE_URL"]
    store = Sqlite(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else Postgresql(url)
    line = urllib3.PoolManager(maxsize=THREADS, retries=False)
    pool = ThreadPoolExecutor(THREADS)
    app = Flask("bare")

    def reply(token: str) -> None:
        body = json.dumps({"replyToken": token, "messages": [{"type": "text", "text": "ok"}]})
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        line.request("POST", os.environ["BENCH_LINE_URL"] + "/v2/bot/message/reply", body=body, headers=headers)

    @app.post("/callback")
    def callback() -> Response:
        raw = request.get_data()
        digest = base64.b64encode(hmac.digest(SECRET.encode(), raw, hashlib.sha256)).decode()
        if not hmac.compare_digest(digest, request.headers.get("X-Line-Signature", "")):
            abort(403)
        for event in json.loads(raw)["events"]:
            row = int(event["source"]["userId"][1:9], 16) % ROWS
            store.store(event["webhookEventId"], row, json.dumps({"last": event["message"]["text"]}))
            if token := event.get("replyToken"):
                pool.submit(reply, token)
        return Response("")

    return app
