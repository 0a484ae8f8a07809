"""``python -m talkingeyes``, and what ``talkingeyes`` starts."""

import signal
import sys


def main() -> int:
    """Run the command line; a Ctrl-C while it is still being imported ends the process without a traceback."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from talkingeyes.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
