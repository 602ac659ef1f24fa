"""How often the passage that answers is found: by text, by vectors, by both."""

from __future__ import annotations

import csv
import gzip
import json
import math
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from zhanggui.answers.lexicon import facets
from zhanggui.answers.subject import SHOP_WIDE, subject_of
from zhanggui.answers.understanding import understand
from zhanggui.evals.figures import Figure
from zhanggui.evals.shops import Case, OpenShop
from zhanggui.knowledge.embedder import Embedder
from zhanggui.knowledge.index import update
from zhanggui.knowledge.search import search
from zhanggui.records import Passage
from zhanggui.store import passages
from zhanggui.store.database import Store
from zhanggui.text.segment import index_tokens

TEXT, VECTORS, FUSED = "text", "vectors", "fused"
THREAD, WEIGHED = "fused, with the thread and the matter's words", "after weighing the evidence"
_AT, _DEEP, _GAIN = 5, 10, 0.05
_FOLDER = "product_qa"
_REPLIES, _EVERY = 1000, 10
_FEWER = 4
"""Of the larger sets every fourth question is asked."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one way of searching found for one question."""

    way: str
    hits: tuple[bool, ...]
    """Whether each of the first ten answers."""
    answers: int
    """Passages that answer, all there are."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Questions with candidates, each question among the passages of its own scope."""

    name: str
    note: str
    passages: Mapping[str, Passage]
    questions: Sequence[tuple[str, str, frozenset[str]]]
    """The question, its scope and the ids of what answers."""


def recall(rankings: Sequence[Ranking], at: int = _AT) -> float:
    """Share of the questions with an answer among the first `at`."""
    return sum(any(one.hits[:at]) for one in rankings) / max(1, len(rankings))


def ndcg(rankings: Sequence[Ranking], at: int = _DEEP) -> float:
    """Normalised discounted cumulative gain, relevance yes or no (Järvelin, Kekäläinen, 2002)."""
    return sum(_ndcg(one, at) for one in rankings) / max(1, len(rankings))


def _ndcg(one: Ranking, at: int) -> float:
    ideal = sum(1 / math.log2(place + 2) for place in range(min(one.answers, at)))
    gained = sum(1 / math.log2(place + 2) for place, hit in enumerate(one.hits[:at]) if hit)
    return gained / ideal if ideal else 0.0


def of_shop(shop: OpenShop) -> list[Ranking]:
    """The rankings of every question of a made-up shop that a passage answers."""
    found: list[Ranking] = []
    answerer = shop.answerer()
    with shop.store.read() as conn:
        everything = passages.every(conn)
        for case in shop.cases:
            gold = frozenset(one.id for one in everything if case.names(one.source, one.text))
            if not gold:
                continue
            product = subject_of(conn, case.question)
            scope = product.id if product else SHOP_WIDE
            keys = _three_ways(conn, shop.embedder, case.question.question, scope)
            keys[THREAD] = _with_thread(conn, shop, case, scope)
            weighed = answerer.candidates(case.question)[:_DEEP]
            keys[WEIGHED] = [one.passage.id for one in weighed]
            found += _rankings(keys, gold)
    return found


def of_collection(asked: Collection, embedder: Embedder) -> list[Ranking]:
    """The rankings of three ways, in a store that holds the collection's passages."""
    found: list[Ranking] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{(Path(folder) / 'set.sqlite').as_posix()}") as store,
    ):
        with store.begin() as conn:
            passages.replace_source(conn, "set", list(asked.passages.values()))
        update(store, embedder)
        with store.read() as conn:
            for question, scope, gold in asked.questions:
                found += _rankings(_three_ways(conn, embedder, question, scope), gold)
    return found


def figures_of(rankings: Sequence[Ranking], name: str, note: str, *, goal: bool) -> list[Figure]:
    """recall@5 and nDCG@10 of each way; where `goal` is true, also what fusing gains."""
    ways = {way: [one for one in rankings if one.way == way] for way in _ways(rankings)}
    found = []
    for way, held in ways.items():
        told = f"n={len(held)} questions; {note}"
        found.append(Figure(f"recall@5, {way}: {name}", recall(held), "", None, told))
        found.append(Figure(f"nDCG@10, {way}: {name}", ndcg(held), "", None, told))
    if goal and FUSED in ways:
        for way, least in ((TEXT, _GAIN), (VECTORS, 0.0)):
            gain = recall(ways[FUSED]) - recall(ways[way])
            title = f"recall@5, fused less {way}: {name}"
            found.append(Figure(title, gain, f">= {least}", gain >= least, f"n={len(ways[way])}"))
    return found


def public_figures(data: Path, embedder: Embedder) -> list[Figure]:
    """The same on the public sets that are there."""
    found: list[Figure] = []
    for file, read in _PUBLIC.items():
        if (data / file).is_file():
            one = read(data / file)
            found += figures_of(of_collection(one, embedder), one.name, one.note, goal=False)
    return found


