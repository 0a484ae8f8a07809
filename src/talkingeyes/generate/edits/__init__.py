"""Edits of a take: changes on top of its plan, never of its frames (docs/directing.md)."""
