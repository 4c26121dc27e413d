"""Ctrl-C, on the real command in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.weights


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc, which only Linux has")
def test_ctrl_c_ends_a_demo_within_a_second_and_leaves_no_process(tmp_path: Path) -> None:
    # A cache of its own, so that voice processes are running when it is interrupted.
    command = [sys.executable, "-m", "voice_coach", "demo", "--json"]
    environment = {**os.environ, "VOICE_COACH_CACHE": str(tmp_path)}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
        start_new_session=True,
    ) as coach:
        assert coach.stdout is not None
        for line in coach.stdout:
            if '"said"' in line:
                break
        began = time.monotonic()
        started = children(coach.pid)
        os.killpg(coach.pid, signal.SIGINT)
        coach.wait(timeout=10)
        took = time.monotonic() - began
        err = coach.stderr.read() if coach.stderr else ""
    assert coach.returncode == 130
    assert took < 1.0
    assert "Traceback" not in err
    assert not any(Path(f"/proc/{pid}").exists() for pid in started)
