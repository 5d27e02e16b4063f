"""A corpus: documents on disk, searched by words and read by offsets."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType

from ...records.errors import SetupError, ToolError
from ...records.evidence import Passage
from ...text.words import words
from .listing import Listing, Root, digest_of, list_files, resolve_roots
from .locking import exclusive
from .shelf import Shelf, ShelfDocument
from .store import Store
from .summary import CorpusStats, IndexProgress, SkippedFile
from .terms import IndexBroken, IndexUnwritable, TermIndex
from .updating import Outcome, bring_up_to_date
