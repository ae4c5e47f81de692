"""Markdown: where its blocks stand, and what a reader of the page sees of them."""
