"""Writes docs/edits.schema.json from the table of edits: python scripts/edits_schema.py."""

import json
from pathlib import Path

from talkingeyes.generate.edits.schema import schema

if __name__ == "__main__":
    target = Path(__file__).parents[1] / "docs" / "edits.schema.json"
    target.write_text(json.dumps(schema(), indent=1) + "\n", encoding="utf-8")
