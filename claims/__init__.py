"""The course's statements about frameworks, asked of the frameworks. See README.md."""
