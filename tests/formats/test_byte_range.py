import io

from mecomp_desktop.formats.byte_range import ByteRange, clipped, file_size, read_at


def test_ranges_are_cut_to_what_there_is() -> None:
    file = io.BytesIO(bytes(100))
    assert clipped(file, 10, 20) == ByteRange(10, 20)
    assert clipped(file, 90, 1 << 63) == ByteRange(90, 10)
    assert clipped(file, 1 << 70, 5) == ByteRange(100, 0)
    assert clipped(file, -5, -5) == ByteRange(0, 0)


def test_places_that_no_file_has_read_as_nothing() -> None:
    file = io.BytesIO(bytes(100))
    for start in (-1, 100, 1 << 63, 1 << 100):
        assert read_at(file, start, 10) == b""
    assert read_at(file, 0, -3) == b""
    assert len(read_at(file, 95, 10)) == 5


def test_asking_for_the_size_keeps_the_place() -> None:
    file = io.BytesIO(bytes(100))
    file.seek(7)
    assert file_size(file) == 100
    assert file.tell() == 7
