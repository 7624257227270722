"""The daily totals of the ledger, kept up with the chain: books and clocks are read from them, however long the ledger.

sealed transfers after the last one counted ─sum by day, operation, kinds─▶ DayTotal      (again: nothing is counted twice)
"""

from django.db import connection, transaction

from ressort.web.association.models import Tally

#: transfers counted in one transaction
MOST = 500_000
_LOCK = 7_203_146

_ADD = """
WITH counted AS (
    SELECT a.currency, t.effective_on AS day, coalesce(r.operation, t.operation) AS operation,
           CASE WHEN t.reverses IS NULL THEN a.kind ELSE b.kind END AS from_kind,
           CASE WHEN t.reverses IS NULL THEN b.kind ELSE a.kind END AS to_kind,
           CASE WHEN t.reverses IS NULL THEN t.amount_cents ELSE -t.amount_cents END AS cents, t.id
      FROM ledger.transfer t
      JOIN ledger.account a ON a.id = t.debit_account JOIN ledger.account b ON b.id = t.credit_account
      LEFT JOIN ledger.transfer r ON r.id = t.reverses
     WHERE t.id > %(before)s AND t.id <= %(last)s AND t.state = 1
), summed AS (
    SELECT currency, day, operation, from_kind, to_kind, sum(cents) AS cents, count(*) AS transfers, min(id) AS first, max(id) AS last
      FROM counted GROUP BY 1, 2, 3, 4, 5
)
INSERT INTO association_daytotal (currency, day, operation, from_kind, to_kind, amount_cents, transfers, first_block, last_block)
SELECT currency, day, operation, from_kind, to_kind, cents, transfers,
       (SELECT min(id) FROM ledger.block WHERE last_transfer >= first), (SELECT min(id) FROM ledger.block WHERE last_transfer >= last)
  FROM summed
ON CONFLICT (currency, day, operation, from_kind, to_kind) DO UPDATE
   SET amount_cents = association_daytotal.amount_cents + excluded.amount_cents,
       transfers = association_daytotal.transfers + excluded.transfers,
       last_block = greatest(association_daytotal.last_block, excluded.last_block)
"""


def renew() -> int:
    """Counts what is sealed and not counted yet; tells how many numbers of transfers were passed."""
    passed = 0
    while step := _step():
        passed += step
    return passed


@transaction.atomic
def _step() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        tally, _made = Tally.objects.get_or_create(pk=1)
        cursor.execute("SELECT max(last_transfer) FROM ledger.block WHERE last_transfer > %s", [tally.last_transfer])
        sealed = cursor.fetchone()[0]
        if sealed is None:
            return 0
        before, last = tally.last_transfer, min(sealed, tally.last_transfer + MOST)
        cursor.execute(_ADD, {"before": before, "last": last})
        tally.last_transfer = last
        tally.save(update_fields=["last_transfer"])
        return int(last - before)
