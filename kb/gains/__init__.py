"""What interventions brought, gathered for a reader: the report, its words, its table and its page."""
