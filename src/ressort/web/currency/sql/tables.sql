-- The tables of the ledger. Nothing here is ever changed or erased, but the balances of `account`, through the door (door.sql).
--
--   currency ── account ══< transfer >── request          block: seals transfers in id order, each over the one before
--
-- A transfer is one row that holds both its entries: what leaves one account enters the other by the very shape of the table,
-- and nothing can unbalance it. The view `entry` shows them one by one. Amounts are integer cents. "No floor" and "no ceiling" are the ends of the range, so that no rule has a case for null.

CREATE SCHEMA ledger;

CREATE TABLE ledger.currency (
    id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL CONSTRAINT currency_code_unique UNIQUE
        CONSTRAINT currency_code_well_formed CHECK (code ~ '^[A-Z][A-Z0-9]{1,7}$' AND code <> 'EUR'),
    name text NOT NULL CONSTRAINT currency_has_a_name CHECK (name <> ''),
    closed_until date NOT NULL DEFAULT '1999-12-31'
);

-- The chart of accounts. `paper` and `digital` tell how a balance counts in the cover of each fund: +1 euros behind, -1 units owed.
CREATE TABLE ledger.kind (
    id smallint PRIMARY KEY,
    code text NOT NULL UNIQUE,
    unit smallint NOT NULL CHECK (unit IN (0, 1)),  -- 0 local units, 1 euros
    is_source boolean NOT NULL,                     -- no floor: money comes from there
    paper smallint NOT NULL CHECK (paper IN (-1, 0, 1)),
    digital smallint NOT NULL CHECK (digital IN (-1, 0, 1)),
    UNIQUE (id, unit)
);

CREATE TABLE ledger.operation (
    id smallint PRIMARY KEY,
    code text NOT NULL UNIQUE
);

CREATE TABLE ledger.account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    currency smallint NOT NULL REFERENCES ledger.currency,
    kind smallint NOT NULL,
    unit smallint NOT NULL,
    balance_cents bigint NOT NULL DEFAULT 0,
    pending_out_cents bigint NOT NULL DEFAULT 0,
    floor_cents bigint NOT NULL,
    ceiling_cents bigint NOT NULL,
    version bigint NOT NULL DEFAULT 0,
    status smallint NOT NULL DEFAULT 0,             -- 0 open, 1 receives only, 2 closed
    CONSTRAINT account_kind_has_that_unit FOREIGN KEY (kind, unit) REFERENCES ledger.kind (id, unit),
    CONSTRAINT account_never_below_its_floor CHECK (balance_cents - pending_out_cents >= floor_cents),
    CONSTRAINT account_holds_no_negative_pending CHECK (pending_out_cents >= 0),
    CONSTRAINT account_within_range CHECK (abs(balance_cents) <= 1000000000000000000),
    CONSTRAINT account_limits_within_range
        CHECK (floor_cents BETWEEN -1000000000000000000 AND 0 AND ceiling_cents BETWEEN 0 AND 1000000000000000000),
    CONSTRAINT account_status_known CHECK (status IN (0, 1, 2)),
    CONSTRAINT account_closed_only_when_empty CHECK (status <> 2 OR (balance_cents = 0 AND pending_out_cents = 0)),
    CONSTRAINT account_version_counts CHECK (version >= 0)
) WITH (fillfactor = 50);

