"""What liking and putting away make of a rating."""

from dataclasses import replace

from mecomp_desktop.domain.rating import Rating


def with_like(rating: Rating, liked: bool, now_s: float) -> Rating:
    """Return the rating liked, or not; one that is so already stays as it is."""
    if rating.liked == liked:
        return rating
    return replace(rating, liked_at_s=now_s if liked else None)


def with_never(rating: Rating, never: bool, now_s: float) -> Rating:
    """Return the rating put away, or not; one that is so already stays as it is."""
    if rating.never_again == never:
        return rating
    return replace(rating, never_at_s=now_s if never else None)
