"""The parts of the built-in avatar; put together by scripts/build_avatar.py. Lengths here are millimetres."""
