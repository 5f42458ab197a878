"""Pages to browse by: every specialty, treatment, drug, procedure and guideline in numbers.

``listing`` gives all values of one kind, ``portrait`` one value, ``pages`` the addresses of all. All numbers come from
the search index, and each comes with the address of the search that shows its decisions.
"""

from __future__ import annotations

from .kinds import KINDS, Kind
from .lists import Listing, Order, listing, pages
from .portraits import Portrait, portrait

__all__ = ["KINDS", "Kind", "Listing", "Order", "Portrait", "listing", "pages", "portrait"]
