"""What a lesson goes through: it is validated, reviewed, replaced, retired."""
