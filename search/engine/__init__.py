"""The engine: asked by the floor above, it answers from both indexes and is calibrated for a library."""
