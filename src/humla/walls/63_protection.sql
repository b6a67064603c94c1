-- Protected identity: who is marked, who is cleared for which case, and where she is.
--
-- A marking, a clearance and a removal touch rows that whoever does it must not read or change by herself, so
-- each is one SECURITY DEFINER sentence and the tables take no INSERT from the program. What a marking closes is
-- closed by every other policy: `NOT is_protected OR cleared_until > humla_now()` on the assignment.

-- Is this about my own human? One may be two professionals of the same authority, and where two persons are needed, or
-- another than oneself, she is one.
CREATE OR REPLACE FUNCTION wall_is_myself(the_professional uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT the_professional = ctx_actor() OR EXISTS (
        SELECT 1 FROM organisation_professional p JOIN organisation_professional me ON me.account_id = p.account_id
         WHERE p.id = the_professional AND me.id = ctx_actor())
$$;

-- Am I cleared for a case about this person at this instant, as I act now? (definer: for writing only)
CREATE OR REPLACE FUNCTION wall_cleared_for(the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'professional' AND EXISTS (
        SELECT 1 FROM cases_caseassignment a
         WHERE a.person_id = the_person AND a.professional_id = ctx_actor() AND a.authority_id = ctx_authority()
           AND a.unit_id = ctx_unit() AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
           AND a.is_protected AND a.cleared_until > humla_now())
$$;

-- Somebody is marked: closed at once in all of her cases here, to everybody but the responsible of each and the one
-- who marks her, who keep them for a week. Without that nobody could read the case to say who should have it.
-- What is on its way about her by mail stays. Answers with the person; with nothing when it may not be done.
CREATE OR REPLACE FUNCTION protect_person(the_case uuid, the_kind text, sealed_reason text, the_row uuid)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    her uuid;
    until timestamptz := humla_now() + interval '7 days';
BEGIN
    SELECT c.person_id INTO her FROM cases_case c WHERE c.id = the_case AND wall_holds(the_case, c.person_id);
    IF NOT FOUND OR the_kind NOT IN ('secrecy', 'registration', 'threat') OR coalesce(sealed_reason, '') = '' THEN
        RETURN NULL;
    END IF;
    -- Her cases before herself, as everywhere else.
    PERFORM 1 FROM cases_case c WHERE c.person_id = her ORDER BY c.id FOR UPDATE;
    PERFORM 1 FROM people_person p WHERE p.id = her AND NOT p.is_protected FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO protection_marking (id, association_id, authority_id, person_id, kind, reason, marked_at, marked_by_id,
                                    removal_reason)
    VALUES (the_row, ctx_tenant(), ctx_authority(), her, the_kind, sealed_reason, humla_now(), ctx_actor(), '');
    UPDATE people_person SET is_protected = true WHERE id = her;
    UPDATE cases_case SET is_protected = true WHERE person_id = her;
    WITH kept AS (
        UPDATE cases_caseassignment a SET is_protected = true, cleared_until = until
         WHERE a.person_id = her AND a.authority_id = ctx_authority() AND a.ends_at IS NULL
           AND (a.role = 'responsible'
                OR a.case_id = the_case AND a.professional_id = ctx_actor() AND a.unit_id = ctx_unit())
        RETURNING a.*)
    INSERT INTO protection_clearance (id, association_id, authority_id, person_id, case_id, professional_id, unit_id,
                                      ground, given_at, given_by_id, ends_at)
    SELECT gen_random_uuid(), k.association_id, k.authority_id, her, k.case_id, k.professional_id, k.unit_id,
           'marking', humla_now(), ctx_actor(), until FROM kept k;
    UPDATE cases_caseassignment SET is_protected = true WHERE person_id = her AND NOT is_protected;
    -- Where she and those near her get their letters is written nowhere from now on.
    UPDATE letters_addressee SET address = '', way = 'by_hand', version = version + 1
     WHERE person_id = her AND called <> 'unit' AND (address <> '' OR way = 'post');
    UPDATE notifications_notice n SET state = 'cancelled'
     WHERE n.state = 'waiting' AND EXISTS (SELECT 1 FROM wall_about(n.about_id) x WHERE x.person_id = her);
    UPDATE links_link l SET revoked_at = humla_now()
     WHERE l.revoked_at IS NULL AND EXISTS (SELECT 1 FROM wall_about(l.subject_id) x WHERE x.person_id = her);
    RETURN her;
END $$;

-- The marking should go: the first of two says so, and why.
CREATE OR REPLACE FUNCTION ask_to_unprotect(the_marking uuid, sealed_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE protection_marking m
       SET removal_asked_at = humla_now(), removal_asked_by_id = ctx_actor(), removal_reason = sealed_reason
     WHERE m.id = the_marking AND m.removed_at IS NULL AND m.removal_asked_at IS NULL
       AND m.authority_id = ctx_authority() AND coalesce(sealed_reason, '') <> '' AND wall_cleared_for(m.person_id);
    RETURN FOUND;
END $$;

-- No, it should stay: by anybody who is cleared.
CREATE OR REPLACE FUNCTION keep_protected(the_marking uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE protection_marking m SET removal_asked_at = NULL, removal_asked_by_id = NULL, removal_reason = ''
     WHERE m.id = the_marking AND m.removed_at IS NULL AND m.removal_asked_at IS NOT NULL
       AND m.authority_id = ctx_authority()
       AND (wall_cleared_for(m.person_id) OR wall_manages_case_of(m.person_id));
    RETURN FOUND;
END $$;

-- Am I the manager of a unit that works in a case about her? She reads nothing of it: only who is to read.
CREATE OR REPLACE FUNCTION wall_manages_case_of(the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'professional' AND ctx_role() = 'manager' AND EXISTS (
        SELECT 1 FROM cases_caseassignment a
         WHERE a.person_id = the_person AND a.association_id = ctx_tenant() AND a.authority_id = ctx_authority()
           AND a.unit_id = ctx_unit() AND a.ends_at IS NULL AND a.is_protected)
$$;

-- The second of two takes it away: another than the first, cleared or the unit's manager. 'twin' when somebody has
-- registered her number meanwhile, as anybody could who did not know of her: two would have it.
CREATE OR REPLACE FUNCTION unprotect_person(the_marking uuid, OUT the_person uuid, OUT outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    outcome := '';
    SELECT m.person_id INTO the_person FROM protection_marking m
     WHERE m.id = the_marking AND m.removed_at IS NULL AND m.removal_asked_at IS NOT NULL
       AND NOT wall_is_myself(m.removal_asked_by_id) AND m.authority_id = ctx_authority() AND m.association_id = ctx_tenant()
       AND (wall_cleared_for(m.person_id) OR wall_manages_case_of(m.person_id))
       FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT 1 FROM people_person p JOIN people_person o ON o.authority_id = p.authority_id
                  AND o.number_lookup = p.number_lookup AND o.id <> p.id
                WHERE p.id = the_person AND p.number_lookup <> '' AND NOT o.is_protected) THEN
        outcome := 'twin';
        RETURN;
    END IF;
    UPDATE protection_marking SET removed_at = humla_now(), removed_by_id = ctx_actor() WHERE id = the_marking;
    UPDATE protection_clearance SET ended_at = humla_now(), ended_by_id = ctx_actor()
     WHERE person_id = the_person AND ended_at IS NULL;
    UPDATE cases_caseassignment SET is_protected = false, cleared_until = NULL WHERE person_id = the_person;
    UPDATE cases_case SET is_protected = false WHERE person_id = the_person;
    UPDATE people_person SET is_protected = false WHERE id = the_person;
    outcome := 'done';
END $$;

-- One professional is cleared for one case, never by herself: by the responsible who is cleared herself, for a
-- colleague of her authority, or by the manager of the unit that works in it, for somebody of that unit. One who
-- does not work in the case yet begins to, where the case is held. Answers with the person.
CREATE OR REPLACE FUNCTION give_clearance(
    the_case uuid, who uuid, the_unit uuid, until timestamptz, the_row uuid
) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    it cases_case;
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'professional') OR wall_is_myself(who)
       OR until <= humla_now() OR until > humla_now() + interval '366 days' THEN
        RETURN NULL;
    END IF;
    SELECT c.* INTO it FROM cases_case c
     WHERE c.id = the_case AND c.is_protected AND c.association_id = ctx_tenant() FOR UPDATE;
    IF NOT FOUND
       OR NOT (it.authority_id = ctx_authority() AND EXISTS (
                  SELECT 1 FROM cases_caseassignment a
                   WHERE a.case_id = the_case AND a.role = 'responsible' AND a.professional_id = ctx_actor()
                     AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit() AND a.ends_at IS NULL
                     AND a.cleared_until > humla_now())
               OR ctx_role() = 'manager' AND the_unit = ctx_unit() AND EXISTS (
                  SELECT 1 FROM cases_caseassignment a
                   WHERE a.case_id = the_case AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                     AND a.ends_at IS NULL))
       OR NOT EXISTS (SELECT 1 FROM organisation_unitassignment u JOIN organisation_unit n ON n.id = u.unit_id
                       WHERE u.professional_id = who AND u.unit_id = the_unit AND n.authority_id = ctx_authority()
                         AND u.association_id = ctx_tenant() AND u.role IN ('handler', 'coordinator', 'receiver', 'manager')
                         AND u.starts_at <= humla_now() AND (u.ends_at IS NULL OR u.ends_at > humla_now())) THEN
        RETURN NULL;
    END IF;
    UPDATE cases_caseassignment SET cleared_until = until
     WHERE case_id = the_case AND professional_id = who AND unit_id = the_unit AND ends_at IS NULL;
    IF NOT FOUND THEN
        IF it.authority_id <> ctx_authority() THEN
            RETURN NULL;
        END IF;
        INSERT INTO cases_caseassignment (id, association_id, authority_id, person_id, case_id, professional_id, unit_id,
                                          role, is_protected, cleared_until, starts_at, ends_at, assigned_by_id)
        VALUES (gen_random_uuid(), it.association_id, it.authority_id, it.person_id, the_case, who, the_unit,
                'member', true, until, humla_now(), NULL, ctx_actor());
    END IF;
    UPDATE protection_clearance SET ended_at = humla_now(), ended_by_id = ctx_actor()
     WHERE case_id = the_case AND professional_id = who AND unit_id = the_unit AND ended_at IS NULL
       AND ends_at > humla_now();
    INSERT INTO protection_clearance (id, association_id, authority_id, person_id, case_id, professional_id, unit_id,
                                      ground, given_at, given_by_id, ends_at)
    VALUES (the_row, it.association_id, ctx_authority(), it.person_id, the_case, who, the_unit, 'given', humla_now(),
            ctx_actor(), until);
    RETURN it.person_id;
END $$;

-- A clearance ends before its time: by whoever has it, the responsible, or the manager of the unit.
CREATE OR REPLACE FUNCTION end_clearance(the_clearance uuid, OUT the_person uuid, OUT the_case uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    it protection_clearance;
BEGIN
    SELECT k.* INTO it FROM protection_clearance k
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND k.id = the_clearance AND k.ended_at IS NULL
       AND k.ends_at > humla_now() AND k.association_id = ctx_tenant() AND k.authority_id = ctx_authority()
       AND (k.professional_id = ctx_actor() AND k.unit_id = ctx_unit()
            OR ctx_role() = 'manager' AND k.unit_id = ctx_unit()
            OR EXISTS (SELECT 1 FROM cases_caseassignment a
                        WHERE a.case_id = k.case_id AND a.role = 'responsible' AND a.professional_id = ctx_actor()
                          AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit() AND a.ends_at IS NULL
                          AND a.cleared_until > humla_now()))
       FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE protection_clearance SET ended_at = humla_now(), ended_by_id = ctx_actor() WHERE id = the_clearance;
    UPDATE cases_caseassignment SET cleared_until = humla_now()
     WHERE case_id = it.case_id AND professional_id = it.professional_id AND unit_id = it.unit_id AND ends_at IS NULL;
    the_person := it.person_id;
    the_case := it.case_id;
END $$;

-- A new case about somebody protected: whoever is cleared in one of her other cases here keeps that in this one,
-- as long and from the same giver. Answers whether she did.
CREATE OR REPLACE FUNCTION carry_clearance(the_case uuid, the_row uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    it cases_case;
    old protection_clearance;
BEGIN
    SELECT c.* INTO it FROM cases_case c
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND c.id = the_case AND c.is_protected
       AND c.authority_id = ctx_authority() AND c.opened_by_id = ctx_actor() AND c.opened_at = humla_now();
    SELECT k.* INTO old FROM protection_clearance k
     WHERE k.person_id = it.person_id AND k.professional_id = ctx_actor() AND k.unit_id = ctx_unit()
       AND k.ended_at IS NULL AND k.ends_at > humla_now()
     ORDER BY k.ends_at DESC LIMIT 1;
    IF old.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE cases_caseassignment SET cleared_until = old.ends_at
     WHERE case_id = the_case AND professional_id = ctx_actor() AND unit_id = ctx_unit() AND ends_at IS NULL;
    INSERT INTO protection_clearance (id, association_id, authority_id, person_id, case_id, professional_id, unit_id,
                                      ground, given_at, given_by_id, ends_at)
    VALUES (the_row, it.association_id, it.authority_id, it.person_id, the_case, ctx_actor(), ctx_unit(), old.ground,
            humla_now(), old.given_by_id, old.ends_at);
    RETURN FOUND;
END $$;

-- What a manager must see to say who may read a protected case: its reference, and who of her unit works in it.
DROP FUNCTION IF EXISTS unit_protected();
CREATE FUNCTION unit_protected()
RETURNS TABLE (case_id uuid, reference text, is_held boolean, professional_id uuid, professional_name text, role text,
               cleared_until timestamptz, clearance_id uuid, marking_id uuid, removal_asked_at timestamptz,
               removal_asked_by_id uuid, removal_asked_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.reference, c.authority_id = ctx_authority(), p.id, p.name, a.role,
           CASE WHEN a.cleared_until > humla_now() THEN a.cleared_until END, k.id, m.id, m.removal_asked_at,
           m.removal_asked_by_id, q.name
      FROM cases_caseassignment a JOIN cases_case c ON c.id = a.case_id
      JOIN organisation_professional p ON p.id = a.professional_id
      LEFT JOIN LATERAL (SELECT x.id FROM protection_clearance x
                          WHERE x.case_id = a.case_id AND x.professional_id = a.professional_id AND x.unit_id = a.unit_id
                            AND x.ended_at IS NULL AND x.ends_at > humla_now()
                          ORDER BY x.given_at DESC, x.id LIMIT 1) k ON true
      LEFT JOIN protection_marking m ON m.person_id = c.person_id AND m.removed_at IS NULL
           AND m.authority_id = ctx_authority()
      LEFT JOIN organisation_professional q ON q.id = m.removal_asked_by_id
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND ctx_role() = 'manager' AND a.association_id = ctx_tenant()
       AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit() AND a.ends_at IS NULL AND a.is_protected
     ORDER BY c.opened_at DESC, c.id, a.role DESC, p.name, a.id
$$;

-- Somebody may have registered her number anew, not knowing that she is here: whoever is cleared for her is told which
-- case, and who answers for it, so that it is protected too.
DROP FUNCTION IF EXISTS cases_of_her_twin(uuid);
CREATE FUNCTION cases_of_her_twin(the_person uuid) RETURNS TABLE (reference text, responsible text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.reference, w.name
      FROM people_person p
      JOIN people_person o ON o.authority_id = p.authority_id AND o.number_lookup = p.number_lookup AND o.id <> p.id
      JOIN cases_case c ON c.person_id = o.id AND c.state = 'open'
      JOIN cases_caseassignment a ON a.case_id = c.id AND a.role = 'responsible' AND a.ends_at IS NULL
      JOIN organisation_professional w ON w.id = a.professional_id
     WHERE p.id = the_person AND p.number_lookup <> '' AND p.is_protected AND NOT o.is_protected
       AND p.authority_id = ctx_authority() AND wall_cleared_for(p.id)
     ORDER BY c.opened_at, c.id
$$;

-- Who wrote the place is whoever changed it, whatever the order says.
CREATE OR REPLACE FUNCTION place_is_written_by() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' OR NEW.place IS DISTINCT FROM OLD.place THEN
        NEW.place_by_id := coalesce(ctx_actor(), NEW.place_by_id, NEW.planned_by_id);
    ELSE
        NEW.place_by_id := OLD.place_by_id;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER place_is_written_by BEFORE INSERT OR UPDATE ON meetings_meeting
    FOR EACH ROW EXECUTE FUNCTION place_is_written_by();

REVOKE ALL ON FUNCTION wall_is_myself(uuid), wall_cleared_for(uuid), protect_person(uuid, text, text, uuid), ask_to_unprotect(uuid, text),
    keep_protected(uuid), wall_manages_case_of(uuid), unprotect_person(uuid),
    give_clearance(uuid, uuid, uuid, timestamptz, uuid), end_clearance(uuid), carry_clearance(uuid, uuid),
    unit_protected(), cases_of_her_twin(uuid), place_is_written_by() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_is_myself(uuid), wall_cleared_for(uuid), protect_person(uuid, text, text, uuid), ask_to_unprotect(uuid, text),
    keep_protected(uuid), wall_manages_case_of(uuid), unprotect_person(uuid),
    give_clearance(uuid, uuid, uuid, timestamptz, uuid), end_clearance(uuid), carry_clearance(uuid, uuid),
    unit_protected(), cases_of_her_twin(uuid) TO humla_app;

-- The marking: read by those who are cleared for her, and by herself.
CREATE POLICY cleared ON protection_marking FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.person_id = protection_marking.person_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = protection_marking.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);

-- Who is cleared: one's own, all of them for those who work in the case where it is held, and herself.
CREATE POLICY own_or_holder ON protection_clearance FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = protection_clearance.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
            AND (professional_id = ctx_actor() AND unit_id = ctx_unit() OR wall_holds(case_id, person_id))
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = protection_clearance.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);

-- Where she is: the holder's own, and only with a clearance in force. Not even they read it once the marking is gone.
CREATE POLICY cleared ON protection_protectedcontact FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.person_id = protection_protectedcontact.person_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND a.is_protected AND a.cleared_until > humla_now() OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = protection_protectedcontact.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);
CREATE POLICY written_by_cleared ON protection_protectedcontact FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND written_by_id = ctx_actor() AND written_at = humla_now()
        AND wall_person_is_ours(person_id) AND wall_cleared_for(person_id));
CREATE POLICY changed_by_cleared ON protection_protectedcontact FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND authority_id = ctx_authority()
        AND wall_cleared_for(person_id))
    WITH CHECK (authority_id = ctx_authority() AND written_by_id = ctx_actor() AND written_at = humla_now());

-- The second pair of eyes on a place: those who hold the case, and not whoever wrote it.
CREATE POLICY holder_or_person ON meetings_placeapproval FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = meetings_placeapproval.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = meetings_placeapproval.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);
CREATE POLICY approved_by_another ON meetings_placeapproval FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND approved_by_id = ctx_actor() AND approved_at = humla_now() AND wall_holds(case_id, person_id)
        AND EXISTS (SELECT 1 FROM meetings_meeting m
                     WHERE m.id = meeting_id AND m.case_id = meetings_placeapproval.case_id
                       AND m.place = meetings_placeapproval.place AND m.place_by_id = meetings_placeapproval.written_by_id
                       AND NOT wall_is_myself(m.place_by_id)));
