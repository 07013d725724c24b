"""Fetching the archives: resumed after a broken connection, checked by SHA-1."""

import hashlib
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import requests
from tqdm import tqdm

from mecomp_desktop.errors import BrokenEnvironment
from trainer.errors import DataError

BASE_URL = "https://os.unil.cloud.switch.ch/fma"
SHA1: Mapping[str, str] = MappingProxyType(
    {
        "fma_metadata.zip": "f0df49ffe5f2a6008d7dc83c6915b31835dfe733",
        "fma_small.zip": "ade154f733639d52e35e32f5593efe5be76c6d70",
        "fma_medium.zip": "c67b69ea232021025fca9231fc1c7c1a063ab50b",
        "fma_large.zip": "497109f4dd721066b5ce5e5f250ec604dc78939e",
    }
)
BLOCK_BYTES = 1 << 16  # what a broken connection can cost
TIMEOUT_S = 30.0


def fetch(url: str, target: Path, sha1: str, attempts: int = 8, pause_s: float = 1.0) -> Path:
    """Downloads ``url`` to ``target``; a part that is there already is kept and continued.

    Damaged bytes are thrown away and fetched again, a dropped connection is taken up where it
    broke; both count as attempts, unless the attempt brought something new.

    Raises:
        BrokenEnvironment: The server cannot be reached or keeps breaking off.
        DataError: What the server gives never has the right SHA-1.
    """
    if target.is_file() and file_sha1(target) == sha1:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    trouble = ""
    left = attempts
    while left > 0:
        before = _size(part)
        try:
            _continue(url, part)
        except (requests.RequestException, OSError) as problem:
            trouble = f"{type(problem).__name__}: {problem}"
            # A connection that breaks every minute still brings the archive home, as long as each
            # try brings something.
            left -= 0 if _size(part) > before else 1
            time.sleep(pause_s)
            continue
        if file_sha1(part) == sha1:
            part.replace(target)
            return target
        part.unlink()
        trouble, left = "sha1", left - 1
    if trouble == "sha1":
        raise DataError(f"{url}: damaged; its SHA-1 is not {sha1} after {attempts} attempts")
    raise BrokenEnvironment(f"{url}: cannot be downloaded ({trouble})")


def _continue(url: str, part: Path) -> None:
    """Adds to ``part`` what is missing; raises if the connection ends too early."""
    have = _size(part)
    headers = {"Range": f"bytes={have}-"} if have else {}
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT_S) as answer:
        if answer.status_code == requests.codes.requested_range_not_satisfiable:
            return  # everything is there; the SHA-1 will tell whether it is right
        answer.raise_for_status()
        resumed = answer.status_code == requests.codes.partial_content
        expected = int(answer.headers.get("Content-Length", 0))
        got = 0
        with (
            part.open("ab" if resumed else "wb") as out,
            tqdm(desc=part.stem, total=expected, unit="B", unit_scale=True, disable=None) as bar,
        ):
            for block in answer.iter_content(BLOCK_BYTES):
                out.write(block)
                got += len(block)
                bar.update(len(block))
    if got < expected:
        raise requests.ConnectionError(f"broke off after {got} of {expected} bytes")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def file_sha1(path: Path) -> str:
    """The SHA-1 of a file, read in blocks."""
    # The project publishes SHA-1; it guards against damage, not against malice.
    digest = hashlib.sha1(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def unpack(archive: Path, folder: Path) -> None:
    """Unpacks an archive; entries that would land outside ``folder`` are refused.

    Raises:
        DataError: It is no archive, or names a place outside.
    """
    try:
        with zipfile.ZipFile(archive) as zipped:
            for name in zipped.namelist():
                if not (folder / name).resolve().is_relative_to(folder.resolve()):
                    raise DataError(f"{archive}: names a place outside: {name}")
            zipped.extractall(folder)  # every name has been checked
    except zipfile.BadZipFile as problem:
        raise DataError(f"{archive}: not a ZIP archive ({problem})") from problem
