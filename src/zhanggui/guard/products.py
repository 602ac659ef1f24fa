"""Products as the model may see them."""

from __future__ import annotations

import logging
from dataclasses import replace

from zhanggui.guard.screen import shipped_guard
from zhanggui.records import Product
from zhanggui.telemetry import log


def trusted(product: Product) -> Product:
    """`product` without attributes that give orders to whoever reads them.

    Such an attribute proves nothing either: a claim cannot stand on it.
    """
    values = list(product.attributes.values())
    bad = shipped_guard().injections.found(values)
    if not any(bad):
        return product
    pairs = zip(product.attributes.items(), bad, strict=True)
    kept = {name: value for (name, value), attack in pairs if not attack}
    left_out = sorted(product.attributes.keys() - kept.keys())
    event = "attributes left out: they read as orders to machines"
    log(event, level=logging.WARNING, product=product.id, attributes=left_out)
    return replace(product, attributes=kept)
