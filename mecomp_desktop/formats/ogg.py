"""Ogg: pages, the links of a chained file, and how long each of them is."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from mecomp_desktop.formats.byte_range import ByteRange, file_size, read_at

CAPTURE = b"OggS"
# Magic, version, flags, granule position, serial, sequence, checksum, number of segments.
_HEADER = struct.Struct("<4sBBqIIIB")
_MAX_PAGE_BYTES = _HEADER.size + 255 + 255 * 255
_NO_PACKET_ENDS = -1
_FIRST_PAGE = 0x02
_TAIL_BYTES = 4 * _MAX_PAGE_BYTES
_OPUS_RATE_HZ = 48_000
_PROBE_COUNT = 8
# Comments and covers stand in the first pages, which are larger than those of the sound.
_HEAD_SLACK_BYTES = 256 * 1024
# A link that begins later than this does not begin at its own zero: it was recorded from a
# broadcast, whose positions count from when the sender was switched on.
_LATE_START_S = 5.0


@dataclass(frozen=True, slots=True)
class Page:
    """The header of a page.

    Attributes:
        at: Where it begins.
        length: Its bytes, header included.
        granule: The position after the last packet that ends in it; -1 where none does.
        serial: The stream it belongs to.
        number: Its number in the stream.
        begins: Whether it is the first of its stream.
        complete: Whether the header with its table of segments is all there.
    """

    at: int
    length: int
    granule: int
    serial: int
    number: int
    begins: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class Link:
    """One stretch of a chained file, which could be a file of its own.

    Attributes:
        where: Its bytes.
        sample_rate_hz: Frames per second.
        frames: Its length; 0 if its positions tell none.
    """

    where: ByteRange
    sample_rate_hz: int
    frames: int

    @property
    def duration_s(self) -> float:
        """The length in seconds."""
        return self.frames / self.sample_rate_hz


def first_audio_page(file: BinaryIO) -> int:
    """Return where the headers end; the size of the file if there is nothing after them."""
    at = 0
    while (page := _page_at(file, at)) is not None:
        if page.granule not in (0, _NO_PACKET_ENDS):
            return page.at
        at += page.length
    return file_size(file)


def page_contents(window: bytes) -> Iterator[bytes]:
    """Give layout and content of every page that lies wholly in a piece of a file.

    A tagger that makes the comments longer or shorter moves every later page and gives it a new
    sequence number and checksum; how the audio is laid out in pages stays. So of a page only
    the layout and the content count for what a file is.
    """
    at = window.find(CAPTURE)
    while at >= 0:
        page = _parsed(window, at, 0)
        length = page.length if page is not None else _MAX_PAGE_BYTES
        if at + length > len(window):
            return
        yield window[at + _HEADER.size - 1 : at + length]
        # Pages follow each other; only in a damaged file the next one has to be looked for.
        at = window.find(CAPTURE, at + length)


def is_cut_off(file: BinaryIO) -> bool:
    """Return whether this is an Ogg file whose last page is incomplete."""
    if read_at(file, 0, len(CAPTURE)) != CAPTURE:
        return False
    start = max(0, file_size(file) - _MAX_PAGE_BYTES)
    tail = read_at(file, start, _MAX_PAGE_BYTES)
    at = len(tail)
    while (at := tail.rfind(CAPTURE, 0, at)) >= 0:
        if len(tail) - at < _HEADER.size:
            return True
        page = _parsed(tail, at, 0)
        if page is not None:  # else these four letters are music
            return not page.complete or at + page.length > len(tail)
    return False


def links(file: BinaryIO) -> list[Link]:
    """Return the links of a file, in order; empty where no kind of sound known here is in it.

    A file whose pages, looked at here and there, count up from its head to its end is one link.
    Otherwise every page's header is read.
    """
    size = file_size(file)
    serials, rates = _streams_at(file, 0)
    if not rates:
        return []
    last = _last_page(file, serials - set(rates))
    if last is not None and last.serial in rates and _counts_up(file, last):
        return [_link(file, ByteRange(0, size), last.serial, rates[last.serial], last.granule)]
    return _chained(file, size)


def _chained(file: BinaryIO, size: int) -> list[Link]:
    starts, granules = _starts_and_granules(file)
    found = []
    for start, end in zip(starts, [*starts[1:], size], strict=True):
        _, rates = _streams_at(file, start)
        for serial, rate in rates.items():
            granule = granules.get((start, serial), _NO_PACKET_ENDS)
            found.append(_link(file, ByteRange(start, end - start), serial, rate, granule))
            break
    return found


def _starts_and_granules(file: BinaryIO) -> tuple[list[int], dict[tuple[int, int], int]]:
    """Return where links begin, and the last position of each stream of each link."""
    starts: list[int] = []
    granules: dict[tuple[int, int], int] = {}
    was_first = False
    for page in _pages(file):
        if page.begins and not was_first:
            starts.append(page.at)
        was_first = page.begins
        if page.granule >= 0 and starts:
            granules[starts[-1], page.serial] = page.granule
    return starts, granules


def _link(file: BinaryIO, where: ByteRange, serial: int, rate: "_Rate", last_granule: int) -> Link:
    first = _first_granules(file, where.start, serial)
    begin = rate.skipped
    if first and first[0] > _LATE_START_S * rate.hz:
        # Its first page ends here; where it began, the second page's length tells well enough.
        begin = 2 * first[0] - first[1] if len(first) > 1 else first[0]
    return Link(where, rate.hz, max(0, last_granule - begin))


@dataclass(frozen=True, slots=True)
class _Rate:
    """Positions per second, and how many of them come before the sound."""

    hz: int
    skipped: int = 0


def _first_granules(file: BinaryIO, at: int, serial: int) -> list[int]:
    found: list[int] = []
    for _ in range(64):
        page = _page_at(file, at)
        if page is None or len(found) == 2:
            break
        if page.serial == serial and page.granule > 0:
            found.append(page.granule)
        at += page.length
    return found


def _streams_at(file: BinaryIO, at: int) -> tuple[set[int], dict[int, _Rate]]:
    """Return the streams that begin here, and the rates of those that are sound."""
    serials: set[int] = set()
    rates: dict[int, _Rate] = {}
    for _ in range(64):
        page = _page_at(file, at)
        if page is None or not page.begins:
            break
        serials.add(page.serial)
        content = read_at(file, at + _HEADER.size, 255 + 64)
        segments = read_at(file, at + _HEADER.size - 1, 1)
        rate = _rate(content[segments[0] :]) if segments else None
        if rate is not None and rate.hz > 0:
            rates[page.serial] = rate
        at += page.length
    return serials, rates


def _rate(packet: bytes) -> _Rate | None:
    """Return the rate in the first packet of a stream of sound."""
    if packet.startswith(b"\x01vorbis") and len(packet) >= 16:
        return _Rate(int.from_bytes(packet[12:16], "little"))
    if packet.startswith(b"OpusHead") and len(packet) >= 12:
        return _Rate(_OPUS_RATE_HZ, int.from_bytes(packet[10:12], "little"))
    if packet.startswith(b"\x7fFLAC") and len(packet) >= 30:
        return _Rate(int.from_bytes(packet[27:30], "big") >> 4)
    if packet.startswith(b"Speex   ") and len(packet) >= 40:
        return _Rate(int.from_bytes(packet[36:40], "little"))
    return None


def _last_page(file: BinaryIO, pictures: set[int]) -> Page | None:
    """Return the last page near the end that has a position and is not of these streams."""
    start = max(0, file_size(file) - _TAIL_BYTES)
    tail = read_at(file, start, _TAIL_BYTES)
    at = len(tail)
    while (at := tail.rfind(CAPTURE, 0, at)) >= 0:
        page = _parsed(tail, at, start)
        if page is not None and page.granule >= 0 and page.serial not in pictures:
            return page
    return None


def _counts_up(file: BinaryIO, last: Page) -> bool:
    """Return whether the pages of one stream count up from the head of the file to its end.

    Links may share a serial, and then only the numbers that begin anew tell them apart. A short
    link at the head would be missed between two looks, but shifts all numbers after it.
    """
    seen: list[Page] = []
    for place in range(1, _PROBE_COUNT):
        found = _page_after(file, last.at * place // _PROBE_COUNT, last.serial)
        if found is not None:
            seen.append(found)
    seen.append(last)
    in_order = all(
        before.number <= after.number and before.granule <= after.granule
        for before, after in pairwise(seen)
    )
    pages = last.number - seen[0].number
    if not in_order or pages <= 0:
        return in_order
    mean_bytes = (last.at - seen[0].at) / pages
    return seen[0].at <= seen[0].number * mean_bytes * 1.5 + _HEAD_SLACK_BYTES


def _page_after(file: BinaryIO, start: int, serial: int) -> Page | None:
    window = read_at(file, start, _MAX_PAGE_BYTES)
    at = -1
    while (at := window.find(CAPTURE, at + 1)) >= 0:
        page = _parsed(window, at, start)
        if page is not None and page.serial == serial and page.granule >= 0:
            return page
    return None


def _pages(file: BinaryIO) -> Iterator[Page]:
    at, size = 0, file_size(file)
    while at < size:
        page = _page_at(file, at)
        if page is not None:
            yield page
            at += page.length
            continue
        window = read_at(file, at + 1, _MAX_PAGE_BYTES)
        found = window.find(CAPTURE)
        at += 1 + (found if found >= 0 else max(1, len(window) - len(CAPTURE)))


def _page_at(file: BinaryIO, at: int) -> Page | None:
    return _parsed(read_at(file, at, _HEADER.size + 255), 0, at)


def _parsed(data: bytes, at: int, offset: int) -> Page | None:
    """Return the page whose header is at ``at``, if it is one; ``offset``: where data begins."""
    if len(data) - at < _HEADER.size:
        return None
    magic, version, flags, granule, serial, number, _, segments = _HEADER.unpack_from(data, at)
    if magic != CAPTURE or version != 0:
        return None
    sizes = data[at + _HEADER.size : at + _HEADER.size + segments]
    length = _HEADER.size + segments + sum(sizes)
    begins = bool(flags & _FIRST_PAGE)
    complete = len(sizes) == segments
    return Page(at + offset, length, granule, serial, number, begins, complete)
