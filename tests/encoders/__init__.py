"""Models of different make: each is loaded, exported, proven equal, and answers without torch."""
