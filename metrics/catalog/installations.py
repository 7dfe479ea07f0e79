"""Metrics of the installations family."""

from metrics.catalog.entry import Example, Metric, exact

INSTALLATIONS_METRIC = Metric(
    id="installations",
    feeds="checkpoints_equipped",
    title="Installations",
    family="installations",
    unit="site",
    kind="flow",
    additive=True,
    chart="timeline",
    definition="Sites equipped, or systems installed, as an act: by someone, in a period; also under way or planned.",
    counts=(
        "checkpoint",
        "port",
        "detector",
        "site",
    ),
    may_count=(
        "gear",
        "aircraft",
        "it_gear",
        "ship",
        "border_line",
        "length",
        "none?",
        "count?",
    ),
    excludes=("Sites that merely have the equipment: these are checkpoints equipped.",),
    caveats=("A site may be a training facility or an airport; sites and crossings are not the same count.",),
    examples=(
        exact("The programme fitted six ports with portal monitors in 2007.", 6, "portal monitors"),
        exact("Contractors are installing cargo scanners at three terminals.", 3, "cargo scanners"),
        exact(
            "Work on radiation detection has begun at 14 sites and will finish next year.", 14, "radiation detection"
        ),
        exact("Customs set up 25 surveillance cameras along the river last autumn.", 25, "surveillance cameras"),
        exact("The Department of Energy plans to equip ten more crossings by 2011.", 10, "crossings"),
        exact("Engineers put up seven radar towers on the coast in June.", 7, "radar towers"),
        exact("Under the project, four border posts were rebuilt and refurbished.", 4, "border posts"),
        exact(
            "By December the United States had completed portal monitors at 18 customs posts.", 18, "portal monitors"
        ),
        exact("The donor will deploy the passport system at five airports in the coming year.", 5, "passport system"),
        exact("The agency installed 32 radiation detectors at the international airport.", 32, "radiation detectors"),
        exact("Installation is under way at two seaports under the agreement signed in May.", 2, "seaports"),
        exact("The ministry has built 13 new watchtowers on the frontier since January.", 13, "watchtowers"),
        exact("Infrared cameras will be mounted on three patrol aircraft.", 3, "infrared cameras"),
        Example(
            "The company has set up more than 20 weigh stations at border crossings this year.",
            20,
            None,
            "weigh stations",
        ),
    ),
    rejects=(
        "The president installed three new governors in the border provinces.",
        "Power was restored at nine substations after the storm.",
        "The company built two hotels near the port.",
        "Two turbines were installed at the dam in 2006.",
    ),
)

EQUIPMENT = Metric(
    id="equipment",
    title="Equipment",
    family="installations",
    unit="item",
    kind="flow",
    additive=False,
    chart="bars",
    definition=(
        "Items of border, customs, detection or interdiction equipment delivered, donated, bought, requested or held."
    ),
    counts=(
        "detector",
        "gear",
        "it_gear",
        "ship",
        "aircraft",
        "vehicle",
        "weapon",
    ),
    may_count=(
        "rail",
        "container",
        "contraband",
        "none?",
        "count?",
        "ammo",
        "cargo_unit",
        "length",
        "text_ref",
        "officer",
        "percent",
    ),
    excludes=("Weapons and vehicles of armed forces that do not guard a border.", "Office machines of investigators."),
    caveats=("Delivered, held, promised and requested items are told apart by status only.",),
    examples=(
        exact("The embassy handed over 12 night-vision goggles to the border guard.", 12, "night-vision goggles"),
        exact("The coast guard has only two working patrol boats.", 2, "patrol boats"),
        exact("Customs asked for five mobile x-ray units.", 5, "x-ray units"),
        exact("Four pickup trucks were delivered to the anti-smuggling unit in May.", 4, "pickup trucks"),
        exact("The drug police received 16 handheld radios and a base station.", 16, "handheld radios"),
        exact("INL purchased three detector dogs for the airport police.", 3, "detector dogs"),
        exact(
            "The grant paid for 30 passport readers that immigration now uses at the airport.", 30, "passport readers"
        ),
        exact("The maritime police needs eight fast interceptor boats to cover the gulf.", 8, "interceptor boats"),
        exact("The agreement provides for 150 radiation pagers for customs inspectors.", 150, "radiation pagers"),
        exact("Of the donated computers, nine no longer work, the customs office reported.", 9, "computers"),
        exact("The air wing of the border service flies two helicopters.", 2, "helicopters"),
        exact(
            "The government ordered six container scanners from a Chinese firm for its ports.", 6, "container scanners"
        ),
        exact("Each border post was issued ten bulletproof vests.", 10, "vests"),
        exact("The U.S. Coast Guard transferred two 87-foot cutters to the island's maritime service.", 2, "cutters"),
        exact("Japan donated 20 motorcycles to the frontier police.", 20, "motorcycles"),
        Example(
            "The navy's coastal patrol fleet of about 25 small boats is mostly unfit for sea.", 25, 25, "small boats"
        ),
        exact("The counternarcotics directorate will get one King Air surveillance plane.", 1, "surveillance plane"),
        exact("Post recommends two drug test kits for every checkpoint on the highway.", 2, "drug test kits"),
        exact("The wish list includes 40 satellite phones for border patrols.", 40, "satellite phones"),
    ),
    rejects=(
        "The air force will buy 24 fighter jets from France.",
        "The ministry of education ordered 500 computers for village schools.",
        "The navy sent two frigates to the exercise.",
        "A hospital in the capital received three ambulances.",
        "The airline operates eleven aircraft on European routes.",
        "The army paraded 60 tanks on independence day.",
    ),
)

INSTALLATIONS = (
    INSTALLATIONS_METRIC,
    EQUIPMENT,
)
