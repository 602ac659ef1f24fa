"""Checks what is installed and what is locked, without a network.

    python scripts/check_dependencies.py

Locks (`locks/*.txt`): every package is pinned with hashes, none comes from an address, no index
is named, and torch stands in none. Installed packages: each is one that a lock pins, in that
version, and has a licence that `scripts/licences.toml` allows. Run it in an environment that was
made from the locks alone. Known vulnerabilities are no part of this: see docs/audit.md.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
LICENCES = Path(__file__).with_name("licences.toml")

# They come with the environment, or are this project.
_UNLOCKED = frozenset({"pip", "setuptools", "wheel", "zhanggui"})
# Its CPU build differs by machine (docs/decisions/2026-11-23-torch-outside-the-locks.md).
_BARRED = frozenset({"torch"})
_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Pin:
    """One package in a lock."""

    name: str
    version: str
    hashes: int


@dataclass(frozen=True)
class Rules:
    """Which licences are allowed."""

    allowed: frozenset[str]
    spellings: Mapping[str, str]
    exceptions: Mapping[str, str]


def read_rules(path: Path = LICENCES) -> Rules:
    """The data file; raises KeyError where an exception gives no reason."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    exceptions = {}
    for name, exception in data["exceptions"].items():
        if not exception["reason"].strip():
            raise KeyError(f"{name} has no reason")
        exceptions[name] = exception["licence"]
    return Rules(frozenset(data["allowed"]), data["spellings"], exceptions)


def plain_name(name: str) -> str:
    """The name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(text: str) -> Iterator[Pin | str]:
    """The pins of a lock; a string is a line that may not stand there."""
    entries = re.sub(r"\\\n\s*", " ", text).splitlines()
    for entry in entries:
        line = entry.split(" #")[0].strip()
        if not line or line.startswith("#"):
            continue
        pin = _PIN.match(line)
        # `;` begins the marker, which is the only place for anything else.
        if pin is None or "://" in line or " @ " in line:
            yield line
        else:
            yield Pin(plain_name(pin["name"]), pin["version"], len(_HASH.findall(line)))


def lock_faults(name: str, entries: Iterable[Pin | str]) -> Iterator[str]:
    """What is wrong with a lock, a sentence each."""
    for entry in entries:
        if isinstance(entry, str):
            yield f"{name}: {entry[:80]!r} is no pin with hashes"
        elif not entry.hashes:
            yield f"{name}: {entry.name} has no hash"
        elif entry.name in _BARRED:
            yield f"{name}: {entry.name} must stand in no lock"


def licence_of(found: Distribution, spellings: Mapping[str, str]) -> str:
    """The SPDX expression of an installed package; empty if it says nothing that is known."""
    metadata = found.metadata
    for said in metadata.get_all("License-Expression") or ():
        return str(said)
    short = "".join(metadata.get_all("License") or ()).strip()
    # Some put the whole text of their licence into this field; their classifier is shorter.
    if short and len(short) <= _LONGEST_NAME and "\n" not in short:
        return spellings.get(short, short)
    classifiers = metadata.get_all("Classifier") or []
    names = [one.split("::")[-1].strip() for one in classifiers if one.startswith("License ::")]
    known = sorted({spellings[name] for name in names if name in spellings})
    return " AND ".join(known) if len(known) == len(set(names)) else ""


def is_allowed(expression: str, allowed: frozenset[str]) -> bool:
    """Whether an SPDX expression can be kept with allowed licences alone."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression)
    position = 0

    def either() -> bool:
        nonlocal position
        result = both()
        while position < len(tokens) and tokens[position].upper() == "OR":
            position += 1
            result = both() or result
        return result

    def both() -> bool:
        nonlocal position
        result = one()
        while position < len(tokens) and tokens[position].upper() == "AND":
            position += 1
            result = one() and result
        return result

    def one() -> bool:
        nonlocal position
        if position >= len(tokens):
            return False
        token = tokens[position]
        position += 1
        if token != "(":
            return token in allowed
        result = either()
        closed = position < len(tokens) and tokens[position] == ")"
        position += 1
        return result and closed

    return either() and position == len(tokens)


def installed_faults(
    found: Iterable[Distribution], pins: Mapping[str, set[str]], rules: Rules
) -> Iterator[str]:
    """What is wrong with the installed packages, a sentence each."""
    for one in found:
        name, version = plain_name(one.metadata["Name"]), one.version
        if name not in _UNLOCKED and name not in pins:
            yield f"{name} {version} is installed and stands in no lock"
        elif name in pins and version not in pins[name]:
            yield f"{name} {version} is installed, the locks say {', '.join(sorted(pins[name]))}"
        licence = licence_of(one, rules.spellings)
        if not licence:
            yield f"{name} {version} does not say its licence in a way that is known"
        elif not is_allowed(licence, rules.allowed) and rules.exceptions.get(name) != licence:
            yield f"{name} {version} has the licence {licence}, which scripts/licences.toml lacks"


def main() -> int:
    """Prints the faults; the exit status is 1 if there is one."""
    faults: list[str] = []
    pins: dict[str, set[str]] = {}
    locks = sorted((ROOT / "locks").glob("*.txt"))
    for lock in locks:
        entries = list(read_lock(lock.read_text(encoding="utf-8")))
        faults += lock_faults(lock.name, entries)
        for entry in entries:
            if isinstance(entry, Pin):
                pins.setdefault(entry.name, set()).add(entry.version)
    found = sorted(distributions(), key=lambda one: plain_name(one.metadata["Name"]))
    faults += installed_faults(found, pins, read_rules())
    if not locks:
        faults.append(f"there are no locks in {ROOT / 'locks'}")
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    if not faults:
        sys.stdout.write(f"{len(found)} packages and {len(locks)} locks are in order\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
