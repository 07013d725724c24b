"""Damage of the kinds that files meet, from a seed: the same seed gives the same file."""

import random
from collections.abc import Callable, Sequence

Mutation = Callable[[bytearray, random.Random, Sequence[bytes]], bytearray]

# Where most numbers stand that others are made of: sizes, rates, counts.
_HEAD_BYTES = 600
_EXTREMES = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 62)
_MAX_ZEROS = 3_000_000


def mutate(data: bytes, seed: int, donors: Sequence[bytes]) -> bytes:
    """Return a damaged copy of a file.

    Args:
        data: The file.
        seed: What decides the damage.
        donors: Files of other kinds, of which pieces may come into it.
    """
    rng = random.Random(seed)
    result = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        result = rng.choice(_MUTATIONS)(result, rng, donors)
    return bytes(result)


def _place(data: bytearray, rng: random.Random) -> int:
    """Return an offset, more often than not in the head."""
    end = min(len(data), _HEAD_BYTES) if rng.random() < 0.6 else len(data)
    return rng.randrange(max(1, end))


def _flip(data: bytearray, rng: random.Random, _donors: Sequence[bytes]) -> bytearray:
    for _ in range(rng.choice((1, 2, 5, 30))):
        at = _place(data, rng)
        if at < len(data):
            data[at] ^= 1 << rng.randrange(8)
    return data


def _number(data: bytearray, rng: random.Random, _donors: Sequence[bytes]) -> bytearray:
    width = rng.choice((1, 2, 3, 4, 8))
    at = _place(data, rng)
    value = rng.choice(_EXTREMES) & ((1 << 8 * width) - 1)
    data[at : at + width] = value.to_bytes(width, rng.choice(("big", "little")))
    return data


def _fill(data: bytearray, rng: random.Random, _donors: Sequence[bytes]) -> bytearray:
    at, length = _place(data, rng), rng.choice((4, 64, 1_000, 20_000))
    length = min(length, len(data) - at)
    kind = rng.randrange(3)
    data[at : at + length] = (bytes(length), b"\xff" * length, rng.randbytes(length))[kind]
    return data


def _delete(data: bytearray, rng: random.Random, _donors: Sequence[bytes]) -> bytearray:
    at = _place(data, rng)
    del data[at : at + rng.choice((1, 3, 50, 2_000))]
    return data


def _repeat(data: bytearray, rng: random.Random, _donors: Sequence[bytes]) -> bytearray:
    at, length = _place(data, rng), rng.choice((1, 20, 500, 5_000))
    data[at:at] = data[at : at + length]
    return data


def _cut(data: bytearray, rng: random.Random, _donors: Sequence[bytes]) -> bytearray:
    return data[: rng.choice((rng.randrange(1, 100), rng.randrange(1, len(data) + 1)))]


def _unfinished(data: bytearray, rng: random.Random, _donors: Sequence[bytes]) -> bytearray:
    """A download in progress: the rest of the file is zeros."""
    kept = data[: rng.randrange(1, len(data) + 1)]
    return kept + bytes(rng.choice((1_000, 100_000, _MAX_ZEROS)))


def _junk_before(data: bytearray, rng: random.Random, _donors: Sequence[bytes]) -> bytearray:
    return (
        bytearray(rng.choice((rng.randbytes(200), b"ID3", b"ID3\x04\0\0\x7f\x7f\x7f\x7f"))) + data
    )


def _splice(data: bytearray, rng: random.Random, donors: Sequence[bytes]) -> bytearray:
    donor = rng.choice(donors)
    return data[: _place(data, rng)] + bytearray(donor[rng.randrange(len(donor)) :])


def _join(data: bytearray, rng: random.Random, donors: Sequence[bytes]) -> bytearray:
    return data + bytearray(rng.choice(donors))


_MUTATIONS: tuple[Mutation, ...] = (
    _flip,
    _flip,
    _number,
    _number,
    _number,
    _fill,
    _delete,
    _repeat,
    _cut,
    _unfinished,
    _junk_before,
    _splice,
    _join,
)
