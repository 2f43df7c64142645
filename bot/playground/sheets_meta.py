"""Developer metadata: unique ids over the spreadsheet. The mirror's exactly-once token rests on that uniqueness."""

import secrets

from bot.playground.sheets_book import Book
from bot.playground.sheets_errors import Json, invalid, not_found

MAX_CHARACTERS = 30_000  # Google's limit of keys and values together, for the spreadsheet and for each sheet


def create(book: Book, request: Json) -> Json:
    """``createDeveloperMetadata``: an id in use is refused with 400; without an id one is drawn."""
    given = dict(request.get("developerMetadata") or {})
    if not given.get("metadataKey"):
        raise invalid("Developer metadata must have a key specified.")
    if given.get("visibility") not in ("DOCUMENT", "PROJECT"):
        raise invalid("Developer metadata must have a visibility specified.")
    number = given.get("metadataId")
    if number is None:
        number = secrets.randbelow(2_000_000_000) + 1
    if not isinstance(number, int) or not 0 < number < 2**31:
        raise invalid("Developer metadata ID must be positive.")
    if number in book.metadata:
        raise invalid(f"Developer metadata with ID {number} already exists.")
    made = given | {"metadataId": number, "location": _location(book, given.get("location") or {})}
    book.metadata[number] = made
    _check_room(book, made["location"])
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def delete(book: Book, request: Json) -> Json:
    """``deleteDeveloperMetadata``: all that match one filter; no match is no error."""
    gone = [meta for meta in book.metadata.values() if matches(meta, request.get("dataFilter") or {})]
    for meta in gone:
        del book.metadata[meta["metadataId"]]
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": gone} if gone else {}}


def get(book: Book, text: str) -> Json:
    found = book.metadata.get(int(text)) if text.isascii() and text.isdigit() else None
    if found is None:
        raise not_found()
    return found


def search(book: Book, body: Json) -> Json:
    filters = body.get("dataFilters") or []
    matched = []
    for meta in book.metadata.values():
        hits = [each for each in filters if matches(meta, each)]
        if hits:
            matched.append({"developerMetadata": meta, "dataFilters": hits})
    return {"matchedDeveloperMetadata": matched} if matched else {}


def matches(meta: Json, data_filter: Json) -> bool:
    lookup = data_filter.get("developerMetadataLookup")
    if lookup is None:
        raise invalid("dataFilter: the local service finds metadata by developerMetadataLookup only")
    location = meta["location"]
    wanted = lookup.get("metadataLocation")
    if wanted is not None and any(location.get(key) != value for key, value in wanted.items()):
        return False
    if lookup.get("locationType") not in (None, location["locationType"]):
        return False
    plain = ("metadataId", "metadataKey", "metadataValue", "visibility")
    return all(lookup[key] == meta.get(key) for key in plain if key in lookup)


def _location(book: Book, location: Json) -> Json:
    if location.get("spreadsheet") is True:
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "sheetId" in location:
        return {"locationType": "SHEET", "sheetId": book.tab(location["sheetId"]).sheet_id}
    if "dimensionRange" in location:
        raise invalid(
            "The local Sheets service keeps metadata of the spreadsheet and of sheets, not of rows or columns."
        )
    raise invalid("Developer metadata must have a location specified.")


def _check_room(book: Book, location: Json) -> None:
    texts = [meta for meta in book.metadata.values() if meta["location"] == location]
    if sum(len(meta["metadataKey"]) + len(meta.get("metadataValue", "")) for meta in texts) > MAX_CHARACTERS:
        raise invalid(f"Developer metadata may hold at most {MAX_CHARACTERS} characters at this location.")
