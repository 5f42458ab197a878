"""What a search asks for, as a tree; and the tree as one line of text.

`grammar.py` makes it of what was typed. Whoever searches walks it: every text field below is one of the index, every
row of tokens is to be found as it is, one token after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Row = tuple[str, ...]  # tokens one after the other

TEXT_FIELDS = ("heading", "rationale", "summary", "guideline", "drug")
FILTER_FIELDS = (
    "outcome", "specialty", "state", "year", "case", "treatment", "body", "reason", "finding", "class",
)  # fmt: skip
FIELDS = (*TEXT_FIELDS, *FILTER_FIELDS)


@dataclass(frozen=True, slots=True)
class Words:
    """One typed word, or a phrase: ``tokens`` in a row, or any of the rows of ``alternatives``.

    ``field``: one of TEXT_FIELDS, "" for all of them. ``prefix``: the last token is the beginning of a word.
    """

    text: str
    tokens: Row
    field: str = ""
    prefix: bool = False
    quoted: bool = False
    alternatives: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """Two rows of tokens with at most ``distance`` words between them, in either order."""

    left: Row
    right: Row
    distance: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class Narrow:
    """A value of a field that is a filter (one of FILTER_FIELDS), as it was typed."""

    name: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """The letter of this number, in the form CM14-0012345."""

    number: str


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts, two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts, two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but the part."""

    part: Node


Node = Words | Near | Narrow | CaseNumber | And | Or | Not


@dataclass(frozen=True, slots=True)
class Added:
    """What is looked for besides words that were typed."""

    text: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood. ``node``: None if nothing can be looked for (``notes`` say why, unless all is blank).

    ``notes``: one sentence for each mistake, how it was read. ``positive``: what is to be marked in texts.
    """

    node: Node | None
    notes: tuple[str, ...] = ()
    added: tuple[Added, ...] = ()
    positive: tuple[Words | Near, ...] = ()


def together(kind: type[And] | type[Or], parts: Iterable[Node]) -> Node | None:
    """The parts as one node: none of none, the only one as it is, each once, a node of the same kind taken apart."""
    flat: dict[Node, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, (And, Or)) and type(part) is kind else (part,)))
    if len(flat) < 2:
        return next(iter(flat), None)
    return kind(tuple(flat))


def positive(node: Node | None, wanted: bool = True) -> Iterator[Words | Near]:
    """The words that are wanted, in the order typed: none that stand under an odd number of exclusions."""
    if isinstance(node, (Words, Near)):
        if wanted:
            yield node
    elif isinstance(node, Not):
        yield from positive(node.part, not wanted)
    elif isinstance(node, (And, Or)):
        for part in node.parts:
            yield from positive(part, wanted)


def _row(row: Row, star: str = "", quoted: bool = False) -> str:
    text = " ".join(row) + star
    return f'"{text}"' if quoted or len(row) > 1 else text


def describe(node: Node | None) -> str:
    """The tree as one line: tokens as they are looked for, AND, OR, NOT, brackets, {what counts as well}, [filters]."""
    if node is None:
        return ""
    if isinstance(node, Words):
        others = "{" + " | ".join(" ".join(row) for row in node.alternatives) + "}" if node.alternatives else ""
        field = f"{node.field}:" if node.field else ""
        return field + _row(node.tokens, "*" if node.prefix else "", node.quoted) + others
    if isinstance(node, Near):
        field = f"{node.field}:" if node.field else ""
        return f"{field}{_row(node.left)} NEAR/{node.distance} {field}{_row(node.right)}"
    if isinstance(node, Narrow):
        return f"[{node.name}: {node.value}]"
    if isinstance(node, CaseNumber):
        return f"[case: {node.number}]"
    if isinstance(node, Not):
        return f"NOT {_inner(node.part)}"
    return (" AND " if isinstance(node, And) else " OR ").join(map(_inner, node.parts))


def _inner(node: Node) -> str:
    text = describe(node)
    return f"({text})" if isinstance(node, (And, Or, Near)) else text
