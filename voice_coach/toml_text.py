"""Values of settings as text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def plain(value: Any) -> Any:
    """A value as it stands in JSON."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


def toml(value: Any) -> str:
    """A value as it stands in a file."""
    match value:
        case bool():
            return str(value).lower()
        case float():
            return str(int(value)) if value.is_integer() else str(value)
        case int():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{{', '.join(f'{name} = {toml(one)}' for name, one in value.items())}}}"
        case _:
            # JSON's strings are TOML's.
            return json.dumps(str(value), ensure_ascii=False)
