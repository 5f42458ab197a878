"""Letters that are kept from the public: what their addresses answer instead."""

from __future__ import annotations

from http import HTTPStatus

from .models import Case, Ground, Withholding


class Withheld(Exception):
    """The letter that is asked for is withheld. ``str()`` is the sentence for whoever asks, and says nothing of it.

    ``status``: 451 by order of a court, else 410.
    """

    def __init__(self, ground: str | None) -> None:
        by_court = ground == Ground.COURT
        sentence = "by order of a court" if by_court else "and not shown to the public"
        super().__init__(f"This letter is withheld {sentence}.")
        self.status = HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS if by_court else HTTPStatus.GONE


def must_be_public(slug: str) -> None:
    """Raise Withheld if the letter at ``slug`` is; whether there is one is not looked at."""
    case_id = Case.objects.filter(slug=slug, withheld=True).values_list("id", flat=True).first()
    if case_id:
        raise Withheld(
            Withholding.objects.filter(case=case_id, lifted_at=None).values_list("ground", flat=True).first()
        )
