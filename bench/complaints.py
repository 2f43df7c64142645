"""From a filed complaint to the officer's phone; the suggestion of a category and the statistics stand beside.

Residents send urgent complaints 20 a second; `siang web` and `siang worker` run as processes, LINE is local. Counted is
from the moment at which the web process took the last event up (``received_at``) to the push at LINE. Four officers
hear what is their department's, each once and in order. Beside it: pushes with LINE's SDK alone, one after another.
"""

import os
import re
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import func, insert, select

from bench import complaints_register
from bench.load import Plan, fire
from bench.people import People, local_line
from bench.place import SECRET_KEY, SIANG, Place, free_port, place, siang_command
from bench.shots import TOKEN, Shot
from bench.table import Row
from bot.line import LineClient
from bot.playground.line import LocalLine
from survey import db, officers, rules_file
from survey.privacy import Keys
from survey.settings import Agency
from survey.tables import complaints, respondents, workers

RATE, SECONDS, CONNECTIONS, P95_S = 20.0, 15, 8, 2.0
DEPARTMENTS = {"clerk": "อันตราย ต้องรีบแก้ไข", "works": "ถนน ทางเท้า สะพาน", "health": "ขยะ", "finance": "ภาษีและค่าธรรมเนียม"}
WORDS = {"clerk": "สายไฟขาด อันตราย", "works": "ถนนเป็นหลุม", "health": "ขยะไม่มีใครเก็บ", "finance": "ภาษีและค่าธรรมเนียม"}
"""What residents complain of, by the department that works on it; each has an officer."""
PLACE = re.compile(r"จุดที่ (\d+)")


def run(quick: bool = False) -> list[Row]:
    """``quick``: SQLite, three seconds, 5,000 tickets."""
    kinds = {"SQLite": "sqlite"} if quick else {"SQLite": "sqlite", "PostgreSQL": "postgresql"}
    rows = []
    with place() as here:
        for name, kind in kinds.items():
            rows.append(_to_the_phone(here, name, kind, 3 if quick else SECONDS))
    return [*rows, *complaints_register.run(quick)]


def _to_the_phone(here: Place, name: str, kind: str, seconds: int) -> Row:
    url, office = here.database(kind), _office(here.folder)
    with local_line() as people:
        people.line.channel.quota = None
        officer, *_ = [_officer(url, people.line, department) for department in WORDS]
        before, last = _complainants(people, round(RATE * seconds))
        port = free_port()
        command, environ = siang_command(url, people.line.url, port)
        environ |= {"AGENCY_FILE": str(office)}
        with here.serving(command, port, environ) as web, _worker(here, url, environ):
            fire(Plan(web.port, before, CONNECTIONS, 120.0, 0.0).hearing(people.ear.fileno()))
            outcome = fire(Plan(web.port, ([], last), 1, 0, rate=RATE))
            pushed = _pushed(people.line, len(last))
        waited = _waited(url, pushed)
        alone = _alone(people, officer, 200)
    if len(waited) != len(last) or len(set(pushed)) != len(last) or set(outcome.statuses) != {200}:
        raise RuntimeError(f"{len(last)} complaints were sent, {len(waited)} alerts came, {dict(outcome.statuses)}")
    middle, p95 = median(waited), p95_of(waited)
    return Row(
        f"complaint filed to the officer's phone, {RATE:.0f}/s, {name}",
        f"p50 {middle:.2f} s, p95 {p95:.2f} s, {len(waited)} alerts, each once",
        f"the push alone p95 {1000 * p95_of(alone):.0f} ms",
        p95 / p95_of(alone),
        f"p95 < {P95_S:.0f} s",
        p95 < P95_S,
    )


