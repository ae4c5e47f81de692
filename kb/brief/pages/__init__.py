"""A brief as a page: Markdown, or HTML for a browser and a printer."""
