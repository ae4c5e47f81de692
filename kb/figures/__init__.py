"""Numbers, units and dates in text."""
