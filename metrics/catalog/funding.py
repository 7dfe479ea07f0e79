"""Metrics of the funding family."""

from metrics.catalog.entry import Example, Metric, exact

FUNDING_METRIC = Metric(
    id="funding",
    title="Funding",
    family="funding",
    unit="USD",
    kind="flow",
    additive=False,
    chart="funding",
    definition="Money for border security, customs, detection, interdiction or counter-smuggling.",
    counts=("money",),
    may_count=(
        "percent",
        "none?",
        "count?",
    ),
    excludes=(
        "Trade, investment and budgets with no link to border control.",
        "Money that was seized or paid in bribes.",
    ),
    caveats=("Pledged, budgeted, spent and in-kind amounts stand side by side; the status column tells some of it.",),
    examples=(
        exact("The Union granted 4 million euros for surveillance of the eastern border.", 4e6, "surveillance"),
        exact("Washington set aside $750,000 to train customs inspectors.", 750000, "customs"),
        exact("The new scanner for the port cost $1.2 million.", 1.2e6, "scanner"),
        exact("Post requests USD 45,000 for a detector dog programme at the airport.", 45000, "detector dog"),
        exact("The coast guard's budget for this year is $18 million.", 18e6, "coast guard"),
        exact("Japan pledged $3.5 million toward new patrol boats.", 3.5e6, "patrol boats"),
        exact(
            "Under the letter of agreement, INL will give $600,000 to the drug control agency.", 600000, "drug control"
        ),
        exact("The World Bank lent $22 million for the modernization of the customs administration.", 22e6, "customs"),
        exact("Equipment valued at $310,000 was handed to the border police.", 310000, "border police"),
        exact("Export control assistance has come to $9 million since the program began.", 9e6, "export control"),
        exact("The anti-trafficking unit operates on $80,000 a year.", 80000, "anti-trafficking"),
        exact("The ministry spent $2.4 million to fence the northern frontier.", 2.4e6, "fence"),
        exact("EXBS funds of $150,000 paid for radiation pagers.", 150000, "radiation pagers"),
        exact("Norway will finance the border posts with EUR 5 million.", 5e6, "border posts"),
        exact("Half of the counternarcotics aid goes to the maritime police.", 50, "counternarcotics"),
        exact(
            "The shelter for trafficking victims was built with a grant of $200,000 from the migration office.",
            200000,
        ),
        Example("The radar chain along the coast will cost more than $30 million, the admiral said.", 30e6, None),
        Example("The Merida package for the border region is worth about $12 million.", 12e6, 12e6, "border"),
        exact("Congress appropriated $50 million for counter-drug programs in the region.", 50e6, "counter-drug"),
    ),
    rejects=(
        "Exports to the neighbour reached $400 million last year.",
        "The budget deficit widened to $2 billion.",
        "The ministry of health received a grant of $5 million to fight malaria.",
        "The bank was fined $1 million for poor records.",
        "Investors put $60 million into a cement plant near the border.",
        "The pipeline through the border region will cost $3 billion.",
        "The road rehabilitation program costs $90 million.",
        "The airline lost $15 million on its new routes.",
    ),
)

FUNDING = (FUNDING_METRIC,)
