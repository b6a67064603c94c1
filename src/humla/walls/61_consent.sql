-- Consent deepened: what the person says herself, what follows when a yes ends, and the records beside.
--
-- Here: the reviewed words, the question to the person and her own answer, who must not come, the yes to be asked
-- afterwards, the signed paper, and what a yes that has ended takes with it. Not here: who reads a consent and who
-- writes one down (30_facts.sql), nor what a consent opens (40_read.sql).

-- Is this case about the person who asks? (definer: for writing only)
CREATE OR REPLACE FUNCTION wall_is_mine(the_case uuid, the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'person' AND EXISTS (
        SELECT 1 FROM cases_case c JOIN people_personkey k ON k.person_id = c.person_id
         WHERE c.id = the_case AND c.person_id = the_person AND k.key = ctx_person() AND k.ended_at IS NULL)
$$;

-- May the person say this yes herself? Never more than she is asked for, in an open case, while the question stands;
-- or less than what she takes back in the same instant.
CREATE OR REPLACE FUNCTION wall_may_say_yes(
    the_case uuid, the_person uuid, the_association uuid, holder uuid, to_authority uuid, to_unit uuid, what text[],
    starts timestamptz, ends timestamptz, the_narrowed uuid
) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (wall_is_mine(the_case, the_person) OR the_narrowed IS NULL AND wall_answers_for(the_case, the_person))
       AND CASE WHEN the_narrowed IS NULL THEN
        EXISTS (SELECT 1 FROM consents_consentrequest r JOIN cases_case c ON c.id = r.case_id AND c.state = 'open'
                 WHERE r.case_id = the_case AND r.person_id = the_person AND r.association_id = the_association
                   AND r.authority_id = holder AND r.receiver_id = to_authority AND r.receiver_unit_id = to_unit
                   AND what <@ (r.categories::text[] || ARRAY['IDENTITY']) AND ends <= r.ends_at
                   AND r.answered_at IS NULL AND r.taken_back_at IS NULL AND r.ends_at > humla_now())
    ELSE
        EXISTS (SELECT 1 FROM consents_consent k
                 WHERE k.id = the_narrowed AND k.case_id = the_case AND k.person_id = the_person
                   AND k.association_id = the_association AND k.authority_id = holder
                   AND k.receiver_id = to_authority AND k.receiver_unit_id = to_unit
                   AND k.withdrawn_at = humla_now() AND k.withdrawn_by_id = ctx_actor()
                   AND what <@ k.categories::text[] AND starts >= k.starts_at AND ends <= k.ends_at)
    END
$$;

-- The person's own turn in her case, or that of whoever answers for her: the row is locked by the owner, since the holder alone may change it. How it
-- stands then, or nothing when it is not hers.
CREATE OR REPLACE FUNCTION take_my_turn(the_case uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stands text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = the_case
                      AND (wall_is_mine(c.id, c.person_id) OR wall_answers_for(c.id, c.person_id))) THEN
        RETURN NULL;
    END IF;
    SELECT c.state INTO stands FROM cases_case c WHERE c.id = the_case FOR NO KEY UPDATE;
    RETURN stands;
END $$;

-- Letters about these that have not left stay, and the links to them are closed. For the next one alone.
CREATE OR REPLACE FUNCTION wall_stop_letters(about uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE notifications_notice SET state = 'cancelled' WHERE about_id = ANY (about) AND state = 'waiting';
    UPDATE links_link SET revoked_at = humla_now() WHERE subject_id = ANY (about) AND revoked_at IS NULL;
$$;

-- What rested on a consent that this transaction has ended: the letters that have not left and the links to them,
-- what was still in its minute of regret, the summonses to meetings ahead, the times that were offered, the lead. Whatever another
-- yes to the same unit still covers stands. A unit that knew of something is told that something has changed, without
-- a word of whom or why. Answers with what was ended, for the trail. The case's row is held by whoever calls.
DROP FUNCTION IF EXISTS end_what_rested_on(uuid);
CREATE FUNCTION end_what_rested_on(the_consent uuid) RETURNS TABLE (what text, which uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    k consents_consent;
    one record;
    covered text[];
    is_told boolean;
    mailbox boolean;
BEGIN
    SELECT x.* INTO k FROM consents_consent x
     -- Whoever could end it in this very transaction may end what rested on it: the row says so, and nobody else can
     -- have written it.
     WHERE ctx_ok() AND x.id = the_consent AND x.withdrawn_at = humla_now() AND x.withdrawn_by_id = ctx_actor();
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(array_agg(DISTINCT c.category), '{}') INTO covered
      FROM consents_consent x, unnest(x.categories::text[]) AS c (category)
     WHERE x.case_id = k.case_id AND x.authority_id = k.authority_id AND x.receiver_unit_id = k.receiver_unit_id
       AND x.starts_at <= humla_now() AND x.ends_at > humla_now() AND x.withdrawn_at IS NULL;
    -- Nobody is written to about somebody with protected identity.
    SELECT u.mail <> '' AND NOT c.is_protected INTO mailbox
      FROM organisation_unit u, cases_case c WHERE u.id = k.receiver_unit_id AND c.id = k.case_id;
    is_told := EXISTS (SELECT 1 FROM disclosures_disclosure d
                        WHERE d.case_id = k.case_id AND d.authority_id = k.authority_id
                          AND d.receiver_unit_id = k.receiver_unit_id AND d.opens_at <= humla_now()
                          AND d.undone_at IS NULL);

    IF NOT 'PLANNING' = ANY (covered) THEN
        FOR one IN
            SELECT s.id, s.leaves_at, s.disclosure_id,
                   s.leaves_at <= humla_now() OR EXISTS (
                       -- It came instead of one that the unit knows of.
                       SELECT 1 FROM meetings_summons b JOIN meetings_meeting bm ON bm.id = b.meeting_id
                        WHERE b.case_id = s.case_id AND b.unit_id = s.unit_id AND b.cancelled_at >= b.leaves_at
                          AND (b.meeting_id = s.meeting_id OR bm.moved_to_id = s.meeting_id)) AS is_known
              FROM meetings_summons s JOIN meetings_meeting m ON m.id = s.meeting_id
             WHERE s.case_id = k.case_id AND s.authority_id = k.authority_id AND s.unit_id = k.receiver_unit_id
               AND s.cancelled_at IS NULL AND s.disclosure_id IS NOT NULL
               AND m.state = 'planned' AND m.starts_at > humla_now()
             ORDER BY s.id FOR UPDATE OF s
        LOOP
            UPDATE meetings_summons SET cancelled_at = humla_now() WHERE id = one.id;
            UPDATE disclosures_disclosure SET undone_at = humla_now()
             WHERE id = one.disclosure_id AND opens_at > humla_now() AND undone_at IS NULL;
            PERFORM wall_stop_letters(ARRAY[one.id, one.disclosure_id]);
            IF one.is_known AND mailbox THEN
                INSERT INTO notifications_notice (id, association_id, kind, unit_id, about_id, state, queued_at,
                                                  queued_by_id, leaves_at, tries, fault)
                VALUES (gen_random_uuid(), k.association_id, 'summons_cancelled', k.receiver_unit_id, one.id, 'waiting',
                        humla_now(), ctx_actor(), humla_now(), 0, '');
            END IF;
            what := 'summons'; which := one.id;
            RETURN NEXT;
        END LOOP;
        FOR one IN
            UPDATE scheduling_invitee v SET withdrawn_at = humla_now() FROM scheduling_timeoffer o
             WHERE o.id = v.offer_id AND o.closed_at IS NULL AND v.case_id = k.case_id AND v.authority_id = k.authority_id
               AND v.unit_id = k.receiver_unit_id AND v.withdrawn_at IS NULL
               AND EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = v.unit_id AND u.authority_id <> v.authority_id)
            RETURNING v.id, coalesce(v.leaves_at <= humla_now(), false) AS is_known
        LOOP
            PERFORM wall_stop_letters(ARRAY[one.id]);
            IF one.is_known AND mailbox THEN
                INSERT INTO notifications_notice (id, association_id, kind, unit_id, about_id, state, queued_at,
                                                  queued_by_id, leaves_at, tries, fault)
                VALUES (gen_random_uuid(), k.association_id, 'times_withdrawn', k.receiver_unit_id, one.id, 'waiting',
                        humla_now(), ctx_actor(), humla_now(), 0, '');
            END IF;
            what := 'invitee'; which := one.id;
            RETURN NEXT;
        END LOOP;
        -- What has come stays as it came; what was still to come is not waited for.
        FOR one IN
            UPDATE evidence_evidencerequest e SET withdrawn_at = humla_now(), version = version + 1
             WHERE e.case_id = k.case_id AND e.authority_id = k.authority_id AND e.unit_id = k.receiver_unit_id
               AND e.withdrawn_at IS NULL
               AND EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = e.unit_id AND u.authority_id <> e.authority_id)
               AND coalesce((SELECT x.said FROM evidence_evidenceanswer x WHERE x.request_id = e.id
                              ORDER BY x.answered_at DESC, x.id DESC LIMIT 1), '')
                   NOT IN ('arrived', 'refused', 'wrong_unit')
            RETURNING e.id, e.leaves_at <= humla_now() AS is_known
        LOOP
            PERFORM wall_stop_letters(ARRAY[one.id]);
            IF one.is_known AND mailbox THEN
                INSERT INTO notifications_notice (id, association_id, kind, unit_id, about_id, state, queued_at,
                                                  queued_by_id, leaves_at, tries, fault)
                VALUES (gen_random_uuid(), k.association_id, 'evidence_withdrawn', k.receiver_unit_id, one.id, 'waiting',
                        humla_now(), ctx_actor(), humla_now(), 0, '');
            END IF;
            what := 'evidence'; which := one.id;
            RETURN NEXT;
        END LOOP;
        FOR one IN
            UPDATE plans_leadtransfer t SET taken_back_at = humla_now()
             WHERE t.case_id = k.case_id AND t.authority_id = k.authority_id AND t.to_unit_id = k.receiver_unit_id
               AND t.answered_at IS NULL AND t.taken_back_at IS NULL
            RETURNING t.id
        LOOP
            PERFORM wall_stop_letters(ARRAY[one.id]);
            what := 'lead'; which := one.id;
            RETURN NEXT;
        END LOOP;
    END IF;

    FOR one IN
        SELECT d.id, d.opens_at > humla_now() AS is_here FROM disclosures_disclosure d
         WHERE d.consent_id = k.id AND d.undone_at IS NULL AND NOT d.categories::text[] <@ covered
         ORDER BY d.id FOR UPDATE OF d
    LOOP
        PERFORM wall_stop_letters(ARRAY[one.id]);
        IF one.is_here THEN
            UPDATE disclosures_disclosure SET undone_at = humla_now() WHERE id = one.id;
            what := 'disclosure'; which := one.id;
            RETURN NEXT;
        END IF;
    END LOOP;

    IF is_told AND mailbox AND NOT k.categories::text[] <@ covered THEN
        INSERT INTO notifications_notice (id, association_id, kind, unit_id, about_id, state, queued_at, queued_by_id,
                                          leaves_at, tries, fault)
        VALUES (gen_random_uuid(), k.association_id, 'consent_changed', k.receiver_unit_id, k.id, 'waiting',
                humla_now(), ctx_actor(), humla_now(), 0, '');
    END IF;
END $$;

REVOKE ALL ON FUNCTION wall_stop_letters(uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION wall_is_mine(uuid, uuid),
    wall_may_say_yes(uuid, uuid, uuid, uuid, uuid, uuid, text[], timestamptz, timestamptz, uuid),
    take_my_turn(uuid), end_what_rested_on(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_is_mine(uuid, uuid),
    wall_may_say_yes(uuid, uuid, uuid, uuid, uuid, uuid, text[], timestamptz, timestamptz, uuid),
    take_my_turn(uuid), end_what_rested_on(uuid) TO humla_app;

-- The words: read by all in the förbund and by the person, written and reviewed by its administrator, never changed.
CREATE POLICY same_tenant ON consents_consentwording FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND (association_id = ctx_tenant() AND ctx_kind() <> 'link' OR ctx_kind() = 'person'));
CREATE POLICY written_by_administrator ON consents_consentwording FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant()
        AND written_by_id = ctx_actor() AND written_at = humla_now() AND reviewed_on IS NULL AND ended_at IS NULL);
CREATE POLICY reviewed_or_ended ON consents_consentwording FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant() AND ended_at IS NULL)
    WITH CHECK (association_id = ctx_tenant() AND (ended_at IS NULL OR ended_at = humla_now()));

