"""Every error that Zhanggui raises on purpose.

ZhangguiError
├── InputError              a file, a folder or a value that the user gave
│   ├── InputNotFound
│   ├── OutputExists
│   └── UnknownColumns
├── StoreError              the database
│   ├── DatabaseTooNew
│   └── DatabaseUnreachable
├── WeightsError            fetching the weights of a model
│   ├── NoSourceReachable
│   └── WrongDigest
├── EngineError             a call to a language model
│   ├── EngineUnreachable   nobody listens at the address
│   ├── EngineRefused       the server understood and declined
│   ├── EngineTimeout
│   ├── QuotaExceeded
│   ├── BadKey
│   ├── ContextTooLong
│   └── InvalidOutput       the answer does not fit the asked schema
├── ChannelError            where replies are delivered
│   ├── ChannelUnreachable
│   └── ChannelRefused
├── VaultError              the master key or a pseudonym
├── NotPermitted            personal data is asked for without the permission
└── MissingExtra            an optional package is not installed

The message of each is one sentence that says what to do; it is shown as it is.
"""

from __future__ import annotations


class ZhangguiError(Exception):
    """Something failed in a way that the user can act on."""


class InputError(ZhangguiError):
    """A file, a folder or a value given by the user cannot be used."""


class InputNotFound(InputError):
    """The named file or folder does not exist."""


class OutputExists(InputError):
    """The output file is already there and neither --resume nor --force was given."""


class UnknownColumns(InputError):
    """The columns of a file are not known; a mapping.toml is needed."""


class StoreError(ZhangguiError):
    """The database cannot do what was asked."""


class DatabaseTooNew(StoreError):
    """The database was written by a newer Zhanggui."""


class DatabaseUnreachable(StoreError):
    """The database does not answer."""


class WeightsError(ZhangguiError):
    """The weights of a model cannot be had."""


class NoSourceReachable(WeightsError):
    """None of the sources of the weights answers."""


class WrongDigest(WeightsError):
    """The bytes that arrived are not the pinned ones."""


class EngineError(ZhangguiError):
    """A call to a language model failed."""


class EngineUnreachable(EngineError):
    """Nobody listens at the address of the model server."""


class EngineRefused(EngineError):
    """The model server understood the request and declined it."""


class EngineTimeout(EngineError):
    """The model server did not answer in time."""


class QuotaExceeded(EngineError):
    """The account or the rate limit of the model server is used up."""


class BadKey(EngineError):
    """The model server does not accept the API key."""


class ContextTooLong(EngineError):
    """The prompt does not fit the context of the model."""


class InvalidOutput(EngineError):
    """The answer of the model does not fit the schema that was asked for."""


class ChannelError(ZhangguiError):
    """A reply could not be delivered."""


class ChannelUnreachable(ChannelError):
    """Nobody takes replies there at the moment; it is worth trying again."""


class ChannelRefused(ChannelError):
    """The other side understood the reply and declined it."""


class VaultError(ZhangguiError):
    """The vault's master key is missing or does not open the vault."""


class NotPermitted(ZhangguiError):
    """Personal data is asked for without the permission to see it."""


class MissingExtra(ZhangguiError):
    """An optional package is needed and not installed."""
