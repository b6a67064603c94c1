-- What happens in a case from the first worry to the close: who may read and write it.
--
-- Here: initiation, handovers, notes, meetings, the rest of the plan, follow-ups, consultations, notices, links.
-- Not here: the facts that the rule rests on (30_facts.sql) and what follows from them (40_read.sql).

-- Has this summons come to my unit, and may we read it? The document has left, was not taken back, and the yes
-- still stands: the row says no more than the document, and never earlier or longer.
CREATE OR REPLACE FUNCTION wall_summoned(
    the_case uuid, the_holder uuid, the_unit uuid, leaves_at timestamptz, the_disclosure uuid
) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT the_unit = ctx_unit() AND leaves_at <= humla_now() AND wall_consents(the_case, the_holder, 'PLANNING')
       AND EXISTS (SELECT 1 FROM disclosures_disclosure d
                    WHERE d.id = the_disclosure AND d.case_id = the_case AND d.authority_id = the_holder
                      AND d.receiver_unit_id = ctx_unit() AND 'PLANNING' = ANY (d.categories)
                      AND d.opens_at <= humla_now() AND d.undone_at IS NULL AND d.recalled_at IS NULL)
$$;

-- May I answer this summons, by how I act? The holder notes an answer, the summoned unit gives its own (one of the
-- holder's own authority needs neither consent nor disclosure).
CREATE OR REPLACE FUNCTION wall_may_answer(
    the_summons uuid, the_case uuid, the_person uuid, the_authority uuid, how text
) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'professional' AND EXISTS (
        SELECT 1 FROM meetings_summons s
         WHERE s.id = the_summons AND s.case_id = the_case AND s.person_id = the_person
           AND s.authority_id = the_authority AND s.association_id = ctx_tenant() AND s.cancelled_at IS NULL
           -- A receiver does not see the meeting: only here can it be told that it is not to be any more.
           AND EXISTS (SELECT 1 FROM meetings_meeting m WHERE m.id = s.meeting_id AND m.state = 'planned')
           AND CASE how
               WHEN 'noted' THEN wall_holds(the_case, the_person)
               WHEN 'signed_in' THEN
                   s.unit_id = ctx_unit() AND s.leaves_at <= humla_now() AND wall_holds(the_case, the_person)
                   OR wall_summoned(the_case, s.authority_id, s.unit_id, s.leaves_at, s.disclosure_id)
               ELSE false END)
$$;

-- Who answers waits for whoever is changing the meeting: the unit may not lock a case that it does not hold. Answers
-- nothing, so that it tells nobody what there is.
CREATE OR REPLACE FUNCTION wait_for_summons(the_summons uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM meetings_summons s JOIN cases_case c ON c.id = s.case_id
      WHERE s.id = the_summons AND ctx_ok() AND ctx_kind() = 'professional' AND s.association_id = ctx_tenant()
        AND s.unit_id = ctx_unit() AND s.leaves_at <= humla_now()
        FOR NO KEY UPDATE OF c;
END $$;

-- The meeting that came instead is one of the same case. Asked by the owner: a policy may not reach its own table.
CREATE OR REPLACE FUNCTION wall_is_meeting_of(the_meeting uuid, the_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM meetings_meeting m WHERE m.id = the_meeting AND m.case_id = the_case
                      AND wall_holds(the_case, m.person_id))
$$;

-- The summons that another came instead of, when its unit was the wrong one, is one of the same case.
CREATE OR REPLACE FUNCTION wall_is_summons_of(the_summons uuid, the_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM meetings_summons s WHERE s.id = the_summons AND s.case_id = the_case
                      AND wall_holds(the_case, s.person_id))
$$;

-- The right unit instead of the summoned one is sought within the same huvudman, and nowhere else.
CREATE OR REPLACE FUNCTION wall_is_of_the_same_party(the_unit uuid, the_summons uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM meetings_summons s
          JOIN organisation_unit called ON called.id = s.unit_id
          JOIN organisation_authority its ON its.id = called.authority_id
          JOIN organisation_unit other ON other.id = the_unit AND other.association_id = s.association_id
          JOIN organisation_authority theirs ON theirs.id = other.authority_id AND theirs.party_id = its.party_id
         WHERE ctx_ok() AND s.association_id = ctx_tenant() AND s.id = the_summons AND other.id <> called.id)
$$;

-- Has a second pair of eyes read the place that a summons to this meeting would tell? Needed only where she is protected.
CREATE OR REPLACE FUNCTION wall_place_approved(the_meeting uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM meetings_meeting m JOIN cases_case c ON c.id = m.case_id
         WHERE m.id = the_meeting
           AND (NOT c.is_protected OR m.place = ''
                OR EXISTS (SELECT 1 FROM meetings_placeapproval x WHERE x.case_id = m.case_id AND x.place = m.place)))
$$;

-- May I say how this commitment goes? The holder anybody's; a unit its own, once it stands in a version that the
-- unit has been given: one that is only in the draft is nothing it can know of.
CREATE OR REPLACE FUNCTION wall_may_report(the_commitment uuid, the_case uuid, the_person uuid, the_unit uuid)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wall_works_in(the_case) AND EXISTS (
        SELECT 1 FROM plans_commitment c
         WHERE c.id = the_commitment AND c.case_id = the_case AND c.person_id = the_person
           AND c.association_id = ctx_tenant() AND c.unit_id IS NOT DISTINCT FROM the_unit
           AND (wall_holds(the_case, the_person)
                OR (c.unit_id = ctx_unit()
                    AND EXISTS (SELECT 1 FROM disclosures_documentpart p
                                  JOIN disclosures_disclosure d ON d.document_id = p.document_id
                                 WHERE p.case_id = the_case AND p.authority_id = c.authority_id AND p.kind = 'plan'
                                   AND p.category NOT IN ('INTERNAL', 'PROTECTED')
                                   AND p.content @> jsonb_build_object('blocks', jsonb_build_array(
                                           jsonb_build_object('kind', 'commitment', 'id', the_commitment::text)))
                                   AND d.authority_id = c.authority_id AND d.receiver_unit_id = ctx_unit()
                                   AND p.category = ANY (d.categories)
                                   AND d.opens_at <= humla_now() AND d.undone_at IS NULL AND d.recalled_at IS NULL
                                   AND (d.ground = 'law'
                                        OR wall_consents(the_case, c.authority_id, p.category))))))
$$;

-- The responsibility goes to a colleague, in one step: a case is never without (INI-9). By the one who has it,
-- or by the manager of the unit when she is gone: the manager reads nothing of the case to do it, so she moves it
-- within her own unit and never to herself. Clearance is somebody's own and is not handed over: a protected case
-- goes to one who already has it there, or nobody could open it afterwards.
-- Answers with the person, so that the act stands on her trail; with nothing when it may not be done.
DROP FUNCTION IF EXISTS hand_over_case(uuid, uuid, uuid, text, uuid);
CREATE FUNCTION hand_over_case(the_case uuid, to_whom uuid, to_unit uuid, sealed_note text, the_row uuid)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old cases_caseassignment;
    cleared timestamptz;
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'professional') THEN
        RETURN NULL;
    END IF;
    SELECT a.* INTO old FROM cases_caseassignment a JOIN cases_case c ON c.id = a.case_id
     WHERE a.case_id = the_case AND a.role = 'responsible' AND a.ends_at IS NULL
       AND a.association_id = ctx_tenant() AND a.authority_id = ctx_authority() AND c.authority_id = ctx_authority()
       AND c.state = 'open'
       AND ((a.professional_id = ctx_actor() AND a.unit_id = ctx_unit() AND (NOT a.is_protected OR a.cleared_until > humla_now()))
            OR (ctx_role() = 'manager' AND a.unit_id = ctx_unit()
                AND to_unit = ctx_unit() AND NOT wall_is_myself(to_whom)))
       FOR UPDATE OF a;
    SELECT max(a.cleared_until) INTO cleared FROM cases_caseassignment a
     WHERE a.case_id = the_case AND a.professional_id = to_whom AND a.unit_id = to_unit AND a.ends_at IS NULL
       AND a.cleared_until > humla_now();
    IF old.id IS NULL OR old.is_protected AND cleared IS NULL OR to_whom = old.professional_id AND to_unit = old.unit_id
       OR NOT EXISTS (SELECT 1 FROM organisation_unitassignment u JOIN organisation_unit n ON n.id = u.unit_id
                       WHERE u.professional_id = to_whom AND u.unit_id = to_unit AND n.authority_id = ctx_authority()
                         AND u.association_id = ctx_tenant() AND u.role IN ('handler', 'coordinator', 'receiver', 'manager')
                         AND u.starts_at <= humla_now() AND (u.ends_at IS NULL OR u.ends_at > humla_now())) THEN
        RETURN NULL;
    END IF;
    UPDATE cases_caseassignment SET ends_at = humla_now()
     WHERE case_id = the_case AND ends_at IS NULL
       AND (id = old.id OR professional_id = to_whom AND unit_id = to_unit);
    INSERT INTO cases_caseassignment (id, association_id, authority_id, person_id, case_id, professional_id, unit_id,
                                      role, is_protected, cleared_until, starts_at, ends_at, assigned_by_id)
    VALUES (gen_random_uuid(), old.association_id, old.authority_id, old.person_id, the_case, to_whom, to_unit,
            'responsible', old.is_protected, cleared, humla_now(), NULL, ctx_actor());
    INSERT INTO cases_handover (id, association_id, authority_id, person_id, case_id, from_professional_id,
                                to_professional_id, note, handed_over_at, handed_over_by_id)
    VALUES (the_row, old.association_id, old.authority_id, old.person_id, the_case, old.professional_id, to_whom,
            sealed_note, humla_now(), ctx_actor());
    RETURN old.person_id;
END $$;

-- What a manager must see to hand cases over: which, and who is responsible. No person, no content.
DROP FUNCTION IF EXISTS unit_caseload();
CREATE FUNCTION unit_caseload()
RETURNS TABLE (case_id uuid, reference text, professional_id uuid, professional_name text, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.reference, p.id, p.name, a.starts_at
      FROM cases_caseassignment a JOIN cases_case c ON c.id = a.case_id
      JOIN organisation_professional p ON p.id = a.professional_id
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND ctx_role() = 'manager' AND a.association_id = ctx_tenant()
       AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit() AND a.role = 'responsible'
       AND a.ends_at IS NULL AND NOT a.is_protected AND c.state = 'open'
     ORDER BY p.name, a.starts_at
$$;

-- The lead is taken over: the offer is answered and the old case rests with its holder. The new case is written
-- before, by whoever takes over. The case is locked before the offer, as everywhere else.
CREATE OR REPLACE FUNCTION accept_lead(the_transfer uuid, new_case uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old plans_leadtransfer;
BEGIN
    IF NOT wall_offered(the_transfer) THEN
        RETURN false;
    END IF;
    PERFORM 1 FROM cases_case c JOIN plans_leadtransfer t ON t.case_id = c.id
      WHERE t.id = the_transfer AND c.state = 'open' FOR UPDATE OF c;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT t.* INTO old FROM plans_leadtransfer t
     WHERE t.id = the_transfer AND t.answered_at IS NULL AND t.taken_back_at IS NULL FOR UPDATE;
    IF NOT FOUND OR NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = new_case AND c.continues_id = old.case_id
                                   AND c.authority_id = ctx_authority() AND c.unit_id = ctx_unit()
                                   AND c.opened_by_id = ctx_actor() AND c.opened_at = humla_now()) THEN
        RETURN false;
    END IF;
    UPDATE plans_leadtransfer SET answered_at = humla_now(), answered_by_id = ctx_actor(), is_accepted = true,
           to_case_id = new_case WHERE id = old.id;
    UPDATE cases_case SET state = 'moved', closed_at = humla_now(), version = version + 1 WHERE id = old.case_id;
    RETURN true;
END $$;

-- What a notice or a link can be about, and to whom it is addressed.
CREATE OR REPLACE FUNCTION wall_about(the_about uuid)
RETURNS TABLE (case_id uuid, person_id uuid, unit_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.case_id, s.person_id, s.unit_id FROM meetings_summons s WHERE s.id = the_about
    UNION ALL
    SELECT d.case_id, d.person_id, d.receiver_unit_id FROM disclosures_disclosure d WHERE d.id = the_about
    UNION ALL
    SELECT t.case_id, t.person_id, t.to_unit_id FROM plans_leadtransfer t WHERE t.id = the_about
    UNION ALL
    SELECT k.case_id, k.person_id, k.receiver_unit_id FROM consents_consent k WHERE k.id = the_about
    UNION ALL
    SELECT v.case_id, v.person_id, v.unit_id FROM scheduling_invitee v WHERE v.id = the_about
    UNION ALL
    SELECT e.case_id, e.person_id, e.unit_id FROM evidence_evidencerequest e WHERE e.id = the_about
$$;

-- Is it about somebody with protected identity? Then no letter leaves, not even one without a name: it tells a mail
-- server which unit has to do with what happened to her in the same minute. Told to those who work in the case.
CREATE OR REPLACE FUNCTION wall_about_protected(the_about uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM wall_about(the_about) x JOIN cases_case c ON c.id = x.case_id
                    WHERE c.is_protected AND (ctx_kind() = 'system' OR wall_works_in(x.case_id)))
$$;

-- May I let this unit know of this? Only of what I hold, and only the one it is addressed to: a notice becomes a
-- letter with a link, so one about another's summons would let me answer it.
CREATE OR REPLACE FUNCTION wall_may_tell(the_about uuid, the_unit uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM wall_about(the_about) x
                    WHERE x.unit_id = the_unit AND wall_holds(x.case_id, x.person_id))
$$;

-- A notice that has not left is stopped, and the links to what it told of are closed: by those who hold it, or by
-- the person whom it is about, who takes back her yes.
CREATE OR REPLACE FUNCTION stop_notices(the_about uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stopped integer;
BEGIN
    IF NOT ctx_ok() OR NOT EXISTS (
        SELECT 1 FROM wall_about(the_about) x
         WHERE CASE ctx_kind()
               WHEN 'professional' THEN wall_holds(x.case_id, x.person_id)
               WHEN 'person' THEN EXISTS (SELECT 1 FROM people_personkey k WHERE k.person_id = x.person_id
                                             AND k.key = ctx_person() AND k.ended_at IS NULL)
               ELSE false END) THEN
        RETURN 0;
    END IF;
    UPDATE notifications_notice SET state = 'cancelled' WHERE about_id = the_about AND state = 'waiting';
    GET DIAGNOSTICS stopped = ROW_COUNT;
    UPDATE links_link SET revoked_at = humla_now() WHERE subject_id = the_about AND revoked_at IS NULL;
    RETURN stopped;
END $$;

-- Which förbund have something that should leave now: the sending job passes the door once for each.
CREATE OR REPLACE FUNCTION notices_due() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT association_id FROM notifications_notice
     WHERE ctx_ok() AND ctx_kind() = 'system' AND state = 'waiting' AND leaves_at <= humla_now()
$$;

-- Which förbund have any notices at all: the demonstration's own post page, which has no förbund of its own.
CREATE OR REPLACE FUNCTION notices_anywhere() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT association_id FROM notifications_notice WHERE ctx_ok() AND ctx_kind() = 'system'
$$;

-- Does what a notice tells of still hold? Asked when it leaves, not when it was queued: a consent may have been
-- taken back, a summons undone. The clock learns yes or no and nothing else.
CREATE OR REPLACE FUNCTION notice_holds(the_notice uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'system' AND EXISTS (
        SELECT 1 FROM notifications_notice n
          LEFT JOIN meetings_summons s ON s.id = n.about_id
          LEFT JOIN meetings_meeting m ON m.id = s.meeting_id
          LEFT JOIN plans_leadtransfer t ON t.id = n.about_id
          LEFT JOIN evidence_evidencerequest e ON e.id = n.about_id
          LEFT JOIN scheduling_invitee v ON v.id = n.about_id
          LEFT JOIN scheduling_timeoffer o ON o.id = v.offer_id
          LEFT JOIN disclosures_disclosure d ON d.id IN (n.about_id, s.disclosure_id, t.disclosure_id)
          LEFT JOIN consents_consent k ON k.id = d.consent_id
         WHERE n.id = the_notice AND n.association_id = ctx_tenant()
           -- She may have been marked since it was queued.
           AND NOT wall_about_protected(n.about_id)
           -- A request that was answered, taken back or sent on since is not told of to whom it came first.
           AND (n.kind <> 'request_arrived' OR EXISTS (SELECT 1 FROM initiations_planrequest r WHERE r.id = n.about_id
                    AND r.unit_id = n.unit_id AND r.answer = '' AND r.taken_back_at IS NULL))
           -- A code that is too old to open anything does not leave.
           AND (n.kind <> 'link_code' OR EXISTS (SELECT 1 FROM links_linkopening o WHERE o.id = n.about_id
                    AND o.asked_at > humla_now() - interval '10 minutes'))
           -- Only the silent are reminded: whoever answered while the letter waited is left in peace, and so is one that
           -- whoever asked has taken up herself.
           AND (n.kind <> 'reminder' OR EXISTS (SELECT 1 FROM wall_silent() a WHERE a.about_id = n.about_id)
                AND NOT EXISTS (SELECT 1 FROM notifications_reminderstop x
                                 WHERE x.about_id = n.about_id AND x.ended_at IS NULL))
           AND (n.kind IN ('summons_cancelled', 'recalled', 'consent_changed', 'times_withdrawn', 'evidence_withdrawn')
                OR ((s.id IS NULL OR s.cancelled_at IS NULL AND m.state = 'planned' AND m.starts_at > humla_now())
                    AND (t.id IS NULL OR t.answered_at IS NULL AND t.taken_back_at IS NULL)
                    AND (e.id IS NULL OR e.withdrawn_at IS NULL)
                    AND (v.id IS NULL OR v.withdrawn_at IS NULL AND o.closed_at IS NULL
                         AND EXISTS (SELECT 1 FROM scheduling_slot x WHERE x.offer_id = o.id AND x.told_at IS NOT NULL
                                        AND x.withdrawn_at IS NULL AND x.starts_at > humla_now()))
                    -- Times and evidence rest on no disclosure: another authority is asked while there is a yes, which may
                    -- have run out while the letter waited, and nobody in a case that is closed.
                    AND (coalesce(e.id, v.id) IS NULL
                         OR EXISTS (SELECT 1 FROM cases_case c JOIN organisation_unit u ON u.id = n.unit_id
                                     WHERE c.id = coalesce(e.case_id, v.case_id) AND c.state = 'open'
                                       AND (u.authority_id = c.authority_id OR EXISTS (
                                            SELECT 1 FROM consents_consent y
                                             WHERE y.case_id = c.id AND y.authority_id = c.authority_id
                                               AND y.receiver_unit_id = n.unit_id AND 'PLANNING' = ANY (y.categories)
                                               AND y.starts_at <= humla_now() AND y.ends_at > humla_now()
                                               AND (y.withdrawn_at IS NULL OR y.withdrawn_at > humla_now())))))
                    AND (d.id IS NULL OR d.undone_at IS NULL AND d.recalled_at IS NULL)
                    AND (k.id IS NULL OR k.withdrawn_at IS NULL AND k.ends_at > humla_now()))))
$$;

-- The door for a link: like enter(), with the link as the actor. A dead link is public. The link to a summons
-- dies when the meeting begins, wherever the meeting stands now.
DROP FUNCTION IF EXISTS enter_link(text, uuid);
CREATE FUNCTION enter_link(
    token text, request uuid,
    OUT at timestamptz, OUT kind text, OUT association uuid, OUT link uuid, OUT unit uuid, OUT unit_name text,
    OUT subject text, OUT subject_id uuid
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line text;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7201);
    at := humla_now();
    SELECT 'link', l.association_id, l.id, l.unit_id, u.name, l.subject, l.subject_id
      INTO kind, association, link, unit, unit_name, subject, subject_id
      FROM links_link l JOIN organisation_unit u ON u.id = l.unit_id
     WHERE l.token_hash = token AND l.ends_at > at AND l.revoked_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM meetings_summons s JOIN meetings_meeting m ON m.id = s.meeting_id
                        WHERE s.id = l.subject_id AND m.starts_at <= at);
    kind := coalesce(kind, 'public');
    line := concat_ws('|', kind, coalesce(association::text, ''), coalesce(link::text, ''), '',
        coalesce(unit::text, ''), '', '', '', (extract(epoch FROM transaction_timestamp())::bigint + 60)::text,
        request::text);
    PERFORM set_config('humla.ctx', line || '|' || wall_mac(line), true);
END $$;

-- The one summons that the open link leads to: sent to the link's own unit, and not about somebody with protected
-- identity. For the two below; nobody else may ask.
CREATE OR REPLACE FUNCTION wall_linked() RETURNS SETOF meetings_summons
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.* FROM links_link l
      JOIN meetings_summons s ON s.id = l.subject_id AND s.unit_id = l.unit_id AND s.association_id = l.association_id
      JOIN cases_case c ON c.id = s.case_id
     WHERE ctx_ok() AND ctx_kind() = 'link' AND l.id = ctx_actor() AND l.subject = 'summons' AND l.revoked_at IS NULL
       AND l.ends_at > humla_now() AND s.leaves_at <= humla_now() AND NOT c.is_protected
       -- A yes taken back, narrowed or past its time closes the link in the same second; a unit of the holder's
       -- own authority has no disclosure and needs no yes.
       AND (s.disclosure_id IS NULL OR EXISTS (
            SELECT 1 FROM disclosures_disclosure d JOIN consents_consent k
                ON k.case_id = d.case_id AND k.authority_id = d.authority_id AND k.receiver_unit_id = d.receiver_unit_id
             WHERE d.id = s.disclosure_id AND d.receiver_unit_id = l.unit_id AND d.undone_at IS NULL AND d.recalled_at IS NULL
               AND 'PLANNING' = ANY (k.categories) AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
               AND (k.withdrawn_at IS NULL OR k.withdrawn_at > humla_now())))
$$;

-- What a neutral link shows: reference, time, the unit's own answer, and the letter that it came in when what it tells
-- can be opened with a code. Nothing that tells whose case it is.
DROP FUNCTION IF EXISTS linked_summons();
CREATE FUNCTION linked_summons()
RETURNS TABLE (reference text, starts_at timestamptz, minutes smallint, form text, duty text, answer_by date,
               is_open boolean, answer text, cause text, how text, stay text, brings jsonb, sends_evidence boolean,
               passed_to text, answered_at timestamptz, letter uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.reference, m.starts_at, m.minutes, coalesce(nullif(s.form, ''), m.form), s.duty, m.answer_by,
           m.state = 'planned' AND s.cancelled_at IS NULL, a.answer, a.cause, a.form, a.stay, a.brings, a.sends_evidence,
           (SELECT u.name FROM organisation_unit u WHERE u.id = a.passed_unit_id), a.answered_at,
           (SELECT n.id FROM notifications_notice n
             WHERE n.about_id = s.id AND n.unit_id = s.unit_id AND n.kind IN ('summons', 'summons_changed')
               AND n.state = 'sent' AND EXISTS (SELECT 1 FROM links_link o WHERE o.subject_id = s.id AND o.kind = 'opening'
                                                   AND o.revoked_at IS NULL AND o.ends_at > humla_now())
             ORDER BY n.sent_at DESC LIMIT 1)
      FROM wall_linked() s
      JOIN meetings_meeting m ON m.id = s.meeting_id
      JOIN cases_case c ON c.id = s.case_id
      LEFT JOIN LATERAL (SELECT x.* FROM meetings_summonsanswer x WHERE x.summons_id = s.id
                          ORDER BY x.answered_at DESC, x.id DESC LIMIT 1) a ON true
$$;

-- The other units of the same huvudman, for whoever holds a live link to a unit of it: the right one is among them.
-- Names and places, as the telephone book has them.
CREATE OR REPLACE FUNCTION linked_units()
RETURNS TABLE (id uuid, name text, place text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT other.id, other.name, other.place
      FROM links_link l
      JOIN organisation_unit mine ON mine.id = l.unit_id
      JOIN organisation_authority its ON its.id = mine.authority_id
      JOIN organisation_authority theirs ON theirs.party_id = its.party_id
      JOIN organisation_unit other ON other.authority_id = theirs.id AND other.association_id = l.association_id
     WHERE ctx_ok() AND ctx_kind() = 'link' AND l.id = ctx_actor() AND l.revoked_at IS NULL AND l.ends_at > humla_now()
       AND other.id <> mine.id AND (other.ends_on IS NULL OR other.ends_on > (humla_now() AT TIME ZONE 'Europe/Stockholm')::date)
     ORDER BY other.place <> mine.place, other.name, other.id
$$;

-- An answer by a neutral link: coded only, and in our own codes (meetings.Answer, DeclineCause, MeetingForm, Stay,
-- EvidenceKind), so that no column carries a message. The row's owner and case are looked up here; they are told for
-- the trail alone, and no page of a link shows them. The same answer twice is one: the link's row is the queue.
DROP FUNCTION IF EXISTS answer_by_link(text, text, boolean, uuid);
DROP FUNCTION IF EXISTS answer_by_link(text, text, text, text, jsonb, boolean, uuid, uuid);
CREATE FUNCTION answer_by_link(
    the_answer text, the_cause text, the_form text, the_stay text, the_brings jsonb, evidence boolean, passed uuid,
    the_row uuid,
    OUT is_taken boolean, OUT is_new boolean, OUT the_case uuid, OUT the_person uuid
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    called meetings_summons;
    before meetings_summonsanswer;
BEGIN
    is_taken := false;
    is_new := false;
    IF NOT (ctx_ok() AND ctx_kind() = 'link')
       OR the_answer NOT IN ('comes', 'other_time', 'declined', 'reads', 'wrong_unit')
       OR the_cause NOT IN ('', 'not_concerned', 'no_time', 'illness', 'written', 'other')
       OR the_form NOT IN ('', 'in_person', 'phone', 'video') OR the_stay NOT IN ('', 'whole', 'start', 'end')
       OR the_answer <> 'comes' AND the_form || the_stay <> '' OR the_answer <> 'wrong_unit' AND passed IS NOT NULL
       OR jsonb_typeof(the_brings) <> 'array' OR jsonb_array_length(the_brings) > 7
       OR NOT '["certificate", "investigation", "own_plan", "decision", "summary", "view", "other"]'::jsonb @> the_brings
    THEN
        RETURN;
    END IF;
    -- The case first and then the link, as whoever changes the meeting takes them: whichever of the two comes second
    -- sees what the first has done, and neither waits for the other for ever.
    PERFORM 1 FROM cases_case c JOIN wall_linked() s ON s.case_id = c.id FOR NO KEY UPDATE OF c;
    PERFORM 1 FROM links_link l WHERE l.id = ctx_actor() FOR UPDATE;
    SELECT s.* INTO called FROM wall_linked() s JOIN meetings_meeting m ON m.id = s.meeting_id
     WHERE s.cancelled_at IS NULL AND m.state = 'planned';
    IF NOT FOUND THEN
        -- Changed while we waited, to the same time: the answer is to the summons that came instead.
        SELECT s.* INTO called FROM links_link l
          JOIN meetings_summons o ON o.id = l.subject_id AND o.unit_id = l.unit_id
          JOIN meetings_summons s ON s.meeting_id = o.meeting_id AND s.unit_id = o.unit_id AND s.sent_at = o.cancelled_at
          JOIN meetings_meeting m ON m.id = s.meeting_id AND m.state = 'planned'
          JOIN cases_case c ON c.id = s.case_id AND NOT c.is_protected
         WHERE l.id = ctx_actor() AND l.subject = 'summons' AND l.ends_at > humla_now() AND s.cancelled_at IS NULL
           AND (s.disclosure_id IS NULL OR EXISTS (
                SELECT 1 FROM consents_consent k
                 WHERE k.case_id = s.case_id AND k.authority_id = s.authority_id AND k.receiver_unit_id = s.unit_id
                   AND 'PLANNING' = ANY (k.categories) AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
                   AND (k.withdrawn_at IS NULL OR k.withdrawn_at > humla_now())));
    END IF;
    IF called.id IS NULL OR passed IS NOT NULL AND NOT wall_is_of_the_same_party(passed, called.id) THEN
        RETURN;
    END IF;
    -- Nobody changes their mind twenty times: a script would fill the trail, which nothing can clean.
    IF (SELECT count(*) FROM meetings_summonsanswer x
         WHERE x.summons_id = called.id AND x.answered_by = 'link') >= 20 THEN
        RETURN;
    END IF;
    is_taken := true;
    the_case := called.case_id;
    the_person := called.person_id;
    SELECT x.* INTO before FROM meetings_summonsanswer x WHERE x.summons_id = called.id
     ORDER BY x.answered_at DESC, x.id DESC LIMIT 1;
    IF FOUND AND (before.answer, before.cause, before.form, before.stay, before.brings, before.sends_evidence,
                  before.passed_unit_id)
             IS NOT DISTINCT FROM (the_answer, the_cause, the_form, the_stay, the_brings, evidence, passed) THEN
        RETURN;
    END IF;
    INSERT INTO meetings_summonsanswer (id, association_id, authority_id, person_id, case_id, summons_id, answer, cause,
                                        who_comes, passed_to, passed_unit_id, sends_evidence, brings, form, stay, wish,
                                        answered_by, answered_at, answered_by_id)
    VALUES (the_row, called.association_id, called.authority_id, called.person_id, called.case_id, called.id, the_answer,
            the_cause, '', '', passed, evidence, the_brings, the_form, the_stay, '', 'link', humla_now(), ctx_actor());
    is_new := true;
END $$;

REVOKE ALL ON FUNCTION wall_about(uuid), wall_linked() FROM PUBLIC;
REVOKE ALL ON FUNCTION wall_summoned(uuid, uuid, uuid, timestamptz, uuid),
    wall_may_answer(uuid, uuid, uuid, uuid, text), wall_is_meeting_of(uuid, uuid), wall_is_summons_of(uuid, uuid),
    wall_is_of_the_same_party(uuid, uuid), wall_place_approved(uuid),
    wall_may_report(uuid, uuid, uuid, uuid), hand_over_case(uuid, uuid, uuid, text, uuid), unit_caseload(),
    accept_lead(uuid, uuid), wall_may_tell(uuid, uuid), wall_about_protected(uuid), stop_notices(uuid), notices_due(),
    notices_anywhere(), notice_holds(uuid), enter_link(text, uuid),
    linked_summons(), linked_units(), answer_by_link(text, text, text, text, jsonb, boolean, uuid, uuid), wait_for_summons(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_summoned(uuid, uuid, uuid, timestamptz, uuid),
    wall_may_answer(uuid, uuid, uuid, uuid, text), wall_is_meeting_of(uuid, uuid), wall_is_summons_of(uuid, uuid),
    wall_is_of_the_same_party(uuid, uuid), wall_place_approved(uuid),
    wall_may_report(uuid, uuid, uuid, uuid), hand_over_case(uuid, uuid, uuid, text, uuid), unit_caseload(),
    accept_lead(uuid, uuid), wall_may_tell(uuid, uuid), wall_about_protected(uuid), stop_notices(uuid), notices_due(),
    notices_anywhere(), notice_holds(uuid), enter_link(text, uuid),
    linked_summons(), linked_units(), answer_by_link(text, text, text, text, jsonb, boolean, uuid, uuid), wait_for_summons(uuid) TO humla_app;

-- Rows that the holder writes, and that the holder and the person read. Each may point only at rows of the same
-- case and förbund: a foreign key that passes would tell that a hidden row exists. It is signed by whoever writes it,
-- now; and what is ended (`becomes`) is ended now, once.
DO $$
DECLARE
    one record;
    written text;
BEGIN
    FOR one IN SELECT * FROM (VALUES
        ('cases_initiation',
         '(initiator_profession_id IS NULL OR EXISTS (SELECT 1 FROM organisation_profession x WHERE x.id = initiator_profession_id))
          AND (initiator_unit_id IS NULL OR EXISTS (SELECT 1 FROM organisation_unit x WHERE x.id = initiator_unit_id))
          AND (needs_group_id IS NULL OR EXISTS (SELECT 1 FROM agreements_needsgroup x WHERE x.id = needs_group_id))',
         'true', 'true', 'true'),
        ('meetings_meeting',
         '(chair_id IS NULL OR EXISTS (SELECT 1 FROM organisation_professional x WHERE x.id = chair_id))
          AND (note_taker_id IS NULL OR EXISTS (SELECT 1 FROM organisation_professional x WHERE x.id = note_taker_id))
          AND (moved_to_id IS NULL OR wall_is_meeting_of(moved_to_id, case_id))',
         'planned_by_id = ctx_actor() AND planned_at = humla_now()', 'true', 'true'),
        ('meetings_summons',
         'EXISTS (SELECT 1 FROM meetings_meeting x WHERE x.id = meeting_id AND x.case_id = meetings_summons.case_id)
          AND wall_place_approved(meeting_id)
          AND (unit_id IS NULL OR EXISTS (SELECT 1 FROM organisation_unit x WHERE x.id = unit_id))
          AND (document_id IS NULL OR EXISTS (SELECT 1 FROM disclosures_document x
                   WHERE x.id = document_id AND x.case_id = meetings_summons.case_id))
          AND (disclosure_id IS NULL OR EXISTS (SELECT 1 FROM disclosures_disclosure x
                   WHERE x.id = disclosure_id AND x.case_id = meetings_summons.case_id
                     AND x.receiver_unit_id = meetings_summons.unit_id))
          AND (forwarded_from_id IS NULL OR wall_is_summons_of(forwarded_from_id, case_id))',
         'sent_by_id = ctx_actor() AND sent_at = humla_now() AND leaves_at >= humla_now() AND cancelled_at IS NULL',
         'cancelled_at IS NULL', 'cancelled_at = humla_now()'),
        ('meetings_attendance',
         'EXISTS (SELECT 1 FROM meetings_meeting x WHERE x.id = meeting_id AND x.case_id = meetings_attendance.case_id)
          AND (summons_id IS NULL OR EXISTS (SELECT 1 FROM meetings_summons x
                   WHERE x.id = summons_id AND x.meeting_id = meetings_attendance.meeting_id))
          AND (unit_id IS NULL OR EXISTS (SELECT 1 FROM organisation_unit x WHERE x.id = unit_id))',
         'true', 'true', 'true'),
        ('plans_milestone',
         'EXISTS (SELECT 1 FROM plans_goal x WHERE x.id = goal_id AND x.plan_id = plans_milestone.plan_id
                     AND x.case_id = plans_milestone.case_id)',
         'true', 'true', 'true'),
        ('plans_reservation',
         'EXISTS (SELECT 1 FROM plans_plan x WHERE x.id = plan_id AND x.case_id = plans_reservation.case_id)
          AND EXISTS (SELECT 1 FROM organisation_unit x WHERE x.id = unit_id)',
         'true', 'true', 'true'),
        ('plans_unmetneed',
         'EXISTS (SELECT 1 FROM plans_plan x WHERE x.id = plan_id AND x.case_id = plans_unmetneed.case_id)
          AND EXISTS (SELECT 1 FROM agreements_lifearea x WHERE x.id = life_area_id)',
         'true', 'true', 'true'),
        ('plans_otherplan',
         'EXISTS (SELECT 1 FROM plans_plan x WHERE x.id = plan_id AND x.case_id = plans_otherplan.case_id)',
         'true', 'true', 'true'),
        ('followups_followup',
         'EXISTS (SELECT 1 FROM disclosures_document x WHERE x.id = document_id AND x.case_id = followups_followup.case_id)
          AND (meeting_id IS NULL OR EXISTS (SELECT 1 FROM meetings_meeting x
                   WHERE x.id = meeting_id AND x.case_id = followups_followup.case_id))',
         'begun_by_id = ctx_actor() AND begun_at = humla_now()', 'true', 'true'),
        ('followups_commitmentresult',
         'EXISTS (SELECT 1 FROM followups_followup x WHERE x.id = follow_up_id AND x.case_id = followups_commitmentresult.case_id)
          AND EXISTS (SELECT 1 FROM plans_commitment x WHERE x.id = commitment_id AND x.case_id = followups_commitmentresult.case_id)',
         'true', 'true', 'true'),
        ('followups_goalresult',
         'EXISTS (SELECT 1 FROM followups_followup x WHERE x.id = follow_up_id AND x.case_id = followups_goalresult.case_id)
          AND EXISTS (SELECT 1 FROM plans_goal x WHERE x.id = goal_id AND x.case_id = followups_goalresult.case_id)',
         'true', 'true', 'true'),
        ('followups_closing', 'true',
         'closed_by_id = ctx_actor() AND closed_at = humla_now() AND reopened_at IS NULL',
         'reopened_at IS NULL', 'reopened_at = humla_now()'),
        ('followups_livelihoodline',
         'EXISTS (SELECT 1 FROM followups_closing x WHERE x.id = closing_id AND x.case_id = followups_livelihoodline.case_id)',
         'true', 'true', 'true')
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
                WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND %2$s AND %3$s);
            CREATE POLICY changed_by_holder ON %1$I FOR UPDATE TO humla_app
                USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND authority_id = ctx_authority()
                    AND wall_holds(case_id, person_id) AND %4$s)
                WITH CHECK (%2$s AND %5$s)
        $policy$, one.name, written, one.signed, one.still, one.becomes);
    END LOOP;
END $$;

-- The summoned unit's own summons, once it has left and while a yes covers it; and the lead that is offered to it.
CREATE POLICY summoned ON meetings_summons FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        -- One that was undone before it left never was.
        AND (cancelled_at IS NULL OR cancelled_at >= leaves_at)
        AND wall_summoned(case_id, authority_id, unit_id, leaves_at, disclosure_id));
CREATE POLICY of_a_summons_seen ON meetings_summonsanswer FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND EXISTS (SELECT 1 FROM meetings_summons s WHERE s.id = summons_id OFFSET 0));
CREATE POLICY answered_by_right ON meetings_summonsanswer FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND answered_at = humla_now()
        AND answered_by_id = ctx_actor()
        AND (passed_unit_id IS NULL OR wall_is_of_the_same_party(passed_unit_id, summons_id))
        AND wall_may_answer(summons_id, case_id, person_id, authority_id, answered_by));

CREATE POLICY holder_person_or_new_lead ON plans_leadtransfer FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant()
            AND (authority_id = ctx_authority()
                 OR to_unit_id = ctx_unit()
                    -- The act itself is known even when the yes is taken back; the words of the offer are not.
                    AND wall_consents(case_id, authority_id, 'PLANNING')
                    AND EXISTS (SELECT 1 FROM disclosures_disclosure d
                                 WHERE d.id = plans_leadtransfer.disclosure_id AND d.receiver_unit_id = ctx_unit()
                                   AND d.opens_at <= humla_now() AND d.undone_at IS NULL AND d.recalled_at IS NULL OFFSET 0))
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = plans_leadtransfer.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = plans_leadtransfer.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);
CREATE POLICY offered_by_holder ON plans_leadtransfer FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND offered_by_id = ctx_actor() AND offered_at = humla_now() AND answered_at IS NULL
        AND answered_by_id IS NULL AND is_accepted IS NULL AND taken_back_at IS NULL AND to_case_id IS NULL
        AND wall_holds(case_id, person_id)
        AND EXISTS (SELECT 1 FROM disclosures_disclosure d WHERE d.id = disclosure_id AND d.undone_at IS NULL AND d.recalled_at IS NULL
                       AND d.case_id = plans_leadtransfer.case_id AND d.receiver_unit_id = to_unit_id));