-- The person's own yes.
CREATE POLICY said_by_her ON consents_consent FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'person' AND recorded_by_id = ctx_actor() AND withdrawn_at IS NULL
        AND given_at = humla_now() AND starts_at >= humla_now() AND manner = 'eid' AND given_by = 'person'
        AND mandate_id IS NULL AND second_mandate_id IS NULL
        AND (wording_id IS NULL OR EXISTS (SELECT 1 FROM consents_consentwording w WHERE w.id = wording_id
                AND w.association_id = consents_consent.association_id))
        AND wall_may_say_yes(case_id, person_id, association_id, authority_id, receiver_id, receiver_unit_id,
                             categories::text[], starts_at, ends_at, narrows_id));

-- A yes by whoever answers for her, in answer to the same question: it says by which mandate. Guardians answer
-- together with the child, where somebody writes it down.
CREATE POLICY said_by_mandate ON consents_consent FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'representative' AND ctx_role() <> 'guardian'
        AND recorded_by_id = ctx_actor() AND withdrawn_at IS NULL AND given_at = humla_now()
        AND starts_at >= humla_now() AND manner = 'eid' AND given_by = 'representative' AND mandate_id = ctx_actor()
        AND narrows_id IS NULL
        -- Nobody opens for others what the mandate does not open for herself.
        AND categories::text[] <@ (SELECT m.categories || ARRAY['IDENTITY'] FROM mandate_acted_by() m)
        AND wall_may_say_yes(case_id, person_id, association_id, authority_id, receiver_id, receiver_unit_id,
                             categories::text[], starts_at, ends_at, narrows_id));
