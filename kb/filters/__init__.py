"""Conditions on the front matter: which lessons and passages meet them."""
