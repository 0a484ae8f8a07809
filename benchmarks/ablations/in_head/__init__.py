"""Gaze coded as the rotation of the eyes in the head; between saccades nothing but the tokens holds it still."""
