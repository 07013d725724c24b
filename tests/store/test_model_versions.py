import dataclasses

import pytest

from mecomp_desktop.domain.model_version import ModelVersion, Verdict, VersionId
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.model_versions import ModelVersions

VERDICT = Verdict(60, 30, 42, 0.05, 0.35, 12, 6, 8, True, "It got better.")


def version(name: str, verdict: Verdict | None = VERDICT) -> ModelVersion:
    return ModelVersion(
        id=VersionId(0),
        kind="learned" if verdict else "imported",
        name=name,
        body_hash="body",
        head_hash=name,
        model_file=f"{name}.onnx",
        head_file=f"{name}.head.onnx",
        created_at_s=3.5,
        answers=48,
        verdict=verdict,
    )


def test_the_bundled_model_is_in_use_at_first(database: Database) -> None:
    assert ModelVersions(database).active() is None
    assert ModelVersions(database).all() == []


def test_a_version_comes_back_as_it_was(database: Database) -> None:
    store = ModelVersions(database)
    for made in (version("one"), version("two", None)):
        number = store.add(made)
        assert store.get(number) == dataclasses.replace(made, id=number)
    assert [version.name for version in store.all()] == ["one", "two"]
    assert store.get(VersionId(99)) is None


def test_one_version_at_a_time_is_in_use(database: Database) -> None:
    store = ModelVersions(database)
    first, second = store.add(version("one")), store.add(version("two"))
    store.activate(first)
    store.activate(second)
    assert store.active() == second
    store.activate(None)
    assert store.active() is None


def test_a_change_that_fails_changes_nothing(database: Database) -> None:
    store = ModelVersions(database)

    def adopt_and_fail() -> None:
        with database.write():
            store.activate(store.add(version("one")))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        adopt_and_fail()
    assert store.all() == []
    assert store.active() is None
