"""Asking and marking: answer kinds, generated numbers, sessions, reports."""
