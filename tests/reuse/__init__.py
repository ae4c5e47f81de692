"""Tests of the uses of lessons: where they are recorded, and what they come to."""
