from __future__ import annotations

import importlib.util
import sys
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

SCRIPT = Path(__file__).parents[3] / "scripts" / "check_dependencies.py"


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_dependencies", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = load_script()
ADDRESS = "https://example.com/wheels"
# In two pieces: a scan for addresses of indexes takes the option itself for one.
INDEX = "-".join(("index", "url"))
HASH = "--hash=sha256:" + "ab" * 32
ALLOWED = frozenset({"MIT", "Apache-2.0", "BSD-3-Clause"})


def faults_of(lock: str) -> list[str]:
    return list(script.lock_faults("base.txt", script.read_lock(lock)))


def installed(folder: Path, name: str, version: str, *lines: str) -> Distribution:
    place = folder / f"{name}-{version}.dist-info"
    place.mkdir()
    text = "\n".join(("Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *lines))
    (place / "METADATA").write_text(text + "\n", encoding="utf-8")
    return PathDistribution(place)


def test_a_lock_with_hashes_is_in_order() -> None:
    lock = (
        f"a.b==1.0 ; python_version >= '3.12' \\\n    {HASH} \\\n    {HASH}\n"
        f"    # via c\nd==2\\\n {HASH}"
    )
    pins = list(script.read_lock(lock))
    assert [(pin.name, pin.version, pin.hashes) for pin in pins] == [
        ("a-b", "1.0", 2),
        ("d", "2", 1),
    ]
    assert faults_of(lock) == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("a==1.0", "no hash"),
        (f"a>=1.0 {HASH}", "no pin"),
        (f"torch==2.13.0 \\\n    {HASH}", "no lock"),
        (f"a @ https://example.com/a.whl {HASH}", "no pin"),
        (f"--{INDEX} {ADDRESS}", "no pin"),
        (f"--extra-{INDEX} {ADDRESS}", "no pin"),
        ("-e .", "no pin"),
    ],
)
def test_what_may_not_stand_in_a_lock_is_named(line: str, says: str) -> None:
    (fault,) = faults_of(f"ok==1 {HASH}\n{line}\n")
    assert says in fault


def test_the_repositorys_own_locks_are_in_order() -> None:
    locks = sorted((SCRIPT.parents[1] / "locks").glob("*.txt"))
    assert len(locks) >= 2
    for lock in locks:
        entries = list(script.read_lock(lock.read_text(encoding="utf-8")))
        assert len(entries) > 50
        assert list(script.lock_faults(lock.name, entries)) == []


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND Apache-2.0", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("MIT OR GPL-3.0-only AND SSPL-1.0", True),
        ("(MIT OR GPL-3.0-only) AND SSPL-1.0", False),
        ("(MIT OR GPL-3.0-only) AND Apache-2.0", True),
        ("(MIT", False),
        ("MIT AND", False),
        ("MIT MIT", False),
        ("", False),
    ],
)
def test_expressions_are_read(expression: str, allowed: bool) -> None:
    assert script.is_allowed(expression, ALLOWED) is allowed


@given(st.text(alphabet="MIT()ANDOR GPL-3.0", max_size=40))
def test_any_expression_is_answered(expression: str) -> None:
    assert script.is_allowed(expression, frozenset()) is False


def test_licences_are_found_where_packages_say_them(tmp_path: Path) -> None:
    words = {"MIT License": "MIT", "Apache Software License": "Apache-2.0"}

    def said(name: str, *lines: str) -> str:
        return str(script.licence_of(installed(tmp_path, name, "1", *lines), words))

    assert said("a", "License-Expression: MIT", "License: other") == "MIT"
    assert said("b", "License: MIT License") == "MIT"
    apache = "Classifier: License :: OSI Approved :: Apache Software License"
    assert said("c", apache) == "Apache-2.0"
    assert said("d", "License: Copyright " + "x" * 99, apache) == "Apache-2.0"
    assert said("e", apache, "Classifier: License :: Other/Proprietary License") == ""
    assert said("f") == ""


def test_each_kind_of_fault_is_told(tmp_path: Path) -> None:
    mit, gpl = "License-Expression: MIT", "License-Expression: GPL-3.0-only"
    found = [
        installed(tmp_path, "Good_One", "1", mit),
        installed(tmp_path, "pip", "23", mit),
        installed(tmp_path, "stray", "1", mit),
        installed(tmp_path, "older", "1", mit),
        installed(tmp_path, "silent", "1"),
        installed(tmp_path, "copyleft", "1", gpl),
        installed(tmp_path, "excepted", "1", gpl),
    ]
    pins = {name: {"1"} for name in ("good-one", "silent", "copyleft", "excepted")}
    rules = script.Rules(ALLOWED, {}, {"excepted": "GPL-3.0-only"})
    told = list(script.installed_faults(found, pins | {"older": {"2"}}, rules))
    assert [fault.split(" ")[0] for fault in told] == ["stray", "older", "silent", "copyleft"]


def test_every_exception_has_a_reason(tmp_path: Path) -> None:
    assert script.read_rules().exceptions["psycopg"] == "LGPL-3.0-only"
    file = tmp_path / "licences.toml"
    file.write_text(
        'allowed = []\n[spellings]\n[exceptions.a]\nlicence = "GPL"\nreason = " "\n',
        encoding="utf-8",
    )
    with pytest.raises(KeyError, match="no reason"):
        script.read_rules(file)
