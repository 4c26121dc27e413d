import subprocess
import sys

import pytest

import audio


@pytest.mark.parametrize("name", audio.__all__)
def test_every_name_of_the_door_is_there(name: str) -> None:
    assert getattr(audio, name) is not None


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = audio.Nothing


def test_to_import_it_loads_nothing_else() -> None:
    script = "import sys, audio; print([name for name in sys.modules if name.partition('.')[0] == 'numpy'])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
