"""The semantic leg: models, their encoders, and the vectors that they make."""
