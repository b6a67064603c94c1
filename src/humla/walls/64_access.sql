-- Asking for access, a manager's opening, the log review, and the person's question about a look.
--
-- Somebody who asks learns nothing: her own row is the same whether there is such a case or not, and what came to
-- the case is another table. A manager opens without reading first, so the owner writes it. Whoever reviews never
-- reviews herself, nor a human who is herself under another assignment.

-- Ask to be let in to the case with this reference, wherever in the förbund it is. The answer says only that it was
-- written. To a case that there is it comes as a row of its own; not again while one of hers waits there.
CREATE OR REPLACE FUNCTION ask_for_access(
    the_request uuid, the_reference text, sealed_reason text, sealed_for_case text, closes_on date
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'professional'
            AND ctx_role() IN ('handler', 'coordinator', 'receiver', 'manager') AND sealed_reason <> '') THEN
        RETURN false;
    END IF;
    -- One at a time for each who asks: the limit would otherwise be counted twice at once.
    PERFORM pg_advisory_xact_lock(7203, hashtext(ctx_actor()::text));
    IF (SELECT count(*) FROM access_accessrequest r
         WHERE r.asked_by_id = ctx_actor() AND r.asked_at > humla_now() - interval '1 day') >= 10 THEN
        RETURN false;
    END IF;
    INSERT INTO access_accessrequest (id, association_id, authority_id, unit_id, asked_by_id, reference, reason,
                                      asked_at, closes_on)
    VALUES (the_request, ctx_tenant(), ctx_authority(), ctx_unit(), ctx_actor(), the_reference, sealed_reason,
            humla_now(), ask_for_access.closes_on);
    INSERT INTO access_arrivedrequest (id, association_id, authority_id, person_id, case_id, request_id,
                                       asking_professional_id, asking_unit_id, reason, arrived_at, person_says,
                                       answer, why)
    SELECT gen_random_uuid(), c.association_id, c.authority_id, c.person_id, c.id, the_request,
           ctx_actor(), ctx_unit(), sealed_for_case, humla_now(), '', '', ''
      FROM cases_case c
     WHERE c.reference = the_reference AND c.association_id = ctx_tenant() AND c.state = 'open'
       AND NOT wall_works_in(c.id)
       AND NOT EXISTS (SELECT 1 FROM access_arrivedrequest x
                        WHERE x.case_id = c.id AND x.asking_professional_id = ctx_actor()
                          AND x.asking_unit_id = ctx_unit() AND x.answer = '');
    RETURN true;
END $$;

-- Which of my requests have led somewhere: a colleague was let in, or something has come from the case to my unit
-- after I asked. The person's yes alone is not told: until something is handed over she may take it back, and nobody
-- there knows that the case exists. Nor is a no told, or what went by paper since she is protected.
CREATE OR REPLACE FUNCTION access_answers() RETURNS TABLE (request_id uuid, answered_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.id, min(coalesce(d.opens_at, a.starts_at))
      FROM access_accessrequest r
      JOIN cases_case c ON c.reference = r.reference AND c.association_id = r.association_id
      LEFT JOIN disclosures_disclosure d ON d.case_id = c.id AND d.authority_id = c.authority_id
           AND d.receiver_unit_id = r.unit_id AND d.disclosed_at >= r.asked_at AND d.opens_at <= humla_now()
           AND d.undone_at IS NULL AND d.recalled_at IS NULL AND NOT c.is_protected
           AND c.authority_id <> r.authority_id
      LEFT JOIN cases_caseassignment a ON a.case_id = c.id AND a.professional_id = r.asked_by_id
           AND a.unit_id = r.unit_id AND a.starts_at >= r.asked_at AND c.authority_id = r.authority_id
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND r.asked_by_id = ctx_actor() AND r.unit_id = ctx_unit()
       AND r.authority_id = ctx_authority() AND r.association_id = ctx_tenant()
       AND (d.id IS NOT NULL OR a.id IS NOT NULL)
     GROUP BY r.id
$$;

-- What the person herself says of it. Her no to another authority ends the matter; who of the holder's own people
-- works with her case is the holder's to decide, and she is heard. She may change her mind until it is answered.
CREATE OR REPLACE FUNCTION say_about_request(the_request uuid, says text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'person' AND says IN ('yes', 'no')) THEN
        RETURN false;
    END IF;
    UPDATE access_arrivedrequest r
       SET person_says = says, person_said_at = humla_now(),
           answer = CASE WHEN ends.it THEN 'no' ELSE '' END,
           answered_at = CASE WHEN ends.it THEN humla_now() END,
           answered_by_id = CASE WHEN ends.it THEN ctx_actor() END
      FROM (SELECT says = 'no' AND u.authority_id <> x.authority_id AS it
              FROM access_arrivedrequest x JOIN organisation_unit u ON u.id = x.asking_unit_id
             WHERE x.id = the_request) AS ends
     WHERE r.id = the_request AND (r.answer = '' OR r.answer = 'no' AND r.answered_by_id = ctx_actor())
       AND EXISTS (SELECT 1 FROM people_personkey k
                    WHERE k.person_id = r.person_id AND k.key = ctx_person() AND k.ended_at IS NULL);
    RETURN FOUND;
END $$;

-- A manager opens a case that her own unit answers for, without having read it: for four hours, as one who takes
-- part. Never a protected one: there clearance is given first. Answers with the person, for the trail.
DROP FUNCTION IF EXISTS open_as_manager(uuid, text, uuid, uuid);
CREATE FUNCTION open_as_manager(the_case uuid, sealed_reason text, the_opening uuid, the_assignment uuid)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held cases_case;
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'professional' AND ctx_role() = 'manager' AND sealed_reason <> '') THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(7203, hashtext(ctx_actor()::text));
    SELECT c.* INTO held FROM cases_case c JOIN cases_caseassignment a ON a.case_id = c.id
     WHERE c.id = the_case AND c.association_id = ctx_tenant() AND c.authority_id = ctx_authority()
       AND c.state = 'open' AND NOT c.is_protected
       AND a.role = 'responsible' AND a.ends_at IS NULL AND a.unit_id = ctx_unit() AND NOT a.is_protected;
    IF NOT FOUND OR wall_works_in(the_case) THEN
        RETURN NULL;
    END IF;
    INSERT INTO cases_caseassignment (id, association_id, authority_id, person_id, case_id, professional_id, unit_id,
                                      role, is_protected, starts_at, ends_at, assigned_by_id)
    VALUES (the_assignment, held.association_id, held.authority_id, held.person_id, the_case, ctx_actor(), ctx_unit(),
            'member', false, humla_now(), humla_now() + interval '4 hours', ctx_actor());
    INSERT INTO access_manageropening (id, association_id, authority_id, person_id, case_id, unit_id, professional_id,
                                       assignment_id, reason, opened_at, ends_at)
    VALUES (the_opening, held.association_id, held.authority_id, held.person_id, the_case, ctx_unit(), ctx_actor(),
            the_assignment, sealed_reason, humla_now(), humla_now() + interval '4 hours');
    RETURN held.person_id;
