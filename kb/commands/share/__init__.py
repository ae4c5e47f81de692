"""Commands that bring the library to others: a server, its tokens, a site."""
