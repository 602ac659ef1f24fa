"""Replies posted to the shop's own system, signed.

The body is a `channel.delivery_row` as JSON. Its receiver checks the header
`X-Zhanggui-Signature: t=<seconds>,v1=<hex>` with `is_signed` (HMAC-SHA256 over `<t>.<body>`), and
shows a reply with a known `Idempotency-Key` only once.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import re
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import stamina

from zhanggui.answers.channel import delivery_row
from zhanggui.errors import ChannelRefused, ChannelUnreachable, InputError
from zhanggui.records import Reply

_TOLERANCE = 300.0
_LONGEST_TIME = 15
"""Digits of a time in seconds."""
_BUSY = (408, 425, 429)


class WebhookChannel:
    """Posts replies to one address."""

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        timeout: float = 10.0,
        attempts: int = 4,
        wait_seconds: float = 0.5,
    ) -> None:
        """Tries up to `attempts` times where nobody answers or the server is busy.

        Raises InputError for what is no http or https URL with a host, or an empty secret.
        """
        if not _is_address(url):
            raise InputError(
                f"{_told(url)!r} is no address to post to: give an http or https URL with a host, "
                "without a password, other characters percent-encoded."
            )
        if not secret:
            raise InputError("A webhook needs a secret: without one anybody could post replies.")
        self._url = url
        self._secret = secret
        self._timeout = timeout
        self._attempts = attempts
        self._wait = wait_seconds
        self._opener = _without_redirects()

    def deliver(self, reply: Reply) -> None:
        body = json.dumps(delivery_row(reply), ensure_ascii=True).encode()
        for attempt in stamina.retry_context(
            on=ChannelUnreachable,
            attempts=self._attempts,
            wait_initial=self._wait,
            wait_jitter=self._wait / 2,
        ):
            with attempt:
                self._post(body, reply.id)

    def _post(self, body: bytes, reply_id: str) -> None:
        request = urllib.request.Request(
            self._url,
            data=body,
            method="POST",
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": hashlib.sha256(reply_id.encode()).hexdigest(),
                "X-Zhanggui-Signature": signature(self._secret, body, time.time()),
            },
        )
        try:
            with self._opener.open(request, timeout=self._timeout):
                return
        except urllib.error.HTTPError as error:
            error.close()
            if error.code >= 500 or error.code in _BUSY:
                raise ChannelUnreachable(
                    f"The webhook answered {error.code}: the reply is kept and tried again."
                ) from error
            raise ChannelRefused(
                f"The webhook declined a reply with {error.code}: check its address and secret."
            ) from error
        # The latter where what answers does not speak HTTP, or breaks off.
        except (OSError, http.client.HTTPException) as error:
            raise ChannelUnreachable(
                "The webhook cannot be reached: the reply is kept and tried again."
            ) from error


def signature(secret: str, body: bytes, at: float) -> str:
    """The value of the header `X-Zhanggui-Signature` of a body sent at `at` (Unix seconds)."""
    moment = str(int(at))
    return f"t={moment},v1={_digest(secret, moment, body)}"


def is_signed(secret: str, body: bytes, header: str, now: float) -> bool:
    """Whether a body came from whoever knows the secret, not more than five minutes ago."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    moment, given = parts.get("t", ""), parts.get("v1", "")
    seconds = moment.isascii() and moment.isdecimal() and len(moment) <= _LONGEST_TIME
    if not seconds or abs(now - int(moment)) > _TOLERANCE:
        return False
    # As bytes: strings can only be compared so if they are ASCII.
    made = _digest(secret, moment, body).encode()
    return hmac.compare_digest(made, given.encode(errors="replace"))


def _is_address(url: str) -> bool:
    """Whether `url` names a host that can be posted to, and nothing else."""
    if not url.isascii() or any(char <= " " or char == "\x7f" for char in url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain and port != 0


def _told(url: str) -> str:
    """The URL as an error may show it: what stands before a host may be a password."""
    return re.sub(r"//[^/@]*@", "//…@", url)


def _digest(secret: str, moment: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def _without_redirects() -> urllib.request.OpenerDirector:
    """A signed reply goes to the address that the shop gave, and to no other."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener
