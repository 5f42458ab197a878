"""Words that the reader looks for: samples of its own patterns, the forms' fixed text, the vocabulary."""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
import re._constants as op  # type: ignore[import-not-found]
import re._parser as sre  # type: ignore[import-not-found]
from collections.abc import Iterator
from functools import cache
from typing import Any

import determinations.letters as letters
from determinations import vocabulary
from determinations.letters.fixed_text import ANY_FORM, FIXED_TEXT

_VOCABULARY = (
    "body_parts", "chapters", "diagnosis_words", "drugs", "guidelines", "other_drugs", "prior_treatments", "procedures",
    "reasons", "specialties", "states", "treatments",
)  # fmt: skip
_MOST = 6  # repeats of what a pattern lets repeat without end
_PROGRAMS = (".pdf",)  # modules that are programs of their own and need more than the standard library
_IN_CATEGORY = {
    op.CATEGORY_DIGIT: "0123456789",
    op.CATEGORY_NOT_DIGIT: "aZ .",
    op.CATEGORY_SPACE: " \n\t",
    op.CATEGORY_NOT_SPACE: "aZ1.",
    op.CATEGORY_WORD: "abzAZ09_é",
    op.CATEGORY_NOT_WORD: " .,-\n",
}


@cache
def modules() -> tuple[Any, ...]:
    """Every module of the reader, imported."""
    names = (found.name for found in pkgutil.walk_packages(letters.__path__, letters.__name__ + "."))
    return (letters, *(importlib.import_module(name) for name in names if not name.endswith(_PROGRAMS)))


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Every pattern that stands in a module of the reader, also within its tables."""
    found: dict[str, re.Pattern[str]] = {}
    for module in modules():
        for value in list(vars(module).values()):
            for pattern in _patterns_in(value, 0):
                found[pattern.pattern] = pattern
    return tuple(found[key] for key in sorted(found))


def _patterns_in(value: object, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 5:
        inside: list[object] = []
        if isinstance(value, dict):
            inside = [*value.values(), *value]
        elif isinstance(value, (tuple, list, frozenset, set)):
            inside = list(value)
        elif hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
            inside = [getattr(value, name, None) for name in value.__dataclass_fields__]
        for one in inside:
            yield from _patterns_in(one, depth + 1)


@cache
def _tree(pattern: str, flags: int) -> Any:
    return sre.parse(pattern, flags)


def sample(pattern: re.Pattern[str], chance: random.Random) -> str:
    """A text that ``pattern`` is likely to find (looking ahead and back is not minded)."""
    return "".join(_sampled(_tree(pattern.pattern, pattern.flags & ~re.DEBUG), chance))


def _sampled(tree: Any, chance: random.Random) -> Iterator[str]:  # noqa: C901 (a branch a kind of node)
    for what, about in tree:
        if what is op.LITERAL:
            yield chr(about)
        elif what is op.NOT_LITERAL:
            yield chance.choice("x 1.")
        elif what is op.ANY:
            yield chance.choice("ab .,1")
        elif what is op.IN:
            yield _one_of(about, chance)
        elif what is op.BRANCH:
            yield from _sampled(chance.choice(about[1]), chance)
        elif what is op.SUBPATTERN:
            yield from _sampled(about[-1], chance)
        elif what in (op.MAX_REPEAT, op.MIN_REPEAT, getattr(op, "POSSESSIVE_REPEAT", None)):
            least, most, inside = about
            for _ in range(chance.randint(least, max(least, min(most, least + chance.choice((0, 1, _MOST)))))):
                yield from _sampled(inside, chance)
        elif what is getattr(op, "ATOMIC_GROUP", None):
            yield from _sampled(about, chance)
        elif what is op.ASSERT and about[0] > 0 and chance.random() < 0.5:
            yield from _sampled(about[1], chance)
        elif what is op.AT and about in (op.AT_BEGINNING, op.AT_END):
            yield "\n"


def _one_of(members: Any, chance: random.Random) -> str:
    if members[0][0] is op.NEGATE:
        refused = {about for what, about in members[1:] if what is op.LITERAL}
        return next((one for one in chance.sample("xaQ 1,\n", 7) if ord(one) not in refused), "x")
    what, about = chance.choice(members)
    if what is op.LITERAL:
        return chr(about)
    if what is op.RANGE:
        return chr(chance.randint(*about))
    return chance.choice(_IN_CATEGORY.get(about, "x"))


@cache
def known_words() -> tuple[str, ...]:
    """Words and sentences of the forms and of the vocabulary."""
    found = {row.replace("…", "x") for rows in (ANY_FORM, *FIXED_TEXT.values()) for row in rows}
    for name in _VOCABULARY:
        found |= set(_strings(vocabulary.load(name)))
    return tuple(sorted(found))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _strings(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _strings(one)
