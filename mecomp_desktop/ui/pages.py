"""The pages of the window, in the order of their keys. A new page is a folder and a line here."""

from mecomp_desktop.ui.page import PageSpec

_SETTINGS = ".settings.page:SettingsPage"
PAGES: tuple[PageSpec, ...] = (
    PageSpec("songs", "Songs", "music-note", "Ctrl+1", ".library.songs_page:SongsPage"),
    PageSpec("albums", "Albums", "disc", "Ctrl+2", ".library.albums_page:AlbumsPage"),
    PageSpec("artists", "Artists", "microphone", "Ctrl+3", ".library.artists_page:ArtistsPage"),
    PageSpec(
        "playlists",
        "Playlists",
        "playlist",
        "Ctrl+P",
        ".playlists.page:PlaylistsPage",
        is_lazy=True,
    ),
    PageSpec("dynamic", "Dynamic", "funnel", "Ctrl+D", ".dynamic.page:DynamicPage", is_lazy=True),
    PageSpec(
        "history",
        "History",
        "clock-counter-clockwise",
        "Ctrl+H",
        ".history.page:HistoryPage",
        is_lazy=True,
    ),
    PageSpec("quiz", "Quiz", "headphones", "Ctrl+4", ".quiz.page:QuizPage", is_lazy=True),
    PageSpec("activity", "Activity", "activity", "Ctrl+5", ".activity.page:ActivityPage", True),
    PageSpec(
        "settings", "Settings", "gear-six", "Ctrl+,", ".settings.page:SettingsPage", True, True
    ),
)
