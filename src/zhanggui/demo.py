"""The demo: the whole job on the example shop, into one folder."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from zhanggui.batch.pace import Progress
from zhanggui.batch.results import AnswerResult, DescribeResult
from zhanggui.batch.reviews import read_file
from zhanggui.errors import InputNotFound
from zhanggui.evals.example_shop import CLOCK, example_shop
from zhanggui.ingest.report import ImportReport
from zhanggui.llm.weights import ensure_weights
from zhanggui.records import Finding, Product, Reading, Review
from zhanggui.report.charts import Balance, Point
from zhanggui.report.page import Cost, Language, ReportData, ReviewSummary, Trend, render
from zhanggui.reviews.digest import category_name, digest
from zhanggui.reviews.findings import findings
from zhanggui.reviews.reading import load_students, read
from zhanggui.reviews.suspicious import mark_all
from zhanggui.reviews.trend import Outbreak, outbreaks, trend
from zhanggui.settings import Settings
from zhanggui.shop import Shop
from zhanggui.store import receipts
from zhanggui.text.duration import duration

PRODUCTS = 8
QUESTIONS = 20
FILES = ("descriptions.jsonl", "answers.jsonl", "reviews.jsonl", "report.html")
_MARK = ".zhanggui-demo"
_FINDINGS = 10
_CHARTS = 2
_DIGEST = 4


class Show(Protocol):
    """Whoever shows the demo while it runs."""

    def fetching(self, name: str) -> AbstractContextManager[Callable[[int, int, str], None]]:
        """The weights are being fetched: bytes done, bytes in all, source."""
        ...

    def imported(self, report: ImportReport, seconds: float) -> None:
        """The shop is in."""
        ...

    def running(self, title: str) -> AbstractContextManager[Callable[[Progress], None]]:
        """A run is under way."""
        ...


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo made."""

    folder: Path
    data: ReportData


def run_demo(settings: Settings, out: Path, show: Show, language: Language = "zh") -> DemoResult:
    """Imports the example shop, writes, answers and reads; `out` is emptied of an earlier demo.

    Raises InputError if `out` holds something that no demo wrote, and what the parts raise.
    """
    began = time.monotonic()
    home = _fresh_folder(out) / "home"
    settings = settings.model_copy(update={"home": home, "database_url": None})
    folder = example_shop()
    if not settings.endpoint:
        with show.fetching(settings.model) as progress:
            ensure_weights(settings, progress)
    with Shop.open(settings, now=CLOCK) as shop:
        clock = time.monotonic()
        show.imported(shop.import_folder(folder), time.monotonic() - clock)
        chosen = _spread(shop.products(), PRODUCTS)
        with show.running("descriptions") as told:
            described = shop.describe_to(
                out / FILES[0], product_ids=[product.id for product in chosen], on_progress=told
            )
        with show.running("answers") as told:
            answered = shop.answer_to(
                out / FILES[1], folder / "questions.jsonl", limit=QUESTIONS, on_progress=told
            )
        read_file(folder / "reviews.csv", out / FILES[2], processes=settings.threads)
        data = _report(shop, described, answered, language, began)
    (out / FILES[3]).write_text(render(data, language), encoding="utf-8")
    return DemoResult(out, data)


def _fresh_folder(out: Path) -> Path:
    """`out`, empty but for its mark; only what a demo wrote is ever removed."""
    out.mkdir(parents=True, exist_ok=True)
    if not (out / _MARK).exists() and any(out.iterdir()):
        raise InputNotFound(f"{out} is not empty: give the demo another --out.")
    (out / _MARK).touch()
    for name in FILES:
        (out / name).unlink(missing_ok=True)
        (out / f"{name}.readings.jsonl").unlink(missing_ok=True)
    shutil.rmtree(out / "home", ignore_errors=True)
    return out


def _spread(products: Sequence[Product], count: int) -> list[Product]:
    """`count` products, one from each category before a second from any."""
    rank: Counter[str] = Counter()
    keyed = []
    for place, product in enumerate(products):
        keyed.append((rank[product.category], place, product))
        rank[product.category] += 1
    return [product for _, _, product in sorted(keyed, key=lambda key: key[:2])[:count]]


