"""A digest as a mail, and how it is sent."""
