"""The folders of music as the window shows them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mecomp_desktop.domain.ids import RootId
from mecomp_desktop.files import reachable_folder
from mecomp_desktop.store.roots import Root


@dataclass(frozen=True, slots=True)
class RootView:
    """A folder of music.

    Attributes:
        id: The library's number for it.
        path: Where it is.
        available: Whether it is there now.
        track_count: How many listed tracks it has.
        left_out: The folders below it that hold no music (bins, snapshots), with the reason.
    """

    id: RootId
    path: Path
    available: bool
    track_count: int
    left_out: tuple[tuple[str, str], ...] = ()


def view_roots(
    roots: Iterable[Root], counts: Counter[RootId], left_out: Mapping[str, str]
) -> tuple[RootView, ...]:
    """Return what is shown of each folder. Blocks as long as the disk takes to answer.

    Args:
        roots: The folders, in the order in which they were added.
        counts: How many tracks each has.
        left_out: The folders that hold no music, by path, with the reason.
    """
    ordered = sorted(left_out.items())
    return tuple(
        RootView(
            root.id,
            root.path,
            reachable_folder(root.path),
            counts[root.id],
            tuple((path, why) for path, why in ordered if Path(path).is_relative_to(root.path)),
        )
        for root in roots
    )
