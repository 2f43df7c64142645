"""Attacks on what is left when everybody has answered (architecture, section 3).

Forty residents answer, one after another, over twenty days, and the worker files in groups of five. Then somebody who
has the whole database, every key, and knows who answered when, tries to say whose answers are whose. Knowing the
groups, one of five guesses is right by chance: eight of forty. Each attack is also run on a naive store that was
filled beside the real one, and must succeed there; otherwise it would prove nothing.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import structlog
from sqlalchemy import Connection, Engine, inspect, select, text

from survey import db, filing, library, rounds, service, thai
from survey.events import Event, Prompt, Say, Tap
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.tables import comments, metadata, participation, responses, sheet_rows
from survey.tables import rounds as rounds_table
from survey.visitor import Inbound, World
from tests.survey.conftest import hurry
from tests.survey.transcript import moment

PEOPLE = [f"U{chance:032x}" for chance in (Random(n).getrandbits(128) for n in range(40))]
GROUP = 5
BY_CHANCE = len(PEOPLE) // GROUP
SUSPICIOUS = 2.5 * BY_CHANCE  # chance alone gets here less than once in 30,000 runs
NAIVE = {
    "naive_people": "key TEXT",
    "naive_answers": "said TEXT, at TEXT, user_id TEXT",
    "naive_comments": "said TEXT",
}


@dataclass
class Town:
    """Residents with their answers, the office's store, and beside it the store that everybody writes first."""

    engine: Engine
    agency: Agency
    keys: Keys
    group: int = GROUP
    pulls: list[int] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = moment("2026-11-02 09:00")
        self.library = library.load()
        self.world = World(self.library, self.keys)
        self.rng = Random(5)
        self.events = 0
        with db.write(self.engine) as conn:
            rounds.ensure(conn, self.library, self.keys, self.agency.id, thai.bangkok_date(self.now))
            for name, columns in NAIVE.items():
                conn.execute(text(f"CREATE TABLE {name} ({columns})"))

    def everybody_answers(self) -> None:
        settings = Settings((self.agency,), self.keys, anonymity_group=self.group)
        for number, user in enumerate(PEOPLE):
            self.now = moment("2026-11-02 09:00") + timedelta(hours=12 * number)
            answers = answers_of(user)
            draft = self._answer(user, list(answers.values()), comment_of(user))
            with db.write(self.engine) as conn:
                person = {"key": self.keys.respondent(self.agency.id, user)}
                said = {"said": json.dumps(answers), "at": self.now.isoformat(), "user": user}
                conn.execute(text("INSERT INTO naive_people VALUES (:key)"), person)
                conn.execute(text("INSERT INTO naive_answers VALUES (:said, :at, :user)"), said)
                conn.execute(text("INSERT INTO naive_comments VALUES (:said)"), {"said": comment_of(user)})
            filing.file_closed(self.engine, settings, self.agency, self.library, self.now, self.rng)
            with db.read(self.engine) as conn:
                self.pulls.append(len(conn.execute(select(responses.c.id)).all()))
            self.shown.append(draft)

    def _answer(self, user: str, values: list[str], comment: str) -> str:
        said = self._send(user, Say("แบบสอบถาม"))
        [button] = [b.action for b in said[0].buttons if isinstance(b.action, Tap)]
        instrument = self.library.newest("eit", 2570)
        for question in ("notice", "screening", *(f"e{n}" for n in range(1, 10)), "more"):
            position = [q.id for q in instrument.questions].index(question)
            options = [o.value for o in instrument.questions[position].options]
            wanted = values[int(question[1:]) - 1] if question[0] == "e" else options[0]
            self._send(user, Tap(button.draft, position, options.index(wanted)))
        for _ in range(4):
            self._send(user, Say("ไม่ระบุ"))
        self._send(user, Say(comment))
        self._send(user, Say("ส่งคำตอบ"))
        return button.draft

    def _send(self, user: str, event: Event) -> tuple[Prompt, ...]:
        self.events += 1
        self.now += timedelta(seconds=5)
        keys, agency = self.keys, self.agency
        key = keys.event(agency.id, f"01EVENT{self.events}")
        inbound = Inbound(agency, keys.respondent(agency.id, user), key, event, lambda: keys.seal_contact(user))
        with db.write(self.engine) as conn:
            return service.handle(conn, inbound, self.world, self.now)

    def part_of(self, conn: Connection, user: str) -> str:
        """What whoever holds all keys can work out while the round is open."""
        row = conn.execute(select(rounds_table).where(rounds_table.c.kind == "eit")).one()
        return self.keys.participation(row.secret, self.keys.respondent(self.agency.id, user), "seat", "0")


