"""How long something takes, for people."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Seconds as people read them: `420 ms`, `48 s`, `3 min 05 s`, `2 h 10 min`."""
    whole = round(seconds)
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
