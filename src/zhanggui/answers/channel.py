"""The seam to where customers read replies: one required method, `Channel.deliver`.

Real ones: `paste.PasteChannel` and `webhook.WebhookChannel`. The shipped fake: `FakeChannel`.
"""

from __future__ import annotations

from typing import Any, Protocol

from zhanggui.answers.rows import reply_row
from zhanggui.labels import reply_is_ai
from zhanggui.records import Reply


class Channel(Protocol):
    """Where replies go."""

    def deliver(self, reply: Reply) -> None:
        """Brings a reply out: `send` to the customer, `suggest` to the staff, `hand_over` to both.

        A kill may leave a reply delivered and not noted, so the same `id` comes again: it is
        shown once. Raises `errors.ChannelUnreachable` where it could not be delivered, and it
        is tried again later; `errors.ChannelRefused` where trying again would not help.
        """
        ...


class FakeChannel:
    """Keeps what was delivered. For tests, of users as well."""

    def __init__(self) -> None:
        self._delivered: dict[str, Reply] = {}

    @property
    def delivered(self) -> list[Reply]:
        """Each reply once, in order."""
        return list(self._delivered.values())

    def deliver(self, reply: Reply) -> None:
        self._delivered.setdefault(reply.id, reply)


def delivery_row(reply: Reply) -> dict[str, Any]:
    """A reply as channels write it: the row of `answer`, the conversation and the label."""
    return {
        "conversation_id": reply.conversation_id,
        **reply_row(reply),
        "label": reply.label,
        "ai": reply_is_ai(reply),
    }
