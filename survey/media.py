"""Photos, voice messages and places on the map in a draft. Pure.

They may come at any time, people send the picture before the words: a photo goes to the question for photos, a place
to the question for the place, whichever question is open just then.
"""

from survey import photos, places, prompts, turns
from survey.answers import VOICE
from survey.events import Attached, Expected, Located, Other, Saved, Turn
from survey.state import State

VOICE_SECONDS = 120


def attached(state: State, file: Attached) -> Turn:
    """A photo or a voice message."""
    return _spoken(state, file) if file.kind == "audio" else _photo(state, file)


def located(state: State, where: Located) -> Turn:
    """A place on the map; one in another country is asked again."""
    question = state.instrument.taking("place", state.answers)
    if question is None:
        return other(state, Other("location"))
    if not places.in_thailand(where.latitude, where.longitude):
        return turns.again(state, "place_abroad")
    return turns.answered(state, question, places.written(where.latitude, where.longitude, where.address))


def other(state: State, event: Other) -> Turn:
    """Something that answers nothing here: one kind sentence, and the question again."""
    question = state.question
    if question is not None and question.kind == "notice":
        return Turn()
    if event.kind in ("video", "file") and state.instrument.taking("photos", state.answers):
        return turns.again(state, f"no_{event.kind}")
    phrase = {"image": "not_a_picture", "sticker": "not_a_sticker"}.get(event.kind, "choose")
    return turns.again(state, turns.wanted(state, phrase))


def _spoken(state: State, file: Attached) -> Turn:
    question = state.question
    if question is None or question.kind != "words":
        return other(state, Other("audio"))
    if file.seconds > VOICE_SECONDS:
        return turns.again(state, "voice_long")
    turn = turns.answered(state, question, VOICE)
    saved = next(fact for fact in turn.facts if isinstance(fact, Saved))
    marked = Saved({**saved.answers, f"@{question.id}": file.message_id}, saved.status)
    return Turn((Expected(file), marked), turn.prompts)


def _photo(state: State, file: Attached) -> Turn:
    """Kept, up to five. Photos sent at once are answered once, when the last of them has come."""
    question = state.instrument.taking("photos", state.answers)
    if question is None:
        return other(state, Other("image"))
    name = question.id if question.id in state.answers else f"+{question.id}"
    before = state.answers.get(name)
    value = photos.add(before, file.message_id, file.batch) or None
    after = state.after({**state.answers, name: value})
    kept = photos.has_room(before)
    facts = (*((Expected(file),) if kept else ()), Saved(dict(after.answers)))
    if file.batch and photos.arrived(value, file.batch) < file.total:
        return Turn(facts)
    if not kept or photos.overflowed(value, file.batch):
        return Turn(facts, turns.ask(after, prompts.say(state.texts, "photos_full", limit=photos.LIMIT)))
    count = state.texts("photos_received", count=len(photos.ids(value)))
    return Turn(facts, turns.ask(after, echo=count))
