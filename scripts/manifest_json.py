"""Write manifest.json, for Slack's command line and the doctor, from manifest.yml: python -m scripts.manifest_json."""

import json
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent


def as_json() -> str:
    """The manifest as Slack's command line reads it."""
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"


def main() -> int:
    """Write it beside the YAML."""
    (ROOT / "manifest.json").write_text(as_json(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
