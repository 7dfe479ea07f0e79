"""Metrics of the training family."""

from metrics.catalog.entry import Metric

TRAINING_EVENTS = Metric(
    id="training_events",
    title="Training events",
    family="training",
    unit="event",
    kind="flow",
    additive=True,
    chart="timeline",
    definition="Courses, seminars, workshops and exercises.",
)

PEOPLE_TRAINED = Metric(
    id="people_trained",
    title="People trained",
    family="training",
    unit="person",
    kind="flow",
    additive=False,
    chart="timeline",
    definition="People who took part in training.",
)

EXCHANGE_VISITS = Metric(
    id="exchange_visits",
    title="Exchange visits",
    family="training",
    unit="person",
    kind="flow",
    additive=False,
    chart="timeline",
    definition="Officials, or visits, sent abroad or received to see systems or be trained.",
)

PERSONNEL = Metric(
    id="personnel",
    title="Personnel",
    family="training",
    unit="person",
    kind="stock",
    additive=False,
    chart="bars",
    definition="Border, customs, coast guard, port security and counter-narcotics staff in place.",
)

TRAINING = (
    TRAINING_EVENTS,
    PEOPLE_TRAINED,
    EXCHANGE_VISITS,
    PERSONNEL,
)
