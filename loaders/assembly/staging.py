"""What an import has cleaned, on disk in a hidden folder of the home until it is published.

Rows wait in parts, one Arrow file a batch, and are read again only by position. What decides about
a row (its key, its household, its village) stands beside them in a DuckDB that may spill to disk;
so a county of millions is sorted and joined without its wide rows being in memory or moved.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from loaders.assembly.row_contents import REGISTER, content_hash
from loaders.assembly.side_notes import note_compared, note_sought
from loaders.layouts.matching import Layout, flat
from store import schema

CARRIED = -1  # in _sheet: a row of the snapshot before
FIRST = "sheet, part, pos"  # the order of the files: of two rows with one key the first stays
CHUNK = 50_000  # rows gathered at once; also a row group of the finished file
_MEMORY = "700MB"  # of DuckDB, before it spills
DICTIONARY = pa.dictionary(pa.int32(), pa.string())


def carried(rows: pa.Table) -> pa.Table:
    """Rows that no file of this import has, as ``Staging.add`` takes them."""
    for name, value, kind in (("_sheet", CARRIED, pa.int32()), ("_mends", 0, pa.int64())):
        rows = rows.append_column(name, pa.repeat(pa.scalar(value, kind), rows.num_rows))
    return rows


class Staging:
    """The folder, the parts in it, and what can be asked of a table's parts once it is ``index``ed.

    ``keys_<table>`` has part, pos, sheet, content (a hash of what the row says; 0 unless rows are
    ``held`` against those before) and the table's deciding columns (``deciding``), without the rows
    noted in ``gone_<table>`` (part, pos) and with the household numbers noted in ``whole_<table>``
    (part, pos, household_id, reason). ``mention_<table>`` has the sheet and deciding columns of
    every row that a file has, refused ones too: what is refused is not missing. ``compared`` has
    the part, pos, sheet, household_id, field and value of fields that are only compared with the
    register, ``sought`` the identity numbers by which the household of rows without a number is to
    be found, ``named_member`` the numbers that people are known by already.
    """

    def __init__(self, folder: Path, layouts: Sequence[Layout], *, held: bool = True):
        self.folder, self._held = folder, held
        self.parts: list[tuple[str, int]] = []  # table and rows of each part
        self.columns_of: dict[str, dict[int, frozenset[str]]] = {}  # of each sheet, by table
        self.spreads: set[int] = set()  # sheets that have unpivoted columns
        self.kept_columns: dict[str, tuple[str, ...]] = {}  # of rows replaced, by table
        self._amended: list[pa.Table] = []
        self._mentioned: set[str] = set()  # tables of which a row was refused
        layouts = list(flat(layouts))
        self.unpivots = {la.table: la.unpivot for la in layouts if la.unpivot}
        checked = {c.field for la in layouts for c in la.columns if c.check and c.field}
        self.deciding = {table.name: _deciding(table, checked) for table in schema.TABLES}
        folder.mkdir()
        self.sql = duckdb.connect(
            config={
                "memory_limit": _MEMORY,
                "threads": 2,
                "temp_directory": str(folder / "spill"),
                "autoinstall_known_extensions": False,
            },
        )
        for name, deciding in self.deciding.items():
            typed = "".join(f", {column} {kind}" for column, kind in deciding.items())
            self.sql.execute(
                f"""CREATE TABLE gone_{name} (part INT, pos INT);
                CREATE TABLE whole_{name}
                    (part INT, pos INT, household_id VARCHAR, reason VARCHAR);
                CREATE TABLE refused_{name} (sheet INT{typed})"""
            )
        self.sql.execute(
            """CREATE TABLE compared
            (part INT, pos INT, sheet INT, household_id VARCHAR, field VARCHAR, value VARCHAR);
            CREATE TABLE sought (part INT, pos INT, turn INT, identity_number VARCHAR);
            CREATE TABLE named_member (part INT, pos INT, member_id VARCHAR)"""
        )

    def add(self, table: str, rows: pa.Table, spread: pa.Table | None = None) -> None:
        """Stage rows of a table, with ``_sheet`` and ``_mends``; parts keep the order of calls.

        ``spread`` are the rows of the table's unpivoted columns: ``_row`` (index into ``rows``),
        the field and the value.
        """
        if rows.num_rows == 0:
            return
        rows = encoded(schema.BY_NAME[table], rows.combine_chunks())
        part = len(self.parts)
        self.parts.append((table, rows.num_rows))
        # DuckDB scans such files as fast as tables of its own, which take far longer to fill.
        pq.write_table(
            self._narrow(table, part, rows),
            self._path(table, part, ".parquet"),
            compression="lz4",
            use_dictionary=["part", "sheet", *repeating(schema.BY_NAME[table])],
            write_statistics=False,
        )
        note_compared(self.sql, part, rows)
        note_sought(self.sql, part, rows)
        if "_origin_sheet" in rows.column_names:
            names = {"source_file": "file", "_origin_sheet": "sheet", "source_row": "row"}
            self._amended.append(decoded(rows.select(list(names))).rename_columns(names))
        kept = [n for n in rows.column_names if not n.startswith(("_by_", "_check_"))]
        _write(self._path(table, part), rows.select(kept))
        if spread is not None and spread.num_rows:
            self.add_spread(part, spread)

    def section(self, table: str, sheet: int, columns: Iterable[str], spreads: bool) -> None:
        """Note which columns a section has, and whether it has unpivoted ones."""
        self.columns_of.setdefault(table, {})[sheet] = frozenset(columns)
        if spreads:
            self.spreads.add(sheet)

    def mention(self, table: str, sheet: int, rows: pa.Table) -> None:
        """Note rows of a section that were refused, by those of their deciding columns there are.

        A row without its whole key says nothing of which one it is, and is left out.
        """
        key = schema.BY_NAME[table].key
        if not key or not set(key) <= set(rows.column_names) or not rows.num_rows:
            return
        self._mentioned.add(table)
        columns = [c for c in self.deciding[table] if c in rows.column_names]
        self.sql.register("given", rows.select(columns))
        whole = " AND ".join(f"{name} IS NOT NULL" for name in key)
        self.sql.execute(
            f"""INSERT INTO refused_{table} BY NAME
            SELECT $sheet AS sheet, {", ".join(columns)} FROM given WHERE {whole}""",
            {"sheet": sheet},
        )
        self.sql.unregister("given")

    def index(self, table: str) -> None:
        """Let ``keys_<table>`` show every part added so far."""
        files = [str(self._path(table, part, ".parquet")) for part in self.numbers(table)]
        if not files:  # most tables of most imports: nothing to join, and so nothing to plan
            typed = "".join(f", {c} {kind}" for c, kind in self.deciding[table].items())
            self.sql.execute(
                f"""CREATE OR REPLACE TABLE none_{table}
                    (part INT, pos INT, sheet INT, content UBIGINT{typed});
                CREATE OR REPLACE VIEW staged_{table} AS FROM none_{table};
                CREATE OR REPLACE VIEW keys_{table} AS FROM none_{table};
                CREATE OR REPLACE VIEW mention_{table} AS FROM refused_{table}"""
            )
            return
        self.sql.read_parquet(files).create_view(f"staged_{table}")
        listed, whole, named = "".join(f", {c}" for c in self.deciding[table]), "", ""
        if "household_id" in self.deciding[table]:
            replaced = ["coalesce(w.household_id, k.household_id) AS household_id"]
            if table == "member":
                replaced.append("coalesce(n.member_id, k.member_id) AS member_id")
                named = "LEFT JOIN named_member AS n ON (k.part = n.part AND k.pos = n.pos)"
            whole = f"REPLACE ({', '.join(replaced)})"
        self.sql.execute(
            f"""CREATE OR REPLACE VIEW keys_{table} AS SELECT k.* {whole} FROM staged_{table} AS k
            ANTI JOIN gone_{table} AS g ON (k.part = g.part AND k.pos = g.pos)
            LEFT JOIN whole_{table} AS w ON (k.part = w.part AND k.pos = w.pos) {named};
            CREATE OR REPLACE VIEW mention_{table} AS
            SELECT sheet{listed} FROM (SELECT k.* {whole} FROM staged_{table} AS k
                LEFT JOIN whole_{table} AS w ON (k.part = w.part AND k.pos = w.pos) {named})
            WHERE sheet <> {CARRIED} UNION ALL SELECT sheet{listed} FROM refused_{table}"""
        )

    def add_spread(self, part: int, spread: pa.Table) -> None:
        """Stage the unpivoted rows of one part: of one field in one row the first is kept."""
        table, _ = self.parts[part]
        unpivot = self.unpivots[table]
        assert unpivot is not None
        spread = encoded(schema.BY_NAME[unpivot.table], spread.combine_chunks())
        codes = spread[unpivot.field].combine_chunks()
        ranks = np.argsort(np.argsort(np.array(codes.dictionary.to_pylist(), dtype=str)))
        where = spread["_row"].to_numpy().astype(np.int64)
        place = where * max(len(ranks), 1) + ranks[codes.indices.to_numpy()]
        _, first = np.unique(place, return_index=True)
        _write(self._path(table, part, ".spread.arrow"), spread.take(first))

    def _narrow(self, table: str, part: int, rows: pa.Table) -> pa.Table:
        count = rows.num_rows
        columns = {
            "part": np.full(count, part, np.int32),
            "pos": np.arange(count, dtype=np.int32),
            "sheet": rows["_sheet"],
            "content": self._content(table, rows) if self._held else np.zeros(count, np.uint64),
        }
        return pa.table(columns | {name: rows[name] for name in self.deciding[table]})

    def _content(self, table: str, rows: pa.Table) -> np.ndarray:
        """A hash of what each row says, to tell a changed row from one that only came again."""
        self.sql.register("given", rows)
        query = f"SELECT {content_hash(schema.BY_NAME[table])} AS content FROM given"
        hashes: np.ndarray = self.sql.sql(query).to_arrow_table()["content"].to_numpy()
        self.sql.unregister("given")
        return hashes

    def numbers(self, table: str) -> list[int]:
        """Numbers of a table's parts."""
        return [number for number, (name, _) in enumerate(self.parts) if name == table]

    def mentions(self, table: str) -> bool:
        """Whether a file has a row of a table, be it one that was refused."""
        given = table in self._mentioned or self.numbers(table)
        query = f"SELECT 1 FROM mention_{table} LIMIT 1"
        return bool(given and self.sql.execute(query).fetchall())

    def count(self, table: str) -> int:
        """Rows of a table that are not taken out."""
        ((found,),) = self.sql.execute(f"SELECT count(*) FROM keys_{table}").fetchall()
        return int(found)

    def told(self, entries: pa.Table) -> pa.Table:
        """Lines (file, sheet, row) that an amendment gave again or ``entries`` tell of."""
        lines = [entries.select(["file", "sheet", "row"]), *self._amended]
        return pa.concat_tables(lines, promote_options="permissive")

    def gather(
        self, table: str, parts: np.ndarray, places: np.ndarray, columns: Sequence[str] = ()
    ) -> pa.Table:
        """Rows by part and position, in the order asked for; all columns or those named."""
        return self._taken(table, parts, places, ".arrow", columns)

    def gather_spread(
        self, table: str, parts: np.ndarray, places: np.ndarray
    ) -> tuple[pa.Table, np.ndarray]:
        """Unpivoted rows of rows, and for each the index of its row among those asked for."""
        owners, froms, indexes = [], [], []
        for part, asked in _by_part(parts):
            path = self._path(table, part, ".spread.arrow")
            if not path.is_file():
                continue
            where = _open(path).column("_row").to_numpy()
            first = np.searchsorted(where, places[asked], "left")
            counts = np.searchsorted(where, places[asked], "right") - first
            start = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
            indexes.append(start + np.arange(counts.sum()))
            owners.append(np.repeat(asked, counts))
            froms.append(np.full(counts.sum(), part))
        if not owners:
            return pa.table({}), np.zeros(0, np.int64)
        owner = np.concatenate(owners)
        order = np.argsort(owner, kind="stable")
        source, index = np.concatenate(froms)[order], np.concatenate(indexes)[order]
        return self._taken(table, source, index, ".spread.arrow", ()), owner[order]

    def _taken(
        self, table: str, parts: np.ndarray, places: np.ndarray, kind: str, columns: Sequence[str]
    ) -> pa.Table:
        pieces, count = [], 0
        index = np.empty(len(parts), np.int64)
        for part, asked in _by_part(parts):
            batch = _open(self._path(table, part, kind))
            batch = batch.select(list(columns)) if columns else batch
            wanted = places[asked]
            first, last = int(wanted.min()), int(wanted.max())
            if last - first < 2 * len(wanted):  # neighbours: one copy now, one choice below
                piece, where = batch.slice(first, last - first + 1), wanted - first
            else:
                piece, where = batch.take(pa.array(wanted)), np.arange(len(wanted))
            index[asked] = where + count
            count += piece.num_rows
            pieces.append(piece)
        rows = _together(pieces)
        if count == len(index) and bool((index[1:] > index[:-1]).all()):
            return rows
        return rows.take(pa.array(index))

    def _path(self, table: str, part: int, kind: str = ".arrow") -> Path:
        return self.folder / f"{table}-{part:06d}{kind}"

    def close(self) -> None:
        """Remove everything."""
        self.sql.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def encoded(table: schema.Table, rows: pa.Table) -> pa.Table:
    """Rows with the texts that repeat as dictionaries: a fraction of the bytes to move."""
    for name in repeating(table):
        at = rows.schema.get_field_index(name)
        if at >= 0 and rows.schema.field(at).type != DICTIONARY:
            rows = rows.set_column(at, name, rows[name].dictionary_encode().cast(DICTIONARY))
    return rows


