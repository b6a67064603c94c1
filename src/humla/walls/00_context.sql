-- The context: who acts in this transaction, signed so that injected SQL cannot forge it.
--
-- humla.ctx = kind|association|actor|authority|unit|role|person|case|expires|request|mac
-- The key lives in a table that only its owner reads; it is set anew from the environment at every apply
-- and left out of dumps. There is no pgcrypto in the embedded build: HMAC-SHA256 is made from sha256()
-- with the inner and outer pads stored (RFC 2104).

CREATE TABLE IF NOT EXISTS humla_key (
    id integer PRIMARY KEY CHECK (id = 1),
    inner_pad bytea NOT NULL,
    outer_pad bytea NOT NULL
);
CREATE TABLE IF NOT EXISTS humla_wall (
    id integer PRIMARY KEY CHECK (id = 1),
    files text NOT NULL,
    live text NOT NULL,
    applied_at timestamptz NOT NULL
);
ALTER TABLE humla_key ENABLE ROW LEVEL SECURITY;

CREATE OR REPLACE FUNCTION wall_set_key(key text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    raw bytea := decode(key, 'hex');
    inside bytea := '';
    outside bytea := '';
BEGIN
    raw := raw || decode(repeat('00', 64 - length(raw)), 'hex');
    FOR i IN 0..63 LOOP
        inside := inside || set_byte('\x00'::bytea, 0, get_byte(raw, i) # 54);
        outside := outside || set_byte('\x00'::bytea, 0, get_byte(raw, i) # 92);
    END LOOP;
    INSERT INTO humla_key VALUES (1, inside, outside)
        ON CONFLICT (id) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad;
END $$;

-- The one clock. Only test and demonstration databases may have another body; production refuses to start.
CREATE OR REPLACE FUNCTION humla_now() RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT transaction_timestamp()';

CREATE OR REPLACE FUNCTION wall_mac(line text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(outer_pad || sha256(inner_pad || convert_to(line, 'UTF8'))), 'hex') FROM humla_key
$$;

-- True when the context is signed and has not run out. Asked once per policy, as (SELECT ctx_ok()).
CREATE OR REPLACE FUNCTION ctx_ok() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line text := current_setting('humla.ctx', true);
BEGIN
    IF line IS NULL OR length(line) < 66 THEN
        RETURN false;
    END IF;
    RETURN right(line, 64) = wall_mac(left(line, -65))
        AND split_part(line, '|', 9)::bigint >= extract(epoch FROM transaction_timestamp());
END $$;

REVOKE ALL ON FUNCTION ctx_ok() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ctx_ok() TO humla_app;

-- The fields: plain, inlined by the planner. They mean nothing unless ctx_ok() stands beside them.
CREATE OR REPLACE FUNCTION ctx_kind() RETURNS text LANGUAGE sql STABLE AS
    $$SELECT split_part(current_setting('humla.ctx', true), '|', 1)$$;
CREATE OR REPLACE FUNCTION ctx_tenant() RETURNS uuid LANGUAGE sql STABLE AS
    $$SELECT nullif(split_part(current_setting('humla.ctx', true), '|', 2), '')::uuid$$;
CREATE OR REPLACE FUNCTION ctx_actor() RETURNS uuid LANGUAGE sql STABLE AS
    $$SELECT nullif(split_part(current_setting('humla.ctx', true), '|', 3), '')::uuid$$;
CREATE OR REPLACE FUNCTION ctx_authority() RETURNS uuid LANGUAGE sql STABLE AS
    $$SELECT nullif(split_part(current_setting('humla.ctx', true), '|', 4), '')::uuid$$;
CREATE OR REPLACE FUNCTION ctx_unit() RETURNS uuid LANGUAGE sql STABLE AS
    $$SELECT nullif(split_part(current_setting('humla.ctx', true), '|', 5), '')::uuid$$;
CREATE OR REPLACE FUNCTION ctx_role() RETURNS text LANGUAGE sql STABLE AS
    $$SELECT split_part(current_setting('humla.ctx', true), '|', 6)$$;
CREATE OR REPLACE FUNCTION ctx_person() RETURNS text LANGUAGE sql STABLE AS
    $$SELECT nullif(split_part(current_setting('humla.ctx', true), '|', 7), '')$$;

-- A job's context, signed in Python with the key from the environment. Answers the transaction's clock.
CREATE OR REPLACE FUNCTION open_context(line text) RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7201);
    PERFORM set_config('humla.ctx', line, true);
    IF NOT ctx_ok() THEN
        PERFORM set_config('humla.ctx', '', true);
        RAISE EXCEPTION 'context refused' USING ERRCODE = '42501';
    END IF;
    RETURN humla_now();
END $$;

-- The rows of sign-in lie outside the walls: whoever smuggles SQL in could write a session of her own. She
-- cannot write its seal (humla.accounts.tokens.session_seal).
CREATE OR REPLACE FUNCTION wall_session_seal(token text, account uuid, person_key text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wall_mac(concat_ws('|', 'session', token, account::text, person_key))
$$;

-- The door's one statement: sign-in, context and clock together. An unknown or tired session is public.
DROP FUNCTION IF EXISTS enter(text, uuid);
CREATE FUNCTION enter(
    token text, request uuid,
    OUT at timestamptz, OUT kind text, OUT association uuid, OUT actor uuid, OUT authority uuid, OUT unit uuid,
    OUT role text, OUT person_key text, OUT assignment uuid, OUT name text, OUT unit_name text,
    OUT authority_name text, OUT level text, OUT language text, OUT account uuid
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line text;
    idle_since timestamptz;
    acts_by uuid;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7201);
    at := humla_now();
    kind := 'public';
    IF token <> '' THEN
        -- The kind is never taken from the session: it follows from what is acted for. Only that she chose
        -- to act as herself is hers to say, and only while her account has the key to her own rows.
        SELECT CASE WHEN s.kind = 'person' AND c.person_key <> '' THEN 'person'
                    WHEN p.id IS NULL THEN 'none'
                    WHEN a.role = 'association' THEN 'forbund'
                    WHEN a.role = 'administrator' THEN 'admin'
                    ELSE 'professional' END,
               s.account_id, s.level, s.language, s.seen_at, s.assignment_id, c.person_key,
               a.association_id, a.professional_id, u.authority_id, u.id, a.role, p.name, u.name, y.name,
               CASE WHEN s.kind = 'representative' THEN s.mandate_id END
          INTO kind, account, level, language, idle_since, assignment, person_key,
               association, actor, authority, unit, role, name, unit_name, authority_name, acts_by
          FROM accounts_session s
          JOIN accounts_account c ON c.id = s.account_id AND c.is_active
               AND s.seal = wall_session_seal(s.token_hash, c.id, c.person_key)
          LEFT JOIN organisation_unitassignment a ON a.id = s.assignment_id
               AND a.starts_at <= at AND (a.ends_at IS NULL OR a.ends_at > at)
          LEFT JOIN organisation_professional p ON p.id = a.professional_id AND p.account_id = s.account_id
          LEFT JOIN organisation_unit u ON u.id = a.unit_id
          LEFT JOIN organisation_authority y ON y.id = u.authority_id
         WHERE s.token_hash = token AND s.ends_at > at AND s.seen_at > at - interval '30 minutes';
        IF NOT FOUND THEN
            kind := 'public';
        ELSIF kind = 'none' THEN
            -- Nothing is chosen, or the assignment has ended since: signed in, but acts for nobody.
            association := NULL; actor := NULL; authority := NULL; unit := NULL; role := '';
            assignment := NULL; name := NULL; unit_name := NULL; authority_name := NULL;
            IF acts_by IS NOT NULL THEN
                -- She acts by a mandate while it holds: it is the actor, and its kind the role.
                SELECT 'representative', m.association_id, m.id, m.kind, y.name
                  INTO kind, association, actor, role, authority_name
                  FROM wall_mandate(acts_by, person_key) m JOIN organisation_authority y ON y.id = m.authority_id;
                kind := coalesce(kind, 'none');
            END IF;
        END IF;
        IF kind <> 'public' AND idle_since < at - interval '1 minute' THEN
            UPDATE accounts_session SET seen_at = at WHERE token_hash = token AND seen_at < at;
        END IF;
    END IF;
    IF kind = 'person' THEN
        actor := account;
    ELSIF kind <> 'representative' THEN
        person_key := '';
    END IF;
    line := concat_ws('|', CASE WHEN kind = 'none' THEN 'public' ELSE kind END,
        coalesce(association::text, ''), coalesce(actor::text, ''), coalesce(authority::text, ''),
        coalesce(unit::text, ''), coalesce(role, ''), coalesce(person_key, ''), '',
        (extract(epoch FROM transaction_timestamp())::bigint + 60)::text, request::text);
    PERFORM set_config('humla.ctx', line || '|' || wall_mac(line), true);
END $$;

-- Choosing whom to act for. The token proves who asks; nothing else is believed.
DROP FUNCTION IF EXISTS signin_assignments(text);
CREATE FUNCTION signin_assignments(token text)
RETURNS TABLE (assignment_id uuid, professional_name text, unit_name text, authority_name text,
               association_name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, p.name, u.name, y.name, f.name, a.role
      FROM accounts_session s
      JOIN accounts_account c ON c.id = s.account_id AND c.is_active
           AND s.seal = wall_session_seal(s.token_hash, c.id, c.person_key)
      JOIN organisation_professional p ON p.account_id = s.account_id
      JOIN organisation_unitassignment a ON a.professional_id = p.id
           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
      JOIN organisation_unit u ON u.id = a.unit_id
      JOIN organisation_authority y ON y.id = u.authority_id
      JOIN organisation_association f ON f.id = a.association_id
     WHERE s.token_hash = token AND s.ends_at > humla_now()
     ORDER BY y.name, u.name, a.role
$$;

CREATE OR REPLACE FUNCTION signin_choose(token text, assignment uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    chosen text;
BEGIN
    SELECT s.role INTO chosen FROM signin_assignments(token) s WHERE s.assignment_id = assignment;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE accounts_session SET assignment_id = assignment, mandate_id = NULL, person_key = '',
        kind = CASE chosen WHEN 'association' THEN 'forbund' WHEN 'administrator' THEN 'admin'
                           ELSE 'professional' END
     WHERE token_hash = token;
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION signin_choose_person(token text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE accounts_session s SET assignment_id = NULL, mandate_id = NULL, kind = 'person', person_key = a.person_key
      FROM accounts_account a
     WHERE s.token_hash = token AND s.ends_at > humla_now() AND a.id = s.account_id AND a.is_active
       AND a.person_key <> '' AND s.seal = wall_session_seal(s.token_hash, a.id, a.person_key);
    RETURN FOUND;
END $$;
