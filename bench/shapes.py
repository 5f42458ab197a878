"""Texts made to send patterns back and forth: a piece that is repeated in some place of a letter of each form."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.letters import forms
from tests.letters.builder import Parts, letter_2016, pdfbox, single_spaced

from .corpus import letter as generated
from .fuzz.inputs import slots

_ITEM = "Knee brace: Upheld\n\nClaims Administrator guideline: Decision based on MTUS Knee Complaints 2004.\n\nMAXIMUS"
_ITEM += (
    " guideline: Decision based on MTUS Knee Complaints 2004.\n\nDecision rationale: It is not medically necessary.\n\n"
)
_DETERMINED = (
    "{n}) MAXIMUS Federal Services, Inc. has determined the request for {what} is not medically necessary.\n\n"
)
_REGARDING = (
    "{n}) Regarding the request for {what}:\n\nRationale for the Decision:\nThe request is not medically necessary.\n\n"
)

# Place in the letter (see fuzz.inputs.slots) and what is repeated there; "{i}" counts.
REPEATED: dict[str, tuple[str, ...]] = {
    "final/nothing else": (
        "\n",
        " ",
        "x",
        "\u200b\r",
        "a-\n",
        "\n \n",
        "Â ",
        "â€™",
        "ﬁ",
        "Page 1 of 2\n",
        "1\n",
        "Line {i}\n",
        "word ",
        "CLINICAL CASE SUMMARY\n",
    ),
    "final/top": (
        "Decision Date: ",
        "01/01/2016 ",
        "Case Number: ",
        "Case Number: CM16-0000001\n",
        "Received\n",
        "Decision Date:\n01/01/2016\n",
        "State(s) of Licensure:\n",
    ),
    "final/heading": (
        "request ",
        "post-op ",
        "lumbar ",
        "Norco #60 ",
        "1 x ",
        "( ",
        "The original request, X ",
        "{i} ",
    ),
    "final/claims": (
        "The Claims Administrator based ",
        "Decision based on MTUS x ",
        "Decision based on Non-MTUS Citation ODG. ",
    ),
    "final/reviewer": ("Low Back Complaints 2004, and ", ", ", "1 , ", "Page(s): 1 - ", "(", "ACOEM ", "Section(s): "),
    "final/not MTUS": (
        "ODG Low Back. ",
        "Low Back Chapter, ",
        "Smith JA, et al. ",
        "accessed 1/1/2016, ",
        "www.a.com ",
        "and Other Medical Treatment Guideline ",
        "ODG ",
        "Title A, 2nd ed; ",
    ),
    "final/rationale": (
        "the request is ",
        "not ",
        "is therefore ",
        "not be as ",
        "medical necessity of ",
        "guideline states that ",
        '."',
        '"',
        "“",
        "the provider states the medical request ",
        "I do not agree with the request ",
        "therefore, ",
        "the request, but ",
        "not medically necessary, but ",
        "UR modified ",
        "The request was ",
        "was modified to six ",
        "uphold ",
        "no documentation of ",
        "there is no evidence ",
        "without improvement in function ",
        "a. B ",
        "1. ",
        "6 visits of the 12 ",
        "only six visits ",
        "if ",
        "Six of the 12 visits are medically necessary. ",
        "It is medically necessary. It is not medically necessary. ",
        "?",
        "Norco #60 was modified. ",
        "Therefore the request is not medically necessary; ",
        "the records do not show ",
        "x: Upheld ",
        "\n",
        " ",
        "argument that the request is medically necessary ",
        "the request for the request is denied ",
    ),
    "final/rationale ends": (
        "the provider states that ",
        "therefore ",
        "according to the physician ",
        "but ",
        "if ",
        "the guideline ",
    ),
    "final/states": ("Texas, ", "Nowhere, ", " and "),
    "final/credentials": ("Neurology and ", "Name {i}, ", "Neurology, ", " ", "Board Certified in "),
    "final/credentials 2014": (
        "is Board Certified in ",
        "has a subspecialty in ",
        "and is licensed to practice in ",
        "Board Certified in X and ",
    ),
    "final/summary": (
        "51-year-old ",
        "she ",
        "pain in the ",
        "status post ",
        "diagnosed with ",
        "diagnoses included ",
        "lumbar strain, ",
        "while lifting ",
        "she fell ",
        "treatment to date has included ",
        "has completed 12 visits of ",
        "MRI of the ",
        "physical therapy, ",
        "utilization review denied ",
        "non-certified the request ",
        "injured the right knee ",
        "L4-5, ",
        "surgery on 1/1/2015 ",
        "1. lumbar strain 2. ",
        "twenty-",
        "The patient is a 51-year-old man. ",
        "\n\n",
        "underwent arthroscopy ",
        "(",
        "which was denied. Utilization review non-certified ",
        "left and right ",
        ". ",
        "Dr. ",
    ),
    "final/items": (
        _ITEM,
        "X: Upheld\n\n",
        "X {i}: Upheld\n\n",
        "Claims Administrator guideline:\n",
        "MAXIMUS guideline: ",
        "Decision rationale: ",
        ": Upheld",
        "X: Upheld. Claims Administrator guideline: ",
        "x was the original request. ",
    ),
    "cover/items": (
        "1. X is not medically necessary. ",
        forms.prose_item(1, forms.Request("an MRI")),
        "The Physician Reviewer based ",
        "The Claims Administrator based its decision on ODG.\n\n",
        "is medically necessary The Claims ",
        "X is not medically necessary.\n\nThe Claims Administrator based.\n\n",
    ),
    "cover/opening": (
        "Final Determination: ",
        "in Dispute Listed on the IMR Application: ",
        "Dated: ",
        "amended ",
        "IMR ",
        "final decision ",
        "Case Number\n",
    ),
    "cover/documents": ("• ", "1. ", "line\n", "a) ", "- X ", "\n\n"),
    "cover/side": ("the MTUS and ", "which is part of the MTUS. ", "ODG, ", "not part of "),
    "notice/determinations": (
        _DETERMINED,
        "MAXIMUS Federal Services, Inc. has determined the request for ",
        "is not ",
        "1) MAXIMUS Federal Services, Inc. has determined the request for X is not medically necessary.\n",
    ),
    "notice/reasons": (
        "Regarding the request for ",
        "1) Regarding the request for X:\n\n",
        "Rationale for the Decision: ",
        "Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert Reviewer ",
    ),
    "notice/claims": (
        "The Expert Reviewer ",
        "Per ",
        "The Claims Administrator based ",
        "found that the guidelines used by the Claims Administrator ",
    ),
    "notice/table": (
        "Dated: ",
        "An application for Independent Medical Review was filed on ",
        "Application Received: ",
        "dated ",
        "Utilization Review Denial ",
        "Notice of Assignment and Request for Information was sent ",
    ),
    "notice/documents": ("• ", "o x ", "12. ", "— "),
    "review/requests": (
        "1. ",
        "{i}. MRI\n",
        "\n\n",
        "MRI {i}\n\n",
        "whether the request for ",
        "medically necessary? ",
    ),
    "review/rationales": (forms.NOT_NECESSARY, forms.NOT_NECESSARY + forms.NECESSARY, "RATIONALE FOR WHY ", "1. MRI "),
    "review/rationale": ("{i}. MRI\n", "2. ", "MRI "),
    "review/guidelines": (
        "ODG. ",
        "the Chronic Pain Medical Treatment Guidelines, page 22; ",
        "which ",
        "ACOEM, chapter 12, and ",
    ),
}


def _grown(slot: str, piece: str, size: int) -> str:
    if "{" in piece:
        count = max(1, size // (len(piece) + 3))
        grown = "".join(
            piece.replace("{i}", str(i)).replace("{n}", str(i)).replace("{what}", f"item {i}") for i in range(count)
        )
    else:
        grown = piece * max(1, size // len(piece))
    before, _, after = slots()[slot].partition("@")
    return before + grown + after.replace("@", "x")


def _items(size: int) -> str:
    one = pdfbox([*Parts().paragraphs()])
    return pdfbox(letter_2016(*[Parts(f"Knee brace {i}") for i in range(max(1, size // len(one)))]))


def _notice(size: int) -> str:
    asked = [forms.Request(f"therapy of kind {i}") for i in range(max(1, size // 1200))]
    return forms.notice(asked)


def _other_order(size: int) -> str:
    count = max(1, size // 400)
    first = "".join(_DETERMINED.format(n=n, what=f"MRI {n} of the knee") for n in range(count))
    reasons = "".join(_REGARDING.format(n=n, what=f"MRI {n} of the wrist") for n in reversed(range(count)))
    return forms.notice([forms.Request("x")], first=first, second="", reasons=reasons)


def _two_lists(size: int) -> str:
    count = max(1, size // 230)
    lists = [
        "".join(_DETERMINED.format(n=n, what=f"MRI {n} of the {part}") for n in range(count)) for part in ("hip", "toe")
    ]
    return forms.notice([forms.Request("x")], first=lists[0], second=lists[1])


def _cover(size: int) -> str:
    item = forms.prose_item(1, forms.Request("an MRI"))
    return forms.cover_letter(
        "\n".join(forms.prose_item(n, forms.Request(f"an MRI {n}")) for n in range(size // len(item)))
    )


def _review(size: int) -> str:
    count = max(1, size // 40)
    requests = "\n".join(f"{n}. MRI {n}" for n in range(1, count + 1))
    return forms.professional_review(
        requests, forms.NOT_NECESSARY + "\n".join(f"{n}. No MRI {n}" for n in range(1, count + 1))
    )


def _review_of_many_guidelines(size: int) -> str:
    requests = "\n".join(f"{n}. MRI {n}" for n in range(1, max(2, size // 30)))
    return forms.professional_review(requests, forms.NOT_NECESSARY + "No.", "ODG, Knee. " * (size // 30))


def _review_of_many_requests(size: int) -> str:
    requests = "\n".join(f"{n}. MRI {n}" for n in range(1, max(2, size // 30)))
    return forms.professional_review(requests, forms.NOT_NECESSARY + "The MRI is not needed. " * (size // 50))


def _many(size: int) -> str:
    texts = [single_spaced(letter_2016(Parts())), forms.notice([forms.Request("x")])]
    texts.append(forms.professional_review("1. MRI", forms.NOT_NECESSARY + "No."))
    together = "\n".join(texts)
    return together * max(1, size // len(together))


def _corpus(size: int) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) < size:
        parts += [generated(3, len(parts) + number)[1] for number in range(10)]
    return "\n".join(parts)


def _pages(size: int) -> str:
    body = (
        "The note tells of pain in the wrist and of a brace that was worn at\nnight for some weeks without any change. "
        * 12
    )
    pages = "".join(
        f"{body}\nMAXIMUS Letter of Sacramento\n{number % 99 + 1}\n\f" for number in range(max(1, size // len(body)))
    )
    return slots()["final/summary"].replace("@", pages, 1)


WHOLE: dict[str, Callable[[int], str]] = {
    "final: numbered items": _items,
    "notice: requests, twice and reasons": _notice,
    "notice: reasons in another order": _other_order,
    "notice: two lists that differ": _two_lists,
    "cover: items in sentences": _cover,
    "review: numbered requests": _review,
    "review: many requests and guidelines": _review_of_many_guidelines,
    "review: many requests, one long rationale": _review_of_many_requests,
    "letters of all forms": _many,
    "generated letters": _corpus,
    "pages with footers": _pages,
}


def _blanks(slot: str, size: int) -> str:
    """A run of blanks, and as many lines elsewhere: so many that the blanks do not look like columns."""
    before, _, after = slots()[slot].partition("@")
    return before + "a" + " " * (size // 2) + "b" + after.replace("@", "x") + "\n" + "x\n" * (size // 4)


def _blanks(slot: str, size: int) -> str:
    """A run of blanks, and as many lines elsewhere: so many that the blanks do not look like columns."""
    before, _, after = slots()[slot].partition("@")
    return before + "a" + " " * (size // 2) + "b" + after.replace("@", "x") + "\n" + "x\n" * (size // 4)


def _blanks(slot: str, size: int) -> str:
    """A run of blanks, and as many lines elsewhere: so many that the blanks do not look like columns."""
    before, _, after = slots()[slot].partition("@")
    return before + "a" + " " * (size // 2) + "b" + after.replace("@", "x") + "\n" + "x\n" * (size // 4)


def _blanks(slot: str, size: int) -> str:
    """A run of blanks, and as many lines elsewhere: so many that the blanks do not look like columns."""
    before, _, after = slots()[slot].partition("@")
    return before + "a" + " " * (size // 2) + "b" + after.replace("@", "x") + "\n" + "x\n" * (size // 4)


def _blanks(slot: str, size: int) -> str:
    """A run of blanks, and as many lines elsewhere: so many that the blanks do not look like columns."""
    before, _, after = slots()[slot].partition("@")
    return before + "a" + " " * (size // 2) + "b" + after.replace("@", "x") + "\n" + "x\n" * (size // 4)


def shapes() -> Iterator[tuple[str, Callable[[int], str]]]:
    """Name and maker (of a text of about so many characters) of each shape."""
    for slot, pieces in REPEATED.items():
        for piece in pieces:
            name = f"{slot}: {piece if len(piece) < 50 else piece[:46] + ' …'!r}"
            yield name, lambda size, slot=slot, piece=piece: _grown(slot, piece, size)  # type: ignore[misc]
    for slot in slots():
        yield f"{slot}: blanks among lines", lambda size, slot=slot: _blanks(slot, size)  # type: ignore[misc]
    for slot in slots():
        yield f"{slot}: blanks among lines", lambda size, slot=slot: _blanks(slot, size)  # type: ignore[misc]
    for slot in slots():
        yield f"{slot}: blanks among lines", lambda size, slot=slot: _blanks(slot, size)  # type: ignore[misc]
    for slot in slots():
        yield f"{slot}: blanks among lines", lambda size, slot=slot: _blanks(slot, size)  # type: ignore[misc]
    for slot in slots():
        yield f"{slot}: blanks among lines", lambda size, slot=slot: _blanks(slot, size)  # type: ignore[misc]
    yield from WHOLE.items()
