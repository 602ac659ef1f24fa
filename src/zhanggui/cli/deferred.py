"""Commands that are imported when they are run.

The models, the shop and the students take seconds to import, and no command needs them all. So
`main.py` names its commands by their place (`module:name`), with the line that `zhanggui --help`
shows of each, and the module of a command is imported when the command is called.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand
from typer.main import get_group


class DeferredCommand(TyperCommand):
    """The command or the group of commands at `place`."""

    def __init__(self, name: str, place: str, help_line: str) -> None:
        super().__init__(name, help=help_line)
        self.place = place

    def load(self) -> Any:
        """The command itself."""
        module, _, name = self.place.partition(":")
        found = getattr(import_module(module), name)
        group = typer.Typer(rich_markup_mode="rich")
        if isinstance(found, typer.Typer):
            group.add_typer(found, name=self.name, help=self.help)
        else:
            group.command(self.name)(found)
        assert self.name is not None
        return get_group(group).commands[self.name]

    def make_context(self, *given: Any, **options: Any) -> Any:
        # All that a call or its `--help` does goes through here.
        return self.load().make_context(*given, **options)
