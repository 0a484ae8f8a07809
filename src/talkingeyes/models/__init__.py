"""PyTorch modules of the learned generator; no reading or writing of files here."""
