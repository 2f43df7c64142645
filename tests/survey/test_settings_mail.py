"""Settings of the mail server and the mailboxes: optional, and every fault told in words."""

from pathlib import Path

import pytest

from survey.settings_mail import Smtp, is_address
from tests.survey.test_settings import GOOD, faults, load

MAIL = {"SMTP_HOST": "smtp.example.go.th", "SMTP_FROM": "siang@example.go.th"}


def test_a_host_and_a_sender_are_enough(tmp_path: Path) -> None:
    assert load(tmp_path, **GOOD).smtp is None
    assert load(tmp_path, **GOOD, **MAIL).smtp == Smtp("smtp.example.go.th", "siang@example.go.th")


def test_all_of_it_is_read_and_the_password_never_shown(tmp_path: Path) -> None:
    more = {"SMTP_PORT": "465", "SMTP_SECURITY": "tls", "SMTP_USER": "siang", "SMTP_PASSWORD": "open sesame"}

    smtp = load(tmp_path, **GOOD, **MAIL, **more).smtp

    assert smtp == Smtp("smtp.example.go.th", "siang@example.go.th", 465, "tls", "siang", "open sesame")
    assert "sesame" not in repr(smtp)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"SMTP_FROM": ""}, "SMTP_FROM is missing"),
        ({"SMTP_FROM": "เสียง <siang@example.go.th>"}, "which is no e-mail address"),
        ({"SMTP_PORT": "0"}, "SMTP_PORT is '0'"),
        ({"SMTP_SECURITY": "ssl"}, "SMTP_SECURITY is 'ssl'. Use starttls or tls."),
        ({"SMTP_USER": "siang"}, "SMTP_PASSWORD is missing; the two belong together"),
        ({"SMTP_PASSWORD": "open sesame"}, "SMTP_USER is missing"),
        (
            {"SMTP_USER": "siang", "SMTP_PASSWORD": "open sesame", "SMTP_SECURITY": "none"},
            "the password would cross the network unprotected",
        ),
    ],
)
def test_each_fault_is_told(tmp_path: Path, wrong: dict[str, str], fault: str) -> None:
    [told] = faults(tmp_path, **(GOOD | MAIL | wrong))

    assert fault in told
    assert "sesame" not in told


def test_mailboxes_stand_in_the_office_file(tmp_path: Path) -> None:
    lines = 'email = "saraban@example.go.th"\n[[department]]\nid = "works"\ntitle = "กองช่าง"\nemail = "{}"\n'
    (tmp_path / "agency.toml").write_text(lines.format("works@example.go.th"), "utf-8")
    office = load(tmp_path, **GOOD, AGENCY_FILE="agency.toml").default_agency.office

    assert (office.email, office.departments[0].email) == ("saraban@example.go.th", "works@example.go.th")

    (tmp_path / "agency.toml").write_text(lines.format("works"), "utf-8")
    [told] = faults(tmp_path, **GOOD, AGENCY_FILE="agency.toml")
    assert "[[department]] number 1: email is 'works', which is no e-mail address" in told


@pytest.mark.parametrize("text", ["a@b", "a b@c.d", "a@b.c, d@e.f", "a@b.c\r\nBcc: d@e.f", "@b.c", "ก@b.c", "a@@b.c"])
def test_what_is_no_single_plain_address_is_refused(text: str) -> None:
    assert not is_address(text)
    assert is_address("siang.works+line@muang-tua.example.go.th")
