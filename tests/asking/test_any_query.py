"""Whatever is typed is read, within bounds, and nothing is empty without a reason."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from determinations.asking.grammar import MAX_DISTANCE, MAX_WORDS, describe, read
from determinations.asking.nodes import And, CaseNumber, Narrow, Near, Node, Not, Or, Words


def parts(node: Node | None):
    if node is None:
        return
    yield node
    for part in node.parts if isinstance(node, (And, Or)) else [node.part] if isinstance(node, Not) else []:
        yield from parts(part)


SYNTAX = """( ) " “ - + AND OR NOT NEAR NEAR/3 && || * ~2 ^ / ? heading: outcome: case: foo: : PT physical therapy x ray
L4-5 norco #3 CM14 0012345 - gaba* é 12 %""".split()  # noqa: SIM905  (a list of as many literals says no more)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.text(), st.lists(st.sampled_from([*SYNTAX, " ", " ", "\x00", "\ud800"]), max_size=120).map("".join)),
    st.booleans(),
)
@example("(" * 500, False)
@example("-" * 500 + "a", False)
@example("heading:-" * 60 + "a", False)
@example("NOT " * 150 + "a", False)
@example('"' * 400, False)
@example("a NEAR " * 70, False)
def test_any_text_is_read(text, exact):
    reading = read(text, exact=exact)
    if reading.node is None:
        assert reading.notes or not text.strip()
    found = list(parts(reading.node))
    leaves = [node for node in found if not isinstance(node, (And, Or, Not))]
    typed = [leaf for leaf in leaves if not (isinstance(leaf, Words) and leaf.alternatives)]
    assert len(typed) <= 2 * MAX_WORDS
    for node in found:
        if isinstance(node, Words):
            assert node.tokens
            assert all(node.alternatives)
        elif isinstance(node, Near):
            assert node.left
            assert node.right
            assert 1 <= node.distance <= MAX_DISTANCE
        elif isinstance(node, (And, Or)):
            assert len(node.parts) > 1
        elif isinstance(node, Narrow):
            assert node.value.strip()
        elif isinstance(node, CaseNumber):
            assert node.number.startswith("CM")
    assert set(reading.positive) <= set(leaves)
    describe(reading.node).encode()
    "".join(reading.notes).encode()
    "".join(one.text for one in reading.added).encode()
