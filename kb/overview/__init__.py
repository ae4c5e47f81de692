"""All lessons at once."""
