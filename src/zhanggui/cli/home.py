"""The shop in the home that the command line names."""

from __future__ import annotations

from zhanggui.cli.options import GlobalOptions
from zhanggui.shop import Shop


def existing_shop(options: GlobalOptions) -> Shop:
    """The shop in the home, for all commands but those that begin one: `import` and `demo`.

    Raises InputNotFound where there is none; a typo in --home must not make one.
    """
    return Shop.open(options.settings(), now=options.now, make=False)
