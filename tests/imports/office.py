"""LibreOffice, which makes files as offices really have them; skipped aloud where it is missing, but never in CI."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
_MISSING = "LibreOffice is not installed: apt-get install libreoffice-calc-nogui libreoffice-writer-nogui"
# Which filter reads HTML: into a sheet, or into a text.
_FROM_HTML = {
    "xlsx": "HTML (StarCalc)",
    "ods": "HTML (StarCalc)",
    "docx": "HTML (StarWriter)",
    "odt": "HTML (StarWriter)",
}


def need_soffice() -> None:
    """Skip the test where there is no LibreOffice; fail it in CI, where there must be one."""
    if SOFFICE is None and os.environ.get("CI") == "true":
        pytest.fail(_MISSING)
    if SOFFICE is None:
        pytest.skip(_MISSING)


def converted(content: bytes, *steps: str, folder: Path) -> bytes:
    """Return a file after LibreOffice has written it as one kind after another: converted(html, "html", "ods", "xlsx")."""
    need_soffice()
    path = folder / f"annex.{steps[0]}"
    path.write_bytes(content)
    for kind in steps[1:]:
        path = _written(path, kind, folder / kind)
    return path.read_bytes()


def _written(path: Path, kind: str, folder: Path) -> Path:
    reads = [f"--infilter={_FROM_HTML[kind]}"] if path.suffix == ".html" else []
    # A profile of its own: a second LibreOffice on the same one ends at once and silently.
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [str(SOFFICE), profile, "--headless", "--norestore", *reads, "--convert-to", kind, "--outdir", folder, path],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / f"{path.stem}.{kind}"
