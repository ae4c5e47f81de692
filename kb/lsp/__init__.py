"""The language server: speaks the Language Server Protocol 3.17 with an editor, over standard input and output."""
