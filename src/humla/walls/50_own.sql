-- What belongs to one user: drafts and used keys. And the trail, which anybody writes and few read.

CREATE POLICY own ON drafts_draft FOR ALL TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() IN ('professional', 'person', 'forbund', 'admin') AND owner_id = ctx_actor())
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() IN ('professional', 'person', 'forbund', 'admin')
        AND owner_id = ctx_actor());
CREATE POLICY own ON drafts_submission FOR ALL TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() IN ('professional', 'person', 'forbund', 'admin') AND owner_id = ctx_actor())
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() IN ('professional', 'person', 'forbund', 'admin')
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
