import io
from pathlib import Path

import pytest

from mecomp_desktop.formats.ogg import is_cut_off, links
from tests.support.audio_files import make_audio
from tests.support.odd_files import make_odd_file


@pytest.mark.parametrize("suffix", [".ogg", ".opus"])
def test_every_cut_within_a_page_is_noticed(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"song{suffix}", 3.0)
    whole = path.read_bytes()
    assert not cut_off(path)
    last_page = whole.rfind(b"OggS")
    for size in (last_page + 4, last_page + 27, last_page + 40, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert cut_off(path), size


def cut_off(path: Path) -> bool:
    with path.open("rb") as file:
        return is_cut_off(file)


def test_what_follows_the_last_page_does_no_harm(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.opus", 2.0)
    path.write_bytes(path.read_bytes() + b"TAG" + bytes(125))
    assert not cut_off(path)


def test_other_files_are_none_of_its_business(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.flac", 1.0)
    path.write_bytes(path.read_bytes()[:-100] + b"OggS")
    assert not cut_off(path)


@pytest.mark.parametrize("suffix", [".ogg", ".opus"])
def test_a_plain_file_is_one_link_of_its_length(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"song{suffix}", 30.0)
    with path.open("rb") as file:
        found = links(file)
    assert len(found) == 1
    assert found[0].duration_s == pytest.approx(30.0, abs=0.001)


@pytest.mark.parametrize("lengths_s", [(30.0, 1.0), (1.0, 30.0), (5.0, 5.0, 5.0)])
def test_every_link_of_a_chain_is_found(tmp_path: Path, lengths_s: tuple[float, ...]) -> None:
    parts = [
        make_audio(tmp_path / f"{number}.ogg", length_s, seed=number).read_bytes()
        for number, length_s in enumerate(lengths_s)
    ]
    file = io.BytesIO(b"".join(parts))
    found = links(file)
    assert [link.duration_s for link in found] == pytest.approx(lengths_s, abs=0.001)
    assert [link.where.length for link in found] == [len(part) for part in parts]


def test_links_of_one_serial_are_distinguished_by_their_page_numbers(tmp_path: Path) -> None:
    first, second = (
        make_audio(tmp_path / f"{number}.ogg", 20.0, seed=number).read_bytes()
        for number in range(2)
    )
    file = io.BytesIO(first + second.replace(second[14:18], first[14:18]))
    assert [link.duration_s for link in links(file)] == pytest.approx([20.0, 20.0], abs=0.001)


def test_positions_that_start_late_are_no_length(tmp_path: Path) -> None:
    odd = make_odd_file(tmp_path, "granules that start late")
    with odd.path.open("rb") as file:
        assert links(file)[0].duration_s == pytest.approx(6.0, abs=0.05)


def test_what_is_not_ogg_has_no_links() -> None:
    assert links(io.BytesIO(b"")) == []
    assert links(io.BytesIO(b"OggS" * 1_000)) == []
