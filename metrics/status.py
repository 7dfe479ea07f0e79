"""Whether a figure is done, under way, planned or asked for."""

from __future__ import annotations

import re

from metrics.lines import Line, Span

ACTUAL, IN_PROGRESS, PLANNED, REQUESTED = "actual", "in_progress", "planned", "requested"

# Metrics of which a plan, a request or work under way is a usual statement; the others count what happened.
PLANNABLE = frozenset(
    "installations equipment funding training_events people_trained exchange_visits personnel checkpoints_equipped "
    "inspections".split()
)

_CUES = re.compile(
    r"""(?<![\w-])(?:
    (?P<requested>
        request(?:s|ed|ing)?(?!\s+(?:for\s+)?(?:information|comment)) | ask(?:s|ed|ing)?\s+(?:for|that|the|us|post|washington|to)
      | (?:need|require)(?:s|ed)?(?!\s+assess) | requirements? | needing | seeks? | seeking | sought | short\s+(?:of|by) | shortage | shortfall | lacks?
      | lacking | wish\s*list | would\s+(?:also\s+)?(?:like|need|require) | appeal(?:s|ed|ing)?\s+for | wants? | wanted | in\s+need\s+of
    )
  | (?P<in_progress>
        under\s*way | on\s+order | in\s+the\s+process\s+of | in\s+progress | on-?going | under\s+construction | re-?started
      | (?:is|are|was|were|been)\s+(?:\w+ly\s+|now\s+|also\s+|still\s+|already\s+)?
          (?:being\s+(?:installed|deployed|delivered|procured|implemented|upgraded|trained|equipped|purchased|constructed|built|sent
            |recruited|hired|donated|provided|expanded|established|processed|acquired|modernized|refurbished)
          | (?:install|build|construct|deploy|deliver|train|procur|implement|expand|upgrad|develop|equipp|purchas|buy
            |send|assist|provid|fund|spend|donat|conduct|hir|recruit|increas|doubl|erect|ramp|acquir|integrat)ing) | (?:is|are|was|were)\s+(?:now\s+|currently\s+|also\s+|still\s+)?working\s+(?:on|to)
      | accelerating | has\s+begun | have\s+begun | continu(?:es?|ing)\s+to\s+(?:install|build|deploy|train|deliver|equip)
    )
  | (?P<planned>
        will(?!ing) | would | shall | won['’]t | plan(?:s|ned|ning)?(?=\s+(?:to|on|for|is|are|a|an|the|two|three|four|five|six|\d))
      | (?:are|is|was|were|been)\s+(?:\w+ly\s+|only\s+|also\s+)?(?:scheduled|slated|expected|due|set|designated|earmarked|authorized
          |budgeted|warranted|anticipated|to\s+(?:be|receive|get|train|provide|deliver|install|host|hold|begin|start))
      | planned | planning | intends? | intended | intention | intending | pledg(?:e|es|ed|ing) | promis(?:e|es|ed|ing)
      | propos(?:e|es|ed|ing|al|als) | commit(?:s|ted|ment|ments|ting)?(?=\s+(?:to|of|for)) | agree(?:s|d|ing)?\s+to | approv(?:e|es|ed|al|ing)
      | expects?(?!\s+that\s+the\s+number) | anticipat(?:e|es|ed) | hop(?:e|es|ed|ing)(?=\s+(?:to|for|that|could|would)) | upcoming | future | goal | slated
      | scheduled | earmarked | destined | memorandum | MOU | could\s+(?:be|provide|receive|fund|supply) | can\s+be\s+made | to\s+be\s+\w+ed
      | if | suspended | estimated\s+cost | ordered(?=\s+[\w\s-]{3,30}\sto\s) | prospective | next\s+(?:year|month|week|fiscal) | awaiting | pending\s+(?:delivery|approval|funding)
      | pipeline | likely\s+(?:to|lead) | in\s+the\s+(?:next|coming) | offer(?:s|ed|ing)?(?=\s+(?:to|of|a|an|\$|up))
    )
  | (?P<actual>
        was | were | consists? | possess(?:es)? | operates? | maintains? | has | have | had | is | are | took | sent | gave | built | bought | spent | made | held | found | caught | brought
      | cost | totals? | remains?
      | (?!need|used|united|armed|based|combined|joint|seized\s+and|estimated|so-called|related|expected|speed|indeed|hundred|proceed
         |said|stated|noted|added|claimed|reported|announced|mentioned|explained|asserted|stressed|confirmed
         |acknowledged|admitted|declared|informed|indicated|argued|remarked|emphasized|underscored|recalled|conceded|alleged|advised
         |exceed|succeed|feed|seed|weed|red|bed|led\b|fled|sacred|naked|limited|advanced|organized|interested|said)[a-z]{2,}ed
    ))\b""",
    re.VERBOSE | re.IGNORECASE,
)
_REACH = 200.0  # beyond this a cue belongs to another statement
_FINITE = re.compile(r"(?:was|were|has|have|had|is|are)$", re.IGNORECASE)
_CONDITIONAL = re.compile(r"^(?:Should|If|Once|When\s+fully)\b")
_IMPERATIVE = re.compile(
    r"(?:[-*•]+\s*|\(?[A-Za-z0-9]{1,2}[.)]\s+)*(?:re-?fit|buy|purchase|install|modernize|replace|procure|acquire|provide|train|establish|build"
    r"|construct|upgrade|deploy|hire|donate|deliver|fund|expand|create|equip)\b(?!s|ed|ing)",
    re.IGNORECASE,
)
_FROM_TO = re.compile(r"\bfrom\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_ALREADY = re.compile(r"\b(?:existing|current(?:ly)?|presently|already|now)\b", re.IGNORECASE)


def find_status(line: Line, quantity: Span, metric: str, surroundings: tuple[str, ...] = ()) -> str:
    """Status of the quantity at `quantity` of the line, from tense, modality and nouns around it.

    `surroundings` are the texts a sentence without a verb hangs on, nearest first: the lead-in of its list, the heading.
    """
    if metric not in PLANNABLE and not _strongly_planned(line, quantity):
        return ACTUAL
    if _FROM_TO.search(line.text, 0, quantity[0]) and re.match(
        r"[^.;]{0,60}?\sto\s", line.text[quantity[1] : quantity[1] + 70]
    ):
        return ACTUAL
    if _CONDITIONAL.match(line.text[line.clause(quantity[0])[0] :]):
        return PLANNED
    label = _nearest_cue(line, quantity)
    ordered = label in (None, PLANNED) and bool(_IMPERATIVE.match(line.text, *line.clause(quantity[0])))
    if label is None or ordered:
        around = (
            _status_of_text(text)
            for text in ((line.text[: quantity[0]], *surroundings[:-1]) if ordered else surroundings)
        )
        label = next((found for found in around if found), PLANNED if ordered else None)
    return label or ACTUAL


_STRONG = re.compile(
    r"\b(?:will|plans?\s+to|planned\s+to|intends?\s+to|to\s+be\s+\w+ed|expects?|offered)\b", re.IGNORECASE
)


def _strongly_planned(line: Line, quantity: Span) -> bool:
    first, last = line.clause(quantity[0])
    return bool(_STRONG.search(line.text, first, last))


def _nearest_cue(line: Line, quantity: Span) -> str | None:
    """Label of the cue nearest to the quantity: those before it count at their distance, those after it at double."""
    best, label = _REACH, None
    first, last = line.clause(quantity[0])
    for match in _CUES.finditer(line.text):
        start, end = match.span()
        before = end <= quantity[0]
        if not before and start < quantity[1]:
            continue
        cost = float(quantity[0] - end if before else (start - quantity[1]) * 2.5)
        if not first <= start < last:
            cost += 90 if before else 200
        kind = match.lastgroup or ACTUAL
        if kind == ACTUAL:
            if not before and not _FINITE.match(match[0]):
                continue
            cost += 25
        if cost < best:
            best, label = cost, kind
    return label


def _status_of_text(text: str) -> str | None:
    """Status that a heading or lead-in sets for the items under it; None where it sets none."""
    for match in _CUES.finditer(text):
        if match.lastgroup != ACTUAL:
            return match.lastgroup
    return None
