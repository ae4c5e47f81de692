"""What the machine is asked: git, other programs, disks, and the folders of its user."""
