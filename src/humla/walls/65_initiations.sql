-- Requests for a plan: from somebody without an account, and from a professional who may not start one.
--
-- It is about a person whom nobody here may know yet. Only the unit that it came to reads the row; whoever asked is
-- told by functions that give her part of it alone, so that nothing of the case it led to comes along. The public
-- writes and asks through functions too, and reads no table.

-- Where a request may be sent: the units that are "en väg in" of their authority, or all of one that has named none.
-- Only where somebody acts who can answer it. What the contact list says of them is public; nobody's name is in it.
DROP FUNCTION IF EXISTS public_ways_in();
CREATE FUNCTION public_ways_in()
RETURNS TABLE (unit_id uuid, unit text, place text, phone text, phone_hours text, authority text, party text,
               association_id uuid, association text, request_days integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH today AS (SELECT (humla_now() AT TIME ZONE 'Europe/Stockholm')::date AS on_day),
    open_units AS (
        SELECT u.* FROM organisation_unit u, today
         WHERE (u.ends_on IS NULL OR u.ends_on > on_day)
           AND EXISTS (SELECT 1 FROM organisation_unitassignment a
                        WHERE a.unit_id = u.id AND a.role IN ('handler', 'coordinator', 'receiver', 'manager')
                          AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())))
    SELECT u.id, u.name, u.place, u.phone, u.phone_hours, y.name, p.name, f.id, f.name,
           coalesce((SELECT g.request_days FROM agreements_localagreement g
                      WHERE g.association_id = u.association_id AND on_day BETWEEN g.starts_on AND g.ends_on
                        AND NOT EXISTS (SELECT 1 FROM agreements_agreementparty s
                                         WHERE s.agreement_id = g.id AND (s.signed_on IS NULL OR s.signed_on > on_day))
                      ORDER BY g.starts_on DESC, g.version DESC LIMIT 1), 5)::integer
      FROM today, open_units u
      JOIN organisation_authority y ON y.id = u.authority_id
      JOIN organisation_party p ON p.id = y.party_id
      JOIN organisation_association f ON f.id = u.association_id
     WHERE ctx_ok() AND p.kind NOT IN ('forbund', 'arbetsgivare')
       AND (u.is_way_in OR NOT EXISTS (SELECT 1 FROM open_units w WHERE w.authority_id = u.authority_id AND w.is_way_in))
     ORDER BY f.name, p.name, y.name, u.name
$$;

-- May this unit be sent a request? One that answers for somebody, of this förbund.
CREATE OR REPLACE FUNCTION wall_can_answer(the_unit uuid, the_association uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM organisation_unit u
          JOIN organisation_authority y ON y.id = u.authority_id JOIN organisation_party p ON p.id = y.party_id
          JOIN organisation_unitassignment a ON a.unit_id = u.id
         WHERE u.id = the_unit AND u.association_id = the_association AND p.kind <> 'forbund'
           AND (u.ends_on IS NULL OR u.ends_on > (humla_now() AT TIME ZONE 'Europe/Stockholm')::date)
           AND a.role IN ('handler', 'coordinator', 'receiver', 'manager')
           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now()))
$$;

-- A notice to a unit that a request has come or been answered; none to one without a mailbox. Whoever asks without
-- account stands in no row of it, also when she has signed in beside.
CREATE OR REPLACE FUNCTION wall_tell_of_request(the_request uuid, the_notice uuid, what text, the_unit uuid)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO notifications_notice (id, association_id, kind, unit_id, about_id, state, queued_at, queued_by_id,
                                      leaves_at, tries, fault)
    SELECT the_notice, u.association_id, what, u.id, the_request, 'waiting', humla_now(),
           CASE ctx_kind() WHEN 'professional' THEN ctx_actor() ELSE the_request END, humla_now(), 0, ''
      FROM organisation_unit u WHERE u.id = the_unit AND u.mail <> ''
$$;

