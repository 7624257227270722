"""From the text of an official file to a clean table; pure, and the same table when done twice.

    read text → find columns → read numbers and codes → bring codes to today's → reshape → check keys and totals

A missing mark becomes a null with its reason beside it, never a zero. A broken promise refuses the whole file.
"""

from dataclasses import dataclass, field
from difflib import get_close_matches

import polars as pl

from ressort.core.errors import SourceRefused
from ressort.core.territory import DISTRICTS
from ressort.ingest.connector import Anchor, Connector, Field, header_key

MOST_BAD_CELLS_SHARE = 0.001
#: EPCI merge and part every first of January: some 2 % of those of 2018 were gone in 2025
MOST_UNKNOWN_CODES_SHARE = {"COM": 0.005, "EPCI": 0.03, "DEP": 0.005}
#: what stands where a commune has no EPCI, or a place no code
NO_EPCI = r"^Z"
DATED_YEAR = r"^(\d{4})(?:-\d{2}(?:-\d{2}.*)?)?$"
DEPARTEMENT = r"^(\d{1,3}|2[AB])$"
WIDTHS = {"COM": 5, "EPCI": 9, "DEP": 2}


@dataclass(frozen=True)
class Codes:
    """Codes in force by kind of territory, and former commune codes."""

    known: dict[str, frozenset[str]]
    former: dict[str, str]


@dataclass
class Findings:
    """What cleaning met on its way: told in the report of the sync."""

    unreadable: list[str] = field(default_factory=list)
    unknown_codes: list[str] = field(default_factory=list)
    former_codes: int = 0
    folded_districts: int = 0


def clean(text: pl.DataFrame, connector: Connector, codes: Codes) -> tuple[pl.DataFrame, Findings]:
    """The clean table of a file read as text.

    Raises:
        SourceRefused: a missing column, too many unreadable cells or unknown codes, a duplicate key, a total off.
    """
    findings = Findings()
    frame = _columns(text, connector)
    for column in connector.fields:
        if column.name in frame.columns:
            frame = _typed(frame, column, connector, codes, findings)
    shaped = connector.shape(frame) if connector.shape else frame
    return _checked(_one_row_a_key(shaped, connector), connector), findings


def _columns(text: pl.DataFrame, connector: Connector) -> pl.DataFrame:
    """The columns declared, under the names of the clean table."""
    headers = {header_key(name): name for name in text.columns}
    found, missing = {}, []
    for column in connector.fields:
        match = next((headers[header_key(alias)] for alias in column.aliases if header_key(alias) in headers), None)
        if match is not None:
            found[column.name] = match
        elif column.required:
            missing.append(column.aliases[0])
    if missing:
        near = [name for header in missing for name in get_close_matches(header_key(header), headers, 2, 0.6)]
        raise SourceRefused(
            "{source}: the columns {missing} are not in the file; it has {found}. Nearest: {nearest}.",
            source=connector.id,
            missing=missing,
            found=list(text.columns[:20]),
            nearest=near or ["–"],
        )
    return text.select(pl.col(old).alias(new) for new, old in found.items())


def _typed(frame: pl.DataFrame, column: Field, connector: Connector, codes: Codes, findings: Findings) -> pl.DataFrame:
    words = pl.col(column.name).cast(pl.String).str.strip_chars()
    frame = frame.with_columns(words.alias(column.name))
    if column.kind == "text":
        return frame
    if column.kind == "codes":
        each = frame.with_columns(pl.col(column.name).str.split(",")).explode(column.name)
        frame = each.with_columns(pl.col(column.name).str.strip_chars())
    if column.kind in ("code", "codes"):
        return _coded(frame, column, connector, codes, findings)
    if column.kind == "year":
        frame = frame.with_columns(pl.col(column.name).str.replace(DATED_YEAR, "$1"))
    lower = pl.col(column.name).fill_null("").str.to_lowercase()
    reason = lower.replace_strict(connector.missing, default=None)
    number = _number(pl.col(column.name), _decimal(frame[column.name], connector.layout.decimal)) * column.factor
    read = frame.with_columns(number.alias("_value"), reason.alias("_reason"))
    bad = read.filter(pl.col("_value").is_null() & pl.col("_reason").is_null())
    _refuse_many_bad(bad[column.name].to_list(), frame.height, column, connector, findings)
    value = pl.when(pl.col("_reason").is_null()).then(pl.col("_value"))
    typed = read.with_columns(value.alias(column.name))
    if column.kind == "year":
        typed = typed.with_columns(pl.col(column.name).cast(pl.Int64))
    elif bad.height or typed["_reason"].is_not_null().any():
        unread = (
            pl.when(pl.col("_value").is_null() & pl.col("_reason").is_null())
            .then(pl.lit("unreadable"))
            .otherwise(pl.col("_reason"))
        )
        typed = typed.with_columns(unread.alias(f"{column.name}_reason"))
    return typed.drop("_value", "_reason")


