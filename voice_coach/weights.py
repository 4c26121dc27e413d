"""`voice-coach model prepare`: makes the recogniser's fast weights, once."""

from __future__ import annotations

from pathlib import Path

from audio import prepare

from .places import weights_folder


def prepare_weights(*, show: bool) -> Path:
    """Makes the fast weights unless they are there, and shows how far it is.

    Raises:
        SetupError: this machine has none to make them of.
    """
    if not show:
        return prepare(weights_folder(), lambda _doing, _fraction: None)
    from .transcript import progress_bar

    with progress_bar() as report:
        return prepare(weights_folder(), report)
