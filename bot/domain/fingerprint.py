"""The mark by which a frozen document is known again."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def fingerprint(document: Mapping[str, Any]) -> str:
    """SHA-256 of a document, whatever the order of its keys, in hexadecimal digits."""
    written = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
