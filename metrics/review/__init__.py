"""Analysts' decisions on figures: recorded in a database, never lost by a rebuild, applied before facts are joined."""

from metrics.review.applying import (
    Anchor,
    Judged,
    apply_reviews,
    judge_reviews,
    reviewed_gold,
    reviewed_predictions,
    standing_reviews,
)
from metrics.review.decision import Review, ReviewError, add_figure, review_figure, withdraw_review
from metrics.review.exchange import export_reviews, import_reviews
from metrics.review.outcome import Outcome, review_tables
from metrics.review.store import ReviewStore, existing_reviews, open_reviews, read_decisions, review_url

__all__ = [
    "Anchor",
    "Judged",
    "Outcome",
    "Review",
    "ReviewError",
    "ReviewStore",
    "add_figure",
    "apply_reviews",
    "existing_reviews",
    "export_reviews",
    "import_reviews",
    "judge_reviews",
    "open_reviews",
    "read_decisions",
    "review_figure",
    "review_tables",
    "review_url",
    "reviewed_gold",
    "reviewed_predictions",
    "standing_reviews",
    "withdraw_review",
]
