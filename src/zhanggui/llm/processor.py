"""What this processor can do, and what a build of llama.cpp makes of it."""

from __future__ import annotations

from pathlib import Path

_WIDE = frozenset(("avx512f", "avx512bw", "avx512vl", "avx512_vnni"))
_CPUINFO = Path("/proc/cpuinfo")


def has_wide_kernels(kernels: str) -> bool:
    """Whether `kernels`, llama.cpp's own words on its build, name AVX-512 with VNNI."""
    said = {part.partition("=")[0].strip() for part in kernels.split("|") if "= 1" in part}
    return {"AVX512", "AVX512_VNNI"} <= said


def is_wide(cpuinfo: Path = _CPUINFO) -> bool:
    """Whether this processor has AVX-512 with VNNI; False where nothing tells (not Linux)."""
    try:
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return set(flags.partition(":")[2].split()) >= _WIDE
