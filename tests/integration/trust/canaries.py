"""Personal data that was made up, put where customers and shops put theirs, and looked for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

FORMATTED = (
    "19900000007",
    "0571-88000004",
    "11010519491231002X",
    "6222021234567890123",
    "canary@example.com",
    "240101-900000000000005",
    "SF9000000000006",
)
"""Found by their form, wherever they stand."""
WHOLE = ("欧阳雀鸣", "江苏省金丝雀市试验区试验路7号2幢", "buyer-canary-8")
"""Concealed as whole values in the columns of orders and as the customer of a ticket."""
SPOKEN = (
    "林晓月",
    "浙江省杭州市西湖区试验路9号3幢502室",
    "Emily Carter",
    "12 Canary Street, Flat 4",
)
"""Names and addresses in the free text of customers, worded so that the finder finds them. It
misses some (docs/redaction.md, Limits); those are stored as they stand, and so are names in the
shop's own pages and products."""
IDS = {
    "review": "19900000011",
    "ticket": "buyer-canary-8/T1",
    "phone": "Q19900000012",
    "e-mail": "canary-id@example.com",
    "name": "周若棠-3",
    "account": "tb19900000013",
    "customer": "buyer-canary-8#4",
}
"""Ids that tell who somebody is."""
ALL = (*FORMATTED, *WHOLE, *SPOKEN, *IDS.values())
SAID = (
    "电话19900000007，座机0571-88000004，身份证11010519491231002X，卡号6222021234567890123，"
    "邮箱canary@example.com，订单号240101-900000000000005，快递单号SF9000000000006"
)
TOLD = (
    "我叫林晓月，住在浙江省杭州市西湖区试验路9号3幢502室。"
    "My name is Emily Carter, 12 Canary Street, Flat 4"
)


def found_in(data: bytes, canaries: Iterable[str] = ALL) -> list[str]:
    """The canaries in `data`, in any of the usual encodings, escaped, or only their digits."""
    return [canary for canary in canaries if any(form in data for form in _forms(canary))]


def files_with(folder: Path, canaries: Iterable[str] = ALL) -> dict[str, list[str]]:
    """The files under `folder` that hold canaries."""
    files = (path for path in folder.rglob("*") if path.is_file())
    found = {path.name: found_in(path.read_bytes(), canaries) for path in files}
    return {name: canaries for name, canaries in found.items() if canaries}


def _forms(canary: str) -> list[bytes]:
    digits = canary.replace("-", "")
    spellings = {canary, canary.lower(), digits}
    encodings = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "unicode-escape")
    return [spelling.encode(encoding) for spelling in spellings for encoding in encodings]
