"""The history of personal models, and which model is in use."""

import dataclasses
import json
import sqlite3

from mecomp_desktop.domain.model_version import ModelVersion, Verdict, VersionId
from mecomp_desktop.store.database import Database

_COLUMNS = "kind, name, body_hash, head_hash, model_file, head_file, created_at_s, answers, verdict"


class ModelVersions:
    """The models of this listener; the bundled one is not among them.

    Args:
        database: The library database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, version: ModelVersion) -> VersionId:
        """Store a version and return its number; the one it carries is not looked at."""
        verdict = version.verdict
        with self._database.write() as connection:
            cursor = connection.execute(
                f"INSERT INTO model_versions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    version.kind,
                    version.name,
                    version.body_hash,
                    version.head_hash,
                    version.model_file,
                    version.head_file,
                    version.created_at_s,
                    version.answers,
                    None if verdict is None else json.dumps(dataclasses.asdict(verdict)),
                ),
            )
        number = cursor.lastrowid
        assert number is not None
        return VersionId(number)

    def all(self) -> list[ModelVersion]:
        """Return the history, oldest first."""
        rows = self._database.read().execute(
            f"SELECT id, {_COLUMNS} FROM model_versions ORDER BY id"
        )
        return [_version(row) for row in rows]

    def get(self, version_id: VersionId) -> ModelVersion | None:
        """Return one version."""
        row = (
            self._database.read()
            .execute(f"SELECT id, {_COLUMNS} FROM model_versions WHERE id = ?", (version_id,))
            .fetchone()
        )
        return None if row is None else _version(row)

    def active(self) -> VersionId | None:
        """Return which version is in use; ``None`` for the bundled model."""
        row = self._database.read().execute("SELECT version_id FROM active_model").fetchone()
        return None if row is None or row[0] is None else VersionId(row[0])

    def activate(self, version_id: VersionId | None) -> None:
        """Take a version, or with ``None`` the bundled model, into use.

        Inside a ``Database.write`` of the caller it happens together with what else is there.
        """
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO active_model (id, version_id) VALUES (1, ?)"
                " ON CONFLICT (id) DO UPDATE SET version_id = excluded.version_id",
                (version_id,),
            )


def _version(row: sqlite3.Row) -> ModelVersion:
    verdict = row["verdict"]
    return ModelVersion(
        id=VersionId(row["id"]),
        kind=row["kind"],
        name=row["name"],
        body_hash=row["body_hash"],
        head_hash=row["head_hash"],
        model_file=row["model_file"],
        head_file=row["head_file"],
        created_at_s=row["created_at_s"],
        answers=row["answers"],
        verdict=None if verdict is None else Verdict(**json.loads(verdict)),
    )
