"""Asking addresses on the web, tried on real servers of this machine."""
