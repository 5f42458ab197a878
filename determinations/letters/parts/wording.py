"""Words that several forms of letter share, as patterns: who reviewed, how a request is introduced and judged."""

from __future__ import annotations


def loose(pattern: str) -> str:
    """A pattern written with blanks, each of which a copy may have lost or broken a line at."""
    return pattern.replace(" ", r"\s*")


REVIEWER = loose(
    r"(?:Expert|Professional|Physician|Medical|Independent|MAXIMUS)\b (?:Medical |Physician |Professional )?Reviewer"
)
# A number before an entry of a list: "1)", "1.", "(1)".
NUMBER = r"\(?(?P<number>\d{1,2})\s?[.)]\s*"
# What introduces a request: "the retrospective request for X", "the requested X".
_KIND = "(?:retrospective|retroactive|prospective|concurrent|disputed|expedited|remaining|original) "
BEFORE_REQUEST = (
    loose(rf"(?:the )?(?:{_KIND})?requests? (?:for|of) ")
    + r"|(?:the\s*)?requested\s+(?:(?:treatment|service)s?\s*(?:of|for|:)\s*)?"
)
MAXIMUS_DETERMINED = loose(r"\bMAXIMUS Federal Services(?:,? Inc\.?)?,? has determined (?:that )?")
# How a request is judged. Some copies have lost the blanks: "isnotmedically necessaryand appropriate".
JUDGED = loose(
    r"(?:is|are|was|were) (?P<not>not|neither)?[\s-]*(?:found to be |deemed (?:to be )?|considered |a )?"
    r"medically necessary(?:,? (?:and|or|nor|&) appropriate(?: (?:treatment|service)s?\b)?)?"
)
# A decision of utilization review, and the reasons for a decision.
UR_DECISION = r"(?:Denial|Decision|Determination|Modification)"
RATIONALE_FOR = loose(r"Rationale for (?:the |its |his ?/? ?her )?(?:Decision|Determination)")
