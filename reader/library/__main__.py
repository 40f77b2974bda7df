"""Entry point of the compaction process: `python -m reader.library HOME DEVICE NUMBER`.

It prints the name, length, CRC-32 and number of changes of the snapshot.
"""

import sys
from pathlib import Path

from reader.library.compaction import write_snapshot
from reader.model.errors import ReaderError

if __name__ == "__main__":
    try:
        print(*write_snapshot(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
    except ReaderError as error:
        sys.exit(str(error))
