-- The facts of the rule and who may write them.
--
-- Leaf policies read only the context and their own columns; everything else refers to them by correlated
-- EXISTS ending in OFFSET 0 (inside an OR the planner would otherwise hash all rows of the receiver).
-- A policy may not reach its own table again, so the rights to WRITE are SECURITY DEFINER sentences:
-- foreign-key checks bypass row policies, and without them a clinic could tell "exists" from "not" by
-- inserting, and anybody could assign herself.
--
-- The person names a unit, so every right is a unit's (docs/decisions/0008): one's work in a case counts for
-- the unit that one acts for now, and what another unit of the same authority has received opens nothing here.

-- Do I, acting as I act now, work in this case? (definer: for writing only)
CREATE OR REPLACE FUNCTION wall_works_in(the_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'professional' AND EXISTS (
        SELECT 1 FROM cases_caseassignment a
         WHERE a.case_id = the_case AND a.professional_id = ctx_actor() AND a.authority_id = ctx_authority()
           AND a.unit_id = ctx_unit() AND a.starts_at <= humla_now()
           AND (a.ends_at IS NULL OR a.ends_at > humla_now())
           AND (NOT a.is_protected OR a.cleared_until > humla_now()))
$$;

-- Does my authority hold this case about this person, and do I work in it?
CREATE OR REPLACE FUNCTION wall_holds(the_case uuid, the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wall_works_in(the_case) AND EXISTS (
        SELECT 1 FROM cases_case c WHERE c.id = the_case AND c.person_id = the_person
           AND c.association_id = ctx_tenant() AND c.authority_id = ctx_authority())
$$;

-- Is the person in my authority's own record? (opening a case about somebody already registered)
CREATE OR REPLACE FUNCTION wall_person_is_ours(the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'professional' AND EXISTS (
        SELECT 1 FROM people_person p WHERE p.id = the_person AND p.authority_id = ctx_authority()
           AND p.association_id = ctx_tenant())
$$;

-- A person with protected identity in one case is protected in the next: otherwise whoever opens a case of
-- her own about the same person reads the whole record without clearance.
CREATE OR REPLACE FUNCTION wall_is_protected(the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM people_person p WHERE p.id = the_person AND p.is_protected
                      AND wall_person_is_ours(the_person))
$$;

-- What a consent narrows is a consent of the same case. Asked by the owner: a policy may not reach its own
-- table, and the foreign key alone would tell that a hidden consent exists.
CREATE OR REPLACE FUNCTION wall_narrows(the_consent uuid, the_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM consents_consent k WHERE k.id = the_consent AND k.case_id = the_case
                      AND k.authority_id = ctx_authority() AND wall_works_in(the_case))
$$;

-- Has something of this case come to the unit that I am the way in of? Its other cases are not hers to count.
CREATE OR REPLACE FUNCTION wall_came_here(the_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'professional' AND ctx_role() = 'receiver' AND EXISTS (
        SELECT 1 FROM disclosures_disclosure d WHERE d.case_id = the_case AND d.receiver_unit_id = ctx_unit()
           AND d.association_id = ctx_tenant() AND d.opens_at <= humla_now() AND d.undone_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = the_case AND c.is_protected)
$$;

-- The protected cases in which something has come to the unit that I am the way in of: they are on no list of hers.
-- All of them at once, since they are few and a list of what has come is long.
CREATE OR REPLACE FUNCTION wall_kept_from_way_in() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(c.id), '{}') FROM cases_case c
     WHERE c.is_protected AND c.association_id = ctx_tenant() AND ctx_ok() AND ctx_role() = 'receiver'
       AND EXISTS (SELECT 1 FROM disclosures_disclosure d
                    WHERE d.case_id = c.id AND d.receiver_unit_id = ctx_unit())
$$;

-- Is there a yes in force from this holder to my unit, covering this kind of information? Answered only to those
-- who work in the case: a link carries a unit too, and so does a colleague who has no business there.
CREATE OR REPLACE FUNCTION wall_consents(the_case uuid, the_holder uuid, the_category text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wall_works_in(the_case) AND EXISTS (
        SELECT 1 FROM consents_consent k
         WHERE k.case_id = the_case AND k.authority_id = the_holder AND k.receiver_unit_id = ctx_unit()
           AND the_category = ANY (k.categories) AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
           AND (k.withdrawn_at IS NULL OR k.withdrawn_at > humla_now()))
$$;

-- Is this offer of the lead mine to answer? It has left, nobody has answered or taken it back, and the person's
-- yes to us still stands: without it there is nothing to take over.
CREATE OR REPLACE FUNCTION wall_offered(the_transfer uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM plans_leadtransfer t JOIN disclosures_disclosure d ON d.id = t.disclosure_id
         WHERE t.id = the_transfer AND t.association_id = ctx_tenant() AND t.to_unit_id = ctx_unit()
           AND t.answered_at IS NULL AND t.taken_back_at IS NULL
           AND d.receiver_unit_id = ctx_unit() AND d.opens_at <= humla_now() AND d.undone_at IS NULL
           AND d.recalled_at IS NULL
           AND wall_consents(t.case_id, t.authority_id, 'PLANNING'))
$$;

-- May a case continue this one, as the same SIP? Only for those it was handed over to.
CREATE OR REPLACE FUNCTION wall_continues(the_case uuid, the_series uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wall_works_in(the_case) AND EXISTS (
        SELECT 1 FROM cases_case c JOIN plans_leadtransfer t ON t.case_id = c.id
         WHERE c.id = the_case AND c.series = the_series AND c.association_id = ctx_tenant() AND wall_offered(t.id))
$$;

-- The one row of my own authority with this number, so that nobody is registered twice. One with protected identity is
-- there only for those who are cleared for her: everybody else registers the number as if nobody had it, since "she is
-- known here" is what whoever looks for her asks.
CREATE OR REPLACE FUNCTION wall_find_person(the_lookup text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id FROM people_person p
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND the_lookup <> '' AND p.number_lookup = the_lookup
       AND p.authority_id = ctx_authority() AND p.association_id = ctx_tenant()
       AND (NOT p.is_protected OR EXISTS (
            SELECT 1 FROM cases_caseassignment a
             WHERE a.person_id = p.id AND a.professional_id = ctx_actor() AND a.authority_id = ctx_authority()
               AND a.unit_id = ctx_unit() AND a.starts_at <= humla_now()
               AND (a.ends_at IS NULL OR a.ends_at > humla_now()) AND a.cleared_until > humla_now()))
     ORDER BY p.is_protected DESC LIMIT 1
$$;

-- May a key be laid to this registration? Only with a number to make it from, and once: a key laid to a
-- registration by temporary code would open it to whoever the key is, and a second would shut the person out.
CREATE OR REPLACE FUNCTION wall_may_key(the_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wall_person_is_ours(the_person)
       AND EXISTS (SELECT 1 FROM people_person p WHERE p.id = the_person AND p.number_lookup <> '')
       AND NOT EXISTS (SELECT 1 FROM people_personkey k WHERE k.person_id = the_person)
$$;

-- The key after a number has been corrected; '' ends it. By those who work with the person, and only as the
-- registration now is: a number has a key, a temporary code has none. The owner writes it, since an UPDATE
-- that names its row must be allowed to read it, and no professional may read a key.
CREATE OR REPLACE FUNCTION set_person_key(the_person uuid, the_key text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'professional' AND the_key ~ '^([0-9a-f]{64})?$')
       OR NOT EXISTS (SELECT 1 FROM people_person p WHERE p.id = the_person AND p.authority_id = ctx_authority()
                         AND p.association_id = ctx_tenant() AND (p.number_lookup = '') = (the_key = ''))
       OR NOT EXISTS (SELECT 1 FROM cases_caseassignment a
                       WHERE a.person_id = the_person AND a.professional_id = ctx_actor()
                         AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                         AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                         AND (NOT a.is_protected OR a.cleared_until > humla_now())) THEN
        RETURN false;
    END IF;
    IF the_key = '' THEN
        UPDATE people_personkey SET ended_at = humla_now()
         WHERE person_id = the_person AND ended_at IS NULL;
    ELSE
        INSERT INTO people_personkey (person_id, key) VALUES (the_person, the_key)
            ON CONFLICT (person_id) DO UPDATE SET key = excluded.key, ended_at = NULL;
    END IF;
    RETURN true;
END $$;

-- May I assign this professional of my own authority to this case?
CREATE OR REPLACE FUNCTION wall_may_assign(
    the_case uuid, the_person uuid, who uuid, the_unit uuid, the_role text, protected boolean
) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'professional'
       AND EXISTS (SELECT 1 FROM organisation_unitassignment a JOIN organisation_unit u ON u.id = a.unit_id
                    WHERE a.professional_id = who AND a.unit_id = the_unit AND u.authority_id = ctx_authority()
                      AND a.association_id = ctx_tenant() AND a.role IN ('handler', 'coordinator', 'receiver', 'manager')
                      AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now()))
       AND EXISTS (SELECT 1 FROM cases_case c
                    WHERE c.id = the_case AND c.person_id = the_person AND c.association_id = ctx_tenant()
                      AND c.is_protected = protected
                      AND CASE WHEN c.authority_id = ctx_authority() THEN
                              -- The one who opens takes it; afterwards the responsible decides.
                              (c.opened_by_id = ctx_actor() AND c.unit_id = ctx_unit() AND the_unit = ctx_unit()
                               AND who = ctx_actor() AND the_role = 'responsible'
                               AND NOT EXISTS (SELECT 1 FROM cases_caseassignment x WHERE x.case_id = c.id))
                              OR EXISTS (SELECT 1 FROM cases_caseassignment x
                                          WHERE x.case_id = c.id AND x.role = 'responsible'
                                            AND x.professional_id = ctx_actor() AND x.authority_id = ctx_authority()
                                            AND x.unit_id = ctx_unit() AND x.starts_at <= humla_now()
                                            AND (x.ends_at IS NULL OR x.ends_at > humla_now())
                                            AND (NOT x.is_protected OR x.cleared_until > humla_now()))
                          ELSE
                              -- The unit's way in takes care of what has come to the unit.
                              ctx_role() = 'receiver' AND the_role <> 'responsible' AND the_unit = ctx_unit()
                              AND NOT c.is_protected
                              AND EXISTS (SELECT 1 FROM disclosures_disclosure d
                                           WHERE d.case_id = c.id AND d.receiver_unit_id = ctx_unit()
                                             AND d.opens_at <= humla_now() AND d.undone_at IS NULL AND d.recalled_at IS NULL
                                             AND (d.ground = 'law' OR EXISTS (
                                                 SELECT 1 FROM consents_consent k
                                                  WHERE k.case_id = c.id AND k.authority_id = c.authority_id
                                                    AND k.receiver_unit_id = ctx_unit()
                                                    AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
                                                    AND (k.withdrawn_at IS NULL OR k.withdrawn_at > humla_now()))))
                          END)
$$;

-- May this document be released so, now? Any withdrawal stops it, also one of a later instant: a transaction
-- that began before the withdrawal would otherwise slip through. The consent row is locked by lock_consent()
-- in the same transaction.
CREATE OR REPLACE FUNCTION wall_may_disclose(
    the_document uuid, the_case uuid, the_person uuid, the_consent uuid, to_authority uuid, to_unit uuid, what text[]
) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wall_holds(the_case, the_person)
       -- Whoever waited while a colleague closed the case, or another took over the lead, hands nothing out.
       AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = the_case AND c.state = 'open')
       AND EXISTS (SELECT 1 FROM disclosures_document d WHERE d.id = the_document AND d.case_id = the_case
                      AND d.authority_id = ctx_authority())
       AND EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = to_unit AND u.authority_id = to_authority
                      AND u.association_id = ctx_tenant())
       AND EXISTS (SELECT 1 FROM consents_consent k
                    WHERE k.id = the_consent AND k.case_id = the_case AND k.authority_id = ctx_authority()
                      AND k.receiver_id = to_authority AND k.receiver_unit_id = to_unit AND what <@ k.categories::text[]
                      AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
                      AND k.withdrawn_at IS NULL)
$$;

-- FOR SHARE drops rows that the update policy hides, silently: so the lock is taken by the owner.
CREATE OR REPLACE FUNCTION lock_consent(the_consent uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM consents_consent k
      WHERE k.id = the_consent AND wall_works_in(k.case_id) AND k.authority_id = ctx_authority() FOR SHARE;
    RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION wall_works_in(uuid), wall_holds(uuid, uuid), wall_person_is_ours(uuid),
    wall_is_protected(uuid), wall_narrows(uuid, uuid), wall_came_here(uuid), wall_kept_from_way_in(), wall_continues(uuid, uuid),
    wall_consents(uuid, uuid, text), wall_offered(uuid), wall_find_person(text), wall_may_key(uuid), set_person_key(uuid, text),
    wall_may_assign(uuid, uuid, uuid, uuid, text, boolean),
    wall_may_disclose(uuid, uuid, uuid, uuid, uuid, uuid, text[]), lock_consent(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_works_in(uuid), wall_holds(uuid, uuid), wall_person_is_ours(uuid),
    wall_is_protected(uuid), wall_narrows(uuid, uuid), wall_came_here(uuid), wall_kept_from_way_in(), wall_continues(uuid, uuid),
    wall_consents(uuid, uuid, text), wall_offered(uuid), wall_find_person(text), wall_may_key(uuid), set_person_key(uuid, text),
    wall_may_assign(uuid, uuid, uuid, uuid, text, boolean),
    wall_may_disclose(uuid, uuid, uuid, uuid, uuid, uuid, text[]), lock_consent(uuid) TO humla_app;

-- Leaf: the pseudonym of the person's own session. One that has ended opens nothing.
CREATE POLICY own_key ON people_personkey FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'person' AND key = ctx_person() AND ended_at IS NULL);
CREATE POLICY key_of_our_person ON people_personkey FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ended_at IS NULL AND wall_may_key(person_id));

-- Leaf: who works in a case. One sees one's own; the unit's way in sees who took care of what came to it;
-- those who hold the case see all who work in it.
CREATE POLICY own_or_holder ON cases_caseassignment FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant()
            AND ((professional_id = ctx_actor() AND authority_id = ctx_authority() AND unit_id = ctx_unit())
                 OR (ctx_role() = 'receiver' AND unit_id = ctx_unit() AND authority_id = ctx_authority()
                     AND wall_came_here(case_id))
                 OR wall_holds(case_id, person_id))
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = cases_caseassignment.person_id AND k.key = ctx_person() OFFSET 0)
        WHEN 'representative' THEN role = 'responsible' AND wall_represents(case_id, person_id, '')
        ELSE false END);
CREATE POLICY assigned_by_right ON cases_caseassignment FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND assigned_by_id = ctx_actor() AND starts_at = humla_now() AND ends_at IS NULL AND cleared_until IS NULL
        AND wall_may_assign(case_id, person_id, professional_id, unit_id, role, is_protected));
CREATE POLICY ended_by_right ON cases_caseassignment FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND association_id = ctx_tenant() AND ends_at IS NULL
        AND ((professional_id = ctx_actor() AND authority_id = ctx_authority() AND unit_id = ctx_unit())
             OR wall_holds(case_id, person_id)))
    WITH CHECK (ends_at = humla_now());

