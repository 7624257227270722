-- The one door: `submit` takes any requests, exactly as if they came one after the other; `pay` is its short way for the plain payment.
-- Locks: accounts in the order of their ids, then request keys. Rules and reasons are told in docs/methods/currency.md.

CREATE OR REPLACE FUNCTION ledger.today() RETURNS date LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT (now() AT TIME ZONE 'Europe/Paris')::date $$;

-- what a request is, for the memory of idempotency: its day if it named one, then its legs
CREATE OR REPLACE FUNCTION ledger.leg_bytes(action smallint, operation smallint, debit bigint, credit bigint, amount bigint, target bigint)
RETURNS bytea LANGUAGE sql IMMUTABLE
AS $$ SELECT int2send(action) || int2send(operation) || int8send(debit) || int8send(credit) || int8send(amount) || int8send(target) $$;

-- why a leg cannot be: 0 when it can. `available` and `room` are what the payer may spend and the payee may receive.
CREATE OR REPLACE FUNCTION ledger.why_not(
    act smallint, amt bigint, same bool, book_d int, book_c int, status_d smallint, status_c smallint, day_is_open bool, available bigint,
    room bigint, expiry timestamptz, t_state smallint, t_amount bigint, t_expiry timestamptz, t_done bool, t_is_reversal bool)
RETURNS smallint LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN act NOT BETWEEN 1 AND 6 THEN 5
        WHEN act > 2 AND t_state IS NULL THEN 8
        WHEN act IN (3, 4, 5) AND t_state <> 2 OR act = 6 AND (t_state <> 1 OR t_is_reversal) THEN 5
        WHEN act > 2 AND t_done THEN 9
        WHEN act = 5 THEN CASE WHEN t_expiry > now() THEN 11 ELSE 0 END
        WHEN act = 4 THEN 0
        WHEN act = 3 AND t_expiry <= now() THEN 10
        WHEN amt IS NULL OR amt NOT BETWEEN 1 AND 1000000000000000 OR act = 3 AND amt > t_amount THEN 6
        WHEN book_d IS NULL OR book_c IS NULL THEN 2
        WHEN same OR book_d <> book_c THEN 5
        WHEN status_d > CASE act WHEN 3 THEN 1 ELSE 0 END OR status_c = 2 THEN 3
        WHEN act = 2 AND (expiry IS NULL OR expiry <= now()) THEN 10
        WHEN NOT day_is_open THEN 7
        WHEN act <> 3 AND available < amt THEN 1
        WHEN act <> 2 AND room < amt THEN 4
        ELSE 0 END::smallint
$$;

