-- What lies in the receiver's own record, what is called back, and what an opening link opens.
--
-- Here: the copies ("Mottagna handlingar"), their receipt and archiving, recall, one-time codes and the short
-- reading behind one. Not here: the act of release (30_facts.sql), neutral links and notices (45_course.sql).
--
-- Nobody may write in a copy, so no table right is given: the owner lays it from the frozen parts, and empties it.

-- The parts that an act of release gave, as they were frozen: {category: content}.
CREATE OR REPLACE FUNCTION wall_parts_given(the_disclosure uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(p.category, p.content), '{}'::jsonb)
      FROM disclosures_disclosure d
      JOIN disclosures_documentpart p ON p.document_id = d.document_id AND p.authority_id = d.authority_id
           AND p.category = ANY (d.categories) AND p.category NOT IN ('INTERNAL', 'PROTECTED')
     WHERE d.id = the_disclosure
$$;

-- The receiver's copy, laid by the one who hands over in the transaction of the act: once, and of that act only.
CREATE OR REPLACE FUNCTION lay_copy(the_disclosure uuid, the_row uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'professional') THEN
        RETURN false;
    END IF;
    INSERT INTO disclosures_receivedcopy (id, association_id, authority_id, person_id, case_id, unit_id, disclosure_id,
                                          giver_id, giver_unit_id, reference, kind, version, title, parts, opens_at,
                                          archive_reference)
    SELECT the_row, d.association_id, d.receiver_id, d.person_id, d.case_id, d.receiver_unit_id, d.id,
           d.authority_id, c.unit_id, c.reference, x.kind, x.version, x.title, wall_parts_given(d.id), d.opens_at, ''
      FROM disclosures_disclosure d
      JOIN disclosures_document x ON x.id = d.document_id
      JOIN cases_case c ON c.id = d.case_id
     WHERE d.id = the_disclosure AND d.association_id = ctx_tenant() AND d.authority_id = ctx_authority()
       AND d.disclosed_by_id = ctx_actor() AND d.disclosed_at = humla_now() AND d.undone_at IS NULL
        ON CONFLICT (disclosure_id) DO NOTHING;
    RETURN FOUND;
END $$;

-- Is this what my unit was given, and do I work there with it? Also when the yes has ended: it is our own record.
CREATE OR REPLACE FUNCTION wall_given_to_us(the_disclosure uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM disclosures_disclosure d
                    WHERE d.id = the_disclosure AND d.association_id = ctx_tenant()
                      AND d.receiver_id = ctx_authority() AND d.receiver_unit_id = ctx_unit()
                      AND d.opens_at <= humla_now() AND d.undone_at IS NULL AND wall_works_in(d.case_id))
$$;