def _decimal(texts: pl.Series, declared: str) -> str:
    """The decimal mark of a column: the one declared, unless all its marks are the other one and stand where thousands do not."""
    other = "." if declared == "," else ","
    marked = texts.drop_nulls().filter(texts.drop_nulls().str.contains(r"^\s*-?\d+[.,]\d+\s*$"))
    others = marked.str.contains(other, literal=True)
    if marked.is_empty() or not others.all():
        return declared
    return declared if marked.str.contains(r"^\s*-?\d{1,3}[.,]\d{3}\s*$").all() else other


def _number(text: pl.Expr, decimal: str) -> pl.Expr:
    plain = text.str.replace_all("[\u00a0\u202f ]", "")
    if decimal == ",":
        plain = plain.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return plain.cast(pl.Float64, strict=False)


def _refuse_many_bad(bad: list[str], height: int, column: Field, connector: Connector, findings: Findings) -> None:
    if len(bad) > max(MOST_BAD_CELLS_SHARE * height, 0 if height < 1000 else 1):
        raise SourceRefused(
            "{source}: {count} cells of {column} are no numbers, such as {examples}; at most 1 in 1,000 may be. "
            "Check the decimal mark and the encoding.",
            source=connector.id,
            count=len(bad),
            column=column.aliases[0],
            examples=bad[:3],
        )
    findings.unreadable += [f"{column.name}: {word}" for word in bad]


def _coded(frame: pl.DataFrame, column: Field, connector: Connector, codes: Codes, findings: Findings) -> pl.DataFrame:
    """Codes as text: zeros a spreadsheet ate given back, districts folded, former communes brought to today's."""
    if not column.territory:
        return frame
    width = WIDTHS[column.territory]
    known = codes.known[column.territory]
    given = _without_words(frame[column.name].fill_null("").str.to_uppercase(), column.territory, findings)
    padded = given.str.pad_start(width, "0") if _lost_zeros(given, width, known, codes.former) else given
    before = padded
    if column.territory == "COM":
        padded = _communes(padded, codes, connector, findings)
    unknown = padded.filter(~padded.is_in(list(known)) & (padded != ""))
    if len(unknown) > MOST_UNKNOWN_CODES_SHARE[column.territory] * max(len(padded), 1):
        raise SourceRefused(
            "{source}: {count} codes of {total} are not known, such as {examples}. Is it the right file, with codes as text?",
            source=connector.id,
            count=len(unknown),
            total=len(padded),
            examples=unknown.unique().sort().head(5).to_list(),
        )
    findings.unknown_codes += unknown.unique().sort().to_list()
    coded = frame.with_columns(padded.alias(column.name), before.alias("_before"))
    whole = _merged_are_missing(coded, column, connector) if connector.intensive else coded
    return whole.drop("_before").filter(pl.col(column.name).is_in(list(known)))


def _without_words(given: pl.Series, territory: str, findings: Findings) -> pl.Series:
    """Codes, blank where a word stands for none: "M", "France", "Source : …" below the tables, "ZZZZZZZZZ" for no EPCI."""
    if territory == "DEP":
        words = ~given.str.contains(DEPARTEMENT) & (given != "")
        findings.unknown_codes += given.filter(words).unique().sort().to_list()
    elif territory == "EPCI":
        words = given.str.contains(NO_EPCI)
    else:
        return given
    return pl.select(pl.when(words).then(pl.lit("")).otherwise(given)).to_series()


