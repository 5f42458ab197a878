"""What tests of privacy do to the letters of ``tests.secrets``, and how they look for the words."""

from determinations import search
from determinations.curation import privacy
from determinations.models import Case, Redaction, Withholding
from determinations.search import DecisionQuery
from tests.secrets import NAME, NAME_WORDS, REDACTED, WITHHELD, WITHHELD_WORD

SECRETS = [WITHHELD_WORD, *NAME_WORDS]


def case(number: str) -> Case:
    return Case.objects.get(number=number)


def withhold(commit, number=WITHHELD, ground="person", until=None) -> Withholding:
    return commit(privacy.withhold, case(number), ground, "They asked.", until, "officer")


def redact(commit, words=NAME, number=REDACTED) -> Redaction:
    return commit(privacy.redact, case(number), words, "identity", "A name.", "officer")


def found(words: str) -> int:
    return search.count(DecisionQuery(words=words, exact=True))
