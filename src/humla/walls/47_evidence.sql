-- Underlag before a meeting: what is asked from whom by when, and what they answered.
--
-- Here: who reads and writes those rows, and the few questions that whoever is asked may put. Not here: what a yes taken
-- back ends (61_consent.sql, which ends these too).
--
-- The rows are the holder's and the person's. A unit that is asked, by its letter's link or signed in, reads none of them:
-- it gets a kind, a day and a reference from asked_evidence(), and answers by answer_evidence() and write_view().

-- The questions that I may answer, by how I act: the unit of the link or of whoever receives for it signed in. Given none:
-- all of them. A yes taken back, narrowed or past its time closes it in the same second, and nothing about somebody with
-- protected identity is asked in this way. For the functions below; nobody else may ask.
CREATE OR REPLACE FUNCTION wall_evidence_asked(the_request uuid) RETURNS SETOF evidence_evidencerequest
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.* FROM evidence_evidencerequest e
      JOIN cases_case c ON c.id = e.case_id AND NOT c.is_protected
      JOIN organisation_unit u ON u.id = e.unit_id
     WHERE ctx_ok() AND (the_request IS NULL OR e.id = the_request) AND e.leaves_at <= humla_now()
       AND (e.withdrawn_at IS NULL OR e.withdrawn_at >= e.leaves_at)
       AND CASE ctx_kind()
           WHEN 'link' THEN EXISTS (
               SELECT 1 FROM links_link l
                WHERE l.id = ctx_actor() AND l.subject = 'evidence' AND l.subject_id = e.id AND l.unit_id = e.unit_id
                  AND l.association_id = e.association_id AND l.revoked_at IS NULL AND l.ends_at > humla_now())
           WHEN 'professional' THEN
               ctx_role() = 'receiver' AND e.unit_id = ctx_unit() AND e.association_id = ctx_tenant()
           ELSE false END
       AND (u.authority_id = e.authority_id OR EXISTS (
            SELECT 1 FROM consents_consent k
             WHERE k.case_id = e.case_id AND k.authority_id = e.authority_id AND k.receiver_unit_id = e.unit_id
               AND 'PLANNING' = ANY (k.categories) AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
               AND (k.withdrawn_at IS NULL OR k.withdrawn_at > humla_now())))
$$;

