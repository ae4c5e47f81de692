"""Commands that keep an index true."""
