"""Replays into a file, and what they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from zhanggui.answers import bounds
from zhanggui.answers.bounds import GRID, Limit, Outcome
from zhanggui.answers.calibration import POOLED, Calibration, calibrate, counts, outcome_of
from zhanggui.answers.gaps import COLUMNS, Gap, gaps
from zhanggui.answers.pipeline import NO_RESULT
from zhanggui.answers.regression import Tried, tried
from zhanggui.answers.replay import Replayed, Replayer
from zhanggui.errors import InputError
from zhanggui.ingest.readers import read
from zhanggui.ingest.writers import Mode, open_rows, refuse_input
from zhanggui.knowledge.embedder import Embedder
from zhanggui.llm.engine import Engine
from zhanggui.llm.waiting_line import WaitingLine
from zhanggui.pii.vault import Vault
from zhanggui.records import Decision, ReplyTier, RowFault, Ticket
from zhanggui.settings import AnswerSettings
from zhanggui.store import judgements
from zhanggui.store.database import Store
from zhanggui.store.judgements import Rated

OnTurn = Callable[[int], None]
"""Called with the number of turns that are done."""


@dataclass(frozen=True, slots=True)
class ReplayBench:
    """What a replay needs of a shop."""

    store: Store
    vault: Vault
    embedder: Embedder
    engine: Engine | None
    now: datetime
    settings: AnswerSettings
    line: WaitingLine
    """Where questions wait for the model; customers go before a replay."""

    def rated(self) -> list[Rated]:
        """All that was said of replies."""
        with self.store.read() as conn:
            return judgements.every(conn)

    def replayer(self) -> Replayer:
        """A replayer with the thresholds as they are now."""
        return Replayer(
            self.store,
            self.vault,
            self.embedder,
            self.engine,
            self.now,
            calibrate(self.rated(), self.settings),
            self.line,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """What one threshold would let out of the replayed turns."""

    threshold: float
    sent: int
    coverage: float
    """Share of all turns."""
    compared: int
    """Of those sent, the ones that agree with the staff or differ."""
    differ: int
    bound: float
    """Upper bound of the share that differs."""


@dataclass(slots=True)
class ReplayReport:
    """What a replay came to."""

    settings: AnswerSettings
    rows: list[Replayed] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    calibration: Calibration = field(default_factory=Calibration)
    """By all that is judged now, this replay included."""
    outcomes: list[Outcome] = field(default_factory=list)
    """All judged replies of the shop."""

    @property
    def tickets(self) -> int:
        return len({row.turn.question.id.rpartition("/")[0] for row in self.rows})

    @property
    def unheard(self) -> int:
        """Turns in which the model was asked and gave nothing, so they say little."""
        return sum(row.reply.reason.startswith(NO_RESULT) for row in self.rows)

    def count(self, decision: Decision) -> Counter[str]:
        """Replies with this decision, by whether they agree with the staff."""
        return Counter(row.agreement.verdict for row in self.rows if row.reply.decision == decision)

    def to_read(self) -> list[Replayed]:
        """What a person should look at: what differs, then what the staff did not answer; the
        surest first."""
        order = {"differ": 0, "cannot_tell": 1}
        found = [
            row
            for row in self.rows
            if row.reply.decision != "hand_over"
            and row.agreement.verdict in order
            and row.reply.citations
        ]
        return sorted(found, key=lambda row: (order[row.agreement.verdict], -row.reply.confidence))

    def steps(self) -> list[Step]:
        """Coverage against error, the lowest threshold first."""
        told = [
            row
            for row in self.rows
            if row.reply.decision != "hand_over" and row.reply.tier != "rule"
        ]
        return [_step(threshold, told, len(self.rows), self.settings) for threshold in GRID[::-1]]

    def limit(self, tier: ReplyTier) -> Limit | None:
        """What the judged replies of a tier prove now, over all matters without their own."""
        return self.calibration.limits.get((tier, POOLED))

    def calibration_errors(self) -> tuple[float, float]:
        """Of the confidences as they come, and as the shop's own scaling makes them."""
        scaled = [(self.calibration.scaling.of(score), right) for score, right in self.outcomes]
        return bounds.calibration_error(self.outcomes), bounds.calibration_error(scaled)


def replay_tickets(
    bench: ReplayBench,
    tickets: Path | None,
    out: Path | None,
    *,
    mode: Mode,
    on_turn: OnTurn = lambda _: None,
) -> ReplayReport:
    """Replays the tickets of a file, or the imported ones, a row each as it is done.

    Raises InputError where there are no tickets.
    """
    report = ReplayReport(bench.settings)
    replayer = bench.replayer()
    if tickets is None:
        waiting = replayer.stored()
    else:
        if out is not None:
            refuse_input(out, tickets)
        found = list(read(Ticket, tickets))
        report.faults = [row for row in found if isinstance(row, RowFault)]
        waiting = replayer.given([row for row in found if isinstance(row, Ticket)])
    if not waiting:
        raise InputError("There are no tickets with a staff reply: import some, or give --tickets.")
    with ExitStack() as stack:
        writer = None
        if out is not None:
            writer = stack.enter_context(open_rows(out, mode=mode, resumable=False))
        for number, turn in enumerate(waiting, start=1):
            row = replayer.replay(turn)
            report.rows.append(row)
            if writer is not None:
                writer.append(row.row())
            on_turn(number)
    report.gaps = gaps(report.rows, bench.embedder)
    rated = bench.rated()
    report.calibration = calibrate(rated, bench.settings)
    report.outcomes = [outcome_of(one) for _, one in rated if counts(one)]
    return report


def retry_judged(
    bench: ReplayBench, out: Path | None, *, mode: Mode, on_turn: OnTurn = lambda _: None
) -> list[Tried]:
    """Gives every judged reply again. Raises InputError where none is judged."""
    judged = [one for _, one in bench.rated() if one.verdict != "unknown"]
    if not judged:
        raise InputError(
            "No reply is judged yet: run `zhanggui replay`, or `zhanggui replies accept`, first."
        )
    replayer = bench.replayer()
    done: list[Tried] = []
    with ExitStack() as stack:
        writer = None
        if out is not None:
            writer = stack.enter_context(open_rows(out, mode=mode, resumable=False))
        for number, judgement in enumerate(judged, start=1):
            one = tried(replayer, bench.embedder, judgement)
            done.append(one)
            if writer is not None:
                writer.append(one.row())
            on_turn(number)
    return done


def write_gaps(found: Sequence[Gap], out: Path, mode: Mode) -> None:
    """Writes the drafted lines of a FAQ."""
    with open_rows(out, columns=COLUMNS, mode=mode, resumable=False) as writer:
        for gap in found:
            writer.append(gap.row())


def _step(threshold: float, told: Sequence[Replayed], turns: int, settings: AnswerSettings) -> Step:
    sent = [row for row in told if _raw(row) >= threshold]
    compared = [row for row in sent if row.agreement.verdict in ("agree", "differ")]
    differ = sum(row.agreement.verdict == "differ" for row in compared)
    return Step(
        threshold=threshold,
        sent=len(sent),
        coverage=len(sent) / turns,
        compared=len(compared),
        differ=differ,
        bound=bounds.upper(differ, len(compared), settings.confidence),
    )


def _raw(row: Replayed) -> float:
    raw = row.reply.uncalibrated
    return row.reply.confidence if raw is None else raw
