"""Charts as inline SVG, coloured by the page's CSS variables.

Every chart is readable without colour (position and figures carry the meaning) and carries a
`<title>` and `aria-label` for screen readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

_WIDTH = 720
_ROW = 34
_LABEL = 92
_FIGURE = 64


@dataclass(frozen=True, slots=True)
class Balance:
    """One row of the praise-and-complaint chart."""

    label: str
    positive: int
    negative: int


@dataclass(frozen=True, slots=True)
class Point:
    """n of `total` in the period that starts at `day`."""

    day: date
    n: int
    total: int

    @property
    def share(self) -> float:
        """n / total, 0 where nothing was counted."""
        return self.n / self.total if self.total else 0.0


def balance_chart(rows: Sequence[Balance], *, title: str, names: tuple[str, str]) -> Markup:
    """Complaints to the left, praise to the right of one axis, a row per category."""
    if not rows:
        return Markup("")
    height = _ROW * len(rows) + 30
    middle = _WIDTH / 2 + _LABEL / 2
    half = (_WIDTH - _LABEL) / 2 - _FIGURE
    peak = max(max(row.positive, row.negative) for row in rows) or 1
    parts = [_open(_WIDTH, height, title)]
    parts.append(_text(middle - 10, 14, names[1], "end", "chart-note"))
    parts.append(_text(middle + 10, 14, names[0], "start", "chart-note"))
    for index, row in enumerate(rows):
        top = 26 + index * _ROW
        left, right = half * row.negative / peak, half * row.positive / peak
        mid = top + _ROW / 2
        parts.append(_text(0, mid, row.label, "start", "chart-label"))
        parts.append(_rect(middle - left - 1, top + 7, left, _ROW - 14, "bar-negative"))
        parts.append(_rect(middle + 1, top + 7, right, _ROW - 14, "bar-positive"))
        if row.negative:
            parts.append(_text(middle - left - 8, mid, str(row.negative), "end", "chart-figure"))
        if row.positive:
            parts.append(_text(middle + right + 8, mid, str(row.positive), "start", "chart-figure"))
    parts.append(
        f'<line class="axis" x1="{middle:.1f}" y1="22" x2="{middle:.1f}" y2="{height:.1f}"/>'
    )
    parts.append("</svg>")
    return Markup("".join(parts))


def trend_chart(points: Sequence[Point], *, title: str, baseline: float | None = None) -> Markup:
    """Share per period as columns, with n/total above and the date below each column."""
    if not points:
        return Markup("")
    height, floor, ceiling = 190.0, 158.0, 26.0
    step = (_WIDTH - 8) / len(points)
    peak = max(point.share for point in points) or 1.0
    parts = [_open(_WIDTH, height, title)]
    for index, point in enumerate(points):
        left = 4 + index * step
        tall = (floor - ceiling) * point.share / peak
        raised = baseline is not None and point.share > baseline
        parts.append(
            _rect(
                left + step * 0.14,
                floor - tall,
                step * 0.72,
                max(tall, 1.0),
                "bar-negative" if raised else "bar-quiet",
            )
        )
        centre = left + step / 2
        parts.append(
            _text(centre, floor - tall - 9, f"{point.n}/{point.total}", "middle", "chart-figure")
        )
        parts.append(_text(centre, floor + 16, f"{point.day:%m-%d}", "middle", "chart-note"))
    parts.append(f'<line class="axis" x1="0" y1="{floor}" x2="{_WIDTH}" y2="{floor}"/>')
    parts.append("</svg>")
    return Markup("".join(parts))


def interval_bar(low: float, share: float, high: float, *, label: str) -> Markup:
    """A share in [0, 1] with its interval, as a small inline chart."""
    width, height = 160.0, 14.0
    return Markup(
        _open(width, height, label, small=True)
        + _rect(0, 5, width, 4, "bar-track")
        + _rect(width * low, 3, max(width * (high - low), 1), 8, "bar-interval")
        + _rect(width * share - 1, 0, 2, height, "bar-mark")
        + "</svg>"
    )


def _open(width: float, height: float, title: str, *, small: bool = False) -> str:
    kind = "chart chart-small" if small else "chart"
    name = escape(title)
    return (
        f'<svg class="{kind}" role="img" aria-label="{name}" '
        f'viewBox="0 0 {width:g} {height:g}"><title>{name}</title>'
    )


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" rx="2"/>'
    )


def _text(x: float, y: float, text: str, anchor: str, kind: str) -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'dominant-baseline="middle">{escape(text)}</text>'
    )
