"""What the operating guide says of reading again holds: a removed stream comes back as it was.

The stream is that of the page on adding a source; extraction has its own tests with the exports.
"""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from orchestration.exports.lake import extract_stream
from tests.conftest import PROJECT

SOURCE = PROJECT / "docs" / "adding-a-source.md"
GUIDE = PROJECT / "docs" / "operating.md"
AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)


def _parts(folder: Path) -> list[str]:
    """Names of parts, which say file, content and declaration."""
    return sorted(path.name for path in folder.glob("part-*"))


def test_a_stream_whose_folders_were_removed_is_read_again_as_it_was(tmp_path: Path) -> None:
    page = SOURCE.read_text(encoding="utf-8")
    names: dict[str, object] = {}
    exec(re.search(r"```python\n(.*?)```", page, re.S)[1], names)
    stream = names["POSTS"]
    landing, data = tmp_path / "landing", tmp_path / "data"
    file = landing / "mastodon" / "posts" / "posts_2026-03-31.csv"
    file.parent.mkdir(parents=True)
    file.write_text(re.search(r"```csv\n(.*?)```", page, re.S)[1], encoding="utf-8")
    how = {"pseudonym_key": "k" * 16, "as_of": AS_OF}

    first = extract_stream(stream, landing, data, **how)
    raw, refused = (data / "lake" / name / "mastodon" / "posts" for name in ("raw", "quarantine"))
    before = _parts(raw), _parts(refused)
    assert all(before)
    again = extract_stream(stream, landing, data, **how)
    assert (again.rows_read, again.skipped) == (0, 1)

    # The two folders that the command of the guide removes.
    command = re.search(r"^rm -r (\S+) (\S+)$", GUIDE.read_text(encoding="utf-8"), re.M)
    for name in command.groups():
        shutil.rmtree(tmp_path / name.replace("zendesk/tickets", "mastodon/posts"))
    back = extract_stream(stream, landing, data, **how)
    assert (back.rows_read, back.rows_in_lake) == (first.rows_read, first.rows_in_lake)
    assert (_parts(raw), _parts(refused)) == before
