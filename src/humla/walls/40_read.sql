-- What follows from the facts: the rule of design (docs/architecture.md), said once per table.
--
-- A professional reads what her authority holds in a case that she works in for the unit she acts for, or what
-- was disclosed to that unit while a consent to it in force covers the category (docs/decisions/0008). The
-- person reads all of her own. Everybody else reads nothing.

CREATE POLICY works_with_her ON people_person FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.person_id = people_person.id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = people_person.id AND k.key = ctx_person() OFFSET 0)
        WHEN 'representative' THEN wall_acts_for(id)
        ELSE false END);
CREATE POLICY registered_by_us ON people_person FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority() AND ctx_role() IN ('handler', 'coordinator', 'receiver', 'manager')
        AND NOT is_protected);
CREATE POLICY corrected_by_us ON people_person FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND authority_id = ctx_authority()
        AND EXISTS (SELECT 1 FROM cases_caseassignment a
                     WHERE a.person_id = people_person.id AND a.professional_id = ctx_actor()
                       AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                       AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                       AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0))
    WITH CHECK (association_id = ctx_tenant() AND authority_id = ctx_authority());

CREATE POLICY works_with_her ON people_personlink FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority()
        AND EXISTS (SELECT 1 FROM cases_caseassignment a
                     WHERE a.person_id IN (people_personlink.person_id, people_personlink.same_as_id)
                       AND a.professional_id = ctx_actor()
                       AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                       AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                       AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0));
CREATE POLICY linked_by_us ON people_personlink FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND linked_by_id = ctx_actor() AND linked_at = humla_now() AND undone_at IS NULL
        AND EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)
        AND wall_person_is_ours(same_as_id));
CREATE POLICY undone_by_us ON people_personlink FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND authority_id = ctx_authority() AND undone_at IS NULL
        AND EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id))
    WITH CHECK (undone_at = humla_now() AND undone_by_id = ctx_actor());

CREATE POLICY held_or_disclosed ON cases_case FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = cases_case.id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT cases_case.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
            AND (authority_id = ctx_authority()
                 OR EXISTS (SELECT 1 FROM disclosures_disclosure d
                             WHERE d.case_id = cases_case.id AND d.authority_id = cases_case.authority_id
                               AND d.receiver_unit_id = ctx_unit()
                               AND d.opens_at <= humla_now() AND d.undone_at IS NULL AND d.recalled_at IS NULL
                               AND (d.ground = 'law' OR EXISTS (
                                   SELECT 1 FROM consents_consent c
                                    WHERE c.case_id = cases_case.id AND c.authority_id = cases_case.authority_id
                                      AND c.receiver_unit_id = ctx_unit()
                                      AND c.starts_at <= humla_now() AND c.ends_at > humla_now()
                                      AND (c.withdrawn_at IS NULL OR c.withdrawn_at > humla_now()) OFFSET 0))
                             OFFSET 0))
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = cases_case.person_id AND k.key = ctx_person() OFFSET 0)
        WHEN 'representative' THEN wall_represents(id, person_id, '')
        ELSE false END);
CREATE POLICY opened_by_us ON cases_case FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority() AND unit_id = ctx_unit() AND opened_by_id = ctx_actor()
        AND opened_at = humla_now() AND ctx_role() IN ('handler', 'coordinator', 'receiver', 'manager')
        AND wall_person_is_ours(person_id) AND is_protected = wall_is_protected(person_id)
        AND (continues_id IS NULL OR wall_continues(continues_id, series)));
CREATE POLICY changed_by_holder ON cases_case FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND authority_id = ctx_authority() AND wall_holds(id, person_id))
    WITH CHECK (association_id = ctx_tenant() AND authority_id = ctx_authority());

-- The parts of a frozen document. Read without joining the document: planning a join of two policies
-- costs ten times the reading.
CREATE POLICY held_or_disclosed ON disclosures_documentpart FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = disclosures_documentpart.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
            AND (authority_id = ctx_authority()
                 OR category NOT IN ('INTERNAL', 'PROTECTED')
                    AND EXISTS (SELECT 1 FROM disclosures_disclosure d
                                 WHERE d.document_id = disclosures_documentpart.document_id
                                   AND d.authority_id = disclosures_documentpart.authority_id
                                   AND d.receiver_unit_id = ctx_unit()
                                   AND d.opens_at <= humla_now() AND d.undone_at IS NULL AND d.recalled_at IS NULL
                                   AND disclosures_documentpart.category = ANY (d.categories)
                                   AND (d.ground = 'law' OR EXISTS (
                                       SELECT 1 FROM consents_consent c
                                        WHERE c.case_id = disclosures_documentpart.case_id
                                          AND c.authority_id = disclosures_documentpart.authority_id
                                          AND c.receiver_unit_id = ctx_unit()
                                          AND disclosures_documentpart.category = ANY (c.categories)
                                          AND c.starts_at <= humla_now() AND c.ends_at > humla_now()
                                          AND (c.withdrawn_at IS NULL OR c.withdrawn_at > humla_now()) OFFSET 0))
                                 OFFSET 0))
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = disclosures_documentpart.person_id AND k.key = ctx_person() OFFSET 0)
        WHEN 'representative' THEN
            kind <> 'summons' AND wall_represents(case_id, person_id, category)
            AND NOT wall_withheld(document_id, category)
        ELSE false END);
