"""The uses of lessons in later interventions: where they are recorded, and what they come to."""