-- Ask for a plan. From anybody (`who` says which), or from a professional for the unit that she acts for. Sent twice
-- it is one: the row is named by the form's own key. Answers why not, in a word, or nothing.
DROP FUNCTION IF EXISTS send_request(uuid, uuid, text, text, text, text, text, text, text, text, text, boolean, boolean, date, uuid);
CREATE FUNCTION send_request(
    the_row uuid, the_unit uuid, the_reference text, the_lookup text, who text, the_theme text,
    sealed_words text, sealed_name text, sealed_reach text, sealed_helper text, the_language text,
    interpreter boolean, may_pass boolean, answer_day date, the_notice uuid
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    by_staff boolean := who = 'professional';
    today date := (humla_now() AT TIME ZONE 'Europe/Stockholm')::date;
BEGIN
    IF NOT ctx_ok() OR who NOT IN ('person', 'relative', 'professional')
       OR answer_day NOT BETWEEN today AND today + 90 THEN
        RETURN 'refused';
    END IF;
    IF by_staff AND NOT (ctx_kind() = 'professional' AND the_lookup = '' AND the_theme <> ''
                         AND ctx_role() IN ('handler', 'coordinator', 'champion', 'receiver', 'manager')
                         AND the_unit <> ctx_unit() AND wall_can_answer(the_unit, ctx_tenant())) THEN
        RETURN 'refused';
    ELSIF NOT by_staff AND NOT (length(the_lookup) = 64 AND sealed_words <> '' AND sealed_reach <> ''
                                AND EXISTS (SELECT 1 FROM public_ways_in() w WHERE w.unit_id = the_unit)) THEN
        RETURN 'refused';
    END IF;
    -- One at a time to each unit: the limit would otherwise be counted twice at once.
    PERFORM pg_advisory_xact_lock(7265, hashtext(the_unit::text));
    IF EXISTS (SELECT 1 FROM initiations_planrequest r WHERE r.id = the_row) THEN
        RETURN '';
    END IF;
    -- More than anybody's inbox has people behind it is somebody else's doing: then the telephone is the way.
    IF NOT by_staff AND (SELECT count(*) FROM initiations_planrequest r WHERE r.unit_id = the_unit
                            AND r.code_lookup <> '' AND r.arrived_at > humla_now() - interval '1 hour') >= 40
       OR by_staff AND (SELECT count(*) FROM initiations_planrequest r WHERE r.asker_id = ctx_actor()
                           AND r.arrived_at > humla_now() - interval '1 day') >= 30 THEN
        RETURN 'full';
    END IF;
    INSERT INTO initiations_planrequest (
        id, association_id, authority_id, unit_id, reference, code_lookup, asked_by, asker_id, asker_unit_id, theme,
        words, name, reach, helper, language, needs_interpreter, may_pass_on, arrived_at, answer_by, answer, ground, why,
        instead, version)
    SELECT the_row, u.association_id, u.authority_id, u.id, the_reference, the_lookup, who,
           CASE WHEN by_staff THEN ctx_actor() END, CASE WHEN by_staff THEN ctx_unit() END, the_theme,
           sealed_words, sealed_name, sealed_reach, sealed_helper, the_language, interpreter, may_pass, humla_now(),
           answer_day, '', '', '', '', 1
      FROM organisation_unit u WHERE u.id = the_unit;
    PERFORM wall_tell_of_request(the_row, the_notice, 'request_arrived', the_unit);
    RETURN '';
END $$;

-- Where it stands, for whoever has its number and code: their keyed sum is the whole of who asks. What the unit wrote
-- back is sealed and opened by the program. A wrong code and a request that never was find the same nothing.
DROP FUNCTION IF EXISTS request_status(text);
CREATE FUNCTION request_status(the_lookup text)
RETURNS TABLE (id uuid, reference text, unit text, party text, phone text, phone_hours text, arrived_at timestamptz,
               answer_by date, answer text, answered_at timestamptz, ground text, why text, instead text,
               passed_at timestamptz, taken_back_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.id, r.reference, u.name, p.name, u.phone, u.phone_hours, r.arrived_at, r.answer_by, r.answer, r.answered_at,
           r.ground, r.why, r.instead, r.passed_at, r.taken_back_at
      FROM initiations_planrequest r JOIN organisation_unit u ON u.id = r.unit_id
      JOIN organisation_authority y ON y.id = u.authority_id JOIN organisation_party p ON p.id = y.party_id
     WHERE ctx_ok() AND length(the_lookup) = 64 AND r.code_lookup = the_lookup AND r.emptied_at IS NULL
$$;

-- Taken back by whoever asked, while nobody has answered: everything about the person goes at once.
CREATE OR REPLACE FUNCTION take_back_request(the_request uuid, the_lookup text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE initiations_planrequest r
       SET taken_back_at = humla_now(), words = '', name = '', reach = '', helper = '', version = r.version + 1
     WHERE ctx_ok() AND r.id = the_request AND r.answer = '' AND r.taken_back_at IS NULL
       AND (length(the_lookup) = 64 AND r.code_lookup = the_lookup
            OR ctx_kind() = 'professional' AND r.asker_id = ctx_actor() AND r.asker_unit_id = ctx_unit());
    IF FOUND THEN
        UPDATE notifications_notice SET state = 'cancelled' WHERE about_id = the_request AND state = 'waiting';
        RETURN true;
    END IF;
    RETURN false;
END $$;

-- What a professional has asked for, and what was answered: nothing of a case, nor who in the other unit has read.
DROP FUNCTION IF EXISTS asked_requests();
CREATE FUNCTION asked_requests()
RETURNS TABLE (id uuid, reference text, unit_id uuid, unit text, authority_id uuid, authority text, phone text,
               theme text, words text, name text, reach text, arrived_at timestamptz, answer_by date,
               passed_at timestamptz, reminded_at timestamptz, answer text, answered_at timestamptz, ground text,
               why text, instead text, taken_back_at timestamptz, version integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.id, r.reference, u.id, u.name, y.id, y.name, u.phone, r.theme, r.words, r.name, r.reach, r.arrived_at,
           r.answer_by, r.passed_at, r.reminded_at, r.answer, r.answered_at, r.ground, r.why, r.instead,
           r.taken_back_at, r.version
      FROM initiations_planrequest r JOIN organisation_unit u ON u.id = r.unit_id
      JOIN organisation_authority y ON y.id = u.authority_id
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND r.association_id = ctx_tenant()
       AND r.asker_id = ctx_actor() AND r.asker_unit_id = ctx_unit()
     ORDER BY r.arrived_at DESC, r.id LIMIT 500
$$;

-- The person has said yes since: whoever asked tells who it is.
CREATE OR REPLACE FUNCTION name_in_request(
    the_request uuid, sealed_name text, sealed_reach text, sealed_words text, the_version integer
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE initiations_planrequest r
       SET name = sealed_name, reach = sealed_reach, words = sealed_words, version = r.version + 1
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND r.id = the_request AND r.version = the_version
       AND r.asker_id = ctx_actor() AND r.asker_unit_id = ctx_unit() AND sealed_name <> ''
       AND r.answer IN ('', 'taken') AND r.case_id IS NULL AND r.taken_back_at IS NULL AND r.emptied_at IS NULL;
    RETURN FOUND;
END $$;

-- Once a day whoever asked may ask again, while nobody has answered.
CREATE OR REPLACE FUNCTION remind_of_request(the_request uuid, the_notice uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    to_unit uuid;
BEGIN
    UPDATE initiations_planrequest r SET reminded_at = humla_now(), version = r.version + 1
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND r.id = the_request AND r.answer = '' AND r.taken_back_at IS NULL
       AND r.asker_id = ctx_actor() AND r.asker_unit_id = ctx_unit()
       AND r.arrived_at < humla_now() - interval '1 day'
       AND (r.reminded_at IS NULL OR r.reminded_at < humla_now() - interval '1 day')
    RETURNING r.unit_id INTO to_unit;
    IF to_unit IS NULL THEN
        RETURN false;
    END IF;
    PERFORM wall_tell_of_request(the_request, the_notice, 'request_arrived', to_unit);
    RETURN true;
END $$;

-- Sent on to the right unit, with the clock running: within the authority always, to another only when whoever asked
-- has said so. Read by the new unit from then on and by the old no more.
CREATE OR REPLACE FUNCTION pass_on_request(the_request uuid, to_unit uuid, the_version integer, the_notice uuid)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE initiations_planrequest r
       SET unit_id = u.id, authority_id = u.authority_id, passed_from_id = r.unit_id, passed_at = humla_now(),
           version = r.version + 1
      FROM organisation_unit u
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND ctx_role() IN ('handler', 'coordinator', 'receiver', 'manager')
       AND r.id = the_request AND r.version = the_version AND r.association_id = ctx_tenant()
       AND r.authority_id = ctx_authority() AND r.unit_id = ctx_unit() AND r.answer = '' AND r.taken_back_at IS NULL
       AND u.id = to_unit AND u.id <> r.unit_id AND (u.authority_id = r.authority_id OR r.may_pass_on)
       AND u.id IS DISTINCT FROM r.asker_unit_id AND wall_can_answer(u.id, r.association_id);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE notifications_notice SET state = 'cancelled' WHERE about_id = the_request AND state = 'waiting';
    PERFORM wall_tell_of_request(the_request, the_notice, 'request_arrived', to_unit);
    RETURN true;
END $$;

-- A professional who asked is told that there is an answer. One without account looks with her code.
CREATE OR REPLACE FUNCTION tell_of_answer(the_request uuid, the_notice uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    to_unit uuid;
BEGIN
    SELECT r.asker_unit_id INTO to_unit FROM initiations_planrequest r
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND r.id = the_request AND r.unit_id = ctx_unit()
       AND r.authority_id = ctx_authority() AND r.answer IN ('taken', 'declined') AND r.answered_by_id = ctx_actor()
       AND r.answered_at = humla_now();
    IF to_unit IS NULL THEN
        RETURN false;
    END IF;
    PERFORM wall_tell_of_request(the_request, the_notice, 'request_answered', to_unit);
    RETURN true;
END $$;

-- The counts of an authority's own requests, by month (INI-2, INI-4). Also of those whose cases she does not read: a
-- count names nobody.
DROP FUNCTION IF EXISTS requests_counted();
CREATE FUNCTION requests_counted()
RETURNS TABLE (month date, asked_by text, answer text, ground text, is_taken_back boolean, in_time boolean, is_late boolean,
               requests bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT date_trunc('month', r.arrived_at AT TIME ZONE 'Europe/Stockholm')::date, r.asked_by, r.answer, r.ground,
           r.taken_back_at IS NOT NULL,
           (r.answered_at AT TIME ZONE 'Europe/Stockholm')::date <= r.answer_by,
           r.answer = '' AND r.taken_back_at IS NULL
               AND (humla_now() AT TIME ZONE 'Europe/Stockholm')::date > r.answer_by,
           count(*)
      FROM initiations_planrequest r
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND ctx_role() IN ('coordinator', 'manager')
       AND r.association_id = ctx_tenant() AND r.authority_id = ctx_authority()
     GROUP BY 1, 2, 3, 4, 5, 6, 7
$$;

-- Ninety days after the answer, and thirty after it was thrown or taken back, everything about a person is taken out:
-- the words, the name, the code, and which case it led to. What is left is a day, a unit and an answer.
CREATE OR REPLACE FUNCTION empty_old_requests() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    emptied integer;
BEGIN
    UPDATE initiations_planrequest
       SET words = '', name = '', reach = '', helper = '', why = '', instead = '', code_lookup = '', language = '',
           needs_interpreter = false, reference = '', asker_id = NULL, case_id = NULL, emptied_at = humla_now()
     WHERE ctx_ok() AND ctx_kind() = 'system' AND emptied_at IS NULL
       AND (taken_back_at < humla_now() - interval '30 days'
            OR answer = 'thrown' AND answered_at < humla_now() - interval '30 days'
            OR answer IN ('taken', 'declined') AND answered_at < humla_now() - interval '90 days');
    GET DIAGNOSTICS emptied = ROW_COUNT;
    RETURN emptied;
END $$;

REVOKE ALL ON FUNCTION wall_can_answer(uuid, uuid), wall_tell_of_request(uuid, uuid, text, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public_ways_in(), request_status(text), take_back_request(uuid, text), asked_requests(),
    send_request(uuid, uuid, text, text, text, text, text, text, text, text, text, boolean, boolean, date, uuid),
    name_in_request(uuid, text, text, text, integer), remind_of_request(uuid, uuid), tell_of_answer(uuid, uuid),
    pass_on_request(uuid, uuid, integer, uuid), requests_counted(), empty_old_requests() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public_ways_in(), request_status(text), take_back_request(uuid, text), asked_requests(),
    send_request(uuid, uuid, text, text, text, text, text, text, text, text, text, boolean, boolean, date, uuid),
    name_in_request(uuid, text, text, text, integer), remind_of_request(uuid, uuid), tell_of_answer(uuid, uuid),
    pass_on_request(uuid, uuid, integer, uuid), requests_counted(), empty_old_requests() TO humla_app;

-- The unit that it came to, those who work in cases there; once it led to a case, those who work in that.
CREATE POLICY unit ON initiations_planrequest FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority() AND unit_id = ctx_unit()
        AND ctx_role() IN ('handler', 'coordinator', 'receiver', 'manager')
        AND (case_id IS NULL OR wall_works_in(case_id)));
-- Answered by one of them, now and in her own name; undone by clearing it, while no case stands on it.
CREATE POLICY answered_by_unit ON initiations_planrequest FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant()
        AND authority_id = ctx_authority() AND unit_id = ctx_unit()
        AND ctx_role() IN ('handler', 'coordinator', 'receiver', 'manager')
        AND taken_back_at IS NULL AND emptied_at IS NULL AND case_id IS NULL)
    WITH CHECK (answer = '' AND answered_at IS NULL AND case_id IS NULL
        OR answered_by_id = ctx_actor()
           AND (case_id IS NULL AND answered_at = humla_now() OR case_id IS NOT NULL AND wall_works_in(case_id)));