CREATE POLICY answered_or_taken_back ON plans_leadtransfer FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND answered_at IS NULL AND taken_back_at IS NULL
        AND (authority_id = ctx_authority() AND wall_holds(case_id, person_id)
             OR wall_offered(id)))
    WITH CHECK (
        authority_id = ctx_authority() AND taken_back_at = humla_now() AND answered_at IS NULL
           AND answered_by_id IS NULL AND is_accepted IS NULL
        OR to_unit_id = ctx_unit() AND answered_at = humla_now() AND answered_by_id = ctx_actor()
           AND is_accepted IS false AND taken_back_at IS NULL);

-- Who took over from whom: the holder's own.
CREATE POLICY holder ON cases_handover FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority()
        AND EXISTS (SELECT 1 FROM cases_caseassignment a
                     WHERE a.case_id = cases_handover.case_id AND a.professional_id = ctx_actor()
                       AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                       AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                       AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0));

-- A unit's own notes: those of it who work in the case. Only the writer changes what she wrote.
CREATE POLICY own_unit ON cases_note FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority() AND unit_id = ctx_unit() AND wall_works_in(case_id));
CREATE POLICY written_for_own_unit ON cases_note FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND unit_id = ctx_unit() AND written_by_id = ctx_actor() AND written_at = humla_now()
        AND wall_works_in(case_id)
        AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id AND c.person_id = cases_note.person_id));
