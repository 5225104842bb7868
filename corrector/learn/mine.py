"""Mining a corpus for converters without twins: words that stand where healthy text has another word.

Start with :func:`mine`. For a word ``c`` of the corpus, the reference (:mod:`.reference`) knows which words ``o`` would
stand between the same neighbours. If a converter wrote ``c`` for ``o`` in a document, then every ``o`` is gone there,
and some of its ``c`` stand where healthy text has ``o``: both are log-likelihood ratios that add up over the places
of a document (:mod:`.evidence`). Documents that many pairs accuse are damaged, and a pair is believed for what it
explains in damaged documents, beyond what it seems to explain in the others (:func:`_believed`). What several words
have in common is the pair (:class:`_Shortened`): 需要→要要 and 必需→必要 are 需→要.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .evidence import Corpus, Evidence, Floats, Neighbours
from .reference import Ids, Reference

LEAST = 8  # places of a converted word in the corpus
NEW = 5.0  # so many times oftener than in the reference two characters are a word of their own
SAMPLE = 400  # places of a word looked at to find what it may have been
ORIGINALS = 16  # tried for each word
PENALTY = 2.0  # what a document must bring before it counts
LOUDEST = 15.0  # a document cannot say more than this for a pair
DOCUMENTS = 3  # in which a pair must be at work
FINAL = 600  # pairs looked at closely
EACH = 4  # of these at most so many for one word
AGAIN = 0.2  # of its score that each further explanation of a word keeps
EXPECTED, GONE = 8.0, 0.1  # times an original must be expected in damaged documents, and share of that left at most
ROUNDS = 6
EXAMPLES = 5
AROUND = 15


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair that may be a converter's: ``count`` places in ``documents`` documents seem to be its work."""

    original: str
    converted: str
    score: float
    documents: int
    count: int
    examples: tuple[str, ...]


def mine(texts: Sequence[str], reference: Reference) -> list[Proposal]:
    """Pairs that a converter may have worked on in some of ``texts``, best first."""
    reference = reference.opened()
    reference = reference.extended(_new_words(Corpus(texts, reference), reference))
    corpus = Corpus(texts, reference)
    evidence = Evidence(corpus, reference)
    pairs = _several(sorted(_suspected(evidence, Neighbours(reference)), reverse=True))
    if not pairs:
        return []
    score, belief = _believed(pairs, evidence)
    shortened = _Shortened(corpus, belief > 0.5)
    alike: dict[tuple[str, str], list[tuple[float, int]]] = defaultdict(list)
    for value, i in _order(pairs, score):
        original, converted = pairs[i]
        alike[shortened(reference.words[original], reference.words[converted])].append((value, i))
    proposals = (_proposal(words, found[0][0], [pairs[i] for _, i in found], belief, evidence)
                 for words, found in alike.items())
    return [p for p in proposals if p.documents >= min(DOCUMENTS, len(corpus.sizes))]


