"""Edits of a lesson's file that leave everything else in it unchanged."""
