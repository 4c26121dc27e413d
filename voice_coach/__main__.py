"""`python -m voice_coach`: the command line."""

from .cli import main

main()
