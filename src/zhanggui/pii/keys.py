"""The master key of a vault and what is derived from it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zhanggui.errors import VaultError
from zhanggui.telemetry import log

KEY_FILE = "vault.key"

_NONCE = 12
_KEY = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_warned: set[Path] = set()


def read_key(path: Path) -> bytes | None:
    """The master key in `path`, None if there is no such file; VaultError if it is no key."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise VaultError(f"{path} cannot be read ({error.strerror}): check its owner.") from error
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise _no_key(path) from error
    if len(key) != _KEY:
        raise _no_key(path)
    _warn_if_shared(path)
    return key


def _warn_if_shared(path: Path) -> None:
    # On Windows the mode says nothing; the user's folder keeps others out.
    if os.name == "posix" and path.stat().st_mode & _OTHERS and path not in _warned:
        _warned.add(path)
        log(
            f"{path} can be read by other users of this machine: run `chmod 600 {path}`.",
            level=logging.WARNING,
        )


def make_key(path: Path) -> bytes:
    """Writes a new master key to `path`, readable by its owner only."""
    key = secrets.token_bytes(_KEY)
    unfinished = path.with_name(path.name + ".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        # On Windows the mode has no effect; the file inherits the rights of the user's folder.
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise VaultError(f"{path} cannot be written ({error.strerror}).") from error
    return key


class Keys:
    """Wraps people's keys and makes keyed hashes, each under its own derived key."""

    def __init__(self, master: bytes) -> None:
        self._wrapping = _derive(master, b"zhanggui wrap 1")
        self._hashing = _derive(master, b"zhanggui lookup 1")
        self.audit = _derive(master, b"zhanggui audit 1")
        """The key that seals the audit."""

    def new_person(self, person: str) -> bytes:
        """A fresh key for `person`, wrapped."""
        return seal(self._wrapping, secrets.token_bytes(_KEY), person.encode())

    def person(self, person: str, wrapped: bytes) -> bytes:
        """The key of `person`; VaultError if it was wrapped under another master key."""
        return unseal(self._wrapping, wrapped, person.encode())

    def hash(self, *parts: str) -> bytes:
        """HMAC-SHA-256 of `parts`; different lists never give the same input."""
        message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return hmac.digest(self._hashing, message, hashlib.sha256)


def seal(key: bytes, value: bytes, about: bytes) -> bytes:
    """AES-256-GCM: nonce, ciphertext and tag; `about` must be the same to open it."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, value, about)


def unseal(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """What `seal` was given; VaultError under another key."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
    except InvalidTag as error:
        raise VaultError(
            f"The key in {KEY_FILE} is not the one this shop's personal data was stored under: "
            "put the right key file back."
        ) from error


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=purpose).derive(master)


def _no_key(path: Path) -> VaultError:
    return VaultError(f"{path} holds no vault key: put the right key file back.")