-- What is asked: a kind, a day, a reference and one's own answer. Nothing that tells whose case it is; who asks only to
-- somebody who has signed in. In a list of all: only what still is to be sent.
DROP FUNCTION IF EXISTS asked_evidence(uuid);
CREATE FUNCTION asked_evidence(the_request uuid)
RETURNS TABLE (id uuid, reference text, sender text, kind text, by_when date, meeting_at timestamptz, is_open boolean,
               said text, promised_on date, cause text, answered_at timestamptz, views bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.id, c.reference, CASE ctx_kind() WHEN 'link' THEN '' ELSE n.name || ', ' || y.name END, e.kind, e.by_when,
           m.starts_at, e.withdrawn_at IS NULL AND c.state = 'open' AND coalesce(a.said, '') <> 'arrived',
           coalesce(a.said, ''), a.promised_on, coalesce(a.cause, ''), a.answered_at,
           (SELECT count(*) FROM evidence_ownview v WHERE v.request_id = e.id)
      FROM wall_evidence_asked(the_request) e
      JOIN cases_case c ON c.id = e.case_id
      JOIN organisation_unit n ON n.id = c.unit_id
      JOIN organisation_authority y ON y.id = c.authority_id
      LEFT JOIN meetings_meeting m ON m.id = e.meeting_id AND m.state = 'planned'
      LEFT JOIN LATERAL (SELECT x.* FROM evidence_evidenceanswer x WHERE x.request_id = e.id
                          ORDER BY x.answered_at DESC, x.id DESC LIMIT 1) a ON true
     WHERE the_request IS NOT NULL OR ctx_kind() = 'link'
        OR e.withdrawn_at IS NULL AND c.state = 'open' AND coalesce(a.said, '') NOT IN ('arrived', 'sent', 'refused', 'wrong_unit')
     ORDER BY e.by_when, e.asked_at, e.id
$$;

-- The question that may be answered now, with its case locked: whoever comes second sees what the first has done. Who
-- answers by a link takes its row too; nobody changes their mind twenty times.
CREATE OR REPLACE FUNCTION wall_evidence_turn(the_request uuid) RETURNS SETOF evidence_evidencerequest
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT ctx_ok() OR the_request IS NULL AND ctx_kind() <> 'link' THEN
        RETURN;
    END IF;
    PERFORM 1 FROM cases_case c JOIN wall_evidence_asked(the_request) e ON e.case_id = c.id FOR NO KEY UPDATE OF c;
    PERFORM 1 FROM links_link l WHERE ctx_kind() = 'link' AND l.id = ctx_actor() FOR UPDATE;
    RETURN QUERY SELECT e.* FROM wall_evidence_asked(the_request) e
      JOIN cases_case c ON c.id = e.case_id AND c.state = 'open'
     WHERE e.withdrawn_at IS NULL
       AND (SELECT count(*) FROM evidence_evidenceanswer x WHERE x.request_id = e.id AND x.how = 'link') < 20
       AND (SELECT count(*) FROM evidence_ownview v
             WHERE v.request_id = e.id AND v.written_at > humla_now() - interval '1 day') < 10;
END $$;

-- An answer by the unit that is asked: in our own codes and a day, so that no column carries a message. The row's owner and
-- case are looked up here and told for the trail. The same answer twice is one.
DROP FUNCTION IF EXISTS answer_evidence(uuid, text, date, text, uuid);
CREATE FUNCTION answer_evidence(
    the_request uuid, what text, promised date, the_cause text, the_row uuid,
    OUT is_taken boolean, OUT is_new boolean, OUT the_case uuid, OUT the_person uuid, OUT which uuid
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked evidence_evidencerequest;
    before evidence_evidenceanswer;
BEGIN
    is_taken := false;
    is_new := false;
    IF what NOT IN ('sent', 'promised', 'refused', 'wrong_unit')
       OR the_cause NOT IN ('', 'not_ours', 'no_time', 'no_consent', 'other')
       OR (what = 'promised') <> (promised IS NOT NULL) OR (what = 'refused') <> (the_cause <> '')
       OR promised > (humla_now() + interval '1 year')::date THEN
        RETURN;
    END IF;
    SELECT e.* INTO asked FROM wall_evidence_turn(the_request) e;
    IF asked.id IS NULL THEN
        RETURN;
    END IF;
    SELECT x.* INTO before FROM evidence_evidenceanswer x WHERE x.request_id = asked.id
     ORDER BY x.answered_at DESC, x.id DESC LIMIT 1;
    -- It has come: whoever asked has said so, and that is not answered away.
    IF before.said = 'arrived' THEN
        RETURN;
    END IF;
    is_taken := true;
    the_case := asked.case_id;
    the_person := asked.person_id;
    which := asked.id;
    IF before.id IS NOT NULL AND (before.said, before.promised_on, before.cause)
                                 IS NOT DISTINCT FROM (what, promised, the_cause) THEN
        RETURN;
    END IF;
    INSERT INTO evidence_evidenceanswer (id, association_id, authority_id, person_id, case_id, request_id, said, promised_on,
                                         cause, how, answered_at, answered_by_id)
    VALUES (the_row, asked.association_id, asked.authority_id, asked.person_id, asked.case_id, asked.id, what, promised,
            the_cause, CASE ctx_kind() WHEN 'link' THEN 'link' ELSE 'signed_in' END, humla_now(), ctx_actor());
    is_new := true;
END $$;

-- A party's own view, in its own words: by whoever receives for it, signed in. A link takes no words. It is the answer too.
DROP FUNCTION IF EXISTS write_view(uuid, uuid, text);
CREATE FUNCTION write_view(
    the_request uuid, the_row uuid, sealed_text text,
    OUT is_taken boolean, OUT the_case uuid, OUT the_person uuid, OUT which uuid
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked evidence_evidencerequest;
BEGIN
    is_taken := false;
    IF NOT (ctx_ok() AND ctx_kind() = 'professional') OR sealed_text = '' THEN
        RETURN;
    END IF;
    SELECT e.* INTO asked FROM wall_evidence_turn(the_request) e WHERE e.kind = 'view';
    IF asked.id IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO evidence_ownview (id, association_id, authority_id, person_id, case_id, request_id, text, written_at,
                                  written_by_id)
    VALUES (the_row, asked.association_id, asked.authority_id, asked.person_id, asked.case_id, asked.id, sealed_text,
            humla_now(), ctx_actor());
    INSERT INTO evidence_evidenceanswer (id, association_id, authority_id, person_id, case_id, request_id, said, cause, how,
                                         answered_at, answered_by_id)
    VALUES (gen_random_uuid(), asked.association_id, asked.authority_id, asked.person_id, asked.case_id, asked.id, 'arrived',
            '', 'signed_in', humla_now(), ctx_actor());
    is_taken := true;
    the_case := asked.case_id;
    the_person := asked.person_id;
    which := asked.id;
END $$;

-- Whom the ladder of reminders may turn to: asked and silent, or a promised day gone by, with a yes behind it still. Asked
-- by wall_silent() alone (44_silence.sql), which has the same columns of each kind.
DROP FUNCTION IF EXISTS silent_evidence();
CREATE FUNCTION silent_evidence()
RETURNS TABLE (about_id uuid, unit_id uuid, association_id uuid, asked_at timestamptz, answer_by date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.id, e.unit_id, e.association_id,
           greatest(e.leaves_at, (a.promised_on + 1)::timestamp AT TIME ZONE 'Europe/Stockholm'),
           coalesce(a.promised_on, e.by_when)
      FROM evidence_evidencerequest e
      JOIN cases_case c ON c.id = e.case_id AND c.state = 'open' AND NOT c.is_protected
      JOIN organisation_unit u ON u.id = e.unit_id
      LEFT JOIN LATERAL (SELECT x.* FROM evidence_evidenceanswer x WHERE x.request_id = e.id
                          ORDER BY x.answered_at DESC, x.id DESC LIMIT 1) a ON true
     WHERE e.withdrawn_at IS NULL AND e.leaves_at <= humla_now()
       AND (c.resting_until IS NULL OR c.resting_until <= (humla_now() AT TIME ZONE 'Europe/Stockholm')::date)
       AND (a.id IS NULL OR a.said = 'missing'
            OR a.said = 'promised' AND a.promised_on < (humla_now() AT TIME ZONE 'Europe/Stockholm')::date)
       AND NOT EXISTS (SELECT 1 FROM meetings_meeting m
                        WHERE m.id = e.meeting_id AND (m.state <> 'planned' OR m.starts_at <= humla_now()))
       AND (u.authority_id = e.authority_id OR EXISTS (
            SELECT 1 FROM consents_consent k
             WHERE k.case_id = e.case_id AND k.authority_id = e.authority_id AND k.receiver_unit_id = e.unit_id
               AND 'PLANNING' = ANY (k.categories) AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
               AND k.withdrawn_at IS NULL))
$$;

REVOKE ALL ON FUNCTION wall_evidence_asked(uuid), wall_evidence_turn(uuid), silent_evidence() FROM PUBLIC;
REVOKE ALL ON FUNCTION asked_evidence(uuid), answer_evidence(uuid, text, date, text, uuid), write_view(uuid, uuid, text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION asked_evidence(uuid), answer_evidence(uuid, text, date, text, uuid), write_view(uuid, uuid, text)
    TO humla_app;

-- The rows: written by whoever holds the case, signed now and ended once, and read by her and the person. Each points only
-- at rows of the same case: a foreign key that passes would tell that a hidden row exists.
DO $$
DECLARE
    one record;
    written text;
BEGIN
    FOR one IN SELECT * FROM (VALUES
        ('evidence_evidencerequest',
         '(meeting_id IS NULL OR EXISTS (SELECT 1 FROM meetings_meeting x
                WHERE x.id = meeting_id AND x.case_id = evidence_evidencerequest.case_id))',
         -- Being asked tells that there is somebody: it takes the same yes as a summons.
         'asked_by_id = ctx_actor() AND asked_at = humla_now() AND leaves_at >= humla_now() AND withdrawn_at IS NULL
          AND (unit_id IS NULL OR EXISTS (SELECT 1 FROM organisation_unit u
                WHERE u.id = unit_id AND u.association_id = evidence_evidencerequest.association_id
                  AND (u.authority_id = evidence_evidencerequest.authority_id OR EXISTS (
                       SELECT 1 FROM consents_consent k
                        WHERE k.case_id = evidence_evidencerequest.case_id AND k.authority_id = evidence_evidencerequest.authority_id
                          AND k.receiver_unit_id = u.id AND ''PLANNING'' = ANY (k.categories)
                          AND k.starts_at <= humla_now() AND k.ends_at > humla_now() AND k.withdrawn_at IS NULL))))',
         'withdrawn_at IS NULL', '(withdrawn_at IS NULL OR withdrawn_at = humla_now())'),
        ('evidence_evidenceanswer',
         'EXISTS (SELECT 1 FROM evidence_evidencerequest x
                   WHERE x.id = request_id AND x.case_id = evidence_evidenceanswer.case_id AND x.withdrawn_at IS NULL)',
         'how = ''noted'' AND answered_by_id = ctx_actor() AND answered_at = humla_now()', '', ''),
        ('evidence_ownview', '', '', '', '')
    ) AS t (name, points, signed, still, becomes) LOOP
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
                    ELSE false END)
        $policy$, one.name);
        CONTINUE WHEN one.points = '';
        written := 'association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND wall_holds(case_id, person_id) AND ' || one.points;
        EXECUTE format($policy$
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