END $$;

-- May I review this? What people of my authority opened or looked at, and never what I did myself.
CREATE OR REPLACE FUNCTION wall_may_review(the_opening uuid, the_event uuid, the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'professional' AND ctx_role() = 'log_reviewer' AND (
        EXISTS (SELECT 1 FROM access_manageropening o
                 WHERE o.id = the_opening AND o.person_id = the_person AND o.authority_id = ctx_authority()
                   AND o.association_id = ctx_tenant() AND NOT wall_is_myself(o.professional_id))
        OR EXISTS (SELECT 1 FROM audit_event e
                    WHERE e.id = the_event AND e.person_id = the_person AND e.authority_id = ctx_authority()
                      AND e.association_id = ctx_tenant() AND e.kind = 'professional'
                      AND NOT wall_is_myself(e.actor_id)))
$$;

-- What the reviewer and a questioned unit's manager call a case: its reference, and nothing else of it. Only of
-- cases in which the authority's own people have done something.
CREATE OR REPLACE FUNCTION reviewed_references(the_cases uuid[]) RETURNS TABLE (case_id uuid, reference text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.reference FROM cases_case c
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND c.id = ANY (the_cases) AND c.association_id = ctx_tenant()
       AND (ctx_role() = 'log_reviewer'
            AND EXISTS (SELECT 1 FROM audit_event e WHERE e.person_id = c.person_id AND e.case_id = c.id
                           AND e.authority_id = ctx_authority() AND e.association_id = ctx_tenant())
            OR ctx_role() = 'manager'
            AND EXISTS (SELECT 1 FROM access_lookquestion q WHERE q.case_id = c.id AND q.unit_id = ctx_unit()
                           AND q.authority_id = ctx_authority() AND q.association_id = ctx_tenant()))
$$;

-- The line of the trail that a question is about, for whoever is to answer it.
CREATE OR REPLACE FUNCTION questioned_looks()
RETURNS TABLE (question_id uuid, at timestamptz, role text, tag text, items jsonb, allowed_by jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT q.id, e.at, e.role, e.tag, e.items, e.allowed_by
      FROM access_lookquestion q JOIN audit_event e ON e.id = q.event_id
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND q.association_id = ctx_tenant()
       AND q.authority_id = ctx_authority()
       AND (ctx_role() = 'log_reviewer' OR ctx_role() = 'manager' AND q.unit_id = ctx_unit())
$$;

REVOKE ALL ON FUNCTION ask_for_access(uuid, text, text, text, date), access_answers(),
    say_about_request(uuid, text), open_as_manager(uuid, text, uuid, uuid), wall_may_review(uuid, uuid, uuid), reviewed_references(uuid[]),
    questioned_looks() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ask_for_access(uuid, text, text, text, date), access_answers(),
    say_about_request(uuid, text), open_as_manager(uuid, text, uuid, uuid), wall_may_review(uuid, uuid, uuid), reviewed_references(uuid[]),
    questioned_looks() TO humla_app;

-- Whoever asked sees what she wrote, for the unit that she acts for.
CREATE POLICY own ON access_accessrequest FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority() AND unit_id = ctx_unit() AND asked_by_id = ctx_actor());

-- What came to a case: those who hold it, and the person.
CREATE POLICY holder_or_person ON access_arrivedrequest FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = access_arrivedrequest.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = access_arrivedrequest.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);
-- Answered by the responsible, who may turn a no into a yes. What the person says is hers: say_about_request().
CREATE POLICY answered_by_responsible ON access_arrivedrequest FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND answer <> 'yes'
        AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND EXISTS (SELECT 1 FROM cases_caseassignment a
                     WHERE a.case_id = access_arrivedrequest.case_id AND a.professional_id = ctx_actor()
                       AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit() AND a.role = 'responsible'
                       AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                       AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0))
    WITH CHECK (answer IN ('yes', 'no') AND answered_at = humla_now() AND answered_by_id = ctx_actor());

