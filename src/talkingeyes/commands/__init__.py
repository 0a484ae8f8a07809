"""The subcommands of the command line, one module each.

A command is a module with ``HELP`` (one line), ``EPILOG`` (examples), ``Options`` (a frozen dataclass with one field
per argument), ``add_arguments(parser)`` and ``run(options, console) -> exit status``. To add one, write the module and
name it in `COMMANDS`. Modules import only the standard library at the top (``--help`` must be instant); numpy and the
package's own parts are imported inside ``run``.
"""

from __future__ import annotations

COMMANDS: dict[str, str] = {
    "animate": "talkingeyes.commands.animate",
    "batch": "talkingeyes.commands.batch",
    "convert": "talkingeyes.commands.convert",
    "dataset": "talkingeyes.commands.dataset",
    "evaluate": "talkingeyes.commands.evaluate",
    "fit": "talkingeyes.commands.fit",
    "info": "talkingeyes.commands.info",
    "rig": "talkingeyes.commands.rig",
    "serve": "talkingeyes.commands.serve",
    "stream": "talkingeyes.commands.stream",
    "studio": "talkingeyes.commands.studio",
    "train": "talkingeyes.commands.train",
}
"""Name -> module, in the order of the help text."""