CREATE POLICY seen_by_mandate ON consents_consentrequest FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'representative' AND ctx_role() <> 'guardian'
        AND wall_answers_for(case_id, person_id));
CREATE POLICY answered_by_mandate ON consents_consentrequest FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'representative' AND ctx_role() <> 'guardian'
        AND answered_at IS NULL AND taken_back_at IS NULL AND wall_answers_for(case_id, person_id))
    WITH CHECK (answered_at = humla_now() AND answered_by_id = ctx_actor() AND taken_back_at IS NULL AND manner = 'eid'
        AND (consent_id IS NULL OR EXISTS (SELECT 1 FROM consents_consent x
                 WHERE x.id = consent_id AND x.case_id = consents_consentrequest.case_id
                   AND x.receiver_unit_id = consents_consentrequest.receiver_unit_id
                   AND x.given_at = humla_now())));

-- What the holder writes and the person reads, and what each may end. Only the holder and the person: what she was
-- asked and said no to is nothing that a receiver may know of.
DO $$
DECLARE
    one record;
    holder text := 'ctx_kind() = ''professional'' AND association_id = ctx_tenant()
            AND authority_id = ctx_authority() AND wall_holds(case_id, person_id)';
BEGIN
    FOR one IN SELECT * FROM (VALUES
        -- Asked, or written down as a no that was said; answered by her or as it was heard; or taken back.
        ('consents_consentrequest',
         holder || ' AND asked_by_id = ctx_actor() AND asked_at = humla_now() AND taken_back_at IS NULL
             AND consent_id IS NULL
             AND (answered_at IS NULL OR answered_at = humla_now() AND answered_by_id = ctx_actor())
             AND EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = receiver_unit_id AND u.authority_id = receiver_id
                            AND u.association_id = ctx_tenant())',
         'answered_at IS NULL AND taken_back_at IS NULL AND (' || holder || ' OR wall_is_mine(case_id, person_id))',
         '(taken_back_at = humla_now() AND answered_at IS NULL AND ctx_kind() = ''professional''
           OR answered_at = humla_now() AND answered_by_id = ctx_actor() AND taken_back_at IS NULL
              AND (manner = ''eid'' OR ctx_kind() = ''professional'')
              AND (consent_id IS NULL OR EXISTS (SELECT 1 FROM consents_consent x
                       WHERE x.id = consent_id AND x.case_id = consents_consentrequest.case_id
                         AND x.receiver_unit_id = consents_consentrequest.receiver_unit_id
                         AND x.given_at = humla_now())))'),
        ('consents_keptaway',
         'recorded_by_id = ctx_actor() AND said_at = humla_now() AND ended_at IS NULL
             AND (unit_id IS NULL OR EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = unit_id
                     AND u.association_id = consents_keptaway.association_id))
             AND (' || holder || ' OR wall_is_mine(case_id, person_id) AND EXISTS (SELECT 1 FROM cases_case c
                     WHERE c.id = case_id AND c.association_id = consents_keptaway.association_id
                       AND c.authority_id = consents_keptaway.authority_id))',
         'ended_at IS NULL AND (' || holder || ' OR wall_is_mine(case_id, person_id))',
         'ended_at = humla_now() AND ended_by_id = ctx_actor()'),
        ('consents_surveyconsent',
         holder || ' AND recorded_by_id = ctx_actor() AND given_at = humla_now() AND withdrawn_at IS NULL
             AND given_by = ''person'' AND mandate_id IS NULL AND second_mandate_id IS NULL
             AND (wording_id IS NULL OR EXISTS (SELECT 1 FROM consents_consentwording w WHERE w.id = wording_id))',
         'withdrawn_at IS NULL AND (' || holder || ' OR wall_is_mine(case_id, person_id))',
         'withdrawn_at = humla_now() AND withdrawn_by_id = ctx_actor()'),
        ('consents_signedpaper',
         holder || ' AND scanned_by_id = ctx_actor() AND scanned_at = humla_now() AND removed_at IS NULL
             AND (consent_id IS NULL OR EXISTS (SELECT 1 FROM consents_consent x
                     WHERE x.id = consent_id AND x.case_id = consents_signedpaper.case_id AND x.manner = ''paper''))
             AND (plan_consent_id IS NULL OR EXISTS (SELECT 1 FROM consents_planconsent x
                     WHERE x.id = plan_consent_id AND x.case_id = consents_signedpaper.case_id AND x.manner = ''paper''))',
         'removed_at IS NULL AND ' || holder,
         'removed_at = humla_now() AND removed_by_id = ctx_actor() AND content IS NULL')
    ) AS t (name, written, still, becomes) LOOP
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
                    ELSE false END);
            CREATE POLICY written_by_right ON %1$I FOR INSERT TO humla_app
                WITH CHECK ((SELECT ctx_ok()) AND %2$s);
            CREATE POLICY ended_once ON %1$I FOR UPDATE TO humla_app
                USING ((SELECT ctx_ok()) AND %3$s)
                WITH CHECK (%4$s)
        $policy$, one.name, one.written, one.still, one.becomes);
    END LOOP;
END $$;
