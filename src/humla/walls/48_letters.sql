-- The person's own summons: what she, or whoever may receive it for her, is called to, and the answer that comes back.
--
-- Not here: the summonses of units (45_course.sql), nor how far a mandate reaches (25_representatives.sql).

-- Is this her own summons, to a meeting that is still to be, and may I answer it? She herself, or whoever acts by a
-- mandate that receives summonses and from whom the meeting is not kept.
CREATE OR REPLACE FUNCTION wall_answers_own_summons(
    the_summons uuid, the_case uuid, the_person uuid, the_authority uuid, the_association uuid, how text
) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND EXISTS (
        SELECT 1 FROM meetings_summons s JOIN meetings_meeting m ON m.id = s.meeting_id
          JOIN cases_case c ON c.id = s.case_id AND c.state = 'open'
         WHERE s.id = the_summons AND s.case_id = the_case AND s.person_id = the_person
           AND s.authority_id = the_authority AND s.association_id = the_association AND s.called = 'person' AND s.cancelled_at IS NULL
           AND s.leaves_at <= humla_now() AND m.state = 'planned' AND m.starts_at > humla_now()
           AND CASE ctx_kind()
               WHEN 'person' THEN how = 'person' AND EXISTS (
                   SELECT 1 FROM people_personkey k
                    WHERE k.person_id = s.person_id AND k.key = ctx_person() AND k.ended_at IS NULL)
               WHEN 'representative' THEN how = 'mandate' AND EXISTS (
                   SELECT 1 FROM wall_mandate(ctx_actor(), ctx_person()) r
                    WHERE r.person_id = s.person_id AND r.authority_id = s.authority_id AND r.may_receive_summons
                      AND NOT EXISTS (SELECT 1 FROM representatives_withheld w
                                       WHERE w.mandate_id = r.id AND w.kind = 'meeting' AND w.subject_id = m.id
                                         AND w.undone_at IS NULL))
               ELSE false END)
$$;

-- The summonses that she can answer now, each with the newest answer. Her own words are hers: whoever acts for her
-- reads only what she wrote there herself.
DROP FUNCTION IF EXISTS own_summonses();
CREATE FUNCTION own_summonses()
RETURNS TABLE (id uuid, meeting_id uuid, case_id uuid, person_id uuid, authority_id uuid, association_id uuid,
               kind text, starts_at timestamptz, answer text, answered_by text, answered_at timestamptz, wish text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.meeting_id, s.case_id, s.person_id, s.authority_id, s.association_id, m.kind,
           m.starts_at, a.answer, a.answered_by, a.answered_at,
           CASE WHEN ctx_kind() = 'person' OR a.answered_by_id = ctx_actor() THEN a.wish ELSE '' END
      FROM meetings_summons s JOIN meetings_meeting m ON m.id = s.meeting_id
      LEFT JOIN LATERAL (SELECT x.* FROM meetings_summonsanswer x WHERE x.summons_id = s.id
                          ORDER BY x.answered_at DESC, x.id DESC LIMIT 1) a ON true
     WHERE s.called = 'person' AND s.cancelled_at IS NULL AND m.state = 'planned' AND m.starts_at > humla_now()
       AND s.person_id IN (SELECT k.person_id FROM people_personkey k
                            WHERE ctx_kind() = 'person' AND k.key = ctx_person() AND k.ended_at IS NULL
                           UNION ALL
                           SELECT r.person_id FROM wall_mandate(ctx_actor(), ctx_person()) r
                            WHERE ctx_kind() = 'representative')
       AND wall_answers_own_summons(s.id, s.case_id, s.person_id, s.authority_id, s.association_id,
                                    CASE ctx_kind() WHEN 'person' THEN 'person' ELSE 'mandate' END)
     ORDER BY m.starts_at, s.id
$$;

-- Whoever answers waits for whoever is changing the meeting. Answers nothing, so that it tells nobody what there is.
CREATE OR REPLACE FUNCTION wait_for_own_summons(the_summons uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM cases_case c
      WHERE c.id = (SELECT s.case_id FROM meetings_summons s
                     WHERE s.id = the_summons
                       AND wall_answers_own_summons(s.id, s.case_id, s.person_id, s.authority_id, s.association_id,
                               CASE ctx_kind() WHEN 'person' THEN 'person' ELSE 'mandate' END))
        FOR NO KEY UPDATE OF c;
END $$;

REVOKE ALL ON FUNCTION wall_answers_own_summons(uuid, uuid, uuid, uuid, uuid, text), own_summonses(),
    wait_for_own_summons(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_answers_own_summons(uuid, uuid, uuid, uuid, uuid, text), own_summonses(),
    wait_for_own_summons(uuid) TO humla_app;

-- Her own answer: she signs it, and it says so. Nobody else's columns are in it.
CREATE POLICY answered_by_herself ON meetings_summonsanswer FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND answered_at = humla_now() AND answered_by_id = ctx_actor()
        AND answer IN ('comes', 'other_time', 'declined')
        AND cause = '' AND who_comes = '' AND passed_to = '' AND passed_unit_id IS NULL AND NOT sends_evidence
        AND brings = '[]'::jsonb
        AND wall_answers_own_summons(summons_id, case_id, person_id, authority_id, association_id, answered_by));

-- How a receiver is reached, and what has been sent: those who work in the case at the authority that holds it. The
-- person sees that a letter has been sent to her; where others live is not hers. An address of somebody protected, or
-- of anybody near her, is written nowhere here.
CREATE POLICY holder ON letters_addressee FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority()
        AND EXISTS (SELECT 1 FROM cases_caseassignment a
                     WHERE a.case_id = letters_addressee.case_id AND a.professional_id = ctx_actor()
                       AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                       AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                       AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0));
CREATE POLICY written_by_holder ON letters_addressee FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority() AND written_by_id = ctx_actor() AND written_at = humla_now()
        AND wall_holds(case_id, person_id)
        AND (unit_id IS NULL OR EXISTS (SELECT 1 FROM organisation_unit x WHERE x.id = unit_id))
        AND (address = '' OR called = 'unit' AND unit_id IS NOT NULL
             OR NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id AND c.is_protected)));
CREATE POLICY changed_by_holder ON letters_addressee FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND authority_id = ctx_authority()
        AND wall_holds(case_id, person_id))
    WITH CHECK (association_id = ctx_tenant() AND written_by_id = ctx_actor() AND written_at = humla_now()
        AND (address = '' OR called = 'unit' AND unit_id IS NOT NULL
             OR NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id AND c.is_protected)));

CREATE POLICY holder_or_person ON letters_paperletter FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = letters_paperletter.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = letters_paperletter.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);
CREATE POLICY written_by_holder ON letters_paperletter FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority() AND queued_by_id = ctx_actor() AND queued_at = humla_now()
        AND (sent_by_id IS NULL OR sent_by_id = ctx_actor()) AND withdrawn_at IS NULL
        AND wall_holds(case_id, person_id)
        AND EXISTS (SELECT 1 FROM meetings_summons s WHERE s.id = summons_id
                       AND s.case_id = letters_paperletter.case_id));
CREATE POLICY sent_or_taken_back ON letters_paperletter FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND authority_id = ctx_authority()
        AND withdrawn_at IS NULL AND wall_holds(case_id, person_id))
    WITH CHECK (association_id = ctx_tenant()
        AND CASE WHEN withdrawn_at IS NULL THEN sent_by_id = ctx_actor()
            ELSE withdrawn_at = humla_now()
                 AND (sent_by_id IS NULL OR EXISTS (SELECT 1 FROM organisation_professional x WHERE x.id = sent_by_id)) END);
