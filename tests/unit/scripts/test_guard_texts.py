"""What the guard's students learn from and what measures them stay apart."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from zhanggui.evals.guard import blind_cases, cases

SCRIPTS = Path(__file__).parents[3] / "scripts"


def _grammars() -> list[set[str]]:
    spec = importlib.util.spec_from_file_location("guard_grammar", SCRIPTS / "guard_grammar.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return [
        {_bald(text) for _, text in module.read_grammar(path).texts(seed=0)}
        for path in sorted((SCRIPTS / "guard_texts").glob("*.yaml"))
    ]


def _bald(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def test_no_case_to_measure_with_is_learnt() -> None:
    learnt = set().union(*_grammars())
    assert len(learnt) > 50_000
    ours, blind = cases(), blind_cases()
    held = {*blind.attacks, *blind.english_attacks, *blind.ordinary, *blind.english_ordinary}
    held |= {text for texts in ours.attacks.values() for text in texts}
    held |= {*ours.ordinary, *ours.english_attacks, *ours.english_ordinary}
    assert not {text for text in held if _bald(text) in learnt}
