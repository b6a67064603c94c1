-- Looking for a time: the times offered, who is asked, and what they answer.
--
-- Here: who reads and writes those rows, and the few questions that whoever is asked may put. Not here: the summons that
-- follows (45_course.sql), nor what a yes taken back ends (61_consent.sql, which ends these too).
--
-- The rows are the holder's and the person's. A unit that is asked, by its letter's link or signed in, reads none of them:
-- it gets times and a reference from asked_times(), and answers by answer_times().

-- Those asked whom I may answer for, by how I act: the unit of the link or of whoever has signed in, the person, or whoever
-- acts for her. Given none: all of them. A yes taken back, narrowed or past its time closes it in the same second, and
-- nothing about somebody with protected identity is asked in this way. For the functions below; nobody else may ask.
CREATE OR REPLACE FUNCTION wall_asked(the_invitee uuid) RETURNS SETOF scheduling_invitee
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    -- One way in for each who asks, each by an index: only one of them is walked.
    WITH mine AS (
        SELECT l.subject_id AS id FROM links_link l JOIN scheduling_invitee v
               ON v.id = l.subject_id AND v.unit_id = l.unit_id AND v.association_id = l.association_id
         WHERE ctx_kind() = 'link' AND l.id = ctx_actor() AND l.subject = 'times' AND l.revoked_at IS NULL
           AND l.ends_at > humla_now()
        UNION ALL
        SELECT v.id FROM scheduling_invitee v
         WHERE ctx_kind() = 'professional' AND ctx_role() = 'receiver' AND v.unit_id = ctx_unit()
           AND v.association_id = ctx_tenant()
        UNION ALL
        SELECT v.id FROM people_personkey k JOIN scheduling_invitee v ON v.person_id = k.person_id AND v.called = 'person'
         WHERE ctx_kind() = 'person' AND k.key = ctx_person() AND k.ended_at IS NULL
        UNION ALL
        SELECT v.id FROM wall_mandate(ctx_actor(), ctx_person()) m
          JOIN scheduling_invitee v ON v.person_id = m.person_id AND v.authority_id = m.authority_id AND v.called = 'person'
          JOIN scheduling_timeoffer o ON o.id = v.offer_id
         WHERE ctx_kind() = 'representative' AND m.may_receive_summons
           AND NOT EXISTS (SELECT 1 FROM representatives_withheld w
                            WHERE w.mandate_id = m.id AND w.kind = 'meeting' AND w.subject_id = o.moves_id
                              AND w.undone_at IS NULL)
    )
    SELECT v.* FROM mine
      JOIN scheduling_invitee v ON v.id = mine.id
      JOIN cases_case c ON c.id = v.case_id
      LEFT JOIN organisation_unit u ON u.id = v.unit_id
     WHERE ctx_ok() AND (the_invitee IS NULL OR v.id = the_invitee) AND v.withdrawn_at IS NULL
       AND (v.called = 'person'
            OR v.called = 'unit' AND v.leaves_at <= humla_now() AND NOT c.is_protected
               AND (u.authority_id = v.authority_id OR EXISTS (
                    SELECT 1 FROM consents_consent k
                     WHERE k.case_id = v.case_id AND k.authority_id = v.authority_id AND k.receiver_unit_id = v.unit_id
                       AND 'PLANNING' = ANY (k.categories) AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
                       AND (k.withdrawn_at IS NULL OR k.withdrawn_at > humla_now()))))
$$;

-- The times of an offer that this one asked may answer now. The person: all of them. The others: those that she can, once
-- they have been told of them; what she has said no to they never see.
CREATE OR REPLACE FUNCTION wall_times_of(the_invitee uuid) RETURNS SETOF scheduling_slot
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.* FROM wall_asked(the_invitee) v
      JOIN scheduling_slot s ON s.offer_id = v.offer_id
     WHERE s.withdrawn_at IS NULL AND s.starts_at > humla_now()
       AND (v.called = 'person'
            OR s.told_at IS NOT NULL
               AND (SELECT a.can FROM scheduling_slotanswer a JOIN scheduling_invitee p ON p.id = a.invitee_id
                     WHERE a.slot_id = s.id AND p.called = 'person'
                     ORDER BY a.answered_at DESC, a.id DESC LIMIT 1) IN ('yes', 'if_needed'))
