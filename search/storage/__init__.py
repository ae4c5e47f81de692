"""Files of an index: written in one step, mapped, and verified."""
