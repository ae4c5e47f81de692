"""Tests of the tokens for a server that others can reach."""
