"""`kb brief`: what is on the page, and that it is one page."""