CREATE POLICY changed_by_writer ON cases_note FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND authority_id = ctx_authority()
        AND unit_id = ctx_unit() AND written_by_id = ctx_actor() AND wall_works_in(case_id))
    WITH CHECK (authority_id = ctx_authority() AND unit_id = ctx_unit());

-- The person's own words: hers alone until she hands them in, then the holder's to read and nobody's to change.
CREATE POLICY own_or_handed_in ON meetings_preparation FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority() AND handed_in_at <= humla_now()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = meetings_preparation.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = meetings_preparation.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);
CREATE POLICY written_by_her_or_told ON meetings_preparation FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND written_at = humla_now() AND written_by_id = ctx_actor() AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority() AND told_to <> ''
            AND handed_in_at = humla_now() AND wall_holds(case_id, person_id)
        WHEN 'person' THEN
            told_to = '' AND (handed_in_at IS NULL OR handed_in_at = humla_now())
            AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id AND c.person_id = meetings_preparation.person_id
                           AND c.association_id = meetings_preparation.association_id
                           AND c.authority_id = meetings_preparation.authority_id)
        ELSE false END);
CREATE POLICY written_on_by_her ON meetings_preparation FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'person' AND handed_in_at IS NULL
        AND EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = meetings_preparation.person_id AND k.key = ctx_person() OFFSET 0))
    WITH CHECK (told_to = '' AND (handed_in_at IS NULL OR handed_in_at = humla_now()));

