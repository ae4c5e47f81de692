"""The page of `kb serve`: what a browser shows, with and without scripts."""