-- One request, one answer, for ever: `reason` 0 is accepted, the others are in core/currency.
CREATE TABLE ledger.request (
    key uuid PRIMARY KEY,
    hash bytea NOT NULL CONSTRAINT request_hash_is_sha256 CHECK (octet_length(hash) = 32),
    reason smallint NOT NULL CONSTRAINT request_reason_known CHECK (reason BETWEEN 0 AND 12),
    actor bigint NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE ledger.transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_key uuid NOT NULL,
    leg smallint NOT NULL CONSTRAINT transfer_leg_counts CHECK (leg > 0),
    operation smallint NOT NULL,
    state smallint NOT NULL CONSTRAINT transfer_state_known CHECK (state BETWEEN 1 AND 4),  -- 1 posted, 2 pending, 3 voided, 4 expired
    debit_account bigint NOT NULL,
    credit_account bigint NOT NULL,
    amount_cents bigint NOT NULL CONSTRAINT transfer_moves_something CHECK (amount_cents BETWEEN 1 AND 1000000000000000),
    debit_version bigint,                           -- the entries, when money moved: how many the account has had, and what it then held
    debit_after_cents bigint,
    credit_version bigint,
    credit_after_cents bigint,
    resolves bigint,
    reverses bigint,
    effective_on date NOT NULL,
    expires_at timestamptz,
    actor bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT transfer_once_per_leg UNIQUE (request_key, leg),
    CONSTRAINT transfer_between_two_accounts CHECK (debit_account <> credit_account),
    CONSTRAINT transfer_debit_once_per_version UNIQUE (debit_account, debit_version),
    CONSTRAINT transfer_credit_once_per_version UNIQUE (credit_account, credit_version),
    CONSTRAINT transfer_has_entries_when_posted CHECK (CASE state WHEN 1
        THEN num_nulls(debit_version, debit_after_cents, credit_version, credit_after_cents) = 0 AND debit_version > 0 AND credit_version > 0
        ELSE num_nonnulls(debit_version, debit_after_cents, credit_version, credit_after_cents) = 0 END),
    CONSTRAINT transfer_ends_a_pending_one CHECK (state IN (1, 2) OR resolves IS NOT NULL),
    CONSTRAINT transfer_pending_ends_nothing CHECK (state <> 2 OR (resolves IS NULL AND reverses IS NULL)),
    CONSTRAINT transfer_only_pending_expires CHECK (state = 2 OR expires_at IS NULL),
    CONSTRAINT transfer_reverses_by_posting CHECK (reverses IS NULL OR (state = 1 AND resolves IS NULL))
);
CREATE UNIQUE INDEX transfer_resolved_once ON ledger.transfer (resolves) WHERE resolves IS NOT NULL;
CREATE UNIQUE INDEX transfer_reversed_once ON ledger.transfer (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX transfer_waiting ON ledger.transfer (expires_at) WHERE state = 2;

CREATE VIEW ledger.entry AS
    SELECT debit_account AS account_id, debit_version AS account_version, id AS transfer_id, -amount_cents AS amount_cents,
           debit_after_cents AS balance_after_cents FROM ledger.transfer WHERE debit_version IS NOT NULL
    UNION ALL
    SELECT credit_account, credit_version, id, amount_cents, credit_after_cents FROM ledger.transfer WHERE credit_version IS NOT NULL;

CREATE TABLE ledger.block (
    id bigint PRIMARY KEY CONSTRAINT block_counts CHECK (id > 0),
    last_account bigint NOT NULL,
    last_transfer bigint NOT NULL,
    accounts bigint NOT NULL CHECK (accounts >= 0),
    transfers bigint NOT NULL CHECK (transfers >= 0),
    sealed_at timestamptz NOT NULL,
    previous_hash bytea NOT NULL CONSTRAINT block_follows_one_only UNIQUE,
    hash bytea NOT NULL CONSTRAINT block_hash_unique UNIQUE
        CONSTRAINT block_hash_is_sha256 CHECK (octet_length(hash) = 32 AND octet_length(previous_hash) = 32),
    CONSTRAINT block_seals_something CHECK (accounts + transfers > 0)
);

-- References are checked by the door, which locks both accounts and the request; `ledger verify` checks them again (docs/decisions/0050).

CREATE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger.% is written once: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'RL001';
END $$;

CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.request FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.transfer FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.block FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER never_erased BEFORE DELETE OR TRUNCATE ON ledger.account FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER what_it_is_stays BEFORE UPDATE OF id, currency, kind, unit ON ledger.account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER never_erased BEFORE DELETE OR TRUNCATE ON ledger.currency FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
