"""Who knows what: `people.md`, the authors in git, whom to ask, and who is not to be named."""
