"""Head and gaze of a row in one code of one VQ-VAE."""