def _report(
    shop: Shop,
    described: DescribeResult,
    answered: AnswerResult,
    language: Language,
    began: float,
) -> ReportData:
    products = {product.id: product for product in shop.products()}
    with shop.store.read() as conn:
        spent = receipts.totals(conn)
    costs = [
        Cost(
            total.purpose,
            total.calls,
            total.prompt_tokens,
            total.cached_tokens,
            total.completion_tokens,
            total.ms / 1000,
        )
        for total in spent
        if total.tier == "model"
    ]
    return ReportData(
        shop="青禾生活" if language == "zh" else "Qinghe Living 青禾生活",
        made_at=shop.now,
        model=shop.engine.model,
        seconds=time.monotonic() - began,
        drafts=[(products[draft.product_id], draft) for draft in described.drafts],
        answers=answered.replies,
        reviews=_review_summary(shop.reviews(), products, language),
        costs=costs,
        responsible=shop.settings.responsible,
        rest=_rest(costs, len(products) - len(described.drafts), len(described.drafts), language),
    )


def _rest(costs: Sequence[Cost], left: int, done: int, language: Language) -> list[str]:
    writing = ("describe.write", "claims.judge")
    spent = sum(cost.seconds for cost in costs if cost.purpose in writing)
    if not done or not left:
        return []
    time_left = duration(spent / done * left)
    each = duration(spent / done)
    if language == "zh":
        return [f"其余 {left} 件商品的文案约需 {time_left}（每件 {each}）。"]
    return [f"Describing the other {left} products would take about {time_left} ({each} each)."]


def _review_summary(
    reviews: Sequence[Review], products: dict[str, Product], language: Language
) -> ReviewSummary:
    readings = mark_all(reviews, read(reviews, load_students()))
    polarity = Counter(reading.polarity for reading in readings)
    broken_out = outbreaks(reviews, readings)
    overall = findings(reviews, readings)
    titles = {one.id: one.title for one in products.values()}
    return ReviewSummary(
        total=len(readings),
        counted=sum(not reading.suspicious for reading in readings),
        positive=polarity["positive"],
        neutral=polarity["neutral"],
        negative=polarity["negative"],
        suspicious=_suspicions(readings),
        balances=_balances(overall, language),
        findings=_by_product(reviews, readings, products)[:_FINDINGS],
        digest=digest(overall, language, broken_out, titles=titles, limit=_DIGEST),
        trends=[_trend(one, reviews, readings, products, language) for one in broken_out[:_CHARTS]],
    )


def _suspicions(readings: Sequence[Reading]) -> dict[str, int]:
    return dict(Counter(one.suspicious_reason for one in readings if one.suspicious).most_common(6))


def _balances(overall: Sequence[Finding], language: Language) -> list[Balance]:
    counts = {(one.category, one.polarity): one.n for one in overall}
    categories = dict.fromkeys(one.category for one in overall)
    return [
        Balance(
            category_name(name, language),
            counts.get((name, "positive"), 0),
            counts.get((name, "negative"), 0),
        )
        for name in categories
    ]


def _by_product(
    reviews: Sequence[Review], readings: Sequence[Reading], products: dict[str, Product]
) -> list[Finding]:
    """The findings of each product, complaints first, the surest shares first."""
    found = [
        finding
        for product_id in products
        for finding in findings(reviews, readings, product_id=product_id)
    ]
    return sorted(found, key=lambda one: (one.polarity != "negative", -one.low))


def _trend(
    one: Outbreak,
    reviews: Sequence[Review],
    readings: Sequence[Reading],
    products: dict[str, Product],
    language: Language,
) -> Trend:
    points = [
        Point(point.since, point.n, point.total)
        for point in trend(reviews, readings, step="month", product_id=one.product_id)
        if (point.category, point.polarity) == (one.category, "negative")
    ]
    total = sum(point.total for point in points)
    title = f"{products[one.product_id].title} · {category_name(one.category, language)}"
    return Trend(
        title=title,
        sentence=digest(
            [], language, [one], titles={one.product_id: products[one.product_id].title}
        )[0],
        points=points,
        baseline=sum(point.n for point in points) / total if total else None,
    )
