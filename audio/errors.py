"""What can be wrong with the machine."""


class SetupError(Exception):
    """The machine lacks something.

    The message is one line for the person at the machine: what is missing, and the command that mends it.
    """
