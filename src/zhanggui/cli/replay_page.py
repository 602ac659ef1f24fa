"""A replay on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from zhanggui.answers.bounds import NEVER, Limit, faultless_needed
from zhanggui.answers.calibration import ENOUGH
from zhanggui.answers.gaps import Gap
from zhanggui.answers.regression import Tried
from zhanggui.answers.replay import Replayed
from zhanggui.batch.replay import ReplayReport
from zhanggui.cli.options import out_console
from zhanggui.records import Decision, ReplyTier
from zhanggui.settings import AnswerSettings

_DECISIONS: tuple[tuple[Decision, str], ...] = (
    ("send", "发送 sent"),
    ("suggest", "建议 suggested"),
    ("hand_over", "转人工 handed over"),
)
_VERDICTS = (
    ("agree", "一致\nagree"),
    ("differ", "不一致\ndiffer"),
    ("staff_only", "只有人工答\nstaff only"),
    ("cannot_tell", "无法判断\ncannot tell"),
)
_TIERS: tuple[tuple[ReplyTier, str], ...] = (
    ("approved", "问答 approved"),
    ("quote", "引用 quote"),
    ("model", "模型 model"),
)
_SHORT = 60
_FEW = 30
"""Judged replies below which a calibration error says nothing."""


def print_replay(report: ReplayReport, top: int) -> None:
    """The figures, what to read, coverage against error, what is proved, what is missing."""
    turns = len(report.rows)
    sent = sum(report.count("send").values())
    out_console.print(
        Text.assemble(
            (f"工单 tickets {report.tickets}", "bold"),
            f"  轮次 turns {turns}  ",
            (f"直接发送 sent {sent} ({sent / turns:.0%})", "bold"),
        )
    )
    out_console.print(_counts(report))
    if report.unheard:
        told = f"模型没有给出结果 the model gave nothing in {report.unheard} turns: try again"
        out_console.print(told, style="yellow")
    _print_to_read(report.to_read(), top)
    out_console.print("\n覆盖与出错 coverage against error", style="bold")
    out_console.print(_steps(report))
    sure = f"{report.settings.confidence:.0%}"
    head = f"\n已有评判能证明的，把握 {sure} what the judged replies prove, {sure} sure"
    out_console.print(head, style="bold")
    _print_limits(report)
    _print_gaps(report.gaps, top)


def print_regression(found: Sequence[Tried], top: int) -> None:
    """What became of the judged replies; those that went wrong in full."""
    flipped = [one for one in found if one.flipped]
    counted = Counter(one.now for one in found if one.judgement.verdict == "right")
    was_wrong = Counter(one.now for one in found if one.judgement.verdict == "wrong")
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("以前 → 现在\nbefore → now", no_wrap=True)
    for name in ("对\nright", "错\nwrong", "转人工\nhanded over", "待看\nto read"):
        table.add_column(name, justify="right")
    for name, count in (("对 right", counted), ("错 wrong", was_wrong)):
        cells = (str(count[now]) for now in ("right", "wrong", "silent", "open"))
        table.add_row(name, *cells)
    out_console.print(table)
    for one in flipped:
        out_console.print()
        out_console.print(Text.assemble((one.judgement.id, "bold red"), f"  {one.why}"))
        _print_lines(
            ("顾客 customer", one.judgement.question.question),
            ("以前 before", one.judgement.reply.text),
            ("现在 now", one.reply.text),
        )
    silent = [one for one in found if one.judgement.verdict == "right" and one.now == "silent"]
    if silent:
        ids = " ".join(one.judgement.id for one in silent[:top])
        out_console.print(f"不再回答 no longer answered: {ids}", markup=False, soft_wrap=True)
    style = "bold red" if flipped else "bold green"
    out_console.print(f"由对变错 right before, wrong now: {len(flipped)}", style=style)


def _counts(report: ReplayReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("", no_wrap=True)
    table.add_column("合计\nall", justify="right")
    for _, name in _VERDICTS:
        table.add_column(name, justify="right")
    for decision, name in _DECISIONS:
        counted = report.count(decision)
        total = sum(counted.values())
        table.add_row(name, str(total), *(str(counted[verdict]) for verdict, _ in _VERDICTS))
    return table


def _print_to_read(rows: Sequence[Replayed], top: int) -> None:
    if not rows or not top:
        return
    shown = min(top, len(rows))
    out_console.print(f"\n先看这些 read these first ({shown}/{len(rows)})", style="bold")
    for row in rows[:top]:
        style = "red" if row.agreement.verdict == "differ" else "yellow"
        head = Text.assemble(
            (row.turn.question.id, "bold"),
            f"  {row.reply.decision}  {row.reply.tier}  {row.reply.confidence:.2f}  ",
            (row.agreement.why, style),
        )
        out_console.print(head, soft_wrap=True)
        _print_lines(
            ("顾客 customer", row.turn.question.question),
            ("掌柜 zhanggui", row.reply.text),
            ("人工 staff", row.turn.staff),
        )


def _print_lines(*lines: tuple[str, str]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in lines:
        table.add_row(f"  {name}", Text(" ".join(text.split())))
    out_console.print(table)


def _steps(report: ReplayReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in (
        "把握 ≥\nconfidence",
        "回复\nreplies",
        "覆盖\ncoverage",
        "可比\ncompared",
        "不一致\ndiffer",
        "出错上限\nwrong at most",
    ):
        table.add_column(name, justify="right")
    for step in report.steps():
        share = f"{step.differ} ({step.differ / step.compared:.0%})" if step.compared else "–"
        bound = f"{step.bound:.0%}" if step.compared else "–"
        table.add_row(
            f"{step.threshold:.2f}",
            str(step.sent),
            f"{step.coverage:.0%}",
            str(step.compared),
            share,
            bound,
        )
    return table


def _print_limits(report: ReplayReport) -> None:
    settings = report.settings
    for tier, name in _TIERS:
        limit = report.limit(tier)
        told = "还没有评判 nothing judged yet" if limit is None else _limit(limit, settings)
        out_console.print(f"{name}: {told}", markup=False, soft_wrap=True)
    judged = len(report.outcomes)
    if judged < _FEW:
        return
    raw, scaled = report.calibration_errors()
    told = f"校准误差 calibration error: {raw:.3f}"
    if judged >= ENOUGH:
        told += f" → {scaled:.3f}"
    out_console.print(f"{told} ({judged} 条 judged)", markup=False)


def _limit(limit: Limit, settings: AnswerSettings) -> str:
    told = (
        f"评判 judged {limit.judged}，错 wrong {limit.wrong}，"
        f"出错率不超过 wrong at most {limit.bound:.0%}"
    )
    if limit.threshold >= NEVER:
        return f"{told}；只建议不发送 suggested only"
    if limit.proved:
        since = f" ≥ {limit.threshold:.2f}" if limit.threshold else ""
        return f"{told}；已证明，发送 proved, sent{since}"
    needed = faultless_needed(settings.risk, settings.confidence)
    return (
        f"{told}；还没有证明 not proved yet: {settings.risk:.0%} "
        f"({needed} 条全对即可 {needed} right ones would do)"
    )


def _print_gaps(found: Sequence[Gap], top: int) -> None:
    if not found or not top:
        return
    shown = min(top, len(found))
    out_console.print(
        f"\n资料里缺的 missing from the knowledge ({shown}/{len(found)})", style="bold"
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("次数\ncount", justify="right")
    table.add_column("商品\nproduct", no_wrap=True)
    table.add_column("问题\nquestion", overflow="fold")
    table.add_column("拟定回答\ndrafted answer", overflow="fold")
    for gap in found[:top]:
        answer = Text(gap.answer) if gap.answer else Text("待写 to be written", "dim")
        table.add_row(
            str(gap.count), Text(gap.product_id or ""), Text(gap.question[:_SHORT]), answer
        )
    out_console.print(table)
