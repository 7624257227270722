-- Who may do what. The owner of the tables is whoever migrates; the pages work as `ressort_app`, which cannot write a line of the
-- ledger but through the door; `ressort_auditor` reads. A server that lets us create no role keeps one barrier, the triggers.

DO $$ BEGIN
    CREATE ROLE ressort_app LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END $$;
DO $$ BEGIN
    CREATE ROLE ressort_auditor NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;

DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ressort_app') THEN
        GRANT USAGE ON SCHEMA public, ledger TO ressort_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ressort_app;
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ressort_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ressort_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ressort_app;
        GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO ressort_app;
        GRANT EXECUTE ON FUNCTION ledger.submit, ledger.pay, ledger.found_currency, ledger.open_account, ledger.set_account, ledger.hold_accounts,
            ledger.close_days, ledger.seal TO ressort_app;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ressort_auditor') THEN
        GRANT USAGE ON SCHEMA ledger TO ressort_auditor;
        GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO ressort_auditor;
    END IF;
END $$;