-- The receipt: once, by the receiver. It stands on the act, where the giver and the person see it.
CREATE OR REPLACE FUNCTION receive_document(the_disclosure uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE disclosures_disclosure SET received_at = humla_now(), received_by_id = ctx_actor()
     WHERE id = the_disclosure AND received_at IS NULL AND recalled_at IS NULL AND wall_given_to_us(id);
    RETURN FOUND;
END $$;

-- "Arkiverad hos oss": the receiver has it in its own archive, so Humla keeps nothing of it but the line.
CREATE OR REPLACE FUNCTION archive_copy(the_copy uuid, the_reference text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE disclosures_receivedcopy k
       SET archived_at = humla_now(), archived_by_id = ctx_actor(), archive_reference = the_reference, parts = '{}'
     WHERE k.id = the_copy AND k.archived_at IS NULL AND the_reference <> '' AND wall_given_to_us(k.disclosure_id)
       AND EXISTS (SELECT 1 FROM disclosures_disclosure d WHERE d.id = k.disclosure_id AND d.received_at IS NOT NULL
                      AND d.recalled_at IS NULL);
    RETURN FOUND;
END $$;

-- For a minute it can be undone: laid again from what was frozen, by the one who did it.
CREATE OR REPLACE FUNCTION unarchive_copy(the_copy uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- A recall under way is waited for: what it has emptied would otherwise be laid there again.
    PERFORM 1 FROM disclosures_disclosure d JOIN disclosures_receivedcopy k ON k.disclosure_id = d.id
      WHERE k.id = the_copy AND wall_given_to_us(d.id) FOR UPDATE OF d;
    UPDATE disclosures_receivedcopy k
       SET archived_at = NULL, archived_by_id = NULL, archive_reference = '', parts = wall_parts_given(k.disclosure_id)
     WHERE k.id = the_copy AND k.archived_by_id = ctx_actor() AND k.archived_at > humla_now() - interval '60 seconds'
       AND wall_given_to_us(k.disclosure_id)
       AND EXISTS (SELECT 1 FROM disclosures_disclosure d WHERE d.id = k.disclosure_id AND d.recalled_at IS NULL);
    RETURN FOUND;
END $$;

-- Called back by those who hold the case: every reading of it ends, and the receiver's copy is empty in the same
-- second. That it was given, and received, stands.
CREATE OR REPLACE FUNCTION recall_disclosure(the_disclosure uuid, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF why NOT IN ('receiver', 'content') THEN
        RETURN false;
    END IF;
    UPDATE disclosures_disclosure d SET recalled_at = humla_now(), recalled_by_id = ctx_actor(), recalled_why = why
     WHERE d.id = the_disclosure AND d.authority_id = ctx_authority() AND d.opens_at <= humla_now()
       AND d.undone_at IS NULL AND d.recalled_at IS NULL AND wall_holds(d.case_id, d.person_id);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE disclosures_receivedcopy SET parts = '{}' WHERE disclosure_id = the_disclosure;
    RETURN true;
END $$;

-- A copy: those who work with it at the unit that got it, for as long as it lies there; and the person.
CREATE POLICY receiver_or_person ON disclosures_receivedcopy FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority() AND unit_id = ctx_unit()
            AND opens_at <= humla_now()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = disclosures_receivedcopy.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
            -- One that was undone before it left never was.
            AND EXISTS (SELECT 1 FROM disclosures_disclosure d
                         WHERE d.id = disclosures_receivedcopy.disclosure_id AND d.undone_at IS NULL OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = disclosures_receivedcopy.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);

-- What was written back with a code: those who hold the case, and the person.
CREATE POLICY holder_or_person ON disclosures_reply FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND CASE ctx_kind()
        WHEN 'professional' THEN
            association_id = ctx_tenant() AND authority_id = ctx_authority()
            AND EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = disclosures_reply.case_id AND a.professional_id = ctx_actor()
                           AND a.authority_id = ctx_authority() AND a.unit_id = ctx_unit()
                           AND a.starts_at <= humla_now() AND (a.ends_at IS NULL OR a.ends_at > humla_now())
                           AND (NOT a.is_protected OR a.cleared_until > humla_now()) OFFSET 0)
        WHEN 'person' THEN
            EXISTS (SELECT 1 FROM people_personkey k
                     WHERE k.person_id = disclosures_reply.person_id AND k.key = ctx_person() OFFSET 0)
        ELSE false END);

-- No right to it is given either: codes are asked for and tried through functions alone.
CREATE POLICY nobody ON links_linkopening FOR SELECT TO humla_app USING ((SELECT ctx_ok()) AND false);

-- The door of an opening link. The token gives the link and nothing to read; role 'opened' only together with the
-- browser that a code opened, for twenty minutes.
DROP FUNCTION IF EXISTS enter_opening(text, text, uuid);
CREATE FUNCTION enter_opening(
    token text, browser text, request uuid,
    OUT at timestamptz, OUT kind text, OUT association uuid, OUT link uuid, OUT unit uuid, OUT unit_name text,
    OUT role text
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line text;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7201);
    at := humla_now();
    SELECT 'link', l.association_id, l.id, l.unit_id, u.name INTO kind, association, link, unit, unit_name
      FROM links_link l JOIN organisation_unit u ON u.id = l.unit_id
     WHERE l.token_hash = token AND l.kind = 'opening' AND l.ends_at > at AND l.revoked_at IS NULL;
    kind := coalesce(kind, 'public');
    role := CASE WHEN browser <> '' AND EXISTS (
        SELECT 1 FROM links_linkopening o WHERE o.link_id = link AND o.browser_hash = browser AND o.closed_at IS NULL
           AND o.opened_at > at - interval '20 minutes') THEN 'opened' ELSE '' END;
    line := concat_ws('|', kind, coalesce(association::text, ''), coalesce(link::text, ''), '',
        coalesce(unit::text, ''), role, '', '', (extract(epoch FROM transaction_timestamp())::bigint + 60)::text,
        request::text);
    PERFORM set_config('humla.ctx', line || '|' || wall_mac(line), true);
END $$;

-- The one act of release that the open link leads to, while it may be read: it has left, is not called back, not
-- about somebody with protected identity, and a yes to that unit holds now. For the functions below alone.
CREATE OR REPLACE FUNCTION wall_opening() RETURNS SETOF disclosures_disclosure
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.* FROM links_link l
      LEFT JOIN meetings_summons s ON l.subject = 'summons' AND s.id = l.subject_id AND s.unit_id = l.unit_id
           AND s.cancelled_at IS NULL AND s.leaves_at <= humla_now()
      JOIN disclosures_disclosure d ON d.id = CASE l.subject WHEN 'document' THEN l.subject_id ELSE s.disclosure_id END
           AND d.receiver_unit_id = l.unit_id AND d.association_id = l.association_id
      JOIN cases_case c ON c.id = d.case_id
     WHERE ctx_ok() AND ctx_kind() = 'link' AND l.id = ctx_actor() AND l.kind = 'opening' AND l.revoked_at IS NULL
       AND l.ends_at > humla_now() AND d.opens_at <= humla_now() AND d.undone_at IS NULL AND d.recalled_at IS NULL
       AND NOT c.is_protected
       AND EXISTS (SELECT 1 FROM consents_consent k
                    WHERE k.case_id = d.case_id AND k.authority_id = d.authority_id
                      AND k.receiver_unit_id = d.receiver_unit_id AND k.categories && d.categories
                      AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
                      AND (k.withdrawn_at IS NULL OR k.withdrawn_at > humla_now()))
$$;

-- What an opening link says before a code: that there is something, where the code goes, and whether one is out.
DROP FUNCTION IF EXISTS opening_state();
CREATE FUNCTION opening_state()
RETURNS TABLE (subject text, phone_ends text, asked_at timestamptz, tries_left integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.subject, right(u.code_phone, 2), o.asked_at, 5 - o.tries
      FROM links_link l JOIN organisation_unit u ON u.id = l.unit_id
      LEFT JOIN LATERAL (SELECT x.* FROM links_linkopening x WHERE x.link_id = l.id AND x.opened_at IS NULL
                            AND x.asked_at > humla_now() - interval '10 minutes'
                          ORDER BY x.asked_at DESC, x.id DESC LIMIT 1) o ON true
     WHERE ctx_ok() AND ctx_kind() = 'link' AND l.id = ctx_actor() AND EXISTS (SELECT 1 FROM wall_opening())
$$;

-- A new code, which leaves as a notice to the telephone that the unit registered. Five an hour for a link, twenty a
-- day for a unit: more would be somebody else's doing. Answers why not, in a word, or nothing.
CREATE OR REPLACE FUNCTION ask_code(the_row uuid, the_notice uuid, the_hash text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    opening links_link;
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'link') THEN
        RETURN 'dead';
    END IF;
    SELECT l.* INTO opening FROM links_link l WHERE l.id = ctx_actor() FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM wall_opening()) THEN
        RETURN 'dead';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = opening.unit_id AND u.code_phone <> '') THEN
        RETURN 'no_phone';
    END IF;
    -- One lock per unit, so that two links cannot pass the daily limit side by side.
    PERFORM pg_advisory_xact_lock(7262, hashtext(opening.unit_id::text));
    IF (SELECT count(*) FROM links_linkopening o
         WHERE o.link_id = opening.id AND o.asked_at > humla_now() - interval '1 hour') >= 5
       OR (SELECT count(*) FROM links_linkopening o JOIN links_link l ON l.id = o.link_id
            WHERE l.unit_id = opening.unit_id AND o.asked_at > humla_now() - interval '1 day') >= 20 THEN
        RETURN 'too_many';
    END IF;
    INSERT INTO links_linkopening (id, association_id, link_id, code_hash, asked_at, tries, browser_hash)
    VALUES (the_row, opening.association_id, opening.id, the_hash, humla_now(), 0, '');
    INSERT INTO notifications_notice (id, association_id, kind, unit_id, about_id, state, queued_at, queued_by_id,
                                      leaves_at, tries, fault)
    VALUES (the_notice, opening.association_id, 'link_code', opening.unit_id, the_row, 'waiting', humla_now(),
            opening.id, humla_now(), 0, '');
    RETURN '';
END $$;

-- The code that came, tried: the newest only, ten minutes, five tries, once. A wrong one is counted.
CREATE OR REPLACE FUNCTION use_code(the_hash text, the_browser text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked links_linkopening;
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'link') OR the_browser = '' OR NOT EXISTS (SELECT 1 FROM wall_opening()) THEN
        RETURN 'dead';
    END IF;
    -- The link's row is the queue: two tries at once are two tries.
    PERFORM 1 FROM links_link l WHERE l.id = ctx_actor() FOR UPDATE;
    SELECT o.* INTO asked FROM links_linkopening o WHERE o.link_id = ctx_actor() ORDER BY o.asked_at DESC, o.id DESC LIMIT 1;
    IF asked.id IS NULL OR asked.opened_at IS NOT NULL OR asked.tries >= 5
       OR asked.asked_at <= humla_now() - interval '10 minutes' THEN
        RETURN 'over';
    END IF;
    IF asked.code_hash <> the_hash THEN
        UPDATE links_linkopening SET tries = tries + 1 WHERE id = asked.id;
        -- Whoever has been wrong twenty-five times, over however many codes, has not got the telephone: the link closes.
        UPDATE links_link SET revoked_at = humla_now()
         WHERE id = ctx_actor() AND revoked_at IS NULL
           AND (SELECT sum(o.tries) FROM links_linkopening o WHERE o.link_id = ctx_actor()) >= 25;
        RETURN CASE WHEN asked.tries + 1 >= 5 THEN 'over' ELSE 'wrong' END;
    END IF;
    UPDATE links_linkopening SET opened_at = humla_now(), browser_hash = the_browser WHERE id = asked.id;
    RETURN 'opened';
END $$;

-- What an opened link shows: the parts that were handed over and that a yes covers at this second.
DROP FUNCTION IF EXISTS opened_parts();
CREATE FUNCTION opened_parts()
RETURNS TABLE (disclosure_id uuid, case_id uuid, person_id uuid, document_id uuid, kind text, version integer,
               title text, reference text, disclosed_at timestamptz, received_at timestamptz, giver_unit text,
               giver_phone text, giver_authority text, category text, content jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.id, d.case_id, d.person_id, d.document_id, p.kind, p.version, p.title, c.reference, d.disclosed_at,
           d.received_at, u.name, u.phone, y.name, p.category, p.content
      FROM wall_opening() d
      JOIN disclosures_documentpart p ON p.document_id = d.document_id AND p.authority_id = d.authority_id
           AND p.category = ANY (d.categories) AND p.category NOT IN ('INTERNAL', 'PROTECTED')
      JOIN cases_case c ON c.id = d.case_id
      JOIN organisation_unit u ON u.id = c.unit_id
      JOIN organisation_authority y ON y.id = d.authority_id
     WHERE ctx_role() = 'opened'
       AND EXISTS (SELECT 1 FROM consents_consent k
                    WHERE k.case_id = d.case_id AND k.authority_id = d.authority_id
                      AND k.receiver_unit_id = d.receiver_unit_id AND p.category = ANY (k.categories)
                      AND k.starts_at <= humla_now() AND k.ends_at > humla_now()
                      AND (k.withdrawn_at IS NULL OR k.withdrawn_at > humla_now()))
$$;

-- The receipt of whoever reads with a code: the unit has it.
CREATE OR REPLACE FUNCTION receive_opened() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE disclosures_disclosure SET received_at = humla_now(), received_by_id = ctx_actor()
     WHERE ctx_role() = 'opened' AND received_at IS NULL AND id IN (SELECT o.id FROM wall_opening() o);
    RETURN FOUND;
END $$;

-- Written back, in the unit's own words: only to what the code opened, ten a day. Held by the giver.
DROP FUNCTION IF EXISTS write_reply(uuid, text);
CREATE OR REPLACE FUNCTION write_reply(the_row uuid, the_notice uuid, sealed_text text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (ctx_ok() AND ctx_kind() = 'link' AND ctx_role() = 'opened') THEN
        RETURN false;
    END IF;
    PERFORM 1 FROM links_link l WHERE l.id = ctx_actor() FOR UPDATE;
    IF (SELECT count(*) FROM disclosures_reply r
         WHERE r.link_id = ctx_actor() AND r.written_at > humla_now() - interval '1 day') >= 10 THEN
        RETURN false;
    END IF;
    INSERT INTO disclosures_reply (id, association_id, authority_id, person_id, case_id, disclosure_id, text, written_at,
                                   link_id)
    SELECT the_row, d.association_id, d.authority_id, d.person_id, d.case_id, d.id, sealed_text, humla_now(), ctx_actor()
      FROM wall_opening() d;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO notifications_notice (id, association_id, kind, unit_id, about_id, state, queued_at, queued_by_id,
                                      leaves_at, tries, fault)
    SELECT the_notice, d.association_id, 'reply', u.id, d.id, 'waiting', humla_now(), ctx_actor(), humla_now(), 0, ''
      FROM wall_opening() d JOIN cases_case c ON c.id = d.case_id
      JOIN organisation_unit u ON u.id = c.unit_id AND u.mail <> '';
    RETURN true;
END $$;

-- Done reading: the browser's way in is closed at once.
CREATE OR REPLACE FUNCTION close_opening() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE links_linkopening SET closed_at = humla_now()
     WHERE ctx_ok() AND ctx_kind() = 'link' AND ctx_role() = 'opened' AND link_id = ctx_actor()
       AND opened_at IS NOT NULL AND closed_at IS NULL;
    RETURN FOUND;
END $$;

-- What was asked for a month ago opens nothing and tells nothing: the clock clears it away.
CREATE OR REPLACE FUNCTION forget_openings() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone integer;
BEGIN
    DELETE FROM links_linkopening
     WHERE ctx_ok() AND ctx_kind() = 'system' AND asked_at < humla_now() - interval '30 days';
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;

REVOKE ALL ON FUNCTION wall_parts_given(uuid), wall_opening(), wall_given_to_us(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION lay_copy(uuid, uuid), receive_document(uuid), archive_copy(uuid, text), unarchive_copy(uuid),
    recall_disclosure(uuid, text), enter_opening(text, text, uuid), opening_state(), ask_code(uuid, uuid, text),
    use_code(text, text), opened_parts(), receive_opened(), write_reply(uuid, uuid, text), close_opening(),
    forget_openings() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lay_copy(uuid, uuid), receive_document(uuid), archive_copy(uuid, text), unarchive_copy(uuid),
    recall_disclosure(uuid, text), enter_opening(text, text, uuid), opening_state(), ask_code(uuid, uuid, text),
    use_code(text, text), opened_parts(), receive_opened(), write_reply(uuid, uuid, text), close_opening(),
    forget_openings() TO humla_app;
