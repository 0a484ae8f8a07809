"""Rendered people for judging and teaching the fit: see scripts/render_people.py."""
