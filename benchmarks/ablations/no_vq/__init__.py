"""Gaze shifts as continuous latents: the codebook becomes a Gaussian bottleneck, the softmax a mixture density."""