-- actions: 1 transfer, 2 hold, 3 post a hold, 4 void it, 5 let it expire, 6 reverse a transfer
-- legs name their request, accounts and transfer concerned by position (0: none); `accounts` ascending, without repetition
CREATE OR REPLACE FUNCTION ledger.submit(
    keys uuid[], actors bigint[], given_days date[], expiries timestamptz[], accounts bigint[], targets bigint[],
    requests int[], actions smallint[], operations smallint[], given_debits int[], given_credits int[], given_amounts bigint[],
    leg_targets int[], OUT reasons smallint[], OUT ids bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    n int := cardinality(requests); m int := cardinality(keys);
    debits int[] := given_debits; credits int[] := given_credits; amounts bigint[] := given_amounts; given_accounts bigint[] := accounts;
    days date[]; hashes bytea[]; known bool[] := array_fill(false, ARRAY[m]); seen record; any_known bool := false;
    found bigint[]; bal bigint[]; pend bigint[]; floors bigint[]; ceilings bigint[]; vers bigint[]; statuses smallint[]; books int[];
    kinds smallint[]; paper smallint[]; digital smallint[]; closed date[];
    t_debit bigint[]; t_credit bigint[]; t_amount bigint[]; t_state smallint[]; t_expires timestamptz[]; t_done bool[]; t_undone bool[];
    d_ver bigint[] := array_fill(NULL::bigint, ARRAY[n]); c_ver bigint[] := d_ver; d_bal bigint[] := d_ver; c_bal bigint[] := d_ver;
    held bigint[] := array_fill(0::bigint, ARRAY[n]); states smallint[] := array_fill(0::smallint, ARRAY[n]); legs smallint[] := states;
    today date := ledger.today(); places tid[];  -- where the locked rows are: nobody moves them before we do
    i int := 1; j int; r int := 0; first int; act smallint; d int; c int; t int; amt bigint; why smallint; in_paper bigint; in_digital bigint;
BEGIN
    LOCK TABLE ledger.account, ledger.transfer IN ROW EXCLUSIVE MODE;
    IF '9999-12-31' < ANY (given_days || expiries::date[]) OR '0001-01-01' > ANY (given_days || expiries::date[]) THEN
        RAISE EXCEPTION 'a day or a deadline is not of the years 1 to 9999' USING ERRCODE = 'RL003';
    END IF;
    reasons := array_fill(0::smallint, ARRAY[m]);
    SELECT array_agg(coalesce(day, today) ORDER BY at) INTO days FROM unnest(given_days) WITH ORDINALITY u(day, at);
    IF cardinality(targets) > 0 THEN  -- the transfers concerned, and their accounts
        SELECT array_agg(x.debit_account ORDER BY at), array_agg(x.credit_account ORDER BY at), array_agg(x.amount_cents ORDER BY at),
               array_agg(x.state ORDER BY at), array_agg(x.expires_at ORDER BY at), array_agg(x.reverses IS NOT NULL ORDER BY at)
          INTO t_debit, t_credit, t_amount, t_state, t_expires, t_undone
          FROM unnest(targets) WITH ORDINALITY u(id, at) LEFT JOIN ledger.transfer x ON x.id = u.id;
        SELECT array_agg(a ORDER BY a) INTO accounts FROM (SELECT unnest(accounts || t_debit || t_credit) EXCEPT SELECT NULL) e(a);
        FOR i IN 1..n LOOP
            t := leg_targets[i]; act := actions[i];
            debits[i] := array_position(accounts, CASE WHEN t = 0 THEN given_accounts[debits[i]] WHEN act = 6 THEN t_credit[t] ELSE t_debit[t] END);
            credits[i] := array_position(accounts, CASE WHEN t = 0 THEN given_accounts[credits[i]] WHEN act = 6 THEN t_debit[t] ELSE t_credit[t] END);
            IF act > 3 THEN amounts[i] := t_amount[t]; END IF;
        END LOOP;
    END IF;

    -- what each request is: worked out before anybody waits for our locks
    SELECT array_agg(sha256(body) ORDER BY of) INTO hashes
      FROM (SELECT of, coalesce(date_send(given_days[of]), '') || string_agg(ledger.leg_bytes(actions[at], operations[at],
                       coalesce(given_accounts[given_debits[at]], 0), coalesce(given_accounts[given_credits[at]], 0), given_amounts[at],
                       coalesce(targets[leg_targets[at]], 0)), '' ORDER BY at) AS body
              FROM unnest(requests) WITH ORDINALITY u(of, at) GROUP BY of) b;
    WITH locked AS MATERIALIZED (SELECT ctid, * FROM ledger.account a WHERE a.id = ANY (accounts) ORDER BY a.id FOR NO KEY UPDATE)
    SELECT array_agg(id), array_agg(balance_cents), array_agg(pending_out_cents), array_agg(floor_cents), array_agg(ceiling_cents),
           array_agg(version), array_agg(status), array_agg(currency * 2 + unit), array_agg(kind), array_agg(ctid)
      INTO found, bal, pend, floors, ceilings, vers, statuses, books, kinds, places FROM locked;
    IF found IS DISTINCT FROM accounts THEN  -- some are unknown: they keep their place, with nulls
        IF (SELECT count(DISTINCT a) FROM unnest(accounts) a) <> cardinality(accounts) THEN
            RAISE EXCEPTION 'an account is given twice' USING ERRCODE = 'RL003';
        END IF;
        SELECT array_agg(balance_cents ORDER BY at), array_agg(pending_out_cents ORDER BY at), array_agg(floor_cents ORDER BY at),
               array_agg(ceiling_cents ORDER BY at), array_agg(version ORDER BY at), array_agg(status ORDER BY at),
               array_agg(currency * 2 + unit ORDER BY at), array_agg(kind ORDER BY at), array_agg(a.ctid ORDER BY at)
          INTO bal, pend, floors, ceilings, vers, statuses, books, kinds, places
          FROM unnest(accounts) WITH ORDINALITY u(id, at) LEFT JOIN ledger.account a ON a.id = u.id;
    END IF;
    SELECT array_agg(k.paper ORDER BY k.id), array_agg(k.digital ORDER BY k.id) INTO paper, digital FROM ledger.kind k;
    SELECT array_agg(y.closed_until ORDER BY g) INTO closed
      FROM generate_series(1, (SELECT max(id) FROM ledger.currency)) g LEFT JOIN ledger.currency y ON y.id = g;
    IF cardinality(targets) > 0 THEN  -- read after the locks: who waited for one sees what the other did
        SELECT array_agg(EXISTS (SELECT FROM ledger.transfer x WHERE x.resolves = u.id)
                         OR EXISTS (SELECT FROM ledger.transfer x WHERE x.reverses = u.id) ORDER BY at)
          INTO t_done FROM unnest(targets) WITH ORDINALITY u(id, at);
    END IF;

    -- requests already answered: the same answer again, or a conflict
    FOR seen IN SELECT array_position(keys, q.key) AS at, q.hash, q.reason FROM ledger.request q WHERE q.key = ANY (keys) LOOP
        known[seen.at] := true; any_known := true;
        reasons[seen.at] := CASE WHEN seen.hash = hashes[seen.at] THEN seen.reason ELSE 13 END;
    END LOOP;

    WHILE i <= n LOOP  -- one request at a time
        IF requests[i] IS DISTINCT FROM r + 1 THEN RAISE EXCEPTION 'legs are not in the order of their requests' USING ERRCODE = 'RL003'; END IF;
        r := r + 1; first := i; why := reasons[r]; in_paper := 0; in_digital := 0;
        WHILE i <= n AND requests[i] = r LOOP  -- its legs, in order
            legs[i] := i - first + 1;
            IF why = 0 AND NOT known[r] THEN
                act := actions[i]; d := debits[i]; c := credits[i]; amt := amounts[i];
                IF act = 1 AND amt BETWEEN 1 AND 1000000000000000 AND d <> c AND books[d] = books[c] AND statuses[d] = 0 AND statuses[c] < 2
                   AND days[r] > closed[books[d] / 2] AND bal[d] - pend[d] - amt >= floors[d] AND bal[c] + amt <= ceilings[c] THEN
                    why := 0;
                ELSE
                    t := leg_targets[i];
                    why := ledger.why_not(act, amt, d = c, books[d], books[c], statuses[d], statuses[c], days[r] > closed[books[d] / 2],
                        bal[d] - pend[d] - floors[d], ceilings[c] - bal[c], expiries[r],
                        t_state[t], t_amount[t], t_expires[t], t_done[t], t_undone[t]);
                END IF;
                IF why = 0 THEN
                    states[i] := CASE act WHEN 2 THEN 2 WHEN 4 THEN 3 WHEN 5 THEN 4 ELSE 1 END;
                    IF act > 1 THEN
                        IF act > 2 THEN t_done[t] := true; END IF;
                        held[i] := CASE act WHEN 2 THEN amt WHEN 6 THEN 0 ELSE -t_amount[t] END;
                        pend[d] := pend[d] + held[i];
                    END IF;
                    IF states[i] = 1 THEN
                        bal[d] := bal[d] - amt; vers[d] := vers[d] + 1; d_bal[i] := bal[d]; d_ver[i] := vers[d];
                        bal[c] := bal[c] + amt; vers[c] := vers[c] + 1; c_bal[i] := bal[c]; c_ver[i] := vers[c];
                        IF kinds[d] <> kinds[c] THEN
                            in_paper := in_paper + amt * (paper[kinds[c]] - paper[kinds[d]]);
                            in_digital := in_digital + amt * (digital[kinds[c]] - digital[kinds[d]]);
                        END IF;
                    END IF;
                END IF;
            END IF;
            i := i + 1;
        END LOOP;
        FOR j IN first + 1..i - 1 LOOP  -- a request is of one currency: the euros of another are not behind its units
            IF why = 0 AND NOT known[r] AND books[debits[j]] / 2 <> books[debits[first]] / 2 THEN why := 5; END IF;
        END LOOP;
        IF why = 0 AND (in_paper < 0 OR in_digital < 0) THEN why := 12; END IF;  -- the reserve would fall under what is owed
        reasons[r] := why;
        IF why > 0 THEN  -- all legs or none
            FOR j IN REVERSE i - 1..first LOOP
                CONTINUE WHEN states[j] = 0;
                d := debits[j]; c := credits[j];
                IF states[j] = 1 THEN
                    bal[d] := bal[d] + amounts[j]; vers[d] := vers[d] - 1; bal[c] := bal[c] - amounts[j]; vers[c] := vers[c] - 1;
                END IF;
                pend[d] := pend[d] - held[j]; states[j] := 0;
                IF actions[j] > 2 THEN t_done[leg_targets[j]] := false; END IF;
            END LOOP;
        END IF;
    END LOOP;
    IF r <> m THEN RAISE EXCEPTION 'a request has no leg' USING ERRCODE = 'RL003'; END IF;

    -- arrays are taken apart side by side in a SELECT: in FROM, each would be kept whole before the first row
    UPDATE ledger.account a SET balance_cents = u.bal, pending_out_cents = u.pend, version = u.ver
      FROM (SELECT unnest(accounts) AS id, unnest(bal) AS bal, unnest(pend) AS pend, unnest(vers) AS ver, unnest(places) AS place) u
     WHERE a.ctid = u.place AND a.id = u.id AND (a.version <> u.ver OR a.pending_out_cents <> u.pend);
    INSERT INTO ledger.request (key, hash, reason, actor, created_at)
    SELECT u.key, u.hash, u.reason, u.actor, now()
      FROM (SELECT unnest(keys) AS key, unnest(hashes) AS hash, unnest(reasons) AS reason, unnest(actors) AS actor, unnest(known) AS known) u
     WHERE NOT u.known ORDER BY u.key;
    SELECT array_agg(CASE WHEN s > 0 THEN nextval('ledger.transfer_id_seq') ELSE 0 END) INTO ids FROM unnest(states) s;
    INSERT INTO ledger.transfer (id, request_key, leg, operation, state, debit_account, credit_account, amount_cents, debit_version,
                                 debit_after_cents, credit_version, credit_after_cents, resolves, reverses,
                                 effective_on, expires_at, actor, created_at) OVERRIDING SYSTEM VALUE
    SELECT u.id, keys[u.r], u.leg, u.operation, u.state, accounts[u.d], accounts[u.c], u.amt, u.d_ver, u.d_bal, u.c_ver, u.c_bal,
           CASE WHEN u.act IN (3, 4, 5) THEN targets[u.t] END, CASE WHEN u.act = 6 THEN targets[u.t] END,
           days[u.r], CASE WHEN u.state = 2 THEN expiries[u.r] END, actors[u.r], now()
      FROM (SELECT unnest(ids) AS id, unnest(requests) AS r, unnest(legs) AS leg, unnest(actions) AS act, unnest(operations) AS operation,
                   unnest(states) AS state, unnest(debits) AS d, unnest(credits) AS c, unnest(amounts) AS amt, unnest(leg_targets) AS t,
                   unnest(d_ver) AS d_ver, unnest(d_bal) AS d_bal, unnest(c_ver) AS c_ver, unnest(c_bal) AS c_bal) u
     WHERE u.state > 0;
    IF any_known THEN
        FOR i IN 1..n LOOP
            IF known[requests[i]] AND reasons[requests[i]] = 0 THEN
                ids[i] := (SELECT x.id FROM ledger.transfer x WHERE x.request_key = keys[requests[i]] AND x.leg = legs[i]);
            END IF;
        END LOOP;
    END IF;
END $$;

-- The plain payment between two accounts of one kind: five statements when all is well; anything else is undone and goes through `submit`.
CREATE OR REPLACE FUNCTION ledger.pay(
    key uuid, actor bigint, day date, operation smallint, debit bigint, credit bigint, amount bigint, OUT reason smallint, OUT id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    low bigint := least(debit, credit); high bigint := greatest(debit, credit); change bigint := CASE WHEN debit < credit THEN -amount ELSE amount END;
    bal bigint; ver bigint; kin smallint; cur smallint; bal2 bigint; ver2 bigint; kin2 smallint; cur2 smallint; closed date; done int := 0;
    on_day date := coalesce(day, (now() AT TIME ZONE 'Europe/Paris')::date); answer record;
BEGIN
    IF amount BETWEEN 1 AND 1000000000000000 AND low < high THEN
        UPDATE ledger.account a SET balance_cents = balance_cents + change, version = version + 1
         WHERE a.id = low AND CASE WHEN change < 0 THEN status = 0 AND balance_cents - pending_out_cents + change >= floor_cents
                                   ELSE status < 2 AND balance_cents + change <= ceiling_cents END
         RETURNING balance_cents, version, kind, currency INTO bal, ver, kin, cur;
        IF FOUND THEN
            done := 1;
            UPDATE ledger.account a SET balance_cents = balance_cents - change, version = version + 1
             WHERE a.id = high AND CASE WHEN change > 0 THEN status = 0 AND balance_cents - pending_out_cents - change >= floor_cents
                                        ELSE status < 2 AND balance_cents - change <= ceiling_cents END
             RETURNING balance_cents, version, kind, currency, (SELECT closed_until FROM ledger.currency y WHERE y.id = currency)
              INTO bal2, ver2, kin2, cur2, closed;
            IF FOUND THEN
                done := 2;
                IF kin = kin2 AND cur = cur2 AND on_day > closed AND on_day <= '9999-12-31' THEN
                    INSERT INTO ledger.request (key, hash, reason, actor, created_at)
                    VALUES (key, sha256(coalesce(date_send(day), '') || ledger.leg_bytes(1::smallint, operation, debit, credit, amount, 0)), 0, actor, now())
                    ON CONFLICT DO NOTHING;
                    IF FOUND THEN
                        INSERT INTO ledger.transfer (request_key, leg, operation, state, debit_account, credit_account, amount_cents,
                                                     debit_version, debit_after_cents, credit_version, credit_after_cents,
                                                     effective_on, actor, created_at)
                        VALUES (key, 1, operation, 1, debit, credit, amount,
                                CASE WHEN change < 0 THEN ver ELSE ver2 END, CASE WHEN change < 0 THEN bal ELSE bal2 END,
                                CASE WHEN change < 0 THEN ver2 ELSE ver END, CASE WHEN change < 0 THEN bal2 ELSE bal END,
                                on_day, actor, now()) RETURNING transfer.id INTO id;
                        reason := 0;
                        RETURN;
                    END IF;
                END IF;
            END IF;
            UPDATE ledger.account a SET balance_cents = balance_cents - CASE WHEN a.id = low THEN change ELSE -change END, version = version - 1
             WHERE a.id = low OR (a.id = high AND done = 2);
        END IF;
    END IF;
    SELECT * INTO answer FROM ledger.submit(
        ARRAY[key], ARRAY[actor], ARRAY[day], ARRAY[NULL::timestamptz],
        CASE WHEN low = high THEN ARRAY[low] ELSE ARRAY[low, high] END, '{}', '{1}', '{1}', ARRAY[operation],
        ARRAY[CASE WHEN debit > credit THEN 2 ELSE 1 END], ARRAY[CASE WHEN credit > debit THEN 2 ELSE 1 END], ARRAY[amount], '{0}');
    reason := answer.reasons[1]; id := answer.ids[1];
END $$;

-- Accounts and days -------------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION ledger.found_currency(code text, name text) RETURNS smallint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ INSERT INTO ledger.currency (code, name) VALUES (code, name) RETURNING id $$;

CREATE OR REPLACE FUNCTION ledger.open_account(currency smallint, kind smallint, floor bigint, ceiling bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO ledger.account (currency, kind, unit, floor_cents, ceiling_cents)
    SELECT currency, kind, k.unit, CASE WHEN k.is_source THEN -1000000000000000000 ELSE coalesce(floor, 0) END,
           coalesce(ceiling, 1000000000000000000) FROM ledger.kind k WHERE k.id = kind RETURNING id
$$;

-- limits and status of an account; null leaves as it is; true when the account exists
CREATE OR REPLACE FUNCTION ledger.set_account(account bigint, floor bigint, ceiling bigint, status smallint) RETURNS bool
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE ledger.account a SET floor_cents = coalesce(floor, a.floor_cents), ceiling_cents = coalesce(ceiling, a.ceiling_cents),
           status = coalesce(set_account.status, a.status) WHERE a.id = account RETURNING true
$$;

-- keeps others from accounts until the end of the transaction, in the order in which the door takes them: a floor moved and a payment go together
CREATE OR REPLACE FUNCTION ledger.hold_accounts(accounts bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM ledger.account a WHERE a.id = ANY(accounts) ORDER BY a.id FOR UPDATE;
END $$;

-- No transfer takes effect on that day or before, once those under way have ended. Days are closed forward only.
CREATE OR REPLACE FUNCTION ledger.close_days(currency smallint, day date) RETURNS bool
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE ledger.account IN SHARE ROW EXCLUSIVE MODE;
    UPDATE ledger.currency y SET closed_until = day WHERE y.id = currency AND y.closed_until <= day;
    RETURN FOUND;
END $$;
