"""The same answers over HTTP: one process that keeps the index and the model ready."""
