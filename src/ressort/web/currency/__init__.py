"""The ledger of local currencies: tables and door in `sql/`, and `actions`, the only Python that writes."""
