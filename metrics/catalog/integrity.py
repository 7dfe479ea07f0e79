"""Metrics of the integrity family."""

from metrics.catalog.entry import Example, Metric, exact

CORRUPTION = Metric(
    id="corruption",
    title="Corruption",
    family="integrity",
    unit="USD",
    kind="flow",
    additive=False,
    chart="bars",
    definition="Bribes and the price of posts; estimated losses to smuggling or corruption.",
    counts=(
        "money",
        "bribe_n",
    ),
    may_count=(
        "percent",
        "none?",
        "count?",
    ),
    excludes=("Bribes in politics and business with no link to border, customs, smuggling or trafficking.",),
    caveats=("Most figures are hearsay.",),
    examples=(
        exact("Truckers hand the inspectors 50 dollars at every stop.", 50, "bribes"),
        exact("A job at the customs desk sells for $20,000.", 20000, "price"),
        exact("The state loses $90 million a year in duties because of smuggling.", 90e6),
        exact("Migrants pay the smugglers $3,000 each for the crossing.", 3000, "smuggling"),
        exact("The border guard commander took a bribe of 40,000 euros to let the trucks pass.", 40000, "bribes"),
        exact("Importers said they must pay customs agents $500 per container under the table.", 500, "bribes"),
        exact("Fuel smuggling across the border costs the treasury $200 million annually.", 200e6, "fuel smuggling"),
        exact("The prosecutor was offered $60,000 to free the trafficker.", 60000, "bribes"),
        exact("Undervaluation at the port deprives the government of 30 percent of customs revenue.", 30, "customs"),
        exact("The contraband cigarette trade is worth about $75 million a year.", 75e6, "contraband"),
        exact("Families paid traffickers $8,000 to get their sons into Europe.", 8000, "smuggling"),
        exact("Drug gangs paid the police chief $10,000 a month to look away.", 10000),
        Example("Customs officers collect over $1 million a month in unofficial payments.", 1e6, None),
    ),
    rejects=(
        "The senator received $100,000 for his campaign.",
        "The firm paid a fee of $15,000 to its lawyers.",
        "Teachers earn 80 dollars a month.",
        "The mayor is accused of stealing $2 million from the road fund.",
        "The bank lost $30 million in the crisis.",
    ),
)

WORKFORCE_SHARE = Metric(
    id="workforce_share",
    title="Workforce share",
    family="integrity",
    unit="percent",
    kind="share",
    additive=False,
    chart="bars",
    definition="Share of a place's people who work for border, customs or transport services.",
    counts=("percent",),
    may_count=(
        "person",
        "count?",
        "none?",
    ),
    excludes=("Unemployment and shares of other trades.",),
    caveats=("The share is usually told by local officials.",),
    examples=(
        exact("In the border town 40 percent of residents work for customs.", 40, "customs"),
        exact("The railway employs 55 percent of the village's people at the frontier station.", 55),
        exact(
            "A third of the families in the crossing settlement, or 33 percent, live from border guard pay.",
            33,
            "border guard",
        ),
        exact("Fifteen percent of the district's workforce serves in the frontier guard.", 15, "frontier guard"),
        exact("Nearly 25 percent of the port city's inhabitants are employed by the port and customs.", 25),
        exact(
            "Local leaders said 60 percent of the townspeople have jobs with the border service.", 60, "border service"
        ),
        exact("Transport and customs give work to 45 percent of the population of the border post.", 45),
    ),
    rejects=(
        "Unemployment in the border province stands at 30 percent.",
        "About 80 percent of the population are farmers.",
        "Some 65 percent of residents voted for the ruling party.",
        "Muslims make up 20 percent of the town's inhabitants.",
    ),
)

INTEGRITY = (
    CORRUPTION,
    WORKFORCE_SHARE,
)
