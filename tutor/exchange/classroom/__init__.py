"""A class on one PostgreSQL server: it carries rows between a learner's machines, and decks."""
