"""The pages for people: what they say, that nothing from elsewhere can run in them, and how they look on a phone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from bot.app import create_app
from bot.playground.serve import running
from survey.settings import Agency, Settings

HOSTILE = "<script>alert(1)</script>เทศบาล"
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def client(settings_factory: Callable[..., Settings], agency: Agency, sqlite_url: str) -> FlaskClient:
    other = Agency("other", HOSTILE, "s", "t")
    return create_app(settings_factory(agencies=(agency, other), database_url=sqlite_url)).test_client()


def shown(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def test_the_home_page_leads_to_each_agencys_notice(client: FlaskClient) -> None:
    page = shown(client, "/")

    assert "เทศบาลตำบลตัวอย่าง" in page
    assert re.findall(r'href="(/privacy/[^"]+)"', page) == ["/privacy/main", "/privacy/other"]


def test_the_notice_says_who_asks_what_for_and_what_becomes_of_the_link(client: FlaskClient) -> None:
    page = shown(client, "/privacy/main")

    for words in (
        "เทศบาลตำบลตัวอย่าง ถามความเห็น",
        "ไม่ใช่ ITA ของ ป.ป.ช.",
        "ไม่ถามชื่อ",
        "ลบเองใน 30 วัน",
        "ครบ 24 ชั่วโมงถือว่าส่ง",
        "ตัดความเชื่อมโยง",
        "“ลบข้อมูล”",
        "โทร 042-000-111",
        "the link to your account is cut",
        "not the NACC's ITA",
    ):
        assert words in page


def test_the_notice_says_what_becomes_of_a_report(client: FlaskClient) -> None:
    page = shown(client, "/privacy/main")

    for words in (
        "ภาพถูกลบพิกัดและข้อมูลของกล้องออกก่อนเก็บ",
        "ยุติแล้ว 180 วัน ระบบตัดบัญชีและเบอร์โทรออก",
        "ลบเมื่อครบ 365 วัน",
        "photos and voice are deleted after 365 days",
    ):
        assert words in page


def test_the_notice_names_the_version_of_each_survey(client: FlaskClient) -> None:
    page = shown(client, "/privacy/main")

    assert re.search(r"แบบสอบถามประจำปี: eit-25\d\d รุ่น \d", page)
    assert "ติชมบริการ: satisfaction-1 รุ่น" in page


@pytest.mark.parametrize(("group", "words"), [(5, "ครั้งละอย่างน้อย 5 คน"), (1, "รวมกับของคนอื่น โดยสลับลำดับ")])
def test_the_notice_promises_the_group_that_is_set(
    settings_factory: Callable[..., Settings], group: int, words: str
) -> None:
    client = create_app(settings_factory(anonymity_group=group)).test_client()

    assert words in shown(client, "/privacy/main")


def test_an_unknown_agency_has_no_notice(client: FlaskClient) -> None:
    assert client.get("/privacy/nowhere").status_code == 404


def test_a_hostile_name_stays_a_name(client: FlaskClient) -> None:
    for path in ("/", "/privacy/other"):
        assert "<script>" not in client.get(path).text


@pytest.mark.parametrize("path", ["/", "/privacy/main", "/nowhere", "/healthz", "/static/page.css"])
def test_every_answer_forbids_scripts_frames_and_strangers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers

    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers


@pytest.fixture
def address(settings_factory: Callable[..., Settings], agency: Agency) -> Iterator[str]:
    long = replace(agency, name="องค์การบริหารส่วนตำบลหนองน้ำขุ่นกุดจับบ้านผือ" * 3)
    with running(create_app(settings_factory(agencies=(long, Agency("b", "อบต.อื่น", "s", "t"))))) as url:
        yield url


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/", "/privacy/main"])
def test_a_page_fits_the_screen_in_large_type_and_clear_contrast(
    browser: Browser, address: str, path: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address + path)

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    sizes = page.evaluate(
        "[...document.querySelectorAll('p,li,h1,h2,footer')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 16
    colours = page.evaluate(
        "[...document.querySelectorAll('p,li,h1,h2,a,footer')].map(e => getComputedStyle(e).color)"
        ".concat(getComputedStyle(document.body).backgroundColor)"
    )
    *inks, paper = [luminance(colour) for colour in colours]
    assert min(contrast(ink, paper) for ink in inks) >= 4.5
    assert (paper > 0.5) == (scheme == "light")
    assert complaints == []
    page.close()


def luminance(colour: str) -> float:
    """WCAG's relative luminance of "rgb(r, g, b)"."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
