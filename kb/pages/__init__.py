"""Pages for a browser or a printer: one self-contained file, which asks for nothing from anywhere."""
