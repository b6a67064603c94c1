-- What belongs to one user: drafts and used keys. And the trail, which anybody writes and few read.

-- May I read this case now, as I act now? The same as the case's own policy (40_read.sql), in one question that costs
-- the drafts no planning.
CREATE OR REPLACE FUNCTION wall_reads_case(the_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wall_works_in(the_case) AND EXISTS (
        SELECT 1 FROM cases_case c
         WHERE c.id = the_case AND c.association_id = ctx_tenant()
           AND (c.authority_id = ctx_authority() OR EXISTS (
                SELECT 1 FROM disclosures_disclosure d
                 WHERE d.case_id = c.id AND d.authority_id = c.authority_id AND d.receiver_unit_id = ctx_unit()
                   AND d.opens_at <= humla_now() AND d.undone_at IS NULL AND d.recalled_at IS NULL
                   AND (d.ground = 'law' OR EXISTS (
                       SELECT 1 FROM consents_consent k
                        WHERE k.case_id = c.id AND k.authority_id = c.authority_id AND k.receiver_unit_id = ctx_unit()
                          AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
                          AND (k.withdrawn_at IS NULL OR k.withdrawn_at > humla_now()))))))
$$;
REVOKE ALL ON FUNCTION wall_reads_case(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_reads_case(uuid) TO humla_app;

-- A draft about a case that its owner may not read any longer is frozen: neither shown nor written on, until the yes
-- comes back or its days are over. What is in it was written beside what she may no longer see.
-- What was typed for one unit is not there for another of one's own; what has no unit follows its owner.
CREATE POLICY own ON drafts_draft FOR ALL TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() IN ('professional', 'person', 'representative', 'forbund', 'admin') AND owner_id = ctx_actor()
        AND (unit_id IS NULL OR unit_id = ctx_unit())
        AND (case_id IS NULL OR ctx_kind() <> 'professional' OR wall_reads_case(case_id)))
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() IN ('professional', 'person', 'representative', 'forbund', 'admin')
        AND owner_id = ctx_actor() AND (unit_id IS NULL OR unit_id = ctx_unit())
        AND (case_id IS NULL OR ctx_kind() <> 'professional' OR wall_reads_case(case_id)));
CREATE POLICY own ON drafts_submission FOR ALL TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() IN ('professional', 'person', 'representative', 'forbund', 'admin') AND owner_id = ctx_actor())
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() IN ('professional', 'person', 'representative', 'forbund', 'admin')
        AND owner_id = ctx_actor());
CREATE POLICY tidied ON drafts_draft FOR DELETE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'system' AND saved_at < humla_now() - interval '30 days');
CREATE POLICY seen_when_old ON drafts_draft FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'system' AND saved_at < humla_now() - interval '30 days');
CREATE POLICY tidied ON drafts_submission FOR DELETE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'system' AND sent_at < humla_now() - interval '30 days');
CREATE POLICY seen_when_old ON drafts_submission FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'system' AND sent_at < humla_now() - interval '30 days');

-- The trail: one signs only for oneself. The person reads what is about her, the log reviewer what her own
-- authority's people did.
CREATE POLICY signed_by_the_actor ON audit_event FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND kind = ctx_kind() AND actor_id IS NOT DISTINCT FROM ctx_actor()
        AND association_id IS NOT DISTINCT FROM ctx_tenant() AND authority_id IS NOT DISTINCT FROM ctx_authority()
        AND unit_id IS NOT DISTINCT FROM ctx_unit() AND role = ctx_role() AND at = humla_now());
CREATE POLICY about_me ON audit_event FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = audit_event.person_id AND k.key = ctx_person() OFFSET 0)
        WHEN 'professional' THEN
            ctx_role() = 'log_reviewer' AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        ELSE false END);

CREATE OR REPLACE FUNCTION trail_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is never changed' USING ERRCODE = '42501';
END $$;
CREATE OR REPLACE TRIGGER trail_stands BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION trail_stands();
CREATE OR REPLACE TRIGGER trail_is_not_emptied BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION trail_stands();
