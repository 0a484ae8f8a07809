"""The studio: projects of recordings, takes and edits."""
