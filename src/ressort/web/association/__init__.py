"""The association that runs a local currency: its people, its offices, its operations on the ledger, its books."""
