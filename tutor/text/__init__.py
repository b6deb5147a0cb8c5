"""Text made safe and readable on a terminal: sanitiser, LaTeX to Unicode, Markdown rules."""
