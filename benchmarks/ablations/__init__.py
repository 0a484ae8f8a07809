"""Other designs of the learned generator, built from the product's parts, to see what its own design is worth.

Each folder holds a space, a translator and a generator: ``no_vq`` (continuous gaze latents), ``joint`` (head and gaze
in one VQ-VAE), ``in_head`` (gaze coded as the rotation of the eyes in the head). They are not in the package because
no one should use them: `docs/learned.md` says why.
"""
