"""What goes wrong for those who use the command line: one line, and what mends it."""


class CoachError(Exception):
    """The thing asked for cannot be done. The message is one line that says why and what mends it."""


class UnknownNameError(CoachError):
    """What was asked for names something that does not exist: wrong usage, not a failure."""
