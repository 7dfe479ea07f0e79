"""The text with page lines, markup and broken punctuation blanked or mended, at equal length."""

from __future__ import annotations

import re

PAGE_LINE = re.compile(
    r"""
    (?:\b[A-Z][A-Z.']*(?:[ ][A-Z][A-Z.']*){0,3}[ ]+)?   # post, up to four words
    \b0\d{7}[ \t]+\d{3}(?:\.\d)?[ \t]+OF[ \t]+\d{3}     # 00000623  002 OF 003, 001.2 OF 004
    """,
    re.VERBOSE,
)
OLD_PAGE_LINE = re.compile(
    r"""
    (?:\b(?:CONFIDENTIAL|SECRET|UNCLASSIFIED|UNCLAS|LIMITED\ OFFICIAL\ USE)[ \t]*\n?)?
    \bPAGE[ ]\d\d[ ][A-Z][A-Z ]+\d{4,6}[ ](?:\d\d\ OF\ \d\d[ ]{1,2})?\d{6}Z   # PAGE 02 STATE 023763 071504Z
    """,
    re.VERBOSE,
)
SIPDIS = re.compile(r"\bSIPDIS\b")
FALSE_QUOTE = re.compile(r"&(?=\w)([^&\n]{1,300}(?:\n[^&\n]{1,200}){0,3}?[\w.,!?])8(?![\d,.]\d|\w)")
FALSE_DASH = re.compile(r"(?<=\s)\)(?=[- ])-?")
FALSE_APOSTROPHE = re.compile(r"(?<=\w),(?=s\b(?!\.))")
RULE = re.compile(r"(?m)^[ \t]*[-=_*~]{4,}[-=_*~ \t]*$")
PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\xa0": " ", "\u200b": " "})


def _blank(match: re.Match[str]) -> str:
    return "".join("\n" if char == "\n" else " " for char in match.group())


def mask_cable(text: str) -> str:
    """`text` with page lines, handling words and broken quotes masked; equal length, line ends kept."""
    masked = text.replace("\r", " ")
    if not masked.isascii():
        masked = masked.translate(PLAIN)
    if " OF " in masked:
        masked = PAGE_LINE.sub(_blank, masked)
        masked = OLD_PAGE_LINE.sub(_blank, masked)
    elif "PAGE" in masked:
        masked = OLD_PAGE_LINE.sub(_blank, masked)
    masked = SIPDIS.sub(_blank, masked)
    if "&" in masked:
        masked = FALSE_QUOTE.sub(lambda found: '"' + found.group(1) + '"', masked)
    if " )" in masked:
        masked = FALSE_DASH.sub(lambda found: "-" * len(found.group()), masked)
    return FALSE_APOSTROPHE.sub("'", masked)
