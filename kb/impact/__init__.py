"""The impact of interventions: what changed, how sure that is, and what it was worth."""
