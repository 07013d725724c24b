from mecomp_desktop.store.database import Database
from mecomp_desktop.store.revisions import RevisionWatch, count_change


def test_a_change_of_another_process_is_seen_once(database: Database) -> None:
    watch = RevisionWatch(database, "ratings")
    assert watch.has_changed(), "the first look finds what there is"
    assert not watch.has_changed()
    elsewhere = Database(database.path)  # another process has a connection of its own
    with elsewhere.write() as connection:
        count_change(connection, "ratings")
    assert watch.has_changed()
    assert not watch.has_changed()
    with elsewhere.write() as connection:
        count_change(connection, "history")
    assert not watch.has_changed(), "of something else"
    elsewhere.close()


def test_what_is_forgotten_is_found_again(database: Database) -> None:
    watch = RevisionWatch(database, "ratings")
    assert watch.has_changed()
    watch.forget()
    assert watch.has_changed()
