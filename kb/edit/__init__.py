"""Changing a lesson's file without touching what is not meant."""
