"""`voice-coach model prepare`, with a bar that shows how far it is."""

from __future__ import annotations

from pathlib import Path

from audio import prepare

from .places import weights_folder


def prepare_weights(*, show: bool) -> Path:
    """Makes the fast weights unless they are there.

    Raises:
        SetupError: this machine has none to make them of.
    """
    if not show:
        return prepare(weights_folder(), lambda _doing, _fraction: None)
    from rich.progress import Progress  # noqa: PLC0415: start-up time

    with Progress(transient=True) as progress:
        bar = progress.add_task("weights", total=1.0)
        return prepare(
            weights_folder(),
            lambda doing, fraction: progress.update(bar, description=doing, completed=fraction),
        )
