"""The terminal as the app meets it: what comes in from it, and how it is left."""
