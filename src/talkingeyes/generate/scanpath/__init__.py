"""Where the gaze goes: a scene of places, looks that dwell, return and move on, and what is said that moves them."""
