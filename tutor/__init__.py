"""A terminal tutor for machine learning: cards, quizzes and live demos.

The package root imports nothing: `tutor --help` must not pay for what it does not use.
"""

__version__ = "0.1.0"