def _several(suspected: Iterable[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """The pairs to be looked at closely, of the ``suspected`` ones, best first."""
    each: Counter[int] = Counter()
    pairs: list[tuple[int, int]] = []
    for _, original, converted in suspected:
        each[converted] += 1
        if each[converted] <= EACH and len(pairs) < FINAL:
            pairs.append((original, converted))
    return pairs


def _new_words(corpus: Corpus, reference: Reference) -> list[str]:
    """Two characters that often stand together in the corpus, in several documents, and never in the reference."""
    left, right = corpus.words[:-1], corpus.words[1:]
    single = np.array([len(word) == 1 and _is_word(word) for word in reference.words])
    keys = np.where(single[left] & single[right], left * len(reference.words) + right, 0)
    values, counts = np.unique(keys, return_counts=True)
    left, right = values // len(reference.words), values % len(reference.words)
    share = reference.beside(left, right) / reference.total * len(corpus.words)
    new = np.flatnonzero((values > 0) & (counts >= LEAST) & (counts > NEW * (1 + share)))
    kept = np.isin(keys, values[new])
    spread = np.unique(np.stack([keys[kept], corpus.document[:-1][kept]]), axis=1)[0]
    often, documents = np.unique(spread, return_counts=True)
    size = len(reference.words)
    return [reference.words[k // size] + reference.words[k % size] for k in often[documents >= DOCUMENTS].tolist()]


def _suspected(evidence: Evidence, neighbours: Neighbours) -> Iterator[tuple[float, int, int]]:
    """Pairs with a first score: what they explain in documents taken one by one."""
    corpus, reference = evidence.corpus, evidence.reference
    rng = np.random.default_rng(0)
    for converted, word in enumerate(reference.words):
        places = corpus.places(converted)
        if len(places) < LEAST or not _is_word(word):
            continue
        if len(places) > SAMPLE:
            places = np.sort(rng.choice(places, SAMPLE, replace=False))
        part = len(places) / corpus.count(converted)
        left, right = corpus.words[places - 1], corpus.words[places + 1]
        here = np.full(len(places), converted, dtype=np.int64)
        odd_left, odd_right = _oddness(reference, left, here, left), _oddness(reference, here, right, right)
        score = neighbours.fitting(left, right, odd_left, odd_right)
        score[converted] = 0
        fit = evidence.fit(converted, places)
        for original in np.argpartition(-score, ORIGINALS)[:ORIGINALS].tolist():
            if score[original] <= 0 or not _is_word(reference.words[original]):
                continue
            ratios = evidence.written(original, converted, places, fit)
            gained = evidence.by_document(places, ratios)
            stood = np.bincount(corpus.document[corpus.places(original)], minlength=len(gained)) * part
            worth = np.clip(gained / part - 2.5 * stood / part - PENALTY, 0, LOUDEST).sum()
            if worth > 0:
                yield float(worth) * evidence.variety(places, ratios), original, converted


def _is_word(word: str) -> bool:
    return bool(word) and "一" <= word[0] <= "鿿"


def _oddness(reference: Reference, left: Ids, right: Ids, context: Ids) -> Floats:
    """1 where two neighbours were never seen together though one expects it, less where they were; 0 for no word."""
    together = reference.beside(left, right)
    expected = reference.counts[left] * reference.counts[right] / reference.total
    return np.where(context > 1, 1 / (1 + together / (1 + expected)), 0).astype(np.float64)


def _believed(pairs: Sequence[tuple[int, int]], evidence: Evidence) -> tuple[Floats, Floats]:
    """The score of each pair, and the belief in each document's damage."""
    corpus = evidence.corpus
    gained = np.zeros((len(pairs), len(corpus.sizes)))
    stood = np.zeros_like(gained)
    varied = np.zeros(len(pairs))
    for i, (o, c) in enumerate(pairs):
        places = corpus.places(c)
        ratios = evidence.written(o, c, places)
        varied[i] = evidence.variety(places, ratios)
        gained[i] = evidence.by_document(places, ratios)
        places = corpus.places(o)
        stood[i] = evidence.by_document(places, evidence.standing(o, c, places))
    both = np.minimum(gained + stood, LOUDEST)
    gained = np.minimum(gained, LOUDEST)
    weight = np.maximum(both - PENALTY, 0).sum(axis=1) * varied
    belief = np.zeros(len(corpus.sizes))
    score = weight
    for _ in range(ROUNDS):
        share = np.maximum(weight, 0) / max(weight.max(), 1e-9)
        belief = 1 / (1 + np.exp(-np.clip(share @ np.clip(both, -4, 4) - 3, -30, 30)))
        touched, healthy = (corpus.sizes * belief).sum(), (corpus.sizes * (1 - belief)).sum()
        score = both @ belief - gained @ (1 - belief) * min(3.0, touched / max(1.0, healthy))
        score = score * varied
        weight = np.sqrt(np.maximum(score, 0))
    return score, belief


def _order(pairs: Sequence[tuple[int, int]], score: Floats) -> list[tuple[float, int]]:
    """The pairs with a positive score, best first: the score and the number of each. A further explanation of a word
    that has a better one is worth less."""
    met: Counter[int] = Counter()
    found = []
    for i in np.argsort(-score, kind="stable").tolist():
        if score[i] > 0:
            converted = pairs[i][1]
            found.append((float(score[i]) * AGAIN ** met[converted], i))
            met[converted] += 1
    return sorted(found, key=lambda pair: -pair[0])


class _Shortened:
    """Finds the least that explains a pair: without what both words have in common at either end, if the original that
    is left is gone from the ``damaged`` documents, in whatever word it stood."""

    def __init__(self, corpus: Corpus, damaged: NDArray[np.bool_]) -> None:
        self._damaged, self._healthy = ("\n".join(corpus.texts[i] for i in np.flatnonzero(some).tolist())
                                        for some in (damaged, ~damaged))

    def __call__(self, original: str, converted: str) -> tuple[str, str]:
        rest, written = original, converted
        while len(rest) > 1 < len(written) and rest[0] == written[0]:
            rest, written = rest[1:], written[1:]
        while len(rest) > 1 < len(written) and rest[-1] == written[-1]:
            rest, written = rest[:-1], written[:-1]
        expected = self._healthy.count(rest) * len(self._damaged) / max(1, len(self._healthy))
        gone = expected >= EXPECTED and self._damaged.count(rest) <= GONE * expected
        return (rest, written) if gone and rest != original else (original, converted)


def _proposal(words: tuple[str, str], score: float, pairs: Sequence[tuple[int, int]], belief: Floats,
              evidence: Evidence) -> Proposal:
    """The pair of ``words``, which explains ``pairs``, the best first."""
    corpus = evidence.corpus
    work, examples = [], []
    for original, converted in pairs:
        places = corpus.places(converted)
        ratios = evidence.written(original, converted, places)
        work.append(places[(ratios > np.log(2)) & (belief[corpus.document[places]] > 0.5)])
        best = places[np.argsort(-ratios * belief[corpus.document[places]], kind="stable")[:EXAMPLES]]
        examples += [_passage(corpus, int(p), len(evidence.reference.words[converted])) for p in best]
    places = np.unique(np.concatenate(work))  # two may explain the same word
    return Proposal(*words, round(score, 2), len(np.unique(corpus.document[places])), len(places),
                    tuple(examples[:EXAMPLES]))


def _passage(corpus: Corpus, place: int, length: int) -> str:
    text, start = corpus.texts[int(corpus.document[place])], int(corpus.starts[place])
    return " ".join(text[max(0, start - AROUND) : start + length + AROUND].split())
