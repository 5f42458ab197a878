"""How to cite a decision: in plain words, the way legal writing does (after The Bluebook), and for BibTeX. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString

# The Bluebook's table of months.
_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_LONG_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_BIBTEX_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST_TITLE = 200  # characters; some headings are a paragraph

# What TeX takes for something else. Braces are words here because BibTeX counts them even behind a backslash.
_TEX = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "<": r"{\textless}",
    ">": r"{\textgreater}",
    "|": r"{\textbar}",
    **{sign: "\\" + sign for sign in "$&%#_"},
}
_TEX_SPECIAL = re.compile("[" + re.escape("".join(_TEX)) + "]")
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")
_NOT_IN_KEY = re.compile(r"[^a-z0-9-]+")
_NOT_IN_URL = re.compile(r"[^A-Za-z0-9:/?#\[\]@!$&'()*+,;=%._~-]")


@dataclass(frozen=True, slots=True)
class Citable:
    """What a citation is made of. ``number`` is "" and ``day`` None for a letter that lost its header.

    ``name``: what the archive calls the letter (its number, or "Letter 3e08497b"); ``title``: the disputed item;
    ``url``: the decision's permanent address.
    """

    number: str
    name: str
    day: date | None
    position: int
    title: str
    outcome: str
    url: str


@dataclass(frozen=True, slots=True)
class Citations:
    """The three forms: ``plain`` and ``bibtex`` as text, ``legal`` as HTML (In re is set in italics)."""

    plain: str
    legal: SafeString
    bibtex: str


def citations(of: Citable) -> Citations:
    """All forms of the citation of a decision."""
    return Citations(plain(of), legal(of), bibtex(of))


def plain(of: Citable) -> str:
    """A sentence that names the decision to anyone."""
    what = f"IMR case {of.number}" if of.number else f"{of.name} (case number not known)"
    title = f": “{_title(of)}”" if _title(of) else ""
    decided = f" ({of.outcome})" if of.outcome else ""
    day = f"{_LONG_MONTHS[of.day.month - 1]} {of.day.day}, {of.day.year}" if of.day else "date not known"
    return (
        f"{what}, item {of.position}{title}{decided}. Final determination letter, {day}. "
        f"California Division of Workers’ Compensation, Independent Medical Review. {_url(of)}"
    )


def legal(of: Citable) -> SafeString:
    """An administrative decision after The Bluebook, rule 14: *In re* …, (agency, date), item, address."""
    number = f"IMR Case No. {of.number}" if of.number else f"[IMR {of.name}, case number unknown]"
    day = f"{_MONTHS[of.day.month - 1]} {of.day.day}, {of.day.year}" if of.day else "n.d."
    return format_html(
        "<i>In re</i> {}, Final Determination Letter (Cal. Div. of Workers’ Comp., Indep. Med. Rev. {}), item {}, {}",
        number,
        day,
        of.position,
        _url(of),
    )


def bibtex(of: Citable) -> str:
    """An entry of the type "misc", which BibTeX and biblatex both know. Text in UTF-8, signs of TeX escaped."""
    number = f"IMR Case No. {of.number}" if of.number else f"IMR {of.name}"
    title = f"Final Determination Letter, {number}, item {of.position}"
    if _title(of):
        title += f": {_title(of)}"
    rows = [
        # Double braces: a name that is not taken apart, a title that keeps its capitals.
        ("author", "{{California Division of Workers' Compensation, Independent Medical Review}}"),
        ("title", f"{{{{{_tex(title)}}}}}"),
    ]
    if of.day:
        rows += [
            ("year", f"{{{of.day.year}}}"),
            ("month", _BIBTEX_MONTHS[of.day.month - 1]),
            ("day", f"{{{of.day.day}}}"),
        ]
    if of.outcome:
        rows.append(("note", f"{{Denial {_tex(of.outcome.lower())}}}"))
    rows.append(("url", f"{{{_url(of)}}}"))
    key = _NOT_IN_KEY.sub("-", f"imr-{of.name.lower()}-{of.position}")
    return f"@misc{{{key},\n" + "".join(f"  {name:<6} = {value},\n" for name, value in rows) + "}"


def _title(of: Citable) -> str:
    """The disputed item in one line, cut between words if it is very long."""
    title = " ".join(_NOT_PRINTED.sub(" ", of.title).split())
    if len(title) <= _LONGEST_TITLE:
        return title
    return title[:_LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _url(of: Citable) -> str:
    return _NOT_IN_URL.sub("", of.url)


def _tex(text: str) -> str:
    return _TEX_SPECIAL.sub(lambda match: _TEX[match.group()], _NOT_PRINTED.sub(" ", text))
