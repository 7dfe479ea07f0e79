"""Metrics of the enforcement family."""

from metrics.catalog.entry import Metric

SEIZURES = Metric(
    id="seizures",
    title="Seizures",
    family="enforcement",
    unit="kilogram",
    kind="flow",
    additive=False,
    chart="timeline",
    definition="Drugs, cash, arms, goods, nuclear or radioactive material and vehicles seized, intercepted or confiscated.",
)

ARRESTS = Metric(
    id="arrests",
    title="Arrests",
    family="enforcement",
    unit="person",
    kind="flow",
    additive=False,
    chart="timeline",
    definition="People arrested, detained, prosecuted, convicted, dismissed or investigated for smuggling, trafficking, illegal crossing or border corruption.",
)

INCIDENTS = Metric(
    id="incidents",
    title="Incidents",
    family="enforcement",
    unit="case",
    kind="flow",
    additive=False,
    chart="timeline",
    definition="Smuggling, trafficking or border-violation events, cases, attempts, routes or tunnels found.",
)

IRREGULAR_CROSSINGS = Metric(
    id="irregular_crossings",
    title="Irregular crossings",
    family="enforcement",
    unit="person",
    kind="flow",
    additive=False,
    chart="timeline",
    definition="People who crossed, tried to cross or were sent back outside the law; people smuggled or trafficked.",
)

ENFORCEMENT = (
    SEIZURES,
    ARRESTS,
    INCIDENTS,
    IRREGULAR_CROSSINGS,
)
