"""Markdown: the lines of its blocks, and the text that a reader of the rendered page sees."""
