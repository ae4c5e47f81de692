"""What notes seem to say for a lesson's front matter, for a person to keep or to strike."""
