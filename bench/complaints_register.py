"""Complaints in numbers: the suggestion of a category, and `siang complaints stats` over a large register."""

import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median

from sqlalchemy import Engine, insert, select

from bench.place import SIANG, Place, place
from bench.scores import timed
from bench.table import Row
from survey import complaint, db, rules_file
from survey.tables import complaints

TEXTS = (
    "ไฟทางดับมาสามคืนแล้ว ซอยหลังวัด มืดมากเด็กเดินกลับบ้านลำบาก",
    "ถนนหน้าโรงเรียนเป็นหลุมลึก รถมอเตอร์ไซค์ล้มเมื่อวาน ช่วยมาซ่อมด่วน",
    "น้ำไม่ไหลตั้งแต่เช้า โทรถามแล้วไม่มีคนรับ",
    "หมาจรจัดไล่กัดคนแถวตลาด",
    "เหม็นมาก บ่อขยะส่งกลิ่นทั้งคืน " * 20,
    "อยากสอบถามเรื่องเบี้ยยังชีพผู้สูงอายุของแม่",
    "ขอบคุณค่ะ",
)
TICKETS, FEW = 100_000, 5_000
STATS_S, STATS_MB, SUGGEST_MS = 5.0, 300.0, 1.0


def run(quick: bool = False) -> list[Row]:
    """``quick``: SQLite with 5,000 tickets."""
    kinds = {"SQLite": "sqlite"} if quick else {"SQLite": "sqlite", "PostgreSQL": "postgresql"}
    with place() as here:
        counted = [_statistics(here, name, kind, FEW if quick else TICKETS) for name, kind in kinds.items()]
    return [_suggestion(200 if quick else 2000), *counted]


def _suggestion(count: int) -> Row:
    """Three categories for what somebody wrote; beside it only looking for every word in the text as it stands."""
    rules = rules_file.default()
    words = [word for category in rules.categories for word in category.words]
    ours, plain = [], []
    for number in range(count):
        text = TEXTS[number % len(TEXTS)]
        begun = time.perf_counter()
        rules.suggest(text)
        middle = time.perf_counter()
        sum(word in text for word in words)
        ours.append(middle - begun)
        plain.append(time.perf_counter() - middle)
    p95 = 1000 * sorted(ours)[int(0.95 * count)]
    return Row(
        f"suggestion of a category, {len(rules.categories)} categories",
        f"p50 {1000 * median(ours):.3f} ms, p95 {p95:.3f} ms",
        f"looking for {len(words)} words {1000 * median(plain):.3f} ms",
        median(ours) / median(plain),
        f"< {SUGGEST_MS:.0f} ms",
        p95 < SUGGEST_MS,
    )


def _statistics(here: Place, name: str, kind: str, count: int) -> Row:
    """``siang complaints stats`` of a year; beside it every row read whole and counted by category."""
    url = here.database(kind)
    engine = db.connect(url)
    _fill(engine, count)
    engine.dispose()
    ours = timed((*SIANG, "complaints", "stats", "--fiscal-year", "2570", "--format", "json"), url)
    plain = timed((sys.executable, "-m", "bench.complaints_register", url), url)
    return Row(
        f"complaint statistics of {count:,} tickets, {name}",
        f"{ours[0]:.1f} s, {ours[1]:.0f} MB",
        f"all read whole {plain[0]:.1f} s, {plain[1]:.0f} MB",
        ours[0] / plain[0],
        f"< {STATS_S:.0f} s and < {STATS_MB:.0f} MB",
        ours[0] < STATS_S and ours[1] < STATS_MB,
    )


def _fill(engine: Engine, count: int) -> None:
    """A year of tickets, most of them closed."""
    rng = Random(2570)
    for first in range(0, count, 5000):
        rows = [_ticket(number, rng) for number in range(first, min(first + 5000, count))]
        with db.write(engine) as conn:
            conn.execute(insert(complaints), rows)


def _ticket(number: int, rng: Random) -> dict[str, object]:
    category = rng.choice(rules_file.default().categories)
    day = date(2026, 10, 1) + timedelta(days=rng.randrange(365))
    closed = day + timedelta(days=rng.randrange(30)) if rng.random() < 0.9 else None
    return {
        "agency_id": "main",
        "id": f"{number:022d}",
        "ticket": f"{number:07d}",
        "tell_by": "none",
        "channel": rng.choice(list(complaint.CHANNELS)),
        "category": category.id,
        "department": category.department,
        "words": TEXTS[number % 4],
        "masked": TEXTS[number % 4],
        "status": complaint.RESOLVED if closed else complaint.IN_PROGRESS,
        "received_at": datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
        "received_on": day,
        "due_on": day + timedelta(days=15),
        "closed_on": closed,
        "rating": rng.randrange(1, 6) if closed and rng.random() < 0.3 else None,
    }


def _all_read(url: str) -> Counter[str]:
    """The baseline."""
    with db.read(db.connect(url)) as conn:
        return Counter(row.category for row in conn.execute(select(complaints)).all())


if __name__ == "__main__":
    print(_all_read(sys.argv[1]).most_common(3))