def _merged_are_missing(frame: pl.DataFrame, column: Field, connector: Connector) -> pl.DataFrame:
    """One row for the communes that became one since the file, its figures not available: no median comes out of medians."""
    several = pl.col("_before").n_unique().over(column.name) > 1
    told = {one.name for one in connector.fields} & set(frame.columns) - {column.name}
    hidden = [pl.when(pl.col("_several")).then(pl.lit("nd")).otherwise(pl.col(name)).alias(name) for name in told]
    named = frame.with_columns(several.alias("_several")).with_columns(*hidden)
    first = pl.int_range(pl.len()).over(column.name) == 0
    return named.filter(~pl.col("_several") | first).drop("_several")


def _lost_zeros(given: pl.Series, width: int, known: frozenset[str], former: dict[str, str]) -> bool:
    """True when some codes are one digit short and every code passes once padded."""
    short = given.filter((given.str.len_chars() < width) & (given != ""))
    if short.is_empty():
        return False
    padded = given.filter(given != "").str.pad_start(width, "0")
    accepted = known | former.keys() | DISTRICTS.keys()
    return bool(padded.is_in(list(accepted)).all())


def _communes(given: pl.Series, codes: Codes, connector: Connector, findings: Findings) -> pl.Series:
    if connector.intensive:
        given = pl.select(pl.when(given.is_in(list(DISTRICTS))).then(pl.lit("")).otherwise(given)).to_series()
    towns = {DISTRICTS[code] for code in given.unique() if code in DISTRICTS}
    both = sorted(towns & set(given.unique()))
    if both:
        raise SourceRefused(
            "{source}: the file holds both {towns} and its districts: its totals would count people twice.",
            source=connector.id,
            towns=both,
        )
    findings.folded_districts = int(given.is_in(list(DISTRICTS)).sum())
    former = {old: new for old, new in codes.former.items() if old not in codes.known["COM"]}
    findings.former_codes = int(given.is_in(list(former)).sum())
    return given.replace(DISTRICTS).replace(former)


def _one_row_a_key(frame: pl.DataFrame, connector: Connector) -> pl.DataFrame:
    """One row a key: added up where the source is additive or communes merged, refused elsewhere."""
    keys = list(connector.key)
    doubled = frame.filter(pl.struct(keys).is_duplicated())
    if doubled.is_empty():
        return frame.sort(keys)
    if not connector.additive:
        raise SourceRefused(
            "{source}: {count} rows share their key ({key}), such as {example}.",
            source=connector.id,
            count=doubled.height,
            key=keys,
            example=[str(value) for value in doubled.select(keys).row(0)],
        )
    numbers = [name for name, kind in frame.schema.items() if kind.is_numeric() and name not in keys]
    others = [name for name in frame.columns if name not in numbers and name not in keys]
    any_missing = [pl.when(pl.col(n).is_null().any()).then(None).otherwise(pl.col(n).sum()).alias(n) for n in numbers]
    return frame.group_by(keys).agg(*any_missing, *[pl.col(n).drop_nulls().first() for n in others]).sort(keys)


def _checked(frame: pl.DataFrame, connector: Connector) -> pl.DataFrame:
    fewest, most = connector.rows
    if not fewest <= frame.height <= most:
        raise SourceRefused(
            "{source}: {count} rows, where {fewest} to {most} are expected. Is the file whole?",
            source=connector.id,
            count=frame.height,
            fewest=fewest,
            most=most,
        )
    for anchor in connector.anchors:
        require_near(frame, anchor, connector.id)
    return frame


def require_near(frame: pl.DataFrame, anchor: Anchor, source: str) -> None:
    """Refuse a table whose total is off its anchor.

    Raises:
        SourceRefused: the total is off by more than the tolerance.
    """
    counted = frame.filter(pl.col("year") == pl.col("year").max()) if anchor.latest else frame
    for name, value in anchor.where:
        counted = counted.filter(pl.col(name) == value)
    values = counted[anchor.column]
    total = float((values.sum() if anchor.statistic == "sum" else values.mean()) or 0)  # type: ignore[arg-type]
    if abs(total - anchor.total) > anchor.tolerance * anchor.total:
        raise SourceRefused(
            "{source}: {column} comes to {total}, where {expected} is expected, {percent} % either way. "
            "If the producer changed it, sync again with --accept-change and say why.",
            source=source,
            column=" ".join([anchor.column, *(str(value) for _, value in anchor.where)]),
            total=float(f"{total:.6g}"),
            expected=anchor.total,
            percent=round(anchor.tolerance * 100),
        )
