"""Sockets, and the protocol spoken on them."""
