"""Pages for people: what this is, and the privacy notice. No script, no cookie, nothing from elsewhere."""

from flask import Blueprint, abort, render_template

from bot.site import Site
from survey import thai
from survey.instrument import Instrument

CALLS = {"eit": "แบบสอบถามประจำปี", "satisfaction": "ติชมบริการ"}


def make_blueprint(site: Site) -> Blueprint:
    """The routes ``/`` and ``/privacy/<agency>``."""
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    def home() -> str:
        return render_template("home.html", agencies=site.settings.agencies)

    @blueprint.get("/privacy/<agency_id>")
    def privacy(agency_id: str) -> str:
        agency = site.settings.agency(agency_id)
        if agency is None:
            abort(404)
        return render_template(
            "privacy.html",
            agency=agency,
            surveys=[_described(i) for i in _newest(site)],
            group=site.settings.anonymity_group,
        )

    return blueprint


def _newest(site: Site) -> list[Instrument]:
    return [site.world.library.newest(kind) for kind in CALLS]


def _described(instrument: Instrument) -> dict[str, str]:
    """Which version of which instrument asks, so that a notice can be matched with it later."""
    unverified = "" if instrument.verified else " (ถ้อยคำข้อคำถามยังไม่ยืนยันกับฉบับทางการ)"
    return {
        "name": CALLS[instrument.kind],
        "version": thai.arabic_digits(f"{instrument.id} รุ่น {instrument.version}{unverified}"),
    }
