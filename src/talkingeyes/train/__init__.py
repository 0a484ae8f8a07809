"""Training: one loop for every stage, checkpoints, many processes, export to ONNX (docs/training.md)."""
