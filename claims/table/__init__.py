"""What the frameworks answered on 28 November 2026, question by question, and how to ask again."""
