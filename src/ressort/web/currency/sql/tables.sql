-- The tables of the ledger. Nothing here is ever changed or erased, but the balances of `account`, through the door (door.sql).
--
--   currency ── account ══< transfer >── request          block: seals transfers in id order, each over the one before
--
-- A transfer is one row that holds both its entries: what leaves one account enters the other by the very shape of the table,
-- and nothing can unbalance it. The view `entry` shows them one by one. Amounts are integer cents. "No floor" and "no ceiling" are the ends of the range, so that no rule has a case for null.

CREATE SCHEMA ledger;

-- What one column alone must be is said by its domain: checked when the column is written, where a CHECK of the table is read again at
-- every statement (20 of the 140 microseconds of a payment).
CREATE DOMAIN ledger.amount AS bigint CONSTRAINT amount_moves_something CHECK (VALUE BETWEEN 1 AND 1000000000000000);
CREATE DOMAIN ledger.balance AS bigint CONSTRAINT balance_within_range CHECK (VALUE BETWEEN -1000000000000000000 AND 1000000000000000000);
CREATE DOMAIN ledger.held AS bigint CONSTRAINT held_is_not_negative CHECK (VALUE >= 0);
CREATE DOMAIN ledger.floor AS bigint CONSTRAINT floor_within_range CHECK (VALUE BETWEEN -1000000000000000000 AND 1000000000000000000);
CREATE DOMAIN ledger.ceiling AS bigint CONSTRAINT ceiling_within_range CHECK (VALUE BETWEEN 0 AND 1000000000000000000);
CREATE DOMAIN ledger.status AS smallint CONSTRAINT status_known CHECK (VALUE IN (0, 1, 2));     -- open, receives only, closed
CREATE DOMAIN ledger.state AS smallint CONSTRAINT state_known CHECK (VALUE IN (1, 2, 3, 4));    -- posted, pending, voided, expired
CREATE DOMAIN ledger.reason AS smallint CONSTRAINT reason_known CHECK (VALUE BETWEEN 0 AND 12); -- 0 accepted; names in core/currency
CREATE DOMAIN ledger.rank AS bigint CONSTRAINT rank_counts_from_one CHECK (VALUE > 0);
CREATE DOMAIN ledger.sha256 AS bytea CONSTRAINT sha256_has_32_bytes CHECK (octet_length(VALUE) = 32);

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
    balance_cents ledger.balance NOT NULL DEFAULT 0,
    pending_out_cents ledger.held NOT NULL DEFAULT 0,
    floor_cents ledger.floor NOT NULL,
    ceiling_cents ledger.ceiling NOT NULL,
    version bigint NOT NULL DEFAULT 0,
    status ledger.status NOT NULL DEFAULT 0,
    CONSTRAINT account_kind_has_that_unit FOREIGN KEY (kind, unit) REFERENCES ledger.kind (id, unit),
    CONSTRAINT account_never_below_its_floor CHECK (balance_cents - pending_out_cents >= floor_cents),
    CONSTRAINT account_closed_only_when_empty CHECK (status <> 2 OR (balance_cents = 0 AND pending_out_cents = 0))
) WITH (fillfactor = 50);

-- One request, one answer, for ever.
CREATE TABLE ledger.request (
    key uuid PRIMARY KEY,
    hash ledger.sha256 NOT NULL,
    reason ledger.reason NOT NULL,
    actor bigint NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE ledger.transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_key uuid NOT NULL,
    leg smallint NOT NULL,
    operation smallint NOT NULL,
    state ledger.state NOT NULL,
    debit_account bigint NOT NULL,
    credit_account bigint NOT NULL,
    amount_cents ledger.amount NOT NULL,
    debit_version bigint,          -- the entries, when money moved: how many the account has had, and what it then held
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
    CONSTRAINT transfer_debit_once_per_version UNIQUE (debit_account, debit_version),
    CONSTRAINT transfer_credit_once_per_version UNIQUE (credit_account, credit_version)
);
CREATE UNIQUE INDEX transfer_resolved_once ON ledger.transfer (resolves) WHERE resolves IS NOT NULL;
CREATE UNIQUE INDEX transfer_reversed_once ON ledger.transfer (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX transfer_waiting ON ledger.transfer (expires_at) WHERE state = 2;

CREATE VIEW ledger.entry AS
    SELECT debit_account AS account_id, debit_version AS account_version, id AS transfer_id, -amount_cents AS amount_cents,
           debit_after_cents AS balance_after_cents FROM ledger.transfer WHERE debit_version IS NOT NULL
    UNION ALL
    SELECT credit_account, credit_version, id, amount_cents::bigint, credit_after_cents FROM ledger.transfer WHERE credit_version IS NOT NULL;

CREATE TABLE ledger.block (
    id ledger.rank PRIMARY KEY,
    last_account bigint NOT NULL,
    last_transfer bigint NOT NULL,
    accounts ledger.held NOT NULL,
    transfers ledger.held NOT NULL,
    sealed_at timestamptz NOT NULL,
    previous_hash ledger.sha256 NOT NULL CONSTRAINT block_follows_one_only UNIQUE,
    hash ledger.sha256 NOT NULL CONSTRAINT block_hash_unique UNIQUE,
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

-- What the columns of a transfer must be together. A trigger, because a CHECK this long is read again at every statement.
CREATE FUNCTION ledger.refuse_nonsense() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.debit_account = NEW.credit_account
       -- posted: both entries, and it may end a hold or reverse; pending: a deadline; voided, expired: the hold it ends
       OR NEW.state = 1 AND (NEW.debit_version + NEW.credit_version + NEW.debit_after_cents + NEW.credit_after_cents IS NULL
                             OR NEW.debit_version < 1 OR NEW.credit_version < 1 OR NEW.expires_at IS NOT NULL
                             OR NEW.resolves + NEW.reverses IS NOT NULL)
       OR NEW.state <> 1 AND (coalesce(NEW.debit_version, NEW.credit_version, NEW.debit_after_cents, NEW.credit_after_cents, NEW.reverses) IS NOT NULL
                              OR (NEW.state = 2) <> (NEW.expires_at IS NOT NULL) OR (NEW.state = 2) <> (NEW.resolves IS NULL)) THEN
        RAISE EXCEPTION 'a transfer is not what its state says' USING ERRCODE = 'RL002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER is_what_its_state_says BEFORE INSERT ON ledger.transfer FOR EACH ROW EXECUTE FUNCTION ledger.refuse_nonsense();
