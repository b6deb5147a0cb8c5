"""Markdown files to cards: grammar, model, lint, ids, library."""
