"""Settings: every fault told at once, in words, with what to do; the environment over .env; several agencies."""

import json
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.playground.sheets_auth import service_account_info
from survey import settings_load
from survey.settings import Department, OfficialWindow, ServicePoint, Settings, Signatory
from survey.settings_load import ALL
from survey.settings_names import BY_NAME
from survey.settings_read import SettingsError, read_date

GOOD = {
    "LINE_CHANNEL_SECRET": "0123456789abcdef",
    "LINE_CHANNEL_ACCESS_TOKEN": "token+/=",
    "SECRET_KEY": "sixteen or more characters",
    "AGENCY_NAME": "เทศบาลตำบลตัวอย่าง",
}


def load(folder: Path, **environ: str) -> Settings:
    return settings_load.load(ALL, environ, folder)


def faults(folder: Path, **environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(folder, **environ)
    return caught.value.problems


def test_the_four_required_settings_are_enough(tmp_path: Path) -> None:
    settings = load(tmp_path, **GOOD)

    assert settings.default_agency.name == "เทศบาลตำบลตัวอย่าง"
    assert settings.default_agency.spreadsheet_id == ""
    assert settings == Settings(settings.agencies, settings.keys)  # everything else has its documented default


def test_everything_missing_is_told_at_once_with_what_to_do(tmp_path: Path) -> None:
    told = faults(tmp_path)

    assert sorted(fault.split(" is missing. ")[0] for fault in told) == sorted(GOOD)
    assert all(BY_NAME[fault.split()[0]].mend in fault for fault in told)


def test_every_malformed_setting_is_told_at_once(tmp_path: Path) -> None:
    wrong = {
        "SECRET_KEY": "short",
        "CONTACT_KEYS": "not-a-key",
        "LINE_CHANNEL_ACCESS_TOKEN": "two words",
        "DATABASE_URL": "mysql://localhost/x",
        "PUBLIC_URL": "example.go.th",
        "LINE_API_BASE": "ftp://x",
        "SHEETS_TIMEOUT_S": "soon",
        "SHEETS_WRITES_PER_MINUTE": "2.5",
        "ANONYMITY_GROUP": "0",
        "WORKER_POLL_S": "nan",
        "SPREADSHEET_ID": "ชีต",
        "GOOGLE_SERVICE_ACCOUNT_JSON": "{}",
        "OFFICIAL_EIT_FROM": "tomorrow",
    }

    told = faults(tmp_path, **{**GOOD, **wrong})

    assert {name for name in wrong if any(name in fault for fault in told)} == set(wrong)


def test_a_fault_never_shows_a_secret(tmp_path: Path) -> None:
    secrets = {
        "LINE_CHANNEL_SECRET": "hush-hush ก",
        "LINE_CHANNEL_ACCESS_TOKEN": "hush-hush ข",
        "SECRET_KEY": "hush-hush",
        "CONTACT_KEYS": "hush-hush",
        "GOOGLE_SERVICE_ACCOUNT_JSON": '{"type": "service_account", "private_key": "hush-hush"}',
        "DATABASE_URL": "oracle://me:hush-hush@host/x",
    }

    told = faults(tmp_path, **{**GOOD, **secrets}, SPREADSHEET_ID="abc")

    assert len(told) == 6
    assert "hush" not in "".join(told)
    assert "hush" not in repr(load(tmp_path, **{**GOOD, "SECRET_KEY": "hush-hush-hush-hush"}))


def test_scores_can_be_read_where_no_secret_is(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": "postgresql://host/siang", "LINE_CHANNEL_ACCESS_TOKEN": "b a d"}

    settings = settings_load.load(frozenset(), environ, tmp_path)

    assert settings.database_url == "postgresql://host/siang"


def test_the_environment_wins_over_the_file_even_with_nothing(tmp_path: Path) -> None:
    lines = [*(f"{name}={value}" for name, value in GOOD.items()), "SPREADSHEET_ID=from-the-file", "ANONYMITY_GROUP=7"]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")

    settings = load(tmp_path, SPREADSHEET_ID="", ANONYMITY_GROUP="3")

    assert (settings.anonymity_group, settings.default_agency.spreadsheet_id) == (3, "")


def test_a_broken_line_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\nthis is no setting\n", encoding="utf-8")

    assert any("line 2" in fault for fault in faults(tmp_path, **GOOD))


def test_a_typing_mistake_in_a_name_is_pointed_out(tmp_path: Path) -> None:
    environ = {**GOOD, "LINE_CHANEL_SECRET": "x"}
    del environ["LINE_CHANNEL_SECRET"]

    assert "there is LINE_CHANEL_SECRET: a typing mistake?" in faults(tmp_path, **environ)[0]


def test_a_sheet_needs_a_readable_service_account(tmp_path: Path) -> None:
    sheet = {**GOOD, "SPREADSHEET_ID": "https://docs.google.com/spreadsheets/d/1AbC-d_9/edit#gid=0"}
    key = json.dumps(service_account_info("http://127.0.0.1:1"))
    (tmp_path / "key.json").write_text(key, encoding="utf-8")

    assert "is missing, but a spreadsheet is named" in faults(tmp_path, **sheet)[0]
    assert "cannot be read" in faults(tmp_path, **sheet, GOOGLE_APPLICATION_CREDENTIALS="gone.json")[0]
    for settings in (
        load(tmp_path, **sheet, GOOGLE_APPLICATION_CREDENTIALS="key.json"),
        load(tmp_path, **sheet, GOOGLE_SERVICE_ACCOUNT_JSON=key),
    ):
        assert settings.default_agency.spreadsheet_id == "1AbC-d_9"
        assert settings.default_agency.google_credentials == key


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}, "damaged"),
        ({"client_email": ""}, "lacks client_email"),
        ({"type": "authorized_user"}, "lacks that type"),
    ],
)
def test_a_service_account_key_is_looked_into(tmp_path: Path, change: dict[str, str], fault: str) -> None:
    key = json.dumps({**service_account_info("http://127.0.0.1:1"), **change})

    assert fault in faults(tmp_path, **GOOD, SPREADSHEET_ID="x", GOOGLE_SERVICE_ACCOUNT_JSON=key)[0]