-- What a party says of its own commitment: its own unit and those who lead the plan read it, and the person.
CREATE POLICY own_unit_lead_or_person ON followups_progress FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = followups_progress.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
            AND (authority_id = ctx_authority() AND unit_id = ctx_unit() OR wall_holds(case_id, person_id))
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = followups_progress.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);
CREATE POLICY reported_by_right ON followups_progress FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority() AND reported_by_id = ctx_actor() AND reported_at = humla_now()
        AND wall_may_report(commitment_id, case_id, person_id, unit_id));

-- The coordinator's consultations. One that is tied to a case is read by those who work in it.
CREATE POLICY coordinators ON consultations_consultation FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND ctx_role() = 'coordinator'
        AND association_id = ctx_tenant() AND authority_id = ctx_authority() AND unit_id = ctx_unit()
        AND (case_id IS NULL OR wall_works_in(case_id)));
CREATE POLICY registered_by_coordinator ON consultations_consultation FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND ctx_role() = 'coordinator'
        AND association_id = ctx_tenant() AND authority_id = ctx_authority() AND unit_id = ctx_unit()
        AND registered_by_id = ctx_actor() AND registered_at = humla_now()
        AND (case_id IS NULL OR wall_works_in(case_id))
        AND (asker_id IS NULL OR EXISTS (SELECT 1 FROM organisation_professional x WHERE x.id = asker_id))
        AND EXISTS (SELECT 1 FROM organisation_profession x WHERE x.id = asker_profession_id)
        AND EXISTS (SELECT 1 FROM organisation_unit x WHERE x.id = asker_unit_id));
