-- Those who act for the person: the sentences that the policies of her rows lean on, and the choice at sign-in.
--
-- Here: what a mandate opens and what is withheld from it. Not here: who may write a mandate (60_representatives.sql).
-- A representative acts by exactly one mandate at a time (ctx_actor() is the mandate, so rights never add up), found
-- by her own keyed pseudonym (ctx_person()). All of it is SECURITY DEFINER: she reads no mandate and no withholding,
-- or she could tell what is kept from her. Only her own few rows are ever asked about, so a call per row costs little.

-- The mandate while it opens something: in force, hers, not objected to, and the person not under protected identity
-- at the authority. A guardian may be whom she is protected from: then everything goes through a human.
CREATE OR REPLACE FUNCTION wall_mandate(the_mandate uuid, the_key text) RETURNS SETOF representatives_mandate
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.* FROM representatives_mandate m JOIN representatives_mandatekey k ON k.mandate_id = m.id
     WHERE m.id = the_mandate AND k.key = the_key AND the_key <> ''
       AND m.starts_at <= humla_now() AND m.ends_at > humla_now() AND m.ended_at IS NULL AND m.rested_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM people_person p WHERE p.id = m.person_id AND p.is_protected)
       AND NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.person_id = m.person_id AND c.is_protected)
$$;

-- Do I act for this person, as the authority of this row knows her?
CREATE OR REPLACE FUNCTION wall_acts_for(the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'representative'
       AND EXISTS (SELECT 1 FROM wall_mandate(ctx_actor(), ctx_person()) m WHERE m.person_id = the_person)
$$;

-- The same in a case of the authority that attested the mandate, for one kind of information ('' for none).
CREATE OR REPLACE FUNCTION wall_represents(the_case uuid, the_person uuid, the_category text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'representative' AND EXISTS (
        SELECT 1 FROM wall_mandate(ctx_actor(), ctx_person()) m
          JOIN cases_case c ON c.person_id = m.person_id AND c.authority_id = m.authority_id
         WHERE c.id = the_case AND m.person_id = the_person
           AND (the_category = ''
                OR the_category = ANY (m.categories) AND the_category NOT IN ('INTERNAL', 'PROTECTED')))
$$;

-- May I, by the mandate, answer and take back consents in this case?
CREATE OR REPLACE FUNCTION wall_answers_for(the_case uuid, the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wall_represents(the_case, the_person, '')
       AND EXISTS (SELECT 1 FROM representatives_mandate m WHERE m.id = ctx_actor() AND m.may_consent)
$$;

-- Is this document, or this part of it, kept from the mandate I act by?
CREATE OR REPLACE FUNCTION wall_withheld(the_document uuid, the_category text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM representatives_withheld w
         WHERE w.mandate_id = ctx_actor() AND w.subject_id = the_document AND w.undone_at IS NULL
           AND (w.kind = 'document' OR w.kind = 'part' AND w.category = the_category))
$$;

-- Whoever answers for the person does it by a mandate of hers at this authority that reaches so far, in force now.
CREATE OR REPLACE FUNCTION wall_answered_by(the_mandate uuid, the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT the_mandate IS NULL OR EXISTS (
        SELECT 1 FROM representatives_mandate m JOIN people_person p ON p.id = m.person_id
         WHERE m.id = the_mandate AND m.person_id = the_person AND m.authority_id = p.authority_id AND m.may_consent
           AND m.starts_at <= humla_now() AND m.ends_at > humla_now()
           AND m.ended_at IS NULL AND m.rested_at IS NULL)
$$;

-- What the session shows of the mandate it acts by: no evidence, and nothing of what the person has said of it.
DROP FUNCTION IF EXISTS mandate_acted_by();
CREATE FUNCTION mandate_acted_by()
RETURNS TABLE (id uuid, person_id uuid, authority_id uuid, kind text, name text, categories text[], may_consent boolean,
               may_receive_summons boolean, may_represent_at_meeting boolean, ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.id, m.person_id, m.authority_id, m.kind, m.name, m.categories::text[], m.may_consent,
           m.may_receive_summons, m.may_represent_at_meeting, m.ends_at
      FROM wall_mandate(ctx_actor(), ctx_person()) m
     WHERE ctx_ok() AND ctx_kind() = 'representative'
$$;

-- Choosing whom to act for: the mandates that the account's own key has in force.
DROP FUNCTION IF EXISTS signin_mandates(text);
CREATE FUNCTION signin_mandates(token text)
RETURNS TABLE (mandate_id uuid, kind text, given_name text, family_name text, authority_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.id, m.kind, p.given_name, p.family_name, y.name
      FROM accounts_session s
      JOIN accounts_account c ON c.id = s.account_id AND c.is_active AND c.person_key <> ''
           AND s.seal = wall_session_seal(s.token_hash, c.id, c.person_key)
      JOIN representatives_mandatekey k ON k.key = c.person_key
      JOIN LATERAL wall_mandate(k.mandate_id, k.key) m ON true
      JOIN people_person p ON p.id = m.person_id
      JOIN organisation_authority y ON y.id = m.authority_id
     WHERE s.token_hash = token AND s.ends_at > humla_now()
     ORDER BY p.family_name, p.given_name, y.name, m.id
$$;

CREATE OR REPLACE FUNCTION signin_choose_mandate(token text, mandate uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM signin_mandates(token) x WHERE x.mandate_id = mandate) THEN
        RETURN false;
    END IF;
    UPDATE accounts_session s SET assignment_id = NULL, kind = 'representative', mandate_id = mandate,
           person_key = a.person_key
      FROM accounts_account a WHERE s.token_hash = token AND a.id = s.account_id;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION wall_mandate(uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION wall_acts_for(uuid), wall_represents(uuid, uuid, text), wall_answers_for(uuid, uuid),
    wall_withheld(uuid, text), wall_answered_by(uuid, uuid), mandate_acted_by(), signin_mandates(text),
    signin_choose_mandate(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_acts_for(uuid), wall_represents(uuid, uuid, text), wall_answers_for(uuid, uuid),
    wall_withheld(uuid, text), wall_answered_by(uuid, uuid), mandate_acted_by(), signin_mandates(text),
    signin_choose_mandate(text, uuid) TO humla_app;