def decoded(rows: pa.Table) -> pa.Table:
    """Rows with plain texts, to be compared and told."""
    plain = [f.with_type(pa.string()) if f.type == DICTIONARY else f for f in rows.schema]
    return rows.cast(pa.schema(plain))


def repeating(table: schema.Table) -> list[str]:
    """Columns of a table whose texts repeat."""
    return [c.name for c in table.columns if c.codes or c.name in (table.region, "source_file")]


def _deciding(table: schema.Table, checked: set[str]) -> dict[str, str]:
    """Columns that decide about a table's rows, with DuckDB's types."""
    names = {*table.key, "household_id", "new_id", "monitor_kind", table.region}
    if table.arrives:
        names |= {*table.arrives.within}
    if "household_id" in table.arrow.names:
        names |= {column.name for column in table.columns if column.mask == "identity"}
    if table.name == REGISTER:
        names |= checked
    types = {
        pa.string(): "VARCHAR",
        pa.int32(): "INTEGER",
        pa.date32(): "DATE",
        pa.float64(): "DOUBLE",
        pa.bool_(): "BOOLEAN",
    }
    return {c.name: types[c.type] for c in table.columns if c.name in names}


def _by_part(parts: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Each part with the indexes at which it stands."""
    order = np.argsort(parts, kind="stable")
    ordered = parts[order]
    for asked in np.split(order, np.flatnonzero(np.diff(ordered)) + 1):
        if len(asked):
            yield int(parts[asked[0]]), asked


def _write(path: Path, rows: pa.Table) -> None:
    """One record batch as an Arrow file."""
    batch = rows.combine_chunks()
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, batch.schema) as writer:
        writer.write_table(batch)


def _open(path: Path) -> pa.RecordBatch:
    """The record batch of a part, mapped: what is not touched is not read."""
    return pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0)


def _together(pieces: Sequence[pa.RecordBatch]) -> pa.Table:
    return (
        pa.concat_tables(
            [pa.Table.from_batches([piece]) for piece in pieces], promote_options="default"
        )
        .unify_dictionaries()
        .combine_chunks()
    )
