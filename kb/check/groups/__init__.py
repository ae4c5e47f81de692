"""The rules, a module for each group of codes, and what they look with."""
