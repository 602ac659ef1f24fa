"""How a run of one of the jobs ended, with what it made."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhanggui.batch.run import RunSummary
from zhanggui.records import Draft, Question, Reply, RowFault


@dataclass(slots=True)
class RunResult:
    """How a run into a file ended."""

    done: int = 0
    failed: int = 0
    """Items that could not be done and rows that could not be read."""
    resumed: int = 0
    """Of `done`, those of an earlier start."""
    faults: list[RowFault] = field(default_factory=list)

    def take(self, summary: RunSummary) -> None:
        """Adds what the run came to."""
        self.faults += [RowFault(one.key, 0, one.reason) for one in summary.failures]
        self.done, self.resumed = summary.done, summary.resumed
        self.failed = len(self.faults)


@dataclass(slots=True)
class DescribeResult(RunResult):
    """A run of descriptions; `drafts` are those written by this start."""

    drafts: list[Draft] = field(default_factory=list)


@dataclass(slots=True)
class AnswerResult(RunResult):
    """A run of answers; `replies` are those given by this start."""

    replies: list[tuple[Question, Reply]] = field(default_factory=list)