CREATE POLICY opener_case_reviewer_or_person ON access_manageropening FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND (ctx_role() = 'log_reviewer' OR professional_id = ctx_actor() AND unit_id = ctx_unit()
                 OR EXISTS (SELECT 1 FROM cases_caseassignment a
                             WHERE a.case_id = access_manageropening.case_id AND a.professional_id = ctx_actor()
                               AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                               AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                               AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0))
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = access_manageropening.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);

CREATE POLICY reviewer_or_person ON access_logreview FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            ctx_role() = 'log_reviewer' AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = access_logreview.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);
CREATE POLICY reviewed_by_right ON access_logreview FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND ctx_role() = 'log_reviewer'
        AND association_id = ctx_tenant() AND authority_id = ctx_authority() AND reviewed_by_id = ctx_actor()
        AND reviewed_at = humla_now() AND wall_may_review(opening_id, event_id, person_id));

CREATE POLICY unit_reviewer_or_person ON access_lookquestion FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND (ctx_role() = 'log_reviewer' OR ctx_role() = 'manager' AND unit_id = ctx_unit())
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = access_lookquestion.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);
-- About a line of her own trail, as it stands there: whom and where it is about is not hers to choose.
CREATE POLICY asked_by_the_person ON access_lookquestion FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'person' AND asked_at = humla_now() AND answered_at IS NULL
        AND answer = '' AND taken_back_at IS NULL
        AND EXISTS (SELECT 1 FROM audit_event e
                     WHERE e.id = event_id AND e.person_id = access_lookquestion.person_id
                       AND e.case_id IS NOT DISTINCT FROM access_lookquestion.case_id
                       AND e.association_id = access_lookquestion.association_id
                       AND e.authority_id = access_lookquestion.authority_id
                       AND e.unit_id = access_lookquestion.unit_id AND e.actor_id = about_id
                       AND e.kind = 'professional'));
-- Answered by the unit's manager, or by the reviewer when it is about the manager; never by the one it is about.
-- Whoever answered may say it better. The person takes her question back while nobody has answered.
CREATE POLICY answered_or_taken_back ON access_lookquestion FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND taken_back_at IS NULL AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND (ctx_role() = 'log_reviewer' OR ctx_role() = 'manager' AND unit_id = ctx_unit())
            AND NOT wall_is_myself(about_id) AND (answered_at IS NULL OR answered_by_id = ctx_actor())
        WHEN 'person' THEN
            answered_at IS NULL
            AND EXISTS (SELECT 1 FROM people_personkey k
                         WHERE k.person_id = access_lookquestion.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END)
    WITH CHECK (CASE ctx_kind()
        WHEN 'professional' THEN
            answered_at = humla_now() AND answered_by_id = ctx_actor() AND answer <> '' AND taken_back_at IS NULL
        WHEN 'person' THEN taken_back_at = humla_now() AND answered_at IS NULL AND answer = ''
        ELSE false END);

-- What an authority has decided about being looked into: read in the förbund and by the person, as its name is.
CREATE POLICY same_tenant ON access_opennesspolicy FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND (association_id = ctx_tenant() AND ctx_kind() <> 'link' OR ctx_kind() = 'person'));
CREATE POLICY set_by_administrator ON access_opennesspolicy FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant()
        AND EXISTS (SELECT 1 FROM organisation_authority x
                     WHERE x.id = access_opennesspolicy.authority_id AND x.association_id = ctx_tenant()));
CREATE POLICY changed_by_administrator ON access_opennesspolicy FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant())
    WITH CHECK (association_id = ctx_tenant());
