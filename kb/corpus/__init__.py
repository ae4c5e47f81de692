"""The lessons as they are on disk now, for code that checks and changes them."""