-- A consent: seen by those who work in the case at the authority that gives or the unit that receives.
CREATE POLICY giver_or_receiver ON consents_consent FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant()
            AND (authority_id = ctx_authority() OR receiver_unit_id = ctx_unit())
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = consents_consent.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = consents_consent.person_id AND k.key = ctx_person() OFFSET 0)
        WHEN 'representative' THEN wall_answers_for(case_id, person_id)
        ELSE false END);
CREATE POLICY recorded_by_holder ON consents_consent FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND recorded_by_id = ctx_actor() AND withdrawn_at IS NULL AND given_at = humla_now()
        AND starts_at >= humla_now() AND wall_holds(case_id, person_id)
        AND wall_answered_by(mandate_id, person_id) AND wall_answered_by(second_mandate_id, person_id)
        AND (narrows_id IS NULL OR wall_narrows(narrows_id, case_id))
        AND EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = receiver_unit_id
                       AND u.authority_id = receiver_id AND u.association_id = ctx_tenant())
        AND (wording_id IS NULL OR EXISTS (SELECT 1 FROM consents_consentwording w WHERE w.id = wording_id
                AND w.association_id = consents_consent.association_id)));
CREATE POLICY withdrawn_once ON consents_consent FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND withdrawn_at IS NULL AND CASE ctx_kind()
        WHEN 'professional' THEN authority_id = ctx_authority() AND wall_holds(case_id, person_id)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = consents_consent.person_id AND k.key = ctx_person() OFFSET 0)
        WHEN 'representative' THEN given_by <> 'person' AND wall_answers_for(case_id, person_id)
        ELSE false END)
    WITH CHECK (withdrawn_at = humla_now() AND withdrawn_by_id = ctx_actor());

