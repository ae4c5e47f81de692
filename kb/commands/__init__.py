"""One file per command: options in, one call, output out. What is heavy is imported when the command runs."""
