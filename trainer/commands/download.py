"""``python -m trainer download FOLDER``: fetch the FMA set, resumed and checked."""

import argparse
from pathlib import Path

from trainer.commands.common import print_line
from trainer.data.download import BASE_URL, SHA1, fetch, unpack


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("folder", type=Path, help="where the set goes")
    parser.add_argument("--subset", choices=("small", "medium", "large"), default="small")
    parser.add_argument("--base-url", default=BASE_URL, help=f"(default: {BASE_URL})")
    parser.add_argument("--keep-archives", action="store_true", help="do not delete the ZIP files")


def run(args: argparse.Namespace) -> int:
    """Fetches metadata and audio, and unpacks them; what is there already is not fetched."""
    for name in ("fma_metadata.zip", f"fma_{args.subset}.zip"):
        done = args.folder / Path(name).stem / ".complete"
        if done.is_file():
            print_line(f"{name}: already there")
            continue
        archive = fetch(f"{args.base_url}/{name}", args.folder / name, SHA1[name])
        unpack(archive, args.folder)
        done.parent.mkdir(exist_ok=True)
        done.touch()
        if not args.keep_archives:
            archive.unlink()
        print_line(f"{name}: unpacked")
    return 0