CREATE POLICY frozen_by_holder ON disclosures_documentpart FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND wall_holds(case_id, person_id)
        -- Frozen whole, in one transaction: a version that somebody has seen gets no more parts.
        AND EXISTS (SELECT 1 FROM disclosures_document d WHERE d.id = document_id
                       AND d.case_id = disclosures_documentpart.case_id
                       AND d.kind = disclosures_documentpart.kind AND d.version = disclosures_documentpart.version
                       AND d.frozen_at = humla_now()));

-- What only the holder and the person see: whole documents (with their hash) and the plan being written.
-- A row may point only at rows of the same case and the same förbund: foreign keys bypass row policies, so
-- a key that passes would tell that a hidden plan exists.
DO $$
DECLARE
    one text;
    points text;
    written text;
BEGIN
    FOREACH one IN ARRAY ARRAY['disclosures_document', 'plans_plan', 'plans_goal', 'plans_commitment'] LOOP
        points := CASE one
            WHEN 'disclosures_document' THEN 'frozen_at = humla_now() AND frozen_by_id = ctx_actor()'
            WHEN 'plans_plan' THEN
                '(accountable_party_id IS NULL
                  OR EXISTS (SELECT 1 FROM organisation_party x WHERE x.id = accountable_party_id))
                 AND (lead_id IS NULL OR EXISTS (SELECT 1 FROM organisation_professional x WHERE x.id = lead_id))
                 AND (stand_in_id IS NULL
                      OR EXISTS (SELECT 1 FROM organisation_professional x WHERE x.id = stand_in_id))'
            WHEN 'plans_goal' THEN
                'EXISTS (SELECT 1 FROM plans_plan x WHERE x.id = plan_id AND x.case_id = plans_goal.case_id)
                 AND EXISTS (SELECT 1 FROM agreements_lifearea x WHERE x.id = life_area_id)'
            WHEN 'plans_commitment' THEN
                'EXISTS (SELECT 1 FROM plans_plan x WHERE x.id = plan_id AND x.case_id = plans_commitment.case_id)
                 AND (goal_id IS NULL OR EXISTS (SELECT 1 FROM plans_goal x
                          WHERE x.id = goal_id AND x.plan_id = plans_commitment.plan_id))
                 AND (unit_id IS NULL OR EXISTS (SELECT 1 FROM organisation_unit x WHERE x.id = unit_id))'
            END;
        written := 'association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND wall_holds(case_id, person_id) AND ' || points;
        EXECUTE format($policy$
            CREATE POLICY holder_or_person ON %1$I FOR SELECT TO humla_app
                USING ((SELECT ctx_ok()) AND CASE ctx_kind()
                    WHEN 'professional' THEN
                        association_id = ctx_tenant() AND authority_id = ctx_authority()
                        AND EXISTS (SELECT 1 FROM cases_caseassignment a
                                     WHERE a.case_id = %1$I.case_id AND a.professional_id = ctx_actor()
                                       AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                                       AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                                       AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
                    WHEN 'person' THEN
                        EXISTS (SELECT 1 FROM people_personkey k
                                 WHERE k.person_id = %1$I.person_id AND k.key = ctx_person() OFFSET 0)
                    WHEN 'representative' THEN %3$s
                    ELSE false END);
            CREATE POLICY written_by_holder ON %1$I FOR INSERT TO humla_app
                WITH CHECK ((SELECT ctx_ok()) AND %2$s)
        $policy$, one, written,
            -- A representative reads the adopted plan, never the one being written.
            CASE one WHEN 'disclosures_document' THEN
                'kind <> ''summons'' AND wall_represents(case_id, person_id, '''') AND NOT wall_withheld(id, '''')'
            ELSE 'false' END);
        IF one <> 'disclosures_document' THEN
            EXECUTE format($policy$
                CREATE POLICY changed_by_holder ON %1$I FOR UPDATE TO humla_app
                    USING ((SELECT ctx_ok()) AND authority_id = ctx_authority() AND wall_holds(case_id, person_id))
                    WITH CHECK (%2$s)
            $policy$, one, written);
        END IF;
    END LOOP;
END $$;