def answers_of(user: str) -> dict[str, str]:
    """Everybody's answers differ, so that a right guess is no accident."""
    number = PEOPLE.index(user)
    rng = Random(number)
    scaled = {f"e{n}": str(rng.randint(1, 6)) for n in (1, 2, 4, 5, 6, 7, 8)}
    scaled |= {"e1": str(1 + number % 6), "e2": str(1 + number // 6 % 6), "e4": str(1 + number // 36)}
    chosen = scaled | {"e3": rng.choice(["ever", "never"]), "e9": rng.choice(["ever", "never"])}
    return dict(sorted(chosen.items()))


def comment_of(user: str) -> str:
    return f"ข้อเสนอของบ้านหลัง {PEOPLE.index(user)} ขอให้ซ่อมไฟ"


AGENCY = Agency("main", "เทศบาลตำบลตัวอย่าง", spreadsheet_id="sheet")
KEYS = Keys("a secret key for tests, long enough to pass")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filed(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """The town when all is filed; the tests only read it."""
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('town') / 'siang.db')}"
    else:
        url = request.getfixturevalue("postgresql_url")
    engine = hurry(db.connect(url))
    with engine.begin() as conn:
        for table in metadata.sorted_tables:
            if table.name != "audit_log":  # append-only, and nothing here writes to it
                conn.execute(table.delete())
    town = Town(engine, AGENCY, KEYS)
    town.everybody_answers()
    assert town.pulls[-1] == len(PEOPLE)
    yield town
    with engine.begin() as conn:
        for naive in NAIVE:
            conn.execute(text(f"DROP TABLE {naive}"))
    engine.dispose()


# ---- the attacks: each returns its guesses, person -> answers ----

Guesses = dict[str, dict[str, str]]


def as_written(conn: Connection, table: str, column: str) -> list[str]:
    """A column in the order in which the rows were written, as far as the database betrays it."""
    if not db.is_sqlite(conn):
        order = "xmin::text::bigint, ctid"
    else:
        made = conn.scalar(text("SELECT sql FROM sqlite_master WHERE name = :table"), {"table": table})
        order = "1" if "WITHOUT ROWID" in str(made) else "rowid"
    found = conn.execute(text(f"SELECT {column} FROM {table} ORDER BY {order}"))
    return [value if isinstance(value, str) else json.dumps(value) for value in found.scalars()]


def by_order(people: Sequence[str], said: Sequence[str]) -> Guesses:
    """Who came first wrote the first row."""
    return {person: json.loads(answers) for person, answers in zip(people, said, strict=False)}


def by_day(days: dict[str, str], said: Sequence[tuple[str, str]]) -> Guesses:
    """Whoever was seen on the day of an answer gave it; of several, the first not yet guessed."""
    left = list(said)
    guesses: Guesses = {}
    for person, day in days.items():
        same = [entry for entry in left if entry[0] >= day]
        if same:
            entry = min(same)
            left.remove(entry)
            guesses[person] = json.loads(entry[1])
    return guesses


def by_subtraction(pulls: Sequence[int]) -> list[int]:
    """Two pulls that differ by one betray one person's answers; which differences can be seen."""
    return [after - before for before, after in zip([0, *pulls], pulls, strict=False) if after != before]


def right(guesses: Guesses) -> int:
    return sum(
        answers_of(person) == {k: v for k, v in answers.items() if k[0] == "e"} for person, answers in guesses.items()
    )


# ---- what is left betrays nobody ----


def test_the_order_in_which_rows_were_written_joins_nobody_to_answers(filed: Town) -> None:
    with db.read(filed.engine) as conn:
        parts = {filed.part_of(conn, user): user for user in PEOPLE}
        seen = {KEYS.respondent("main", user): user for user in PEOPLE}
        began = [parts[key] for key in as_written(conn, "participation", "key")]
        came = [seen[key] for key in as_written(conn, "respondents", "key")]
        said = as_written(conn, "responses", "answers")
        naive = [seen[key] for key in as_written(conn, "naive_people", "key")]
        naively = as_written(conn, "naive_answers", "said")

    assert right(by_order(naive, naively)) == len(PEOPLE)
    for people in (began, came):
        assert right(by_order(people, said)) <= SUSPICIOUS
        assert right(by_order(people[::-1], said)) <= SUSPICIOUS


def test_the_order_of_the_sheet_joins_nobody_to_answers(filed: Town) -> None:
    """The sheet's rows go out in the order in which they were queued, or of their ids."""
    with db.read(filed.engine) as conn:
        parts = {filed.part_of(conn, user): user for user in PEOPLE}
        began = [parts[key] for key in as_written(conn, "participation", "key")]
        kept = dict(conn.execute(select(responses.c.id, responses.c.answers)).all())
        queued = [row for row in as_written(conn, "sheet_rows", "row_id") if row in kept]
        cells = " ".join(str(row.cells) for row in conn.execute(select(sheet_rows)))

    assert len(queued) == len(PEOPLE)
    for order in (queued, sorted(queued)):
        assert right(by_order(began, [json.dumps(kept[row]) for row in order])) <= SUSPICIOUS
    assert "หญิง" not in cells


def test_stored_days_and_times_join_nobody_to_answers(filed: Town) -> None:
    with db.read(filed.engine) as conn:
        seen = {KEYS.respondent("main", user): user for user in PEOPLE}
        days = {seen[row.key]: f"{row.last_seen_on}" for row in conn.execute(text("SELECT * FROM respondents"))}
        said = [(f"{row.completed_on}", json.dumps(row.answers)) for row in conn.execute(select(responses))]
        times = [(row.at, row.said) for row in conn.execute(text("SELECT at, said FROM naive_answers"))]
        columns = {c["name"]: str(c["type"]) for c in inspect(conn).get_columns("responses")}

    known = {user: moment("2026-11-02 09:00") + timedelta(hours=12 * n) for n, user in enumerate(PEOPLE)}
    assert right(by_day({user: at.isoformat() for user, at in known.items()}, times)) == len(PEOPLE)
    assert right(by_day(dict(sorted(days.items(), key=lambda d: d[1])), said)) <= SUSPICIOUS
    assert not [name for name, kind in columns.items() if "TIME" in kind.upper()]


def test_subtracting_two_pulls_of_the_scores_shows_a_group_or_nothing(filed: Town) -> None:
    one_by_one = list(range(1, len(PEOPLE) + 1))

    assert set(by_subtraction(one_by_one)) == {1}
    assert min(by_subtraction(filed.pulls)) >= GROUP


def test_a_comment_leads_to_nobodys_answers(filed: Town) -> None:
    with db.read(filed.engine) as conn:
        said = as_written(conn, "responses", "answers")
        written = as_written(conn, "comments", "text")
        naive = as_written(conn, "naive_comments", "said")
        naively = as_written(conn, "naive_answers", "said")
        ids = set(conn.scalars(select(comments.c.id))) & set(conn.scalars(select(responses.c.id)))
        columns = {c.name for c in comments.columns}

    writers = {comment_of(user): user for user in PEOPLE}
    assert right(by_order([writers[c] for c in naive], naively)) == len(PEOPLE)
    assert right(by_order([writers[c] for c in written], said)) <= SUSPICIOUS
    assert not ids
    assert columns == {"agency_id", "id", "kind", "month", "service_point", "text"}


def test_no_cell_of_any_table_holds_a_line_id_and_no_row_a_person_beside_answers(filed: Town) -> None:
    pseudonyms = [KEYS.respondent("main", user) for user in PEOPLE]

    with db.read(filed.engine) as conn:
        parts = [filed.part_of(conn, user) for user in PEOPLE]
        rows = {name: [str(tuple(row)) for row in conn.execute(select(t))] for name, t in metadata.tables.items()}
        naive = " ".join(str(row) for row in conn.execute(text("SELECT * FROM naive_answers")))

    assert [user for user in PEOPLE if user in naive] == PEOPLE  # the search finds what is there
    everything = " ".join(row for table in rows.values() for row in table)
    assert not [user for user in PEOPLE if user in everything]
    assert not [draft for draft in filed.shown if draft in everything]
    beside = [
        (name, row[:80])
        for name, table in rows.items()
        for row in table
        if any(person in row for person in (*pseudonyms, *parts)) and ("'e1'" in row or "ซ่อมไฟ" in row)
    ]
    assert not beside
    assert len(rows["participation"]) == len(PEOPLE)


def test_the_files_of_the_database_hold_no_line_id_and_no_pseudonym_near_answers(
    sqlite_url: str,
) -> None:
    """Deleted rows live on in free pages and in the write-ahead log, unless they are wiped."""
    engine = hurry(db.connect(sqlite_url))
    town = Town(engine, AGENCY, KEYS, group=100)
    town.everybody_answers()
    waiting = near(raw(sqlite_url), [KEYS.respondent("main", user) for user in PEOPLE])
    assert len(waiting) == len(PEOPLE)  # drafts that wait: a person beside answers, and the search sees it

    with db.write(engine) as conn:
        conn.execute(text("DROP TABLE naive_answers"))
    settings = Settings((town.agency,), KEYS, anonymity_group=GROUP)
    assert filing.file_closed(engine, settings, town.agency, town.library, town.now, Random(3)) == len(PEOPLE)

    left = raw(sqlite_url)
    assert not [user for user in PEOPLE if user.encode() in left]
    assert not near(left, [KEYS.respondent("main", user) for user in PEOPLE])
    assert not [draft for draft in town.shown if draft.encode() in left]
    engine.dispose()


def raw(url: str) -> bytes:
    path = Path(url.removeprefix("sqlite:///"))
    return b"".join(p.read_bytes() for p in sorted(path.parent.glob(path.name + "*")) if not p.name.endswith("-shm"))


def near(data: bytes, people: Sequence[str], reach: int = 300) -> list[str]:
    """Who is named within a few hundred bytes of an answer."""
    found = []
    for person in people:
        start = data.find(person.encode())
        while start >= 0:
            if b'"e1":' in data[max(0, start - reach) : start + reach]:
                found.append(person)
                break
            start = data.find(person.encode(), start + 1)
    return found


def test_nothing_is_logged_about_a_person(sqlite_url: str) -> None:
    engine = hurry(db.connect(sqlite_url))
    with structlog.testing.capture_logs() as logs:
        town = Town(engine, AGENCY, KEYS)
        town.everybody_answers()
        with db.read(engine) as conn:
            filed = list(conn.scalars(select(responses.c.id)))
    engine.dispose()

    written = json.dumps(logs, default=str, ensure_ascii=False)
    hidden = [*PEOPLE, *filed, *(KEYS.respondent("main", user) for user in PEOPLE), *map(comment_of, PEOPLE)]
    assert not [secret for secret in hidden if secret in written]


def test_when_a_round_closes_not_even_the_key_holder_can_say_who_took_part(filed: Town) -> None:
    with filed.engine.connect() as conn, conn.begin() as transaction:
        parts = {filed.part_of(conn, user) for user in PEOPLE}
        assert parts == set(conn.scalars(select(participation.c.key)))
        rounds.close(conn, filed.library, "main", "eit-2570-1", thai.bangkok_date(filed.now))
        secrets = list(conn.scalars(select(rounds_table.c.secret).where(rounds_table.c.kind == "eit")))
        transaction.rollback()  # the other tests still need it

    assert secrets == [None]