def _complainants(people: People, count: int) -> tuple[list[list[Shot]], list[Shot]]:
    """Everybody's way to the summary, on several connections, and the last word of each."""
    residents = people.residents()
    scripts = [("แจ้งเรื่อง", words, "1", "จุดที่ {number}", "ไม่มีภาพ", "ไม่ต้องแจ้ง", "ส่งเรื่อง") for words in WORDS.values()]
    walks = [list(residents.walk(scripts[n % len(scripts)])) for n in range(count)]
    lanes = [[shot for walk in walks[n::CONNECTIONS] for shot in walk[:-1]] for n in range(CONNECTIONS)]
    return lanes, [walk[-1] for walk in walks]


def _office(folder: Path) -> Path:
    """The agency file of an office in which every category is urgent."""
    rules = rules_file.DEFAULT.read_text(encoding="utf-8")
    urgent = re.sub(r"^id = .*$", r"\g<0>\nurgent = true", rules.replace("urgent = true\n", ""), flags=re.MULTILINE)
    (folder / "rules.toml").write_text(urgent, encoding="utf-8")
    departments = [f'[[department]]\nid = "{name}"\ntitle = "{name}"\n' for name in WORDS]
    file = folder / "agency.toml"
    file.write_text('rules = "rules.toml"\n' + "".join(departments), encoding="utf-8")
    return file


def _officer(url: str, line: LocalLine, department: str) -> str:
    """An officer of the department who has added the account; the LINE id."""
    keys, now, engine = Keys(SECRET_KEY), datetime.now(UTC), db.connect(url)
    user_id = line.world.person(department)
    line.channel.contacts.add(user_id)
    key = keys.respondent("main", user_id)
    with db.write(engine) as conn:
        conn.execute(insert(respondents).values(agency_id="main", key=key, last_seen_on=now.date()))
        code = officers.invite(conn, keys, "main", "officer", department, [department], now)
        officers.redeem(conn, keys, "main", code, key, keys.seal_contact(user_id), now)
    engine.dispose()
    return user_id


@contextmanager
def _worker(here: Place, url: str, environ: dict[str, str]) -> Iterator[None]:
    """``siang worker`` as an operator starts it, from its first heartbeat on."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LINE_", "SHEETS_", "GOOGLE_"))}
    env |= {"PYTHONPATH": str(Path.cwd()), **environ}
    with (here.folder / "worker.log").open("ab") as log:
        process = subprocess.Popen((*SIANG, "worker"), env=env, cwd=here.folder, stdout=log, stderr=log)
    engine = db.connect(url)
    try:
        for _ in range(300):
            with db.read(engine) as conn:
                if conn.scalar(select(func.count()).select_from(workers)):
                    break
            time.sleep(0.1)
        yield
    finally:
        engine.dispose()
        process.terminate()
        process.wait(30)


def _pushed(line: LocalLine, count: int) -> Counter[tuple[int, float]]:
    """(number of the place, when LINE took the push) of each alert, when all have come."""
    for _ in range(200):
        taken = [call for call in list(line.calls) if call["path"].endswith("/push") and call["status"] == 200]
        if len(taken) >= count:
            break
        time.sleep(0.1)
    return Counter((int(PLACE.findall(str(call["body"]))[0]), call["at"] / 1000) for call in taken)


def _waited(url: str, pushed: Counter[tuple[int, float]]) -> list[float]:
    """Seconds from filing to each alert."""
    engine = db.connect(url)
    with db.read(engine) as conn:
        rows = conn.execute(select(complaints.c.place, complaints.c.received_at)).all()
    engine.dispose()
    filed = {int(PLACE.findall(row.place)[0]): row.received_at.timestamp() for row in rows}
    return [at - filed[number] for number, at in pushed]


def _alone(people: People, officer: str, count: int) -> list[float]:
    """Seconds of each push when nothing else is done."""
    agency, client, taken = Agency("main", "", "", TOKEN), LineClient(people.line.url), []
    for number in range(count):
        begun = time.perf_counter()
        client.push(agency, officer, [{"type": "text", "text": f"เรื่องด่วน {number}"}], str(uuid.uuid4()))
        taken.append(time.perf_counter() - begun)
    return taken[count // 10 :]


def p95_of(values: list[float]) -> float:
    return sorted(values)[int(0.95 * len(values))]
