"""The answer to "สรุปเรื่องร้องเรียน": a month's figures of the ordinary register as one card, by the display rules.

Sealed reports are never on it. It is read by staff in Thai, as the score card is.
"""

from datetime import datetime

from analysis import complaints as counting
from analysis.complaint_counts import Cells, ComplaintStatistics, Days, Track
from analysis.display import half_up, heading
from bot import flex
from bot.flex import Part
from bot.messages import Message
from bot.site import Site
from survey import complaint, db, thai
from survey.events import Button, Do, Prompt
from survey.settings import Agency, Office
from survey.thai import Period

NOT_ITA = "ข้อมูลจากทะเบียนของหน่วยงาน ไม่ใช่ผล ITA"
WITHHELD = "ไม่แสดง"
LISTED = 6


def answer(site: Site, agency: Agency, asked: Prompt, now: datetime) -> list[Message]:
    """The card of the month named in ``asked.text``; its buttons stand below, other months are chips."""
    today = thai.bangkok_date(now)
    month, this_month = thai.parse_month(asked.text), thai.month_of(today)
    with db.read(site.engine) as conn:
        found = counting.statistics(conn, agency.id, month, today)
    card = statistics_card(found, agency.office, asked.buttons)
    chips = [month.previous(), *([this_month] if month != this_month else [])]
    card["quickReply"] = {"items": [_chip(one) for one in chips]}
    return [card]


def statistics_card(found: ComplaintStatistics, office: Office, buttons: tuple[Button, ...] = ()) -> Message:
    """The Flex message."""
    track = found.ordinary
    parts = [flex.text(f"เรื่องร้องเรียน {heading(found.period)}", "lg", weight="bold")]
    if found.sentence:
        parts.append(flex.text(found.sentence, "md"))
    if track.received:
        parts += [_headline(track), *_lines(track), *_breakdowns(track, office)]
    parts += [flex.main(button) for button in buttons]
    parts.append(flex.text(f"{NOT_ITA} · ข้อมูล ณ {thai.long_date(found.as_of)}", "sm", color=flex.SOFT))
    return {"type": "flex", "altText": _alt(found), "contents": flex.bubble(parts)}


def _alt(found: ComplaintStatistics) -> str:
    track = found.ordinary
    said = f"รับ {track.received:,} ยุติ {track.closed:,} เรื่อง" if track.received else found.sentence
    return f"เรื่องร้องเรียน {found.period.label}: {said} · {NOT_ITA}"


def _headline(track: Track) -> Part:
    value = flex.text(f"{track.received:,}", "3xl", weight="bold", color=flex.ACCENT, flex=0)
    closed = flex.text(f"ยุติแล้ว {track.closed:,} เรื่อง", "md")
    beside = flex.box([flex.text("เรื่องที่รับ", "md", weight="bold"), closed], flex=1)
    return flex.box([value, beside], "horizontal", spacing="lg", alignItems="center")


def _lines(track: Track) -> list[Part]:
    late = f" (เกินกำหนด {track.overdue:,})" if track.overdue else ""
    lines = [
        ("กำลังดำเนินการ", f"{track.in_progress:,}{late}"),
        ("แก้ไขแล้ว", f"{track.resolved:,}"),
        ("ไม่รับดำเนินการ", f"{track.rejected:,}"),
        ("ผู้แจ้งยกเลิก", f"{track.cancelled:,}"),
        ("ยุติภายในกำหนด", f"{track.within:,} จาก {track.closed:,}"),
        ("ถูกเปิดใหม่", f"{track.reopened:,}"),
        ("จำนวนวันจนยุติ", _days(track.days)),
        ("คะแนนเฉลี่ย (เต็ม 5)", _rating(track)),
    ]
    return [_pair(name, value) for name, value in lines]


def _days(days: Days) -> str:
    if days.median is not None:
        return f"กึ่งกลาง {half_up(days.median, 1)} · 90% ไม่เกิน {days.ninetieth}"
    return ", ".join(map(str, days.each)) or "-"


def _rating(track: Track) -> str:
    if track.rating is None:
        return f"ยังไม่ครบ 5 คน ({track.rated} คน)" if track.rated else "-"
    return f"{half_up(track.rating)} ({track.rated:,} คน)"


def _breakdowns(track: Track, office: Office) -> list[Part]:
    categories = {name: office.rules.category(name).title for name in track.categories}
    departments = {d.id: d.title for d in office.departments}
    parts: list[Part] = []
    for title, cells, names in (
        ("ประเภทเรื่อง", track.categories, categories),
        ("หน่วยงาน", track.departments, departments),
        ("ช่องทาง", track.channels, complaint.CHANNELS),
    ):
        parts += _breakdown(title, cells, names)
    return parts


def _breakdown(title: str, cells: Cells, names: dict[str, str]) -> list[Part]:
    """The largest first; cells that are withheld together in one line, and nothing where there is one name only."""
    if len(cells) < 2:
        return []
    known = sorted((name for name, n in cells.items() if n), key=lambda name: -(cells[name] or 0))
    hidden = [name for name, n in cells.items() if n is None]
    lines = [_pair(names.get(name, name) or "ทั้งหน่วยงาน", f"{cells[name]:,}") for name in known[:LISTED]]
    if rest := sum(cells[name] or 0 for name in known[LISTED:]):
        lines.append(_pair("ที่เหลือ", f"{rest:,}"))
    if hidden:
        lines.append(_pair(f"อีก {len(hidden)} รายการ (มีน้อย)", WITHHELD))
    head = flex.text(title, "sm", color=flex.SOFT)
    return [{"type": "separator", "margin": "lg"}, head, *lines] if lines else []


def _pair(name: str, value: str) -> Part:
    parts = [flex.text(name, "md", flex=3), flex.text(value, "md", weight="bold", flex=2, align="end")]
    return flex.box(parts, "horizontal", spacing="md")


def _chip(month: Period) -> Part:
    return {"type": "action", "action": flex.action(Button(month.label, Do("statistics", month.key)), flex.CHIP_LIMIT)}
