"""The engine that the settings name, with everything around it."""

from __future__ import annotations

from collections.abc import Callable

from zhanggui.llm.engine import Engine
from zhanggui.llm.local_engine import LocalEngine
from zhanggui.llm.local_server import LocalServer
from zhanggui.llm.openai_compatible import OpenAICompatible
from zhanggui.llm.redaction import Redacting
from zhanggui.llm.weight_sources import Progress
from zhanggui.llm.weights import ensure_weights
from zhanggui.llm.wrappers import Cache, Cached, Metered, Retrying
from zhanggui.records import Receipt
from zhanggui.settings import Settings


def open_engine(
    settings: Settings,
    *,
    on_receipt: Callable[[Receipt], None] | None = None,
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> Engine:
    """`Metered(Redacting(Cached(Retrying(engine))))` over the local model or the endpoint.

    Nothing is started here: the first request fetches missing weights (told to `progress`) and
    starts the local model.
    """
    engine: Engine = Retrying(bare_engine(settings, progress=progress))
    if cache is not None:
        engine = Cached(engine, cache)
    # Names leave the machine under a placeholder; the model on it may read 松绿 and 李宁 as they
    # are, since no finder of names is free of false ones.
    engine = Redacting(engine, people=bool(settings.endpoint))
    return engine if on_receipt is None else Metered(engine, on_receipt)


def bare_engine(
    settings: Settings, *, progress: Progress | None = None
) -> OpenAICompatible | LocalEngine:
    """The engine without wrappers."""
    if settings.endpoint:
        key = settings.api_key.get_secret_value() if settings.api_key else ""
        return OpenAICompatible(settings.endpoint, settings.model, key, settings.timeout_seconds)
    return LocalEngine(
        lambda: local_server(settings, progress=progress),
        settings.model,
        timeout=settings.timeout_seconds,
    )


def local_server(settings: Settings, *, progress: Progress | None = None) -> LocalServer:
    """The supervisor of the local model that the settings name; fetches missing weights."""
    return LocalServer(
        ensure_weights(settings, progress),
        settings.runtime,
        threads=settings.threads,
        context_tokens=settings.context_tokens,
        idle_seconds=settings.idle_seconds,
    )
