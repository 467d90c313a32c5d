"""A plain sender: `plain.py PORT FILE` sends the file's messages, each once the one before is answered."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/Processes"))

import mllp  # noqa: E402

with mllp.Sender(int(sys.argv[1])) as sender:
    for message in pathlib.Path(sys.argv[2]).read_bytes().split(mllp.END):
        sender.ask(message)
