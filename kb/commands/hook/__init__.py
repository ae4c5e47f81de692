"""The commands of `kb hook`, one file each."""
