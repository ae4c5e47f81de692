"""A digest as a page: Markdown, HTML, or an Atom feed."""
