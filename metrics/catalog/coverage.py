"""Metrics of the coverage family."""

from metrics.catalog.entry import Example, Metric, exact

CHECKPOINTS_TOTAL = Metric(
    id="checkpoints_total",
    title="Checkpoints",
    family="coverage",
    unit="checkpoint",
    kind="stock",
    additive=False,
    chart="coverage",
    definition=(
        "Border crossing points, checkpoints, customs posts and ports of entry that exist in a country or along "
        "one border."
    ),
    counts=(
        "checkpoint",
        "port",
    ),
    may_count=(
        "site",
        "none?",
    ),
    excludes=("Checkpoints inside a country in a war, and posts that a delegation merely visited.",),
    caveats=("Nouns differ between cables: a site, a port and a crossing point are not always the same thing.",),
    examples=(
        exact("The republic's frontier has 87 official crossing points.", 87, "crossing points"),
        exact("There are 46 customs posts in the country, most of them on the northern border.", 46, "customs posts"),
        exact("The border service runs 19 posts along the river frontier with its neighbour.", 19, "posts"),
        exact("Travellers may enter through any of the kingdom's 14 land, sea and air ports of entry.", 14, "ports"),
        Example(
            "Immigration officials counted more than 60 unmanned entry points on the western frontier.",
            60,
            None,
            "entry points",
        ),
        exact(
            "Of the 23 official border crossings between the two states, most close at night.", 23, "border crossings"
        ),
        exact("The island has 11 seaports and no customs presence at most of them.", 11, "seaports"),
        exact("Only six checkpoints exist along the 700-kilometer desert border.", 6, "checkpoints"),
        exact("The customs director said that his service mans 31 border stations.", 31, "border stations"),
        exact(
            "The government plans to open two more crossing points on the shared border this spring.",
            2,
            "crossing points",
        ),
        exact(
            "Goods enter through three legal crossings: the bridge, the rail yard and the ferry landing.",
            3,
            "legal crossings",
        ),
        exact("Border guards staff 54 outposts facing the neighbouring province.", 54, "outposts"),
        Example("The ministry puts the number of border gates at about 40.", 40, 40, "border gates"),
        exact(
            "The country has five international airports at which immigration officers are posted.",
            5,
            "international airports",
        ),
    ),
    rejects=(
        "Soldiers at 12 checkpoints in the capital searched cars after the bombing.",
        "The delegation met with three ministers before it drove to the border.",
        "The party opened 15 offices in the border province ahead of the election.",
        "The agency has 40 regional branches that lend to farmers.",
        "Insurgents attacked two police checkpoints in the city and killed nine people.",
    ),
)

CHECKPOINTS_EQUIPPED = Metric(
    id="checkpoints_equipped",
    title="Checkpoints equipped",
    family="coverage",
    unit="checkpoint",
    kind="stock",
    additive=False,
    chart="coverage",
    definition="How many of a country's checkpoints have a capability, however they got it.",
    counts=(
        "checkpoint",
        "port",
    ),
    may_count=(
        "site",
        "percent",
        "none?",
    ),
    excludes=("Sites that somebody equipped in a stated act or period: these are installations.",),
    caveats=("Who installed the equipment may be unstated.",),
    part_of="checkpoints_total",
    examples=(
        exact("Monitors for radiation now work at 31 of the republic's crossings.", 31, "radiation"),
        exact("Only nine border posts have x-ray scanners.", 9, "x-ray scanners"),
        exact("The electronic declaration system is in use at 17 customs stations.", 17, "electronic declaration"),
        exact("Passport readers are available at seven airports and seaports.", 7, "passport readers"),
        exact("Four ports of entry are connected to the biometric watch list.", 4, "biometric"),
        exact("Radiation detectors cover 12 of the entry points on the eastern border.", 12, "radiation detectors"),
        exact("The computerized customs system operates at 22 border offices.", 22, "customs system"),
        exact("At present eight crossings are equipped with vehicle scanners.", 8, "vehicle scanners"),
        exact("Three land ports are linked to the immigration database by satellite.", 3, "immigration database"),
        Example("More than 15 checkpoints possess handheld radiation pagers.", 15, None, "radiation pagers"),
        exact("The border control software is up and running in six ports of entry.", 6, "border control software"),
        exact("Ten of the customs posts have reliable telephone and data links to headquarters.", 10),
    ),
    rejects=(
        "The crossing has two lanes for buses.",
        "31 of the 900 border guards were dismissed last spring for taking bribes.",
        "The airport is equipped for night landings by 14 airlines.",
        "Seven of the ministers present spoke about the electronic archive.",
    ),
)

BORDER_LENGTH = Metric(
    id="border_length",
    title="Border length",
    family="coverage",
    unit="kilometre",
    kind="stock",
    additive=False,
    chart="bars",
    definition="Length of a border, coast or fence, or of the part of it that is controlled.",
    counts=("length",),
    may_count=(
        "border_line",
        "measure",
        "count?",
        "percent",
    ),
    excludes=("Distances between places, lengths of roads and pipelines, and lengths of boats.",),
    caveats=("The two neighbours may give different lengths for the same border.",),
    examples=(
        exact("The two countries share a 1,340-kilometer border.", 1340, "border"),
        exact("Patrols cover barely 200 miles of the coastline.", 200, "coastline"),
        exact("The frontier runs for 870 km through mountains and is hardly guarded.", 870, "frontier"),
        exact("A fence of 45 kilometers now closes the gap east of the crossing.", 45, "fence"),
        exact("With 2,500 miles of coast and two cutters, the coast guard cannot stop the smugglers.", 2500, "coast"),
        exact("The 96-km boundary with the enclave has been fully marked.", 96, "boundary"),
        exact("Workers finished 30 kilometers of the border wall by March.", 30, "border wall"),
        Example("Their common border is over 600 kilometers long and porous.", 600, None, "border"),
        exact("Smugglers cross along a 75-mile stretch of the river border.", 75),
        Example("About 400 kilometers of the land border remain unfenced.", 400, 400, "land border"),
        exact("The regiment is to guard the 310-kilometer southern frontier.", 310, "frontier"),
    ),
    rejects=(
        "The camp lies 30 kilometers from the border.",
        "The convoy drove 200 miles from the capital to reach the crossing.",
        "The new road to the frontier is 85 kilometers long.",
        "Engineers will lay a 300-kilometer gas pipeline to the coast.",
        "The raid took place some 15 miles inside the border.",
    ),
)

COVERAGE = (
    CHECKPOINTS_TOTAL,
    CHECKPOINTS_EQUIPPED,
    BORDER_LENGTH,
)
