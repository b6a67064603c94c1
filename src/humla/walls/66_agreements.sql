-- The next version of the local agreement is written by the förbund's administrator, and only as a draft: what has
-- been sent for signature is what the parties sign, so from there on nothing in it can be changed by the program.
-- A draft that nobody has signed can be taken back; from the first signature it stands.

CREATE OR REPLACE FUNCTION wall_is_agreement_here(the_agreement uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM agreements_localagreement a
                    WHERE a.id = the_agreement AND a.association_id = ctx_tenant() AND ctx_ok())
$$;

-- A draft that has been thrown is picked up before anything is written in it.
CREATE OR REPLACE FUNCTION wall_is_draft(the_agreement uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM agreements_localagreement a
                    WHERE a.id = the_agreement AND a.association_id = ctx_tenant() AND a.is_draft
                      AND a.thrown_at IS NULL AND ctx_ok())
$$;

-- What the parties may sign: no draft, thrown or not.
CREATE OR REPLACE FUNCTION wall_is_sent(the_agreement uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM agreements_localagreement a
                    WHERE a.id = the_agreement AND a.association_id = ctx_tenant() AND NOT a.is_draft AND ctx_ok())
$$;

CREATE OR REPLACE FUNCTION wall_has_signature(the_agreement uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM agreements_agreementparty p
                    WHERE p.agreement_id = the_agreement AND p.association_id = ctx_tenant()
                      AND p.signed_on IS NOT NULL AND ctx_ok())
$$;

REVOKE ALL ON FUNCTION wall_is_agreement_here(uuid), wall_is_draft(uuid), wall_is_sent(uuid),
    wall_has_signature(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_is_agreement_here(uuid), wall_is_draft(uuid), wall_is_sent(uuid),
    wall_has_signature(uuid) TO humla_app;

CREATE POLICY drafted_by_administrator ON agreements_localagreement FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant()
        AND is_draft AND thrown_at IS NULL AND drafted_by_id = ctx_actor() AND drafted_at = humla_now()
        AND (follows_id IS NULL OR wall_is_agreement_here(follows_id)));

CREATE POLICY changed_as_draft ON agreements_localagreement FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant()
        AND (is_draft OR sent_at IS NOT NULL AND NOT wall_has_signature(id)))
    WITH CHECK (association_id = ctx_tenant()
        AND (is_draft OR sent_at = humla_now() AND sent_by_id = ctx_actor()));

CREATE POLICY signed_by_administrator ON agreements_agreementparty FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant() AND signed_on IS NULL
        AND wall_is_sent(agreement_id))
    WITH CHECK (association_id = ctx_tenant() AND signed_on IS NOT NULL);

DO $$
DECLARE
    one text;
    points text;
BEGIN
    FOREACH one IN ARRAY ARRAY['agreements_agreementparty', 'agreements_initiatingprofession', 'agreements_lifearea',
        'agreements_needsgroup', 'agreements_lawreference', 'agreements_agreementtext'] LOOP
        points := CASE one
            WHEN 'agreements_agreementparty' THEN
                ' AND signed_on IS NULL AND EXISTS (SELECT 1 FROM organisation_party x
                      WHERE x.id = party_id AND x.association_id = ctx_tenant() OFFSET 0)'
            WHEN 'agreements_initiatingprofession' THEN
                ' AND EXISTS (SELECT 1 FROM organisation_profession x
                      WHERE x.id = profession_id AND x.association_id = ctx_tenant() OFFSET 0)'
            ELSE '' END;
        EXECUTE format($policy$
            CREATE POLICY written_in_draft ON %1$I FOR INSERT TO humla_app
                WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant()
                    AND wall_is_draft(agreement_id)%2$s);
            CREATE POLICY taken_out_of_draft ON %1$I FOR DELETE TO humla_app
                USING ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant()
                    AND wall_is_draft(agreement_id));
            $policy$, one, points);
    END LOOP;
END $$;
