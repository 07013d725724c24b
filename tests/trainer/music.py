"""Small music sets whose genres sound different, made for the tests."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts.answers_file import PAPER_COLUMNS
from trainer.data.judgments import Judgment

RATE_HZ = 22_050
GENRES = ("Bells", "Drone", "Hiss", "Pulse")


def tone(genre: str, seed: int, seconds: float) -> Floats:
    """A few seconds in the manner of a genre; no two seeds are alike."""
    rng = np.random.default_rng((GENRES.index(genre), seed))
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    pitch_hz = rng.uniform(0.8, 1.2)
    if genre == "Bells":
        sound = np.sin(2 * np.pi * 2_400 * pitch_hz * time) * np.exp(-6 * (time % 0.4))
    elif genre == "Drone":
        sound = np.sign(np.sin(2 * np.pi * 70 * pitch_hz * time)) * 0.7
    elif genre == "Hiss":
        sound = rng.standard_normal(len(time)) * 0.25
    else:
        sound = np.sin(2 * np.pi * 300 * pitch_hz * time) * ((time * 5 * pitch_hz) % 1 < 0.3)
    noise = rng.standard_normal(len(time)) * 0.01
    return (0.8 * sound + noise).clip(-1, 1).astype(np.float32)


@dataclass(frozen=True)
class Piece:
    """A clip to be made."""

    track: int
    genre: str
    artist: str
    album: str


def pieces(artists: int, each: int) -> list[Piece]:
    """``artists`` per genre with ``each`` clips; track numbers count up from 2."""
    found = []
    for genre in GENRES:
        for artist in range(artists):
            for clip in range(each):
                name = f"{genre} artist {artist}"
                found.append(Piece(2 + len(found), genre, name, f"{name}, album {clip // 2}"))
    return found


def make_manifest_set(folder: Path, artists: int = 8, each: int = 1, seconds: float = 2.0) -> Path:
    """A folder as ``manifest.csv`` describes it, with ratings that follow the genre."""
    rows, ratings = [], []
    for piece in pieces(artists, each):
        file = Path("tracks") / piece.artist / f"{piece.track}.wav"
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / file, tone(piece.genre, piece.track, seconds), RATE_HZ)
        clip = f"clip_{piece.track}"
        rows.append((file.as_posix(), piece.artist, piece.album, clip, piece.genre, clip))
        felt = [int(piece.genre == genre) for genre in GENRES] + [0] * 5
        ratings += [(clip, *felt), (clip, *felt[:8], piece.track % 2)]
    _table(folder / "manifest.csv", "file artist album title genre rating_id", rows)
    emotions = (
        "amazement solemnity tenderness nostalgia calmness power joyful_activation tension sadness"
    )
    _table(folder / "mood_ratings.csv", f"rating_id {emotions}", ratings)
    return folder


def make_fma(folder: Path, artists: int = 4, each: int = 2, seconds: float = 2.0) -> Path:
    """A miniature FMA in its true layout: two header rows, a hierarchy, NNN/NNNNNN.mp3."""
    metadata, audio = folder / "fma_metadata", folder / "fma_small"
    metadata.mkdir(parents=True)
    rows: list[tuple[object, ...]] = []
    for piece in pieces(artists, each):
        file = audio / f"{piece.track:06d}"[:3] / f"{piece.track:06d}.mp3"
        file.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(file, tone(piece.genre, piece.track, seconds), RATE_HZ, format="MP3")
        top = 1 + GENRES.index(piece.genre)
        genres = f"[{10 * top + piece.track % 2}]"
        labels = (piece.album, piece.artist, "training", "small", piece.genre, genres)
        rows.append((piece.track, 0, *labels, f"Title, {piece.track}"))
    rows.append((98_565, 0, "x", "x", "training", "small", "Bells", "[1]", "broken"))
    rows.append((77, 0, "x", "x", "training", "small", "Bells", "[1]", "not there"))
    rows.append((78, 0, "x", "x", "training", "medium", "Bells", "[1]", "of another subset"))
    with (metadata / "tracks.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(
            ["", *["album", "album", "artist", "set", "set", "track", "track", "track"]]
        )
        names = ["", "comments", "title", "name", "split", "subset", "genre_top", "genres", "title"]
        writer.writerow(names)
        writer.writerow(["track_id", *[""] * 8])
        writer.writerows(rows)
    _write_genres(metadata / "genres.csv")
    return folder


def _write_genres(path: Path) -> None:
    rows: list[tuple[object, ...]] = []
    for top, genre in enumerate(GENRES, start=1):
        rows.append((top, 9, 0, genre, top))
        rows += [(10 * top + kind, 9, top, f"{genre} {kind}", top) for kind in (0, 1)]
    _table(path, "genre_id #tracks parent title top_level", rows)


def _table(path: Path, header: str, rows: Sequence[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header.split(" "))
        writer.writerows(rows)


def write_judgments(path: Path, judgments: Iterable[Judgment]) -> None:
    """Judgments in the paper's form."""
    rows = [(judged.first, judged.second, judged.odd, 1, 2) for judged in judgments]
    _table(path, " ".join(PAPER_COLUMNS), rows)
