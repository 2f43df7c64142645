"""E-mail instead of pushes, over a real SMTP server: at least once with one Message-ID, in order, nothing personal."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot import mail
from bot.pushes import tell
from survey import db
from survey.settings import Settings
from survey.settings_mail import Smtp
from tests.bot.alerts_kit import OFFICE, Desk, office
from tests.bot.smtp_server import PASSWORD, USER, Postbox, smtp_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Postbox, Path]]:
    folder = tmp_path_factory.mktemp("smtp")
    with smtp_server(folder) as box:
        yield box, folder / "cert.pem"


@pytest.fixture
def box(server: tuple[Postbox, Path], monkeypatch: pytest.MonkeyPatch) -> Postbox:
    box, certificate = server
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    box.mails.clear()
    box.refusals.clear()
    return box


def smtp(box: Postbox, **changes: object) -> Smtp:
    return replace(Smtp("127.0.0.1", "siang@example.go.th", box.port, "starttls", USER, PASSWORD), **changes)  # type: ignore[arg-type]


@pytest.fixture
def desk(sqlite_engine: Engine, settings_factory: Callable[..., Settings], box: Postbox) -> Iterator[Desk]:
    """An office whose LINE messages of this month are used up."""
    with office(sqlite_engine, settings_factory(), smtp(box)) as desk:
        desk.line.channel.quota = 0
        yield desk


def test_an_urgent_alert_goes_to_the_departments_mailbox_once(desk: Desk, box: Postbox) -> None:
    desk.officer("สมชาย", "clerk")
    desk.officer("สมศรี", "clerk")
    ticket = desk.file("danger", words="สายไฟขาด โทร 081-234-5678", place="ตลาดสด")

    desk.send()
    desk.mail()

    [sent] = box.mails
    number = f"{ticket.ticket[:3]}-{ticket.ticket[3:]}"
    assert sent["To"] == "clerk@example.go.th"
    assert sent["From"] == "siang@example.go.th"
    assert sent["Subject"] == f"เทศบาลตำบลตัวอย่าง: เรื่องด่วน {number}"
    assert sent["Auto-Submitted"] == "auto-generated"
    body = sent.get_content()
    assert all(words in body for words in (number, "อันตราย", "ตลาดสด", 'พิมพ์ "เรื่องใหม่"'))
    assert "สายไฟขาด" not in body
    assert "234-5678" not in body
    assert desk.line.billable == 0
    assert {kind: status for kind, status, _ in desk.queue()} == {"alert": "done", "mail": "done"}


def test_of_a_restricted_ticket_the_mail_says_only_that_there_is_one(desk: Desk, box: Postbox) -> None:
    rules = desk.agency.office.rules
    categories = tuple(replace(c, urgent=True) if c.id == "staff" else c for c in rules.categories)
    changed = replace(desk.agency, office=replace(OFFICE, rules=replace(rules, categories=categories)))
    desk.settings = replace(desk.settings, agencies=(changed,))
    desk.officer("สมชาย", "clerk")
    desk.file("staff", words="เจ้าหน้าที่พูดไม่ดี", place="งานทะเบียน")

    desk.send()
    desk.mail()

    body = box.mails[0].get_content()
    assert "เจ้าหน้าที่" not in body
    assert "งานทะเบียน" not in body
    assert "เฉพาะผู้มีสิทธิ์" in body


def test_the_morning_goes_to_the_mailbox_and_a_department_without_one_to_the_offices(desk: Desk, box: Postbox) -> None:
    desk.officer("นภา", "works")
    desk.officer("มานะ", "health")
    desk.file("road")
    desk.file("waste")
    desk.file("staff")
    desk.now = desk.now.replace(hour=1, minute=30, day=2)

    desk.morning()
    desk.send()
    desk.mail()

    bodies = {mail["To"]: mail.get_content() for mail in box.mails}
    assert set(bodies) == {"works@example.go.th", "office@example.go.th"}
    assert "ถนน" in bodies["works@example.go.th"]
    assert "ขยะ" not in bodies["works@example.go.th"]
    assert "ขยะ" in bodies["office@example.go.th"]
    assert all("พฤติกรรม" not in body for body in bodies.values())


def test_a_mail_handed_in_without_an_answer_comes_again_under_the_same_id(desk: Desk, box: Postbox) -> None:
    desk.officer("สมชาย", "clerk")
    desk.file("danger")
    box.refusals.append("drop")
    desk.send()
    desk.mail()
    assert ("mail", "waiting", "SMTPServerDisconnected") in desk.queue()

    desk.mail(minutes=5)

    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@example.go.th>")
    assert desk.queue()[-1][:2] == ("mail", "done")


def test_mails_to_one_mailbox_stay_in_order(desk: Desk, box: Postbox) -> None:
    desk.officer("สมชาย", "clerk")
    tickets = [desk.file("danger", words=f"เรื่องที่ {n}") for n in range(3)]
    box.refusals += ["451 try later", "421 busy"]
    desk.send()
    for _ in range(4):
        desk.mail(minutes=5)

    assert [t.ticket[3:] in m["Subject"] for t, m in zip(tickets, box.mails, strict=True)] == [True] * 3


@pytest.mark.parametrize(("refusal", "status"), [("550 no such mailbox", "gave_up"), ("452 full", "waiting")])
def test_what_the_server_will_never_take_is_given_up(desk: Desk, box: Postbox, refusal: str, status: str) -> None:
    desk.officer("สมชาย", "clerk")
    desk.file("danger")
    box.refusals.append(refusal)
    desk.send()
    desk.mail()

    assert desk.queue()[-1][:2] == ("mail", status)
    assert box.mails == []


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"port": 9}, {"security": "tls"}, {"security": "none"}])
def test_a_server_that_cannot_be_used_is_tried_again(desk: Desk, box: Postbox, wrong: dict[str, object]) -> None:
    desk.officer("สมชาย", "clerk")
    desk.file("danger")
    desk.send()
    right = desk.settings
    desk.settings = replace(right, smtp=smtp(box, **wrong))
    desk.mail()
    assert desk.queue()[-1][:2] == ("mail", "waiting")

    desk.settings = right
    desk.mail(minutes=5)
    assert len(box.mails) == 1


def test_a_server_nobody_vouches_for_is_not_spoken_to(
    desk: Desk, box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    desk.officer("สมชาย", "clerk")
    desk.file("danger")
    desk.send()
    desk.mail()

    assert desk.queue()[-1] == ("mail", "waiting", "SSLCertVerificationError")


def test_tls_from_the_first_byte_works_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with smtp_server(tmp_path, "tls") as box:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        mail.hand_in(smtp(box, security="tls"), None)


def test_trouble_is_mailed_to_the_office_once_for_all_admins(desk: Desk, box: Postbox) -> None:
    admins = [desk.officer(name, role="admin") for name in ("ปลัด", "รอง")]
    with db.write(desk.engine) as conn:
        for admin in admins:
            tell(conn, "main", admin, "mirror:2027-02-01", [{"type": "text", "text": "ชีตหยุด"}], desk.now)
    desk.send()
    desk.mail()

    [sent] = box.mails
    assert (sent["To"], "ชีตหยุด" in sent.get_content()) == ("office@example.go.th", True)


def test_what_was_said_to_integrity_officers_is_never_mailed(desk: Desk, box: Postbox) -> None:
    just = desk.officer("ผู้รับเรื่อง", role="integrity")
    with db.write(desk.engine) as conn:
        tell(conn, "main", just, "sealed", [{"type": "text", "text": "มีเรื่องใหม่"}], desk.now, kind="alert")
    desk.send()

    assert desk.mail() == 0
    assert desk.queue() == [("push", "done", "no quota")]


def test_a_ticket_closed_before_its_mail_left_is_not_mailed(desk: Desk, box: Postbox) -> None:
    desk.officer("สมชาย", "clerk")
    ticket = desk.file("danger")
    desk.send()
    desk.act(ticket, "cancel")

    assert desk.mail() == 1
    assert box.mails == []
    desk.settings = replace(desk.settings, smtp=None)
    desk.file("danger")
    desk.send()
    assert desk.queue()[-1] == ("alert", "done", "no quota")  # no server, no mail; officers pull
