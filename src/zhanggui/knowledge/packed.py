"""The ZIP archives that DOCX and XLSX files are."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO

TORN = (zipfile.BadZipFile, KeyError, RuntimeError, EOFError, OSError, struct.error, zlib.error)
"""What `zipfile` raises for archives that are broken, encrypted or of another kind."""
# Office packs in no other way, and not every Python knows the others.
_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> IO[bytes]:
    """One part of an archive, to be read; raises one of `TORN`."""
    if part.compress_type not in _PACKING:
        raise zipfile.BadZipFile(f"{part.filename} is packed in a way that Office does not use")
    return archive.open(part)