def _ways(rankings: Sequence[Ranking]) -> list[str]:
    return list(dict.fromkeys(one.way for one in rankings))


def _rankings(keys: Mapping[str, Sequence[str]], gold: frozenset[str]) -> Iterator[Ranking]:
    for way, found in keys.items():
        yield Ranking(way, tuple(key in gold for key in found), len(gold))


def _three_ways(
    conn: Connection, embedder: Embedder, question: str, scope: str
) -> dict[str, list[str]]:
    tokens = list(dict.fromkeys(index_tokens(question)))
    by_text = passages.search_text(conn, tokens, product_id=scope, limit=_DEEP)
    vector = embedder.encode([question])[0]
    by_vector = passages.search_vectors(conn, vector, product_id=scope, limit=_DEEP)
    fused = search(conn, embedder, question, product_id=scope, limit=_DEEP)
    return {
        TEXT: [key for key, _ in by_text],
        VECTORS: [key for key, _ in by_vector],
        FUSED: [hit.passage.id for hit in fused],
    }


def _with_thread(conn: Connection, shop: OpenShop, case: Case, scope: str) -> list[str]:
    product = subject_of(conn, case.question)
    asked = understand(case.question.question, case.question.history, product)
    also = [word for name in asked.facets for word in facets()[name].names]
    hits = search(conn, shop.embedder, asked.text, product_id=scope, limit=_DEEP, also=also)
    return [hit.passage.id for hit in hits]


def _product_qa(file: Path) -> Collection:
    """Evidence for a question about a product: attributes, bullets, reviews, other answers."""
    delimiter = "\t" if ".tsv" in file.name else ","
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=delimiter))
    numbers = list(dict.fromkeys(row["qid"] for row in rows))
    kept = set(numbers if file.name.startswith("hetPQA") else numbers[::_FEWER])
    held: dict[str, Passage] = {}
    questions: dict[str, str] = {}
    gold: dict[str, set[str]] = {}
    for row in rows:
        if (scope := row["qid"]) in kept:
            key = f"{scope}-{row['qa_pair_id']}"
            held[key] = Passage(
                id=key, source=f"set:{key}", text=row["candidate"], kind="policy", product_id=scope
            )
            questions[scope] = row["question"]
            gold.setdefault(scope, set())
            if row["label"] != "0":
                gold[scope].add(key)
    name = f"product_qa {file.name.partition('.')[0]} (English)"
    asked = [(questions[scope], scope, frozenset(ids)) for scope, ids in gold.items() if ids]
    candidates = f"{len(held) / max(1, len(gold)):.0f} candidates each on average"
    return Collection(name, candidates, held, asked)


def _multi_cpr(file: Path) -> Collection:
    """Searches of a market place and the titles that fit them, all titles of the file at once."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    pairs = [
        (*row["sentences"].removeprefix("Query: ").split("\nDoc: ", 1), row["labels"]["en"])
        for row in rows
    ]
    return _one_scope(
        "Multi-CPR titles (Chinese)",
        [(query, title, label == ["match"]) for query, title, label in pairs],
    )


def _jddc(file: Path) -> Collection:
    """A customer's last turn and the reply that staff gave, among a thousand replies."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][::_EVERY][:_REPLIES]
    pairs = []
    for row in rows:
        turns = [turn for turn in row["context"].split(",") if turn.strip("?？ ")]
        if turns and row["reply"].strip(", "):
            pairs.append((turns[-1], row["reply"].strip(", "), True))
    return _one_scope("JDDC replies (Chinese)", pairs)


def _one_scope(name: str, pairs: Sequence[tuple[str, str, bool]]) -> Collection:
    texts = list(dict.fromkeys(text for _, text, _ in pairs))
    keys = {text: str(number) for number, text in enumerate(texts)}
    held = {
        key: Passage(id=key, source=f"set:{key}", text=text, kind="policy")
        for text, key in keys.items()
    }
    gold: dict[str, set[str]] = {}
    for query, text, fits in pairs:
        if fits:
            gold.setdefault(query, set()).add(keys[text])
    questions = [(query, SHOP_WIDE, frozenset(ids)) for query, ids in gold.items()]
    return Collection(name, f"among {len(held)}", held, questions)


_PUBLIC: Mapping[str, Callable[[Path], Collection]] = {
    f"{_FOLDER}/hetPQA.evidence_ranking.dev.csv.gz": _product_qa,
    f"{_FOLDER}/ePQA.dev.csv.gz": _product_qa,
    f"{_FOLDER}/semiPQA.attribute_ranking.dev.tsv.gz": _product_qa,
    "ecominstruct_eval/zh_multicpr_query_item_matching.dev.jsonl.gz": _multi_cpr,
    "jddc_pairs/train.jsonl.gz": _jddc,
}
