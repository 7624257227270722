-- The chain. Payments never wait for it: one writer at a time seals, in blocks, what is already decided (docs/decisions/0050).
-- The same bytes are written by core/currency/chain.py; docs/verify_ledger.py says them a third time.

CREATE FUNCTION ledger.seal(most int DEFAULT 20000) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before ledger.block; to_account bigint; to_transfer bigint; busy text[]; tries int := 0; n_accounts bigint; n_transfers bigint;
    account_bytes bytea; transfer_bytes bytea; at timestamptz := clock_timestamp(); head bytea;
BEGIN
    IF NOT pg_try_advisory_xact_lock(7235942, 1) THEN RETURN NULL; END IF;  -- somebody else is sealing
    SELECT * INTO before FROM ledger.block ORDER BY id DESC LIMIT 1;
    SELECT coalesce(max(id), 0) INTO to_account FROM ledger.account;
    SELECT max(id) INTO to_transfer FROM (
        SELECT id FROM ledger.transfer WHERE id > coalesce(before.last_transfer, 0) ORDER BY id LIMIT most) x;
    to_transfer := coalesce(to_transfer, before.last_transfer, 0);
    -- an id up to these may still be in the hands of a transaction under way: wait until each of them has ended
    busy := ledger.writers();
    WHILE busy && ledger.writers() LOOP
        tries := tries + 1;
        IF tries > 1000 THEN RETURN NULL; END IF;
        PERFORM pg_sleep(0.002);
    END LOOP;
    SELECT count(*), coalesce(string_agg(int8send(id) || int2send(currency) || int2send(kind) || int2send(unit), '' ORDER BY id), '')
      INTO n_accounts, account_bytes FROM ledger.account WHERE id > coalesce(before.last_account, 0) AND id <= to_account;
    SELECT count(*), coalesce(string_agg(
               int8send(x.id) || uuid_send(request_key) || int2send(leg) || int2send(operation) || int2send(state) || int8send(debit_account)
               || int8send(credit_account) || int8send(x.amount_cents) || int8send(coalesce(resolves, 0)) || int8send(coalesce(reverses, 0))
               || date_send(effective_on) || coalesce(timestamptz_send(expires_at), int8send(0)) || int8send(actor)
               || timestamptz_send(created_at)
               || int8send(coalesce(debit_version, 0)) || int8send(coalesce(debit_after_cents, 0))
               || int8send(coalesce(credit_version, 0)) || int8send(coalesce(credit_after_cents, 0)), '' ORDER BY x.id), '')
      INTO n_transfers, transfer_bytes
      FROM ledger.transfer x
     WHERE x.id > coalesce(before.last_transfer, 0) AND x.id <= to_transfer;
    IF n_accounts + n_transfers = 0 THEN RETURN 0; END IF;
    head := coalesce(before.hash, decode(repeat('00', 32), 'hex'));
    INSERT INTO ledger.block (id, last_account, last_transfer, accounts, transfers, sealed_at, previous_hash, hash)
    VALUES (coalesce(before.id, 0) + 1, to_account, to_transfer, n_accounts, n_transfers, at, head, sha256(
        head || int8send(coalesce(before.id, 0) + 1) || timestamptz_send(at)
        || int8send(n_accounts) || account_bytes || int8send(n_transfers) || transfer_bytes));
    RETURN n_accounts + n_transfers;
END $$;

-- the transactions that may be writing transfers or opening accounts now, ours aside
CREATE FUNCTION ledger.writers() RETURNS text[] LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT virtualtransaction), '{}') FROM pg_locks
     WHERE locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND relation IN ('ledger.account'::regclass, 'ledger.transfer'::regclass)
       AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock') AND granted AND pid IS DISTINCT FROM pg_backend_pid()
$$;
