"""The queue of doubtful figures, and an analyst's decisions on them, by mouse or by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from metrics.catalog import METRICS
from metrics.charts.words import say_name
from metrics.look import say_unit
from metrics.review import (
    Anchor,
    Review,
    ReviewError,
    ReviewStore,
    add_figure,
    judge_reviews,
    review_figure,
    review_url,
    standing_reviews,
    withdraw_review,
)
from metrics.review.decision import BOUNDS, CHOICES, CORRECTABLE
from metrics.views import data, panel, parts, reviewing
from metrics.views import frame as frames
from metrics.views.frame import Frame
from metrics.views.painted import escape_text
from metrics.views.sign_in import reviewer_name
from metrics.views.tables import say_statement
from metrics.vocabulary.names import actor_names, country_names

HISTORY = 50
QUEUE_WIDTHS = {"Cable": 145, "Statement": 465, "Why": 265, "Score of the reading": 150}  # pixels
LABELS = {"of": "What is counted", "site": "Place", "actor": "Donor, installer or service", "qualifier": "Bound"}
SAY: dict[str, Callable[[str], str]] = {"country": say_name, "actor": say_name, "unit": say_unit}
TYPED = ("actor", "unit")  # fields chosen from a list that other words can be added to
FIELD_HELP = {
    "low": "Lower bound in full units; empty where open.",
    "high": "Upper bound in full units; equal to the lower one for a single figure.",
    "actor": "States, and organisations by name; type one that is not in the list, with its full name.",
    "period": "ISO 8601: 2008, 2006-04, 2008-11-03/2008-11-07.",
    "unit": "Type another that is not in the list: a measure, or money as ISO 4217.",
}


def show(frame: Frame) -> None:
    """Draw the page."""
    st.title("Review")
    reviews = frames.all_reviews(review_url())
    queue = reviewing.make_queue(frame.tables, frame.filters, frame.marks, reviews)
    frame.note_marks(doubt.marking for doubt in queue.doubts if doubt.marking)
    _draw_progress(queue)
    chosen = _find_chosen(frame, queue)
    author, box = _ask_who_and_why(chosen)
    reason = st.session_state[box]
    if chosen is None:
        _draw_outcome(frame)
        frames.draw_nothing("No figure waits for review.", "Loosen the choices in the side bar to see others.")
    else:
        seen = _standing_on((chosen["cable_id"], chosen["start"], chosen["end"]), reviews)
        _draw_current(frame, chosen, queue, seen)
        _draw_decisions(frame, chosen, author, box, queue, seen)
    _draw_undo(frame, reviews, author, box)
    _draw_queue(frame, queue)
    _draw_addition(frame, reviews, author, reason)
    _draw_history(frame, reviews)


def _standing_on(anchor: Anchor, reviews: Sequence[Review]) -> Review | None:
    standing = standing_reviews(reviews).get(anchor)
    return standing.review if standing else None


def _draw_progress(queue: reviewing.Queue) -> None:
    share = queue.decided / queue.total if queue.total else 0.0
    st.progress(share, f"{queue.decided:,} of {queue.total:,} figures decided on")


def _ask_who_and_why(chosen: Mapping[str, Any] | None) -> tuple[str, str]:
    """Author of the next decision, and the key under which the session keeps the reason that stands in its box.

    No reason outlasts its decision or goes over to another figure.
    """
    known = reviewer_name()
    left, right = st.columns([1, 2])
    author = known or left.text_input("Who decides", key="reviewer", persist_state="session")
    if known:
        left.text_input("Who decides", known, disabled=True)
    about = chosen and chosen["observation_id"]
    box = f"reason-{about}-{st.session_state.get('recorded', 0)}"
    right.text_input("Why", key=box, placeholder="Needed to reject, correct, add or take back")
    return author, box


def _find_chosen(frame: Frame, queue: reviewing.Queue) -> dict[str, Any] | None:
    """The figure in the page's address, else the first that waits; says so where the one named cannot be shown.

    A figure that stood there before the filters changed gives way to the first that waits under them.
    """
    named = st.query_params.get("figure")
    filters, figure = st.session_state.get("reviewed", (frame.filters, None))
    if named and named == figure and filters != frame.filters:
        _go_to(None)
        named = None
    st.session_state["reviewed"] = frame.filters, named
    shown = data.read_mentions(frame.tables, [named], frame.marks) if named else []
    if named and not shown:
        frames.draw_nothing(
            f"No figure {named} can be shown: the tables do not hold it, it was rejected, or its mark is not chosen.",
            "The first figure that waits stands in its place.",
        )
    first = [doubt.observation_id for doubt in queue.doubts[:1]]
    return next(iter(shown or data.read_mentions(frame.tables, first, frame.marks)), None)


def _draw_current(frame: Frame, row: Mapping[str, Any], queue: reviewing.Queue, seen: Review | None) -> None:
    doubt = next((one for one in queue.doubts if one.observation_id == row["observation_id"]), None)
    reasons = doubt.reasons if doubt else ()
    why = f"Waits because: {', '.join(reasons)}." if reasons else f"Score of the reading: {row['score']:.0%}."
    if seen:
        why += f" Decided on by {seen.author}: {seen.decision}{f', {seen.reason}' if seen.reason else ''}."
    st.html(
        f'<p class="card-head"><b>{escape_text(say_statement(row, say_name))}</b></p>'
        f'<p class="card-head">{escape_text(why)}</p>'
    )
    panel.draw_mention(frame, dict(row))


def _record(write: Callable[..., None], *given: Any) -> None:
    """Write a decision; what others decided is read anew, also where theirs stands against it."""
    try:
        write(*given)
    finally:
        frames.all_reviews.clear()
    st.session_state["recorded"] = st.session_state.get("recorded", 0) + 1


def _tell_done(what: str, figure: Mapping[str, Any]) -> None:
    """Keep for the next rerun what was done to a figure, with the mark of what that tells."""
    st.session_state["done"] = f"{what}: {say_statement(figure, say_name)}", figure["marking"]


def _store() -> ReviewStore:
    return reviewing.review_store(review_url())


def _decide(decision: str, row: Mapping[str, Any], box: str, following: str | None, seen: str | None) -> None:
    """Record a decision by whoever and for whatever reason the boxes name when it is made, not when they were drawn."""
    author = reviewer_name() or st.session_state["reviewer"]
    try:
        _record(_store().record_seen, review_figure(decision, row, author, st.session_state[box]), seen)
    except ReviewError as error:
        st.session_state["refused"] = str(error)
        _go_to(row["observation_id"])
        return
    _tell_done(f"{decision.capitalize()}ed", row)
    _go_to(following)


def _go_to(observation_id: str | None) -> None:
    if observation_id:
        st.query_params["figure"] = observation_id
    else:
        st.query_params.pop("figure", None)


def _following(row: Mapping[str, Any], queue: reviewing.Queue) -> str | None:
    names = [doubt.observation_id for doubt in queue.doubts]
    at = names.index(row["observation_id"]) + 1 if row["observation_id"] in names else 0
    return names[at] if at < len(names) else None


def _draw_decisions(
    frame: Frame, row: Mapping[str, Any], author: str, box: str, queue: reviewing.Queue, standing: Review | None
) -> None:
    following = _following(row, queue)
    seen = standing.review_id if standing else None
    with st.container(horizontal=True, key="decisions"):
        given = (row, box, following, seen)
        st.button("Accept", on_click=_decide, args=("accept", *given), shortcut="A", type="primary")
        st.button("Reject", on_click=_decide, args=("reject", *given), shortcut="X")
        st.button("Next", on_click=_go_to, args=(following,), shortcut="N", help="Leave it for later.")
    _draw_outcome(frame)
    with st.expander("Correct it", key="correcting"):
        _draw_correction(frame, row, author, st.session_state[box], following, seen)


def _draw_outcome(frame: Frame) -> None:
    if refused := st.session_state.pop("refused", None):
        st.error(frames.as_text(refused))
    message, mark = st.session_state.pop("done", (None, None))
    if message and frame.may_show(mark):
        frame.note_marks([mark])
        st.success(frames.as_text(message))


def _draw_correction(
    frame: Frame, row: Mapping[str, Any], author: str, reason: str, following: str | None, seen: str | None
) -> None:
    """A form of its own for each decision that the figure stands by, so that none is filled with what was before it."""
    key = "-".join(filter(None, ("correct", row["observation_id"], seen)))
    with st.form(key):
        fields = _draw_fields(frame, row, key)
        if not st.form_submit_button("Record the correction"):
            return
    changes = {name: value for name, value in fields.items() if value != _as_typed(name, row[name])}
    try:
        review = review_figure("correct", row, author, reason, changes)
        _record(_store().record_seen, review, seen)
    except ReviewError as error:
        st.error(frames.as_text(str(error)))
        return
    _tell_done("Corrected to", review.outcome)
    _go_to(following)
    st.rerun()


def _say_option(option: str) -> str:
    return METRICS[option].title if option in METRICS else option.replace("_", " ")


def _as_typed(name: str, value: Any) -> str | None:
    if value is None:
        return None
    return f"{value:.15g}" if name in BOUNDS else str(value)


def _draw_fields(frame: Frame, row: Mapping[str, Any], prefix: str) -> dict[str, str | None]:
    """One widget a field of the reference guide; an emptied field comes back as None."""
    columns, choices = st.columns(3), _field_choices(frame)
    return {
        name: _draw_field(columns[number % 3], name, _as_typed(name, row.get(name)), f"{prefix}-{name}", choices)
        for number, name in enumerate(CORRECTABLE)
    }


def _draw_field(
    place: Any, name: str, value: str | None, key: str, choices: Mapping[str, Sequence[str | None]]
) -> str | None:
    label, note = LABELS.get(name, name.capitalize()), FIELD_HELP.get(name)
    if name not in choices:
        return place.text_input(label, value or "", key=key, help=note).strip() or None
    several = name == "actor"
    given = value.split(", ") if several and value else [value] if value else []
    options = list(dict.fromkeys([*choices[name], *given]))
    # By the letters as typed: what is not in the list would else give way to names that hold its letters far apart.
    typed = {"filter_mode": "contains", "accept_new_options": name in TYPED}
    common = {"key": key, "help": note, "format_func": SAY.get(name, _say_option), **typed}
    if several:
        return ", ".join(place.multiselect(label, options, given, select_all=False, **common)) or None
    chosen: str | None = place.selectbox(label, options, options.index(value) if value in options else None, **common)
    return chosen


def _field_choices(frame: Frame) -> dict[str, Sequence[str | None]]:
    """What each field that is not free text can be chosen from."""
    countries = sorted(country_names(), key=say_name)
    organisations = {*frame.choices.actors, *actor_names()}.difference(countries)
    return {
        **CHOICES,
        "country": [None, *countries],
        "actor": [*sorted(organisations, key=str.casefold), *countries],
        "unit": sorted({*frame.choices.units, *(metric.unit for metric in METRICS.values())}),
    }


def _draw_queue(frame: Frame, queue: reviewing.Queue) -> None:
    st.subheader("Waiting")
    rows = data.read_mentions(frame.tables, [doubt.observation_id for doubt in queue.doubts], frame.marks)
    if not rows:
        st.caption("Nothing waits.")
        return
    frame.note_marks(row["marking"] for row in rows)
    reasons = {doubt.observation_id: ", ".join(doubt.reasons) for doubt in queue.doubts}
    table = pd.DataFrame(
        {
            "Cable": [row["cable_id"] for row in rows],
            "Statement": [say_statement(row, say_name) for row in rows],
            "Why": [reasons[row["observation_id"]] for row in rows],
            "Score of the reading": [f"{row['score']:.0%}" for row in rows],
        }
    )
    ids = [row["observation_id"] for row in rows]
    alt = "Figures that wait for review, most doubtful first"
    parts.draw_rows(table, ids, "queue", alt, widths=QUEUE_WIDTHS)


def _undo(tables: data.Tables, review: Review, author: str, box: str) -> None:
    """Take a decision back and go to its figure; of an added one, which is gone then, to the first that waits."""
    try:
        _record(_store().record, withdraw_review(review, author, st.session_state[box] or "undone"))
    except ReviewError as error:
        st.session_state["refused"] = str(error)
        return
    _tell_done(f"Taken back: {review.decision}", review.outcome)
    _go_to(data.find_stated(tables, *review.anchor))


def _last_standing(reviews: list[Review], author: str) -> Review | None:
    withdrawn = {review.withdraws for review in reviews}
    own = [review for review in reviews if review.author == author.strip() and review.decision != "withdraw"]
    return next((review for review in reversed(own) if review.review_id not in withdrawn), None)


def _draw_undo(frame: Frame, reviews: list[Review], author: str, box: str) -> None:
    last = _last_standing(reviews, author)
    shown = last is not None and frame.may_show(last.outcome["marking"])
    about = "No decision under this name stands." if author.strip() else "Give your name: your decisions go by it."
    if last and shown:
        frame.note_marks([last.outcome["marking"]])
        about = f"{last.decision}: {say_statement(last.outcome, say_name)}"
    elif last:
        about = "It is above the mark chosen under Show marks up to."
    st.button(
        "Undo my last decision",
        on_click=_undo,
        args=(frame.tables, last, author, box),
        shortcut="U",
        disabled=not shown,
        help=frames.as_text(about),
    )


def _draw_addition(frame: Frame, reviews: Sequence[Review], author: str, reason: str) -> None:
    with st.expander("Add a figure that was missed"), st.form("addition"):
        cable_id = st.text_input("Cable", placeholder="09ASTANA623", key="add-cable").strip()
        words = st.text_input("Words of the cable around the number, exactly", key="add-words")
        number = st.text_input("The number as it stands among them", key="add-number")
        fields = _draw_fields(frame, {"kind": "level", "qualifier": "exact", "status": "actual"}, "add")
        if not st.form_submit_button("Record the addition"):
            return
        try:
            review = _addition(frame, cable_id, words, number, fields, author, reason)
            seen = _standing_on(review.anchor, reviews)
            _record(_store().record_seen, review, seen and seen.review_id)
        except ReviewError as error:
            st.error(frames.as_text(str(error)))
            return
    _tell_done("Added", review.outcome)
    st.rerun()


def _addition(
    frame: Frame, cable_id: str, words: str, number: str, fields: Mapping[str, Any], author: str, reason: str
) -> Review:
    cable = data.read_cable(frame.tables, cable_id)
    if cable is None or not frame.may_show(cable["highest_mark"]):
        raise ReviewError(f"the tables hold no cable {cable_id!r}")
    start, end = find_words(cable["text"], words, number)
    rows = data.read_cable_rows(frame.tables, "observations", cable_id, frame.marks)
    held = next((row for row in rows if row["start"] < end and start < row["end"]), None)
    if held:
        raise ReviewError(f"this number is a figure already, which can be corrected: {say_statement(held, say_name)}")
    return add_figure(cable, start, end, fields, author, reason)


def find_words(text: str, words: str, number: str) -> tuple[int, int]:
    """Span of the number among these words, which must occur once in the text; ReviewError where they do not."""
    if not words.strip() or not number.strip():
        raise ReviewError("give the number and some words around it, as they stand in the cable")
    times = text.count(words)
    if times != 1:
        raise ReviewError(
            f"these words occur {times} times in the cable; give words that occur once, line ends and all"
        )
    if words.count(number) != 1:
        raise ReviewError(f"{number!r} must stand once among the words")
    start = text.index(words) + words.index(number)
    return start, start + len(number)


def _draw_history(frame: Frame, reviews: list[Review]) -> None:
    shown = {review.review_id for review in reviews if frame.may_show(review.outcome["marking"])}
    if not shown:
        return
    with st.expander(f"Decisions on record: {len(shown):,}"):
        every = judge_reviews(frame.tables.read_unreviewed("observations"), reviews)
        judged = [one for one in every if one.review.review_id in shown][::-1][:HISTORY]
        frame.note_marks(one.review.outcome["marking"] for one in judged)
        table = pd.DataFrame(
            {
                "When": [one.review.made_at[:16].replace("T", " ") for one in judged],
                "Who": [one.review.author for one in judged],
                "Decision": [one.review.decision for one in judged],
                "Why": [one.review.reason for one in judged],
                "Figure": [say_statement(one.review.outcome, say_name) for one in judged],
                "State": [f"{one.state}: {one.why}" for one in judged],
                "Contested": ["yes" if one.contested else "" for one in judged],
            }
        )
        st.dataframe(table, hide_index=True, placeholder="", alt="Decisions on record, newest first")
