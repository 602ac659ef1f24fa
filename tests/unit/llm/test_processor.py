from pathlib import Path

import pytest

from zhanggui.llm.processor import has_wide_kernels, is_wide


@pytest.mark.parametrize(
    ("built", "wide"),
    [
        ("CPU : SSE3 = 1 | AVX2 = 1 | OPENMP = 1 | REPACK = 1 |", False),
        ("CPU : AVX2 = 1 | AVX512 = 1 | AVX512_VBMI = 1 | AVX512_VNNI = 1 | REPACK = 1 |", True),
        ("CPU : AVX2 = 1 | AVX512 = 1 | AVX512_VNNI = 0 |", False),
        ("", False),
    ],
)
def test_what_a_build_says_of_itself(built: str, wide: bool) -> None:
    assert has_wide_kernels(built) is wide


@pytest.mark.parametrize(
    ("flags", "wide"),
    [
        ("avx2 avx512f avx512bw avx512vl avx512_vnni", True),
        ("avx2 avx512f avx512bw avx512vl", False),
        ("avx avx2", False),
    ],
)
def test_what_a_processor_has(tmp_path: Path, flags: str, wide: bool) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(f"processor\t: 0\nflags\t\t: {flags}\nbugs\t: none\n", encoding="utf-8")
    assert is_wide(file) is wide


def test_a_system_that_tells_nothing(tmp_path: Path) -> None:
    assert not is_wide(tmp_path / "absent")
