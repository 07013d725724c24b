"""ADTS: AAC without a container. It has no header of its own, so nothing tells its length."""

_MIN_FRAME_BYTES = 7


def is_adts(header: bytes) -> bool:
    """Return whether these bytes begin an ADTS frame (they pass for MPEG's unless the layer is 0).

    Args:
        header: The first seven bytes or more.
    """
    if len(header) < _MIN_FRAME_BYTES or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return False
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return header[2] >> 2 & 0xF < 13 and length >= _MIN_FRAME_BYTES
