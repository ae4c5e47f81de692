"""The commands that a running server answers: they are asked before anything else is imported."""
