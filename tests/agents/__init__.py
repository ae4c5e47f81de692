"""Agents that ask the library."""
