"""Access to the system: git, other programs, disks, and the folders of the user."""
