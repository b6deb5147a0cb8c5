"""All cards of one learner as one table: searched by a query, sorted by a column.

The page, the plain list and the JSON are all made of these rows.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from tutor.deck.fulltext import Found, FullText
from tutor.deck.load_progress import OnProgress, ignore
from tutor.deck.search_key import search_key
from tutor.session.card_rows import COLUMNS, Picked, Row, Rows
from tutor.session.fields import holds_for
from tutor.session.query import Term, alternatives

if TYPE_CHECKING:
    from tutor.session.learner import Learner


class Browser:
    """The table of all cards of a learner.

    rows: in teaching order. Texts are indexed at the first word that is looked for.
    """

    def __init__(self, learner: Learner, on_progress: OnProgress = ignore) -> None:
        self.learner = learner
        self._on_progress = on_progress
        self._fulltext: FullText | None = None
        self._spots: dict[int, Sequence[int]] = {}
        self._texts: dict[tuple[str, bool], Found] = {}
        self.refresh()

    def close(self) -> None:
        """Let go of the index."""
        if self._fulltext is not None:
            self._fulltext.close()
            self._fulltext = None

    def open_index(self) -> FullText:
        """The index of the texts, brought up to date when it is asked for first."""
        if self._fulltext is None:
            library, cache = self._library, self.learner.place.cache
            but = library.overridden.values()
            index = FullText(library.decks, cache, self._on_progress, but)
            self._spots = dict(self._places_of(index.keys))
            self._fulltext = index
        return self._fulltext

    def _places_of(self, keys: Mapping[int, str]) -> Iterator[tuple[int, Sequence[int]]]:
        """The places of a card, or of the cards of a topic, for each row of the index."""
        place = {entry.key: at for at, entry in enumerate(self.rows.entries)}
        for row, key in keys.items():
            if "/" not in key:
                yield row, [place[entry.key] for entry in self._library.cards_of(key)]
            elif key in place:
                yield row, (place[key],)

    def refresh(self) -> None:
        """Take in what was answered meanwhile, and decks that were read anew."""
        learner = self.learner
        if getattr(self, "_library", None) is not learner.library:
            self._library = learner.library
            self.close()
            self._texts.clear()
        with learner.at_rest():
            learner.now()
            self.rows = Rows(learner)
        self._held: dict[Term, frozenset[int]] = {}
        self._orders: dict[tuple[str, bool], list[int]] = {}

    def find(self, query: str = "", sort: str = "", reverse: bool = False) -> Sequence[Row]:
        """The rows for which a query holds. Raises QueryError.

        sort: a name of `COLUMNS`. Without it fronts that hold the words come first, then the
        teaching order.
        """
        either = [(terms, self._all_hold(terms)) for terms in alternatives(query) if terms]
        return Picked(self.rows, self._ordered(either, sort, reverse))

    def _all_hold(self, terms: Iterable[Term]) -> set[int]:
        """The places of the rows for which all of some terms hold."""
        found: set[int] | None = None
        for term in terms:
            held = self._holds(term)
            if found is None and not term.no:
                found = set(held)
            else:
                found = set(range(len(self.rows))) if found is None else found
                found = found - held if term.no else found & held
        return found or set()

    def _ordered(
        self, either: Sequence[tuple[Sequence[Term], set[int]]], sort: str, reverse: bool
    ) -> Sequence[int]:
        found = set[int]().union(*(held for _, held in either)) if either else None
        if sort:
            order = self._order(sort, reverse)
            return order if found is None else [at for at in order if at in found]
        if found is None:
            return range(len(self.rows))[:: -1 if reverse else 1]
        first = set[int]()
        for terms, held in either:
            fronts = [self._fronts(term) for term in terms if not term.field and not term.no]
            first |= held.intersection(*fronts) if fronts else set()
        rest = sorted(found - first, reverse=reverse)
        return [*sorted(first, reverse=reverse), *rest]

    def _order(self, sort: str, reverse: bool) -> list[int]:
        """All places in the order of a column."""
        if (sort, reverse) not in self._orders:
            value = COLUMNS[sort]
            keys = [(value(row), at) for at, row in enumerate(self.rows)]
            known = sorted(
                (pair for pair in keys if pair[0] is not None),
                key=operator.itemgetter(0), reverse=reverse,
            )  # fmt: skip
            blank = [at for key, at in keys if key is None]
            self._orders[sort, reverse] = [at for _, at in known] + blank
        return self._orders[sort, reverse]

    # -- terms --------------------------------------------------------------------------------

    def _holds(self, term: Term) -> frozenset[int]:
        """The places of the rows for which a term holds, whether or not it is denied."""
        if term not in self._held:
            if not term.field:
                self._held[term] = self._with_words(term)
            else:
                holds = holds_for(term, self._library, self.learner.today.day)
                places = (at for at, row in enumerate(self.rows) if holds(row))
                self._held[term] = frozenset(places)
        return self._held[term]

    def _with_words(self, term: Term) -> frozenset[int]:
        if not search_key(term.value):
            # Signs alone are in no index.
            value = term.value.strip()
            if not value:
                return frozenset(range(len(self.rows)))
            entries = enumerate(self.rows.entries)
            return frozenset(at for at, entry in entries if value in entry.front)
        return self._places(self._text(term).rows)

    def _fronts(self, term: Term) -> frozenset[int]:
        keys = self.open_index().keys
        return self._places([row for row in self._text(term).fronts if "/" in keys.get(row, "")])

    def _text(self, term: Term) -> Found:
        asked = (term.value, not term.phrase)
        if asked not in self._texts:
            index = self.open_index()
            self._texts[asked] = index.find(term.value, starts=not term.phrase)
        return self._texts[asked]

    def _places(self, rows: Iterable[int]) -> frozenset[int]:
        """The places of what stands in these rows of the index."""
        return frozenset(chain.from_iterable(filter(None, map(self._spots.get, rows))))
