"""``python -m talkingeyes``."""

import sys

from talkingeyes.cli import main

if __name__ == "__main__":
    sys.exit(main())
