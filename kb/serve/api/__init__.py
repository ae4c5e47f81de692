"""The addresses of the API: what may be asked, what is answered, and their description."""