CREATE POLICY changed_by_coordinator ON consultations_consultation FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND ctx_role() = 'coordinator'
        AND authority_id = ctx_authority() AND unit_id = ctx_unit()
        AND (case_id IS NULL OR wall_works_in(case_id)))
    WITH CHECK (association_id = ctx_tenant() AND authority_id = ctx_authority() AND unit_id = ctx_unit()
        AND (case_id IS NULL OR wall_works_in(case_id))
        AND (asker_id IS NULL OR EXISTS (SELECT 1 FROM organisation_professional x WHERE x.id = asker_id))
        AND EXISTS (SELECT 1 FROM organisation_profession x WHERE x.id = asker_profession_id)
        AND EXISTS (SELECT 1 FROM organisation_unit x WHERE x.id = asker_unit_id));

-- Notices: queued by whoever acts, sent by the clock, seen by those who hold what they tell of and the administrator.
-- A letter is collected in one to the same unit. Asked by the owner: a policy may not reach its own table.
CREATE OR REPLACE FUNCTION wall_is_digest_for(the_notice uuid, the_unit uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND EXISTS (
                   SELECT 1 FROM notifications_notice n WHERE n.id = the_notice AND n.unit_id = the_unit
                      AND n.kind = 'digest' AND n.association_id = ctx_tenant())
$$;
REVOKE ALL ON FUNCTION wall_is_digest_for(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_is_digest_for(uuid, uuid) TO humla_app;

CREATE POLICY own_or_due ON notifications_notice FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND CASE ctx_kind()
        WHEN 'professional' THEN wall_may_tell(about_id, unit_id)
        WHEN 'admin' THEN true
        WHEN 'system' THEN true
        ELSE false END);
CREATE POLICY queued ON notifications_notice FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND queued_by_id = ctx_actor() AND queued_at = humla_now() AND leaves_at >= humla_now() AND state = 'waiting'
        AND digest_id IS NULL AND wall_may_tell(about_id, unit_id) AND NOT wall_about_protected(about_id));
CREATE POLICY sent ON notifications_notice FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND association_id = ctx_tenant()
        AND (ctx_kind() = 'system' AND state = 'waiting' AND leaves_at <= humla_now()
             OR ctx_kind() = 'admin' AND state = 'failed'))
    WITH CHECK ((digest_id IS NULL OR wall_is_digest_for(digest_id, unit_id))
        AND (ctx_kind() = 'system' AND state IN ('sent', 'waiting', 'failed', 'cancelled')
             OR ctx_kind() = 'admin' AND state = 'waiting' AND leaves_at >= humla_now()));

CREATE POLICY of_the_clock ON links_link FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'system' AND association_id = ctx_tenant());
CREATE POLICY made_by_the_clock ON links_link FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'system' AND association_id = ctx_tenant()
        AND made_at = humla_now() AND ends_at > humla_now() AND revoked_at IS NULL
        AND EXISTS (SELECT 1 FROM organisation_unit x WHERE x.id = unit_id));