def test_contact_keys_may_be_several(tmp_path: Path) -> None:
    new, old = (Fernet.generate_key().decode() for _ in range(2))

    assert load(tmp_path, **GOOD, CONTACT_KEYS=f"{new}, {old}").keys.contact_keys == (new, old)


OFFICE = """
name = "เทศบาลตำบลทดสอบ"
phone = "042-000-111"
service_users = 4200
[[department]]
id = "clerk"
title = "สำนักปลัด"
owns = ["e1", "E2"]
[[point]]
id = "tax"
title = "งานจัดเก็บรายได้"
department = "clerk"
[official_window]
url = "https://itas.nacc.go.th/x"
opens = 2027-05-01
closes = "2570-06-30"
[last_official]
year = 2569
eit = "91.20"
indicators = { 6 = 92.1, 7 = "90.05" }
"""


def test_an_office_tells_about_itself_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "agency.toml").write_text(OFFICE, encoding="utf-8")
    environ = {**GOOD, "AGENCY_FILE": "agency.toml"}
    del environ["AGENCY_NAME"]

    agency = load(tmp_path, **environ).default_agency

    assert agency.name == "เทศบาลตำบลทดสอบ"
    assert agency.office.departments == (Department("clerk", "สำนักปลัด", ("e1", "e2")),)
    assert agency.office.points == (ServicePoint("tax", "งานจัดเก็บรายได้", "counter", "clerk"),)
    may, june = read_date("2027-05-01"), read_date("2027-06-30")
    assert may is not None
    assert june is not None
    assert agency.office.official_window == OfficialWindow("https://itas.nacc.go.th/x", may, june)
    assert dict(agency.office.last_official_eit) == {"EIT": "91.20", "6": "92.1", "7": "90.05"}


def test_the_official_window_of_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / "agency.toml").write_text(OFFICE, encoding="utf-8")
    window = {"OFFICIAL_EIT_URL": "https://b.th", "OFFICIAL_EIT_FROM": "2570-07-01", "OFFICIAL_EIT_TO": "2027-07-31"}

    office = load(tmp_path, **GOOD, AGENCY_FILE="agency.toml", **window).default_agency.office

    assert office.official_window is not None
    assert office.official_window.url == "https://b.th"
    assert str(office.official_window.opens) == "2027-07-01"


def test_faults_in_the_office_file_are_all_told_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "agency.toml").write_text(
        """
        fone = "042"
        hours = 8
        [[department]]
        id = "clerk"
        title = "a"
        owns = ["e1", "x9"]
        [[department]]
        id = "Clerk 2"
        owns = ["e1"]
        [[point]]
        id = "tax"
        title = "t"
        kind = "window"
        department = "nobody"
        [official_window]
        url = "https://x.th"
        opens = 2027-05-01
        [last_official]
        eit = "101"
        """,
        encoding="utf-8",
    )

    told = "\n".join(faults(tmp_path, **GOOD, AGENCY_FILE="agency.toml"))

    for piece in (
        "agency.toml, at its top: unknown key 'fone'",
        "hours must be text",
        "[[department]] number 1: owns 'x9'",
        "[[department]] number 2: id is 'Clerk 2'",
        "[[department]] number 2: title is missing",
        "owns e1, which clerk owns already",
        "[[point]] number 1: kind is 'window'",
        "department is 'nobody'",
        "[official_window]: needs its link, its first and its last day",
        "[last_official]: EIT is '101'",
        "[last_official]: year is missing",
    ):
        assert piece in told