$$;

-- What is asked: a reference, the times and one's own answers. Nothing that tells whose case it is; who asks only to
-- somebody who has signed in.
DROP FUNCTION IF EXISTS asked_times(uuid);
CREATE FUNCTION asked_times(the_invitee uuid)
RETURNS TABLE (invitee_id uuid, offer_id uuid, person_id uuid, kind text, reference text, sender text, minutes smallint,
               form text, duty text, answer_by date, ended text, moves_at timestamptz, slot_id uuid, starts_at timestamptz,
               can text, answered_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT v.id, o.id, CASE WHEN ctx_kind() IN ('person', 'representative') THEN v.person_id END,
           CASE WHEN ctx_kind() IN ('person', 'representative') THEN o.kind ELSE '' END, c.reference,
           CASE ctx_kind() WHEN 'link' THEN '' ELSE n.name || ', ' || y.name END, o.minutes, o.form, v.duty, o.answer_by,
           CASE WHEN o.closed_at IS NOT NULL THEN o.close_reason WHEN c.state <> 'open' THEN 'withdrawn' ELSE '' END,
           m.starts_at, s.id, s.starts_at, a.can, a.answered_at
      FROM wall_asked(the_invitee) v
      JOIN scheduling_timeoffer o ON o.id = v.offer_id
      JOIN cases_case c ON c.id = v.case_id
      JOIN organisation_unit n ON n.id = c.unit_id
      JOIN organisation_authority y ON y.id = c.authority_id
      LEFT JOIN meetings_meeting m ON m.id = o.moves_id
      LEFT JOIN LATERAL (SELECT t.* FROM wall_times_of(v.id) t WHERE o.closed_at IS NULL) s ON true
      LEFT JOIN LATERAL (SELECT x.can, x.answered_at FROM scheduling_slotanswer x
                          WHERE x.invitee_id = v.id AND x.slot_id = s.id
                          ORDER BY x.answered_at DESC, x.id DESC LIMIT 1) a ON true
     -- In a list of all: only what still is to be answered.
     WHERE the_invitee IS NOT NULL OR ctx_kind() = 'link' OR o.closed_at IS NULL AND s.id IS NOT NULL
     ORDER BY o.answer_by, v.id, s.starts_at, s.id
$$;

-- The others are told of the times that the person can: when she has answered, and of more when more are added. Each
-- mailbox gets one letter, about its own line; it leaves in a minute, so that it can be undone (disclosures.rules.GRACE).
-- By whoever holds the case or by her answer, and only what follows from the answers: told twice is told once.
DROP FUNCTION IF EXISTS tell_of_times(uuid);
CREATE FUNCTION tell_of_times(the_offer uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told integer;
    one record;
    at timestamptz := humla_now() + interval '60 seconds';
BEGIN
    IF NOT ctx_ok() OR NOT EXISTS (
        SELECT 1 FROM scheduling_timeoffer o JOIN cases_case c ON c.id = o.case_id AND c.state = 'open'
         WHERE o.id = the_offer AND o.closed_at IS NULL
           AND CASE ctx_kind()
               WHEN 'professional' THEN wall_holds(o.case_id, o.person_id)
               ELSE EXISTS (SELECT 1 FROM scheduling_invitee v JOIN wall_asked(v.id) w ON w.id = v.id
                             WHERE v.offer_id = o.id AND v.called = 'person' AND ctx_kind() IN ('person', 'representative'))
               END) THEN
        RETURN 0;
    END IF;
    UPDATE scheduling_slot s SET told_at = humla_now()
     WHERE s.offer_id = the_offer AND s.told_at IS NULL AND s.withdrawn_at IS NULL AND s.starts_at > humla_now()
       AND (SELECT a.can FROM scheduling_slotanswer a JOIN scheduling_invitee p ON p.id = a.invitee_id
             WHERE a.slot_id = s.id AND p.called = 'person'
             ORDER BY a.answered_at DESC, a.id DESC LIMIT 1) IN ('yes', 'if_needed');
    GET DIAGNOSTICS told = ROW_COUNT;
    IF told = 0 THEN
        RETURN 0;
    END IF;
    FOR one IN
        SELECT v.id, v.association_id, v.unit_id, v.leaves_at, o.answer_by, u.mail <> '' AND NOT c.is_protected AS has_mailbox
          FROM scheduling_invitee v
          JOIN scheduling_timeoffer o ON o.id = v.offer_id
          JOIN cases_case c ON c.id = v.case_id
          LEFT JOIN organisation_unit u ON u.id = v.unit_id
         WHERE v.offer_id = the_offer AND v.called <> 'person' AND v.withdrawn_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM consents_keptaway x
                            WHERE x.case_id = v.case_id AND x.unit_id = v.unit_id AND x.ended_at IS NULL)
           AND (v.unit_id IS NULL OR u.authority_id = v.authority_id OR EXISTS (
                SELECT 1 FROM consents_consent k
                 WHERE k.case_id = v.case_id AND k.authority_id = v.authority_id AND k.receiver_unit_id = v.unit_id
                   AND 'PLANNING' = ANY (k.categories) AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
                   AND k.withdrawn_at IS NULL))
         ORDER BY v.id
    LOOP
        UPDATE scheduling_invitee SET leaves_at = at WHERE id = one.id AND leaves_at IS NULL;
        IF one.has_mailbox AND NOT EXISTS (
            SELECT 1 FROM notifications_notice n
             WHERE n.about_id = one.id AND n.kind = 'times_offered' AND n.state = 'waiting') THEN
            INSERT INTO notifications_notice (id, association_id, kind, unit_id, answer_by, about_id, state, queued_at,
                                              queued_by_id, leaves_at, tries, fault)
            VALUES (gen_random_uuid(), one.association_id, 'times_offered', one.unit_id,
                    CASE WHEN one.answer_by > (humla_now() AT TIME ZONE 'Europe/Stockholm')::date THEN one.answer_by END, one.id, 'waiting', humla_now(),
                    ctx_actor(), at, 0, '');
        END IF;
    END LOOP;
    RETURN told;
END $$;

-- An answer by whoever is asked: which of the times can, which if needed; the others it cannot. In codes alone. The row's
-- owner and case are looked up here and told for the trail. The same answer twice is one. When it is the person's, the
-- others are told what she can.
DROP FUNCTION IF EXISTS answer_times(uuid, uuid[], uuid[], boolean);
CREATE FUNCTION answer_times(
    the_invitee uuid, yes uuid[], if_needed uuid[], is_wrong boolean,
    OUT is_taken boolean, OUT is_new boolean, OUT the_case uuid, OUT the_person uuid, OUT the_offer uuid, OUT which uuid
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked scheduling_invitee;
    how text := CASE ctx_kind() WHEN 'link' THEN 'link' WHEN 'professional' THEN 'signed_in' ELSE 'herself' END;
BEGIN
    is_taken := false;
    is_new := false;
    IF NOT ctx_ok() OR the_invitee IS NULL AND ctx_kind() <> 'link' OR is_wrong AND how = 'herself' THEN
        RETURN;
    END IF;
    -- The case first and then the link, as everywhere: whoever comes second sees what the first has done.
    PERFORM 1 FROM cases_case c JOIN wall_asked(the_invitee) v ON v.case_id = c.id FOR NO KEY UPDATE OF c;
    PERFORM 1 FROM links_link l WHERE ctx_kind() = 'link' AND l.id = ctx_actor() FOR UPDATE;
    SELECT v.* INTO asked FROM wall_asked(the_invitee) v
      JOIN scheduling_timeoffer o ON o.id = v.offer_id AND o.closed_at IS NULL
      JOIN cases_case c ON c.id = v.case_id AND c.state = 'open';
    IF asked.id IS NULL OR NOT EXISTS (SELECT 1 FROM wall_times_of(asked.id)) THEN
        RETURN;
    END IF;
    -- Nobody changes their mind twenty times: a script would fill the trail, which nothing can clean.
    IF how = 'link' AND (SELECT count(DISTINCT x.answered_at) FROM scheduling_slotanswer x
                          WHERE x.invitee_id = asked.id AND x.answered_how = 'link') >= 20 THEN
        RETURN;
    END IF;
    is_taken := true;
    the_case := asked.case_id;
    the_person := asked.person_id;
    the_offer := asked.offer_id;
    which := asked.id;
    INSERT INTO scheduling_slotanswer (id, association_id, authority_id, person_id, case_id, invitee_id, slot_id, can,
                                       answered_how, answered_at, answered_by_id)
    SELECT gen_random_uuid(), asked.association_id, asked.authority_id, asked.person_id, asked.case_id, asked.id, s.id,
           said.can, how, humla_now(), ctx_actor()
      FROM wall_times_of(asked.id) s
      CROSS JOIN LATERAL (SELECT CASE WHEN is_wrong THEN 'wrong_unit' WHEN s.id = ANY (yes) THEN 'yes'
                                      WHEN s.id = ANY (if_needed) THEN 'if_needed' ELSE 'no' END AS can) said
     WHERE said.can IS DISTINCT FROM (SELECT x.can FROM scheduling_slotanswer x
                                       WHERE x.invitee_id = asked.id AND x.slot_id = s.id
                                       ORDER BY x.answered_at DESC, x.id DESC LIMIT 1)
        ON CONFLICT (invitee_id, slot_id, answered_at) DO UPDATE SET can = excluded.can;
    is_new := FOUND;
    IF is_new AND how = 'herself' THEN
        PERFORM tell_of_times(asked.offer_id);
    END IF;
END $$;

-- Whom the ladder of reminders may turn to: told, silent about every time, and still asked with a yes behind it. Asked by
-- wall_silent() alone (44_silence.sql), which has the same columns of each kind.
DROP FUNCTION IF EXISTS silent_times();
CREATE FUNCTION silent_times()
RETURNS TABLE (about_id uuid, unit_id uuid, association_id uuid, asked_at timestamptz, answer_by date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT v.id, v.unit_id, v.association_id, v.leaves_at, o.answer_by
      FROM scheduling_invitee v
      JOIN scheduling_timeoffer o ON o.id = v.offer_id AND o.closed_at IS NULL
      JOIN cases_case c ON c.id = v.case_id AND c.state = 'open' AND NOT c.is_protected
      JOIN organisation_unit u ON u.id = v.unit_id
     WHERE v.withdrawn_at IS NULL AND v.leaves_at <= humla_now()
       AND (c.resting_until IS NULL OR c.resting_until <= (humla_now() AT TIME ZONE 'Europe/Stockholm')::date)
       AND NOT EXISTS (SELECT 1 FROM scheduling_slotanswer a WHERE a.invitee_id = v.id)
       AND EXISTS (SELECT 1 FROM scheduling_slot s
                    WHERE s.offer_id = o.id AND s.told_at IS NOT NULL AND s.withdrawn_at IS NULL
                      AND s.starts_at > humla_now()
                      -- One that she has said no to since is shown to nobody: there is nothing to answer.
                      AND (SELECT a.can FROM scheduling_slotanswer a JOIN scheduling_invitee p ON p.id = a.invitee_id
                            WHERE a.slot_id = s.id AND p.called = 'person'
                            ORDER BY a.answered_at DESC, a.id DESC LIMIT 1) IN ('yes', 'if_needed'))
       AND (u.authority_id = v.authority_id OR EXISTS (
            SELECT 1 FROM consents_consent k
             WHERE k.case_id = v.case_id AND k.authority_id = v.authority_id AND k.receiver_unit_id = v.unit_id
               AND 'PLANNING' = ANY (k.categories) AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
               AND k.withdrawn_at IS NULL))
$$;

REVOKE ALL ON FUNCTION wall_asked(uuid), wall_times_of(uuid), silent_times() FROM PUBLIC;
REVOKE ALL ON FUNCTION asked_times(uuid), tell_of_times(uuid), answer_times(uuid, uuid[], uuid[], boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION asked_times(uuid), tell_of_times(uuid), answer_times(uuid, uuid[], uuid[], boolean)
    TO humla_app;

-- The rows: written by whoever holds the case, signed now and ended once, and read by her and the person. Each points only
-- at rows of the same case: a foreign key that passes would tell that a hidden row exists.
DO $$
DECLARE
    one record;
    written text;
BEGIN
    FOR one IN SELECT * FROM (VALUES
        ('scheduling_timeoffer',
         '(moves_id IS NULL OR EXISTS (SELECT 1 FROM meetings_meeting x
                WHERE x.id = moves_id AND x.case_id = scheduling_timeoffer.case_id))
          AND (settled_meeting_id IS NULL OR EXISTS (SELECT 1 FROM meetings_meeting x
                WHERE x.id = settled_meeting_id AND x.case_id = scheduling_timeoffer.case_id))',
         'offered_by_id = ctx_actor() AND offered_at = humla_now() AND closed_at IS NULL',
         'closed_at IS NULL', '(closed_at IS NULL OR closed_at = humla_now())'),
        ('scheduling_slot',
         'EXISTS (SELECT 1 FROM scheduling_timeoffer x
                   WHERE x.id = offer_id AND x.case_id = scheduling_slot.case_id AND x.closed_at IS NULL)',
         'added_at = humla_now() AND told_at IS NULL AND withdrawn_at IS NULL',
         'withdrawn_at IS NULL', 'withdrawn_at = humla_now()'),
        ('scheduling_invitee',
         'EXISTS (SELECT 1 FROM scheduling_timeoffer x
                   WHERE x.id = offer_id AND x.case_id = scheduling_invitee.case_id AND x.closed_at IS NULL)',
         -- Being asked tells that there is somebody: it takes the same yes as a summons.
         'asked_at = humla_now() AND leaves_at IS NULL AND withdrawn_at IS NULL
          AND (unit_id IS NULL OR EXISTS (SELECT 1 FROM organisation_unit u
                WHERE u.id = unit_id AND u.association_id = scheduling_invitee.association_id
                  AND (u.authority_id = scheduling_invitee.authority_id OR EXISTS (
                       SELECT 1 FROM consents_consent k
                        WHERE k.case_id = scheduling_invitee.case_id AND k.authority_id = scheduling_invitee.authority_id
                          AND k.receiver_unit_id = u.id AND ''PLANNING'' = ANY (k.categories)
                          AND k.starts_at <= humla_now() AND k.ends_at > humla_now() AND k.withdrawn_at IS NULL))))',
         'withdrawn_at IS NULL', 'withdrawn_at = humla_now()'),
        ('scheduling_slotanswer',
         'EXISTS (SELECT 1 FROM scheduling_slot x JOIN scheduling_invitee v ON v.offer_id = x.offer_id
                   WHERE x.id = slot_id AND v.id = invitee_id AND x.case_id = scheduling_slotanswer.case_id)',
         'answered_how = ''noted'' AND answered_by_id = ctx_actor() AND answered_at = humla_now()', '', '')
    ) AS t (name, points, signed, still, becomes) LOOP
        written := 'association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND wall_holds(case_id, person_id) AND ' || one.points;
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
            CREATE POLICY written_by_holder ON %1$I FOR INSERT TO humla_app
                WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND %2$s AND %3$s)
        $policy$, one.name, written, one.signed);
        CONTINUE WHEN one.still = '';
        EXECUTE format($policy$
            CREATE POLICY changed_by_holder ON %1$I FOR UPDATE TO humla_app
                USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND authority_id = ctx_authority()
                    AND wall_holds(case_id, person_id) AND %3$s)
                WITH CHECK (%2$s AND %4$s)
        $policy$, one.name, written, one.still, one.becomes);
    END LOOP;
END $$;
