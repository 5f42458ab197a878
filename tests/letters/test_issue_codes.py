"""The table of issue codes: complete, and the one that docs/data.md shows."""

import re
from pathlib import Path

import pytest

from determinations.letters.issue_codes import ISSUE_CODES, meaning, severity

ROOT = Path(__file__).resolve().parents[2]
LETTERS = ROOT / "determinations" / "letters"
# Codes as literals: Issue("…"), UnreadableSource("…"), PdfRefused("…"), code="…", "code": "…", UNACCOUNTED = "…",
# a pair of code and reason, and what place() answers.
USED = re.compile(
    r"(?:\bIssue\(|UnreadableSource\(|PdfRefused\(|code=|\"code\":|\nUNACCOUNTED =)\s*\"(?P<given>[a-z-]+)\""
    r"|return\s+\"(?P<paired>[a-z]+-?[a-z]*)\", \"|\"(?P<placed>uncategorised|ambiguous-category)\""
)


def used() -> set[str]:
    found = set()
    for path in LETTERS.rglob("*.py"):
        if path.name != "issue_codes.py":
            found |= {match[match.lastgroup] for match in USED.finditer(path.read_text(encoding="utf-8"))}
    return found


def test_every_code_used_is_in_the_table_and_every_code_of_the_table_is_used():
    assert used() == {one.code for one in ISSUE_CODES}


def test_no_code_stands_twice():
    assert len({one.code for one in ISSUE_CODES}) == len(ISSUE_CODES)


@pytest.mark.parametrize("code", [one.code for one in ISSUE_CODES])
def test_docs_list_each_code_with_its_severity(code):
    docs = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{code}` \| {severity(code)} \|", docs, re.MULTILINE)


@pytest.mark.parametrize("one", ISSUE_CODES, ids=lambda one: one.code)
def test_a_meaning_is_one_sentence(one):
    assert re.fullmatch(r"[A-Z][^.]*\.", meaning(one.code))
    assert severity(one.code) in ("error", "warning", "notice")


def test_an_unknown_code():
    with pytest.raises(KeyError):
        severity("no-such-code")
