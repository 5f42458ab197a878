"""Reading pages as a visitor's program would: parsed, never by cutting strings."""

import json
from html.parser import HTMLParser
from itertools import pairwise


class Page(HTMLParser):
    """The text, links, headings, ids and attributes of a page; fails on what strict CSP would forbid."""

    VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "rect", "path"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.links: list[str] = []
        self.anchors: list[tuple[str, str]] = []  # address and text of each link
        self.ids: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.labels: set[str] = set()
        self.fields: dict[str, dict[str, str]] = {}
        self.meta: dict[str, str] = {}
        self.heads: list[dict[str, str]] = []
        self.data: list[dict] = []
        self._texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        assert "style" not in attributes, f"inline style on <{tag}>"
        assert not any(name.startswith("on") for name in attributes), f"inline handler on <{tag}>"
        if tag == "script":
            data = attributes.get("type") == "application/ld+json"  # a data block, which no browser runs
            assert "src" in attributes or data, "inline script"
        assert tag != "style", "inline style sheet"
        if tag not in self.VOID:
            self._open.append(tag)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
            self.anchors.append((attributes["href"], ""))
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((int(tag[1]), ""))
        if tag == "meta" and "content" in attributes:
            self.meta[attributes.get("name") or attributes.get("property")] = attributes["content"]
        if tag == "link":
            self.heads.append(attributes)
        if tag == "label":
            self.labels.add(attributes.get("for", ""))
        if tag == "input":
            self.fields[attributes.get("id") or attributes.get("name", "")] = attributes

    def handle_startendtag(self, tag, attributes):
        if tag not in self.VOID:
            self.handle_starttag(tag, attributes)
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in self.VOID:
            return
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1] == tag, f"</{tag}> closes <{self._open[-1]}>"
        self._open.pop()

    def handle_data(self, data):
        if self._open and self._open[-1] == "script":
            self.data.append(json.loads(data))
            return
        self._texts.append(data)
        if "a" in self._open and self.anchors:
            address, text = self.anchors[-1]
            self.anchors[-1] = address, text + data
        if self._open and self.headings and any(tag in ("h1", "h2", "h3", "h4") for tag in self._open):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    @property
    def text(self) -> str:
        """All text of the page, white space joined."""
        return " ".join(" ".join(self._texts).split())

    def heading(self, level: int = 1) -> str:
        """The first heading of a level."""
        return next(" ".join(text.split()) for found, text in self.headings if found == level)


def page(response) -> Page:
    """The page of a response, with what holds for every page checked."""
    found = Page(response.content.decode())
    assert len(found.ids) == len(set(found.ids)), "an id stands twice"
    assert [level for level, _ in found.headings].count(1) == 1, "one h1 a page"
    levels = [level for level, _ in found.headings]
    assert all(second - first <= 1 for first, second in pairwise(levels)), f"levels skip: {levels}"
    for name, attributes in found.fields.items():
        if attributes.get("type") != "hidden":
            assert name in found.labels, f"field {name} has no label"
    return found


def leave(response) -> None:
    """Read a little of an answer that is streamed, and go."""
    next(iter(response.streaming_content), None)
    # The last of its closers is the test client's, which closes the others and spares the test's database connection.
    response._resource_closers[-1]()