def test_what_documents_need_is_read_and_its_faults_are_told(tmp_path: Path) -> None:
    (tmp_path / "agency.toml").write_text(
        """
        [report]
        head = "นายตัวอย่าง ใจดี"
        memo_prefix = " ตย 52001/ "
        to = ""
        [[signatory]]
        name = "นางสาวตัวอย่าง ขยันยิ่ง"
        position = "นักวิชาการ"
        [[signatory]]
        name = "นายรอง ตั้งใจ"
        position = "รองปลัดเทศบาล"
        acting = "รักษาราชการแทน ปลัดเทศบาล"
        """,
        encoding="utf-8",
    )

    office = load(tmp_path, **GOOD, AGENCY_FILE="agency.toml").default_agency.office

    assert office.report == {"head": "นายตัวอย่าง ใจดี", "memo_prefix": "ตย 52001/"}
    assert office.signatories[0] == Signatory("นางสาวตัวอย่าง ขยันยิ่ง", "นักวิชาการ")
    assert office.signatories[1].acting == "รักษาราชการแทน ปลัดเทศบาล"

    (tmp_path / "agency.toml").write_text('[report]\nhed = "x"\n[[signatory]]\nname = "a"\n', encoding="utf-8")
    told = "\n".join(faults(tmp_path, **GOOD, AGENCY_FILE="agency.toml"))

    assert "[report]: unknown key 'hed'" in told
    assert "[[signatory]] number 1: position is missing" in told


def test_a_file_that_is_not_toml_is_named_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "agency.toml").write_text("phone = \n", encoding="utf-8")

    assert "is not TOML: Invalid value (at line 1" in faults(tmp_path, **GOOD, AGENCY_FILE="agency.toml")[0]
    assert "cannot be read" in faults(tmp_path, **GOOD, AGENCY_FILE="gone.toml")[0]


AGENCIES = """
[agency.nong]
line_channel_secret = "s1"
line_channel_access_token = "t1"
agency_name = "อบต.หนอง"
[agency.dong]
line_channel_secret = "s2"
line_channel_access_token = "t2"
agency_file = "dong.toml"
default = true
"""


def test_several_agencies_the_default_one_first(tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    (tmp_path / "many" / "agencies.toml").write_text(AGENCIES, encoding="utf-8")
    (tmp_path / "many" / "dong.toml").write_text('name = "อบต.ดง"', encoding="utf-8")

    settings = load(tmp_path, SECRET_KEY=GOOD["SECRET_KEY"], AGENCIES_FILE="many/agencies.toml")

    assert [(a.id, a.name, a.channel_secret) for a in settings.agencies] == [
        ("dong", "อบต.ดง", "s2"),
        ("nong", "อบต.หนอง", "s1"),
    ]
    assert settings.agency("nong") is not None
    assert settings.agency("main") is None


def test_faults_of_several_agencies_name_their_table(tmp_path: Path) -> None:
    text = AGENCIES.replace('"t2"', '"t1"').replace('agency_name = "อบต.หนอง"', 'agency_nam = "x"')
    (tmp_path / "agencies.toml").write_text(text + '\n[agency."B A D"]\n', encoding="utf-8")

    told = "\n".join(faults(tmp_path, SECRET_KEY=GOOD["SECRET_KEY"], AGENCIES_FILE="agencies.toml"))

    for piece in (
        "agencies.toml, [agency.nong]: unknown key 'agency_nam'",
        "agency_name in [agency.nong] of agencies.toml is missing",
        "'B A D' is no agency",
        "agency_file in [agency.dong] of agencies.toml names",
        "nong, dong have the same LINE channel",
    ):
        assert piece in told


def test_the_service_account_of_the_environment_serves_every_agency(tmp_path: Path) -> None:
    text = AGENCIES.replace('agency_file = "dong.toml"', 'agency_name = "ดง"\nspreadsheet_id = "sheet-2"')
    (tmp_path / "agencies.toml").write_text(text, encoding="utf-8")
    key = json.dumps(service_account_info("http://127.0.0.1:1"))

    settings = load(
        tmp_path, SECRET_KEY=GOOD["SECRET_KEY"], AGENCIES_FILE="agencies.toml", GOOGLE_SERVICE_ACCOUNT_JSON=key
    )

    assert settings.default_agency.google_credentials == key


def test_days_are_read_in_both_eras() -> None:
    assert read_date("2570-02-01") == read_date("2027-02-01")
    assert [read_date(text) for text in ("2570-02-30", "1/2/70", "", "2570-02")] == [None] * 4