CREATE POLICY holder ON consents_planconsent FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = consents_planconsent.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = consents_planconsent.person_id AND k.key = ctx_person() OFFSET 0)
        WHEN 'representative' THEN wall_answers_for(case_id, person_id)
        ELSE false END);
CREATE POLICY recorded_by_holder ON consents_planconsent FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND recorded_by_id = ctx_actor() AND given_at = humla_now() AND wall_holds(case_id, person_id)
        AND wall_answered_by(mandate_id, person_id) AND wall_answered_by(second_mandate_id, person_id)
        AND (wording_id IS NULL OR EXISTS (SELECT 1 FROM consents_consentwording w WHERE w.id = wording_id
                AND w.association_id = consents_planconsent.association_id)));

-- A disclosure: seen by those who work in the case on either side; a unit's way in sees that something came.
CREATE POLICY giver_receiver_or_way_in ON disclosures_disclosure FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant()
            -- Until it has left, it is nothing that the receiver can know of (SUM-10), nor a unit's way in that
            -- happens to be of the giver's authority.
            AND ((receiver_unit_id = ctx_unit() AND ctx_role() = 'receiver'
                  AND opens_at <= humla_now() AND undone_at IS NULL
                  -- What is about somebody with protected identity goes by paper, from hand to hand.
                  AND case_id <> ALL ((SELECT wall_kept_from_way_in())::uuid[]))
                 OR (authority_id = ctx_authority()
                     OR receiver_unit_id = ctx_unit() AND opens_at <= humla_now() AND undone_at IS NULL)
                    AND EXISTS (SELECT 1 FROM cases_caseassignment a
                                 WHERE a.case_id = disclosures_disclosure.case_id AND a.professional_id = ctx_actor()
                                   AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                                   AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                                   AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0))
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = disclosures_disclosure.person_id AND k.key = ctx_person() OFFSET 0)
        WHEN 'representative' THEN
            opens_at <= humla_now() AND undone_at IS NULL AND wall_answers_for(case_id, person_id)
            AND NOT wall_withheld(document_id, '')
        ELSE false END);
CREATE POLICY released_by_right ON disclosures_disclosure FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND authority_id = ctx_authority()
        AND disclosed_by_id = ctx_actor() AND disclosed_at = humla_now() AND opens_at >= humla_now()
        AND undone_at IS NULL AND received_at IS NULL AND recalled_at IS NULL AND ground = 'consent'
        AND wall_may_disclose(document_id, case_id, person_id, consent_id, receiver_id, receiver_unit_id,
                              categories::text[]));
-- Taken back while it has not left.
CREATE POLICY undone_by_holder ON disclosures_disclosure FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'professional' AND undone_at IS NULL AND opens_at > humla_now()
        AND authority_id = ctx_authority() AND wall_holds(case_id, person_id))
    WITH CHECK (undone_at = humla_now());
