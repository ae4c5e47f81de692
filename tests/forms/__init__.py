"""Tests of the published forms of JSON."""
