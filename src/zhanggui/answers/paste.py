"""Replies to copy by hand into 千牛, 飞鸽 and the like: a text file, and a console if wanted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from zhanggui.errors import ChannelUnreachable
from zhanggui.records import Decision, Reply
from zhanggui.text.normalise import well_formed

_HEADS: dict[Decision, str] = {
    "send": "发给顾客 / send",
    "suggest": "建议，确认后发送 / check, then send",
    "hand_over": "请人工接待 / a person is needed",
}
_MARK = "── {head} ── {conversation} ── #{id}"


class PasteChannel:
    """Appends each reply to a file, under a line that says what to do with it."""

    def __init__(self, file: Path, show: Callable[[str], object] | None = None) -> None:
        """`show` gets the same text, for a console."""
        self._file = file
        self._show = show
        self._lock = Lock()
        self._known: set[str] | None = None

    def deliver(self, reply: Reply) -> None:
        head = _MARK.format(
            head=_HEADS[reply.decision],
            conversation=_line(reply.conversation_id or ""),
            id=_line(reply.id),
        )
        why = f"（{reply.reason}）\n" if reply.decision != "send" else ""
        # A customer's or a page's words must not look like the head of another reply.
        text = "\n".join(line.lstrip("─ ") for line in reply.text.splitlines())
        with self._lock:
            block = well_formed(f"{head}\n{why}{text}\n[{reply.label}]\n\n")
            try:
                if _line(reply.id) in self._ids():
                    return
                self._append(block)
            except OSError as error:
                raise ChannelUnreachable(
                    f"{self._file} cannot be written ({error.strerror}): give another file."
                ) from error
            self._ids().add(_line(reply.id))
        if self._show is not None:
            self._show(block)

    def _append(self, block: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as out:
            out.write(block)

    def _ids(self) -> set[str]:
        """The replies that the file holds, also those of an earlier process."""
        if self._known is None:
            # Whoever copies from it may have saved it in another encoding.
            known = self._file.exists()
            there = self._file.read_text(encoding="utf-8", errors="replace") if known else ""
            heads = (line for line in there.splitlines() if line.startswith("── "))
            self._known = {head.rpartition(" ── #")[2] for head in heads}
        return self._known


def _line(text: str) -> str:
    return " ".join(well_formed(text).split())
