"""The files of an index: written atomically, memory-mapped, and verified."""
