"""What ``siang doctor`` asks LINE: the time, the account, where webhooks go, whether the secret is right, the quota."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import urllib3

from bot.doctor_report import Level, Line, finding, note, ok
from bot.line import LineClient, LineError
from survey import thai
from survey.settings import Agency, Settings

LINE = "https://api.line.me"
CLOCK_OFF = timedelta(seconds=20)
MOST_OF_QUOTA = 0.8
CLOCK_TIMEOUT_S = 5.0


def check_clock(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Line]:
    """Compare with the Date that LINE's server sends; a wrong clock breaks Google's tokens and the survey's days."""
    try:
        answer = urllib3.request("HEAD", settings.line_api_base or LINE, timeout=CLOCK_TIMEOUT_S, retries=False)
        theirs = datetime.strptime(answer.headers["Date"], "%a, %d %b %Y %H:%M:%S %Z")
    except (urllib3.exceptions.HTTPError, KeyError, ValueError):
        yield note("The clock could not be compared with LINE's.")
        return
    off = abs(theirs.replace(tzinfo=clock().tzinfo) - clock())
    if off > CLOCK_OFF:
        yield finding(f"The clock is off by {off.total_seconds():.0f} s.", "Switch on time synchronisation (NTP).")
    else:
        yield ok(f"The clock is right; in Bangkok it is {clock().astimezone(thai.BANGKOK):%Y-%m-%d %H:%M}.")


def check_line(settings: Settings, agency: Agency, line: LineClient) -> Iterator[Line]:
    try:
        info = line.bot_info(agency)
    except LineError as exc:
        mend = "Check LINE_CHANNEL_ACCESS_TOKEN." if exc.status in (401, 403) else "Check the network and try again."
        yield finding(f"{agency.id}: {exc}.", mend)
        return
    yield ok(f"{agency.id}: LINE knows the account {info.get('displayName')} ({info.get('basicId')}).")
    if info.get("chatMode") == "chat":
        mend = "If nobody chats there, switch Chat off in LINE Official Account Manager."
        yield note(f"{agency.id}: people who manage the account can read along what residents type.", mend)
    try:
        endpoint = line.get(agency, "/v2/bot/channel/webhook/endpoint")
        checked = check_address(settings, agency, endpoint)
        yield checked
        if checked.level is Level.OK:
            yield _try_webhook(agency, line.post(agency, "/v2/bot/channel/webhook/test", {}))
        yield _quota(agency, line)
    except LineError as exc:
        yield finding(f"{agency.id}: {exc} when asked for webhook and quota.", "Try again; check the token's rights.")


def check_address(settings: Settings, agency: Agency, endpoint: dict[str, Any]) -> Line:
    path = "/callback" if agency is settings.default_agency else f"/callback/{agency.id}"
    wanted = f"{settings.public_url or 'https://<PUBLIC_URL>'}{path}"
    if not settings.public_url:
        return finding("PUBLIC_URL is not set, so no privacy page can be shown.", "Set it to the address LINE reaches.")
    if settings.public_url.startswith("http://") and not settings.line_api_base:
        return finding("PUBLIC_URL begins with http://; LINE takes https only.", "Put HTTPS before it: docs/deploy.md")
    if endpoint.get("endpoint") != wanted:
        mend = f"Enter {wanted} as the Webhook URL in the LINE Developers console, Messaging API."
        return finding(f"{agency.id}: LINE sends webhooks to {endpoint.get('endpoint') or 'nowhere'}.", mend)
    if not endpoint.get("active"):
        return finding(f"{agency.id}: webhooks are switched off.", 'Switch "Use webhook" on in the console.')
    return ok(f"{agency.id}: LINE sends webhooks to {wanted}.")


def _try_webhook(agency: Agency, tried: dict[str, Any]) -> Line:
    """LINE posts a signed, empty body to us: the only way to learn whether the channel secret is right."""
    if tried.get("success"):
        return ok(f"{agency.id}: a webhook that LINE sent on trial was taken.")
    status = tried.get("statusCode")
    if status == 403:
        return finding(f"{agency.id}: our webhook refuses LINE's signature.", "Check LINE_CHANNEL_SECRET.")
    mend = "Is `siang web` running, and does the proxy hand /callback on to it?"
    return finding(f"{agency.id}: LINE cannot reach the webhook ({tried.get('reason')}, {status}).", mend)


def _quota(agency: Agency, line: LineClient) -> Line:
    quota = line.get(agency, "/v2/bot/message/quota")
    used = int(line.get(agency, "/v2/bot/message/quota/consumption").get("totalUsage", 0))
    if quota.get("type") != "limited":
        return ok(f"{agency.id}: {used} paid messages this month, no limit.")
    limit = int(quota.get("value", 0))
    text = f"{agency.id}: {used} of {limit} paid messages are used this month."
    if used >= limit * MOST_OF_QUOTA:
        return finding(text, "Alerts to officers may stop; replies to residents stay free. Consider a bigger plan.")
    return ok(text)
