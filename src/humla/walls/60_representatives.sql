-- Mandates, what is withheld from them, and whose yes is asked for: who may read and write them.
--
-- Here: the rows. Not here: what a mandate opens (25_representatives.sql and the branches in 30, 40).

-- Do I work with this person, whom my authority has registered? Then I may attest who acts for her towards us.
CREATE OR REPLACE FUNCTION wall_attests(the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wall_person_is_ours(the_person) AND ctx_role() IN ('handler', 'coordinator', 'receiver', 'manager')
       AND EXISTS (SELECT 1 FROM cases_caseassignment a JOIN cases_case c ON c.id = a.case_id
                    WHERE a.person_id = the_person AND c.authority_id = ctx_authority()
                      AND a.professional_id = ctx_actor() AND a.authority_id = ctx_authority()
                      AND a.unit_id = ctx_unit() AND a.starts_at <= humla_now()
                      AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                      AND (NOT a.is_protected OR a.cleared_until > humla_now()))
$$;

-- A mandate points only at one of the same person, ended in the same instant: a foreign key that passes would tell.
CREATE OR REPLACE FUNCTION wall_replaces(the_mandate uuid, the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM representatives_mandate m WHERE m.id = the_mandate AND m.person_id = the_person
                      AND m.authority_id = ctx_authority() AND m.ended_at = humla_now() AND wall_attests(the_person))
$$;

-- The key is laid by whoever attests, in the same transaction, once.
CREATE OR REPLACE FUNCTION wall_may_key_mandate(the_mandate uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM representatives_mandate m WHERE m.id = the_mandate AND m.number <> ''
                      AND m.attested_by_id = ctx_actor() AND m.attested_at = humla_now() AND wall_attests(m.person_id))
       AND NOT EXISTS (SELECT 1 FROM representatives_mandatekey k WHERE k.mandate_id = the_mandate)
$$;

-- What is withheld is of the case: a document or a meeting there, from a mandate of its person at its holder.
CREATE OR REPLACE FUNCTION wall_may_withhold(the_case uuid, the_person uuid, the_mandate uuid, what text, the_subject uuid)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wall_holds(the_case, the_person)
       AND EXISTS (SELECT 1 FROM representatives_mandate m WHERE m.id = the_mandate AND m.person_id = the_person
                      AND m.authority_id = ctx_authority() AND m.ended_at IS NULL)
       AND CASE what
           WHEN 'meeting' THEN EXISTS (SELECT 1 FROM meetings_meeting x WHERE x.id = the_subject AND x.case_id = the_case)
           ELSE EXISTS (SELECT 1 FROM disclosures_document x WHERE x.id = the_subject AND x.case_id = the_case) END
$$;

-- The meetings ahead, for a mandate that reaches so far. Health questions only for one that reads about health, and
-- the units only as the person's own page names them. The rows themselves stay closed: they hold everything.
DROP FUNCTION IF EXISTS represented_meetings();
CREATE FUNCTION represented_meetings()
RETURNS TABLE (id uuid, case_id uuid, kind text, starts_at timestamptz, minutes smallint, form text, place text,
               video_link text, interpreter text, purpose text, questions text, health_questions text, bring text,
               units text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.id, m.case_id, m.kind, m.starts_at, m.minutes, coalesce(nullif(h.form, ''), m.form), m.place,
           m.video_link, m.interpreter,
           CASE WHEN 'PLANNING' = ANY (r.categories) THEN m.purpose ELSE '' END,
           CASE WHEN 'PLANNING' = ANY (r.categories) THEN m.questions ELSE '' END,
           CASE WHEN 'HEALTH' = ANY (r.categories) THEN m.health_questions ELSE '' END,
           coalesce(h.bring, ''),
           ARRAY(SELECT u.name FROM meetings_summons s JOIN organisation_unit u ON u.id = s.unit_id
                  WHERE s.meeting_id = m.id AND s.cancelled_at IS NULL AND s.leaves_at <= humla_now()
                    AND 'PLANNING' = ANY (r.categories)
                    AND (s.disclosure_id IS NULL OR EXISTS (
                         SELECT 1 FROM consents_consent k
                          WHERE k.case_id = m.case_id AND k.authority_id = m.authority_id
                            AND k.receiver_unit_id = s.unit_id AND 'PLANNING' = ANY (k.categories)
                            AND k.starts_at <= humla_now() AND k.ends_at > humla_now() AND k.withdrawn_at IS NULL))
                  ORDER BY u.name)
      FROM wall_mandate(ctx_actor(), ctx_person()) r
      JOIN meetings_meeting m ON m.person_id = r.person_id AND m.authority_id = r.authority_id
      JOIN cases_case c ON c.id = m.case_id AND c.state = 'open'
      LEFT JOIN LATERAL (SELECT s.form, s.bring FROM meetings_summons s
                          WHERE s.meeting_id = m.id AND s.called = 'person' AND s.cancelled_at IS NULL
                          ORDER BY s.sent_at DESC LIMIT 1) h ON true
     WHERE ctx_ok() AND ctx_kind() = 'representative' AND r.may_receive_summons AND m.state = 'planned'
       AND m.starts_at + make_interval(mins => m.minutes) > humla_now()
       AND NOT EXISTS (SELECT 1 FROM representatives_withheld w WHERE w.mandate_id = r.id AND w.kind = 'meeting'
                          AND w.subject_id = m.id AND w.undone_at IS NULL)
     ORDER BY m.starts_at, m.id
$$;

REVOKE ALL ON FUNCTION wall_attests(uuid), wall_replaces(uuid, uuid), wall_may_key_mandate(uuid),
    wall_may_withhold(uuid, uuid, uuid, text, uuid), represented_meetings() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_attests(uuid), wall_replaces(uuid, uuid), wall_may_key_mandate(uuid),
    wall_may_withhold(uuid, uuid, uuid, text, uuid), represented_meetings() TO humla_app;

-- Those who work with her at the authority that attested it, and the person herself: every mandate, also the ended.
CREATE POLICY works_with_her ON representatives_mandate FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.person_id = representatives_mandate.person_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = representatives_mandate.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);
CREATE POLICY attested_by_us ON representatives_mandate FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND attested_by_id = ctx_actor() AND attested_at = humla_now() AND starts_at >= humla_now()
        AND rested_at IS NULL AND ended_at IS NULL AND wall_attests(person_id)
        AND (replaces_id IS NULL OR wall_replaces(replaces_id, person_id)));
