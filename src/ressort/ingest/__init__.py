"""Ingest: official files brought to this machine, whole or not at all; and a territory's own tables.

fetch (mirror or network) → read (text) → clean (pure) → swap (atomic) → <data folder>/synced/<id>.parquet, card inside
"""

from ressort.ingest.call_tables import FileRow, application_lines, read_applications, read_reviews, review_lines
from ressort.ingest.connector import Anchor, Connector, Field, Layout
from ressort.ingest.own_data import OwnTable, Problem, dry_run, kind_of, refuse_heavy
from ressort.ingest.own_templates import KINDS, template
from ressort.ingest.register import connectors
from ressort.ingest.sync import SourceStatus, SyncReport, status, sync

__all__ = [
    "KINDS",
    "Anchor",
    "Connector",
    "Field",
    "FileRow",
    "Layout",
    "OwnTable",
    "Problem",
    "SourceStatus",
    "SyncReport",
    "application_lines",
    "connectors",
    "dry_run",
    "kind_of",
    "read_applications",
    "read_reviews",
    "refuse_heavy",
    "review_lines",
    "status",
    "sync",
    "template",
]
