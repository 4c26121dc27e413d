"""The coach: session, dialogue, exercises, lines, rooms, command line. May import `audio` and `intents`."""
