"""Settings: from the environment (`ZHANGGUI_*`), then from `settings.toml` in the home folder.

Command-line options win over both. Nothing is read at import.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from zhanggui.errors import InputError
from zhanggui.telemetry import hide

_THIS_MACHINE = (None, "", "localhost", "127.0.0.1", "::1")
# What examples, images and tutorials use.
# fmt: off
_KNOWN_SECRETS = frozenset((
    "123456", "admin", "api-key", "api_key", "apikey", "change-me", "change_me", "changeme",
    "default", "demo", "example", "none", "pass", "passw0rd", "password", "postgres",
    "root", "secret", "sk-test", "test", "token", "your-api-key", "zhanggui",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class _Secret:
    name: str
    value: str = field(repr=False)
    protects: bool
    """Whether somebody else could reach what lies behind it."""


DEFAULT_MODEL = "qwen2.5-coder-1.5b"


def default_home() -> Path:
    """The shop used when no `--home` is given."""
    return Path(platformdirs.user_data_dir("zhanggui", appauthor=False)) / "shop"


def default_models() -> Path:
    """Where weights live when `ZHANGGUI_MODELS` is not set."""
    return Path(platformdirs.user_cache_dir("zhanggui", appauthor=False)) / "models"


def default_runtime() -> Path:
    """Where the local model's process says how it is reached when `ZHANGGUI_RUNTIME` is not set."""
    return Path(platformdirs.user_cache_dir("zhanggui", appauthor=False)) / "run"


class RetentionDays(BaseModel):
    """For how many days each kind is kept; None keeps it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    orders: int | None = Field(default=None, ge=1)
    """Since the order was placed."""
    tickets: int | None = Field(default=None, ge=1)
    """Since the ticket came in or last changed: exports of tickets name no day."""
    replies: int | None = Field(default=None, ge=1)
    runs: int | None = Field(default=None, ge=1)
    """The ledger, kept answers of the model, and outputs under the home."""


class Wording(BaseModel):
    """How the shop words its copy."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mandatory: tuple[str, ...] = ()
    """Statements of the shop that must stand in the copy of their language."""
    forbidden: tuple[str, ...] = ()
    """Words that may not occur."""
    glossary: dict[str, str] = Field(default_factory=dict)
    """Term in the data → term to use, in the same language or the other one."""

    @model_validator(mode="after")
    def _agrees(self) -> Wording:
        texts = (*self.mandatory, *self.forbidden, *self.glossary, *self.glossary.values())
        if not all(any(char.isalnum() for char in text) for text in texts):
            raise ValueError("a text is empty: give it words, or take it out")
        for word in self.forbidden:
            for text in (*self.mandatory, *self.glossary.values()):
                if word.lower() in text.lower():
                    raise ValueError(f"{text!r} holds {word!r}, which is forbidden: drop one")
        return self


class AnswerSettings(BaseModel):
    """What the service lead accepts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    risk: float = Field(default=0.05, gt=0, lt=1)
    """The share of wrong ones among the replies that are sent by themselves."""
    confidence: float = Field(default=0.95, gt=0, lt=1)
    """How sure the judged replies must make it that the risk is kept."""


PLAIN = Wording()
"""That of a shop that asks for nothing."""


class Settings(BaseSettings):
    """Everything that can be set, with its default."""

    model_config = SettingsConfigDict(env_prefix="ZHANGGUI_", extra="ignore")

    home: Path = Field(default_factory=default_home)
    """The folder of the shop: database, vault key, settings.toml."""
    models: Path = Field(default_factory=default_models)
    """The folder of the weights, shared by all shops of this user."""
    runtime: Path = Field(default_factory=default_runtime)
    """The folder of the local model's process: state, locks, log; private to this user."""
    model: str = DEFAULT_MODEL
    """A pinned name (`zhanggui models list`), the path of a GGUF file, or, with `endpoint`,
    the model's name there."""
    endpoint: str | None = None
    """Base URL of an OpenAI-compatible server, for example https://example.com/v1."""
    api_key: SecretStr | None = None
    """The key of `endpoint`."""
    database_url: str | None = None
    """SQLAlchemy URL; the default is a SQLite file in `home`."""
    threads: int = Field(default_factory=lambda: max(1, os.cpu_count() or 1), ge=1)
    """Threads of the local model and of the students."""
    idle_seconds: int = Field(default=300, ge=5)
    """The local model's process ends after so long without a request."""
    context_tokens: int = Field(default=4096, ge=512)
    """Context of the local model per conversation."""
    responsible: str = ""
    """Who is responsible for what AI writes here: the name of the shop or its company."""
    development: bool = False
    """Takes secrets that everybody knows; never set it where customers come."""
    timeout_seconds: float = Field(default=120.0, gt=0)
    """Limit of one call to a model."""
    retention_days: RetentionDays = RetentionDays()
    """What `zhanggui retention` deletes."""
    wording: Wording = PLAIN
    """Words that descriptions must, may not, or should use."""
    answers: AnswerSettings = AnswerSettings()
    """How often a reply may be wrong."""

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the store."""
        if self.database_url:
            return self.database_url
        return f"sqlite:///{(self.home / 'shop.sqlite').as_posix()}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        given = init_settings().get("home") or env_settings().get("home") or default_home()
        toml = TomlConfigSettingsSource(settings_cls, Path(given) / "settings.toml")
        return (init_settings, env_settings, toml)


def load_settings(home: Path | None = None, **given: object) -> Settings:
    """Settings for one shop; `given` values that are None are ignored.

    Raises InputError for a setting that cannot be used.
    """
    values = {name: value for name, value in given.items() if value is not None}
    if home is not None:
        values["home"] = home
    try:
        settings = Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        raise InputError(_told(error)) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"settings.toml is no TOML, correct it: {error}.") from None
    for secret in _secrets(settings):
        hide(secret.value)
        if not settings.development and secret.protects and secret.value.lower() in _KNOWN_SECRETS:
            raise InputError(
                f"{secret.name} is a secret that everybody knows: set another one, or "
                "ZHANGGUI_DEVELOPMENT=1 on a machine that only you use."
            )
    return settings


def _told(error: ValidationError) -> str:
    """The first fault of the settings as a sentence, without the value: it may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = ".".join(map(str, first["loc"]))
    reason = first["msg"].removeprefix("Value error, ")
    return f"The setting {name} cannot be used, {reason[:1].lower()}{reason[1:]}."


def _secrets(settings: Settings) -> Iterator[_Secret]:
    if settings.api_key is not None:
        # A server on this machine often asks for any key at all and looks at none.
        remote = urlsplit(settings.endpoint or "").hostname not in _THIS_MACHINE
        key = settings.api_key.get_secret_value()
        yield _Secret("ZHANGGUI_API_KEY", key, protects=remote)
    url = urlsplit(settings.database_url or "")
    if url.password:
        hide(url.password)
        remote = url.hostname not in _THIS_MACHINE
        password = unquote(url.password)
        yield _Secret("The password in ZHANGGUI_DATABASE_URL", password, protects=remote)
