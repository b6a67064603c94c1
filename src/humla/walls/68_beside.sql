-- "Be samordnaren titta" (INI-11): whoever is responsible lets a coordinator of her own authority in for a while.
--
-- An assignment with an end, which the policy of the table gives nobody the right to write (30_facts.sql). Never
-- across authorities, never where the person is protected: there clearance is given first.
CREATE OR REPLACE FUNCTION ask_to_look(the_case uuid, who uuid, the_unit uuid, days integer, the_row uuid)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held cases_case;
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'professional' AND days BETWEEN 1 AND 31) THEN
        RETURN false;
    END IF;
    SELECT c.* INTO held FROM cases_case c
     WHERE c.id = the_case AND c.association_id = ctx_tenant() AND c.authority_id = ctx_authority()
       AND c.state = 'open' AND NOT c.is_protected
       AND EXISTS (SELECT 1 FROM cases_caseassignment x
                    WHERE x.case_id = c.id AND x.role = 'responsible' AND x.professional_id = ctx_actor()
                      AND x.unit_id = ctx_unit() AND x.starts_at <= humla_now() AND x.ends_at IS NULL)
       FOR NO KEY UPDATE;
    IF NOT FOUND OR NOT EXISTS (
        SELECT 1 FROM organisation_unitassignment a JOIN organisation_unit u ON u.id = a.unit_id
         WHERE a.professional_id = who AND a.unit_id = the_unit AND u.authority_id = ctx_authority()
           AND a.association_id = ctx_tenant() AND a.role = 'coordinator' AND a.starts_at <= humla_now()
           AND (a.ends_at IS NULL OR a.ends_at > humla_now()))
       OR EXISTS (SELECT 1 FROM cases_caseassignment x
                   WHERE x.case_id = the_case AND x.professional_id = who AND x.unit_id = the_unit
                     AND (x.ends_at IS NULL OR x.ends_at > humla_now())) THEN
        RETURN false;
    END IF;
    INSERT INTO cases_caseassignment (id, association_id, authority_id, person_id, case_id, professional_id, unit_id,
                                      role, is_protected, starts_at, ends_at, assigned_by_id)
    VALUES (the_row, held.association_id, held.authority_id, held.person_id, the_case, who, the_unit, 'reader', false,
            humla_now(), humla_now() + make_interval(days => days), ctx_actor());
    RETURN true;
END $$;

-- Done before its time: by the coordinator herself, or by whoever is responsible.
CREATE OR REPLACE FUNCTION end_look(the_assignment uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'professional') THEN
        RETURN false;
    END IF;
    UPDATE cases_caseassignment a SET ends_at = humla_now()
     WHERE a.id = the_assignment AND a.association_id = ctx_tenant() AND a.authority_id = ctx_authority()
       AND a.role = 'reader' AND a.starts_at <= humla_now() AND a.ends_at > humla_now()
       AND (a.professional_id = ctx_actor() AND a.unit_id = ctx_unit()
            OR EXISTS (SELECT 1 FROM cases_caseassignment x
                        WHERE x.case_id = a.case_id AND x.role = 'responsible' AND x.professional_id = ctx_actor()
                          AND x.authority_id = ctx_authority() AND x.unit_id = ctx_unit() AND x.ends_at IS NULL
                          AND (NOT x.is_protected OR x.cleared_until > humla_now())));
    RETURN FOUND;
END $$;

REVOKE EXECUTE ON FUNCTION ask_to_look(uuid, uuid, uuid, integer, uuid), end_look(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ask_to_look(uuid, uuid, uuid, integer, uuid), end_look(uuid) TO humla_app;