CREATE POLICY ended_by_us ON representatives_mandate FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ended_at IS NULL AND authority_id = ctx_authority() AND wall_attests(person_id))
    WITH CHECK (association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND (ended_at = humla_now() AND ended_by_id = ctx_actor()
             -- Whom she has chosen herself stands no longer than she wants.
             OR ended_at IS NULL AND rested_at IS NULL AND kind NOT IN ('relative', 'power', 'personal')
             OR ended_at IS NULL AND rested_at = humla_now() AND rested_by_id = ctx_actor()));
-- Her no rests it at once, whatever a human decides afterwards.
CREATE POLICY objected_to_by_her ON representatives_mandate FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'person' AND ended_at IS NULL AND rested_at IS NULL
        AND EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = representatives_mandate.person_id AND k.key = ctx_person() OFFSET 0))
    WITH CHECK (ended_at IS NULL AND rested_at = humla_now() AND rested_by_id = ctx_actor());

CREATE POLICY own_key ON representatives_mandatekey FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'representative' AND key = ctx_person() AND mandate_id = ctx_actor());
CREATE POLICY key_of_attested ON representatives_mandatekey FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND wall_may_key_mandate(mandate_id));

CREATE POLICY holder_or_person ON representatives_withheld FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = representatives_withheld.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = representatives_withheld.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);
CREATE POLICY withheld_by_holder ON representatives_withheld FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND withheld_by_id = ctx_actor() AND withheld_at = humla_now() AND undone_at IS NULL
        AND wall_may_withhold(case_id, person_id, mandate_id, kind, subject_id));
CREATE POLICY undone_by_holder ON representatives_withheld FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND undone_at IS NULL AND authority_id = ctx_authority() AND wall_holds(case_id, person_id))
    WITH CHECK (undone_at = humla_now() AND undone_by_id = ctx_actor());

CREATE POLICY same_tenant ON representatives_guardianpolicy FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND (association_id = ctx_tenant() AND ctx_kind() <> 'link' OR ctx_kind() = 'person'));
CREATE POLICY written_by_administrator ON representatives_guardianpolicy FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant()
        AND written_by_id = ctx_actor() AND written_at = humla_now()
        AND EXISTS (SELECT 1 FROM organisation_authority x WHERE x.id = authority_id
                       AND x.association_id = ctx_tenant()));
