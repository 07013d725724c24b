import dataclasses
import os
import shutil
import subprocess
import sys
import typing
from pathlib import Path

import mutagen
import mutagen.id3

import mecomp_desktop
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.library.fields import FIELDS, KEYS, Kind
from tests.support.audio_files import make_audio

_TYPES = {
    Kind.TEXT: str,
    Kind.LIST: tuple[str, ...],
    Kind.NUMBER: int | None,
    Kind.YEAR: int | None,
    Kind.SIDE: str,
    Kind.FLAG: bool,
    Kind.GAIN: float | None,
    Kind.PEAK: float | None,
}


def test_every_field_of_tags_is_declared_once() -> None:
    names = [field.name for field in FIELDS]
    assert len(names) == len(set(names))
    assert {*names, "duration_s"} == {field.name for field in dataclasses.fields(Tags)}


def test_kinds_and_types_agree() -> None:
    hints = typing.get_type_hints(Tags)
    assert {field.name: _TYPES[field.kind] for field in FIELDS} == {
        field.name: hints[field.name] for field in FIELDS
    }


def test_no_name_in_a_container_stands_for_two_tags() -> None:
    for names in (
        [key.id3 for key in KEYS if key.id3],
        [key.mp4 for key in KEYS if key.mp4],
        [key.asf for key in KEYS if key.asf],
        [name for key in KEYS for name in key.riff],
        [name for key in KEYS for name in (key.vorbis, *key.also)],
    ):
        assert len(names) == len(set(names))


_NEW_LINES = {
    "domain/track.py": (
        "    bit_rate_kbps: int | None = None\n",
        "    moods: tuple[str, ...] = ()\n",
    ),
    "library/fields.py": (
        '    Field("compilation", Kind.FLAG, (_COMPILATION,)),\n',
        '    Field("moods", Kind.LIST, (Key("mood", "TMOO", asf="wm/mood"),), "Mood", True),\n',
    ),
}
_SCAN = """
import sys
from pathlib import Path
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.library.inspection import Inspector
from mecomp_desktop.library.scanner import Scanner
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks

database = Database(Path(sys.argv[1]))
Roots(database).add(Path(sys.argv[2]))
inspector = Inspector()
Scanner(database, inspector).run()
inspector.close()
"""
_SHOW = """
tracks = Tracks(database)
catalog = Catalog(tracks.table())
rows = tracks.all()
for track in rows:
    print(track.path.name, *track.tags.moods)
print(len(catalog.search("wistful")), len(catalog.search("nowhere")))
print(*[catalog.tracks[row].path.name for row in catalog.order("moods")])
database.close()
from mecomp_desktop.ui.library.columns import HEADINGS, SORTS, Column, cell
print(HEADINGS[Column.MOODS][0], SORTS[Column.MOODS])
print(*[cell(track, Column.MOODS) for track in rows])
from mecomp_desktop.query.columns import SongColumns, TagColumns
from mecomp_desktop.query.conditions import Context
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.search import find_in_catalog
found = find_in_catalog(
    parse("moods ~ calm"), SongColumns(TagColumns(catalog.tracks), {}), Context(0.0, None)
)
print(*[catalog.tracks[row].path.name for row in found])
"""


def test_a_new_tag_is_one_line_in_each_of_two_files(tmp_path: Path) -> None:
    package = tmp_path / "changed" / "mecomp_desktop"
    shutil.copytree(Path(mecomp_desktop.__file__).parent, package)
    music = tmp_path / "music"
    for name in ("a.flac", "b.mp3", "c.opus"):
        make_audio(music / name, 0.5, tags={"title": name})
    _set_mood(music / "a.flac", "Wistful")
    _set_mood(music / "b.mp3", "Calm")
    library = tmp_path / "library.db"
    # The library exists before the field does.
    _run(_SCAN, package, library, music)
    for name, (before, line) in _NEW_LINES.items():
        text = (package / name).read_text()
        assert text.count(before) == 1
        (package / name).write_text(text.replace(before, before + line))
    printed = _run(_SCAN + _SHOW, package, library, music)
    assert printed.splitlines() == [
        "a.flac Wistful",
        "b.mp3 Calm",
        "c.opus",
        "1 0",
        "b.mp3 a.flac c.opus",
        "Mood moods",
        "Wistful Calm ",
        "b.mp3",
    ]


def _run(script: str, package: Path, *arguments: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=package.parent,
        env=os.environ | {"PYTHONPATH": str(package.parent)},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout


def _set_mood(path: Path, mood: str) -> None:
    file = mutagen.File(path)
    assert file is not None
    if isinstance(file.tags, mutagen.id3.ID3):
        file.tags.add(mutagen.id3.TMOO(encoding=3, text=mood))
    else:
        file.tags["mood"] = mood
    file.save()
