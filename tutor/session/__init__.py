"""One learner's decks, memory and store, joined: what plain verbs and screens both drive."""
