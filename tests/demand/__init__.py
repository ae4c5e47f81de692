"""Tests of what is noted of questions, and of the gaps that it shows."""
