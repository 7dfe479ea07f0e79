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
from metrics.review.store import DEFAULT_URL, ReviewStore, open_reviews

__all__ = [
    "DEFAULT_URL",
    "Anchor",
    "Judged",
    "Review",
    "ReviewError",
    "ReviewStore",
    "add_figure",
    "apply_reviews",
    "export_reviews",
    "import_reviews",
    "judge_reviews",
    "open_reviews",
    "review_figure",
    "reviewed_gold",
    "reviewed_predictions",
    "standing_reviews",
    "withdraw_review",
]
