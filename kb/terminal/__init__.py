"""Results as a person sees them in a terminal."""
