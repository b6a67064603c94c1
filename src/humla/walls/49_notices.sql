-- Reminders, collected letters, and what is known of a mailbox: who is reminded, who stops it, how a unit wants it.
--
-- Here: what the clock may ask and write about them, and whose choice they are. Not here: who is silent
-- (44_silence.sql), nor the rest of the outbox (45_course.sql).

-- A silent unit with a mailbox, as the clock sees it: what it has not answered, how many times it has been reminded,
-- and when it was last written to. One whose letter is still here, or never got there, is not reminded of it, nor one
-- that whoever asked has taken up herself.
DROP FUNCTION IF EXISTS silent();
CREATE FUNCTION silent()
RETURNS TABLE (reminds_of text, about_id uuid, unit_id uuid, told_at timestamptz, answer_by date, reminders bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.reminds_of, a.about_id, a.unit_id, greatest(a.asked_at, n.told_at), a.answer_by, n.reminders
      FROM wall_silent() a
      JOIN organisation_unit u ON u.id = a.unit_id AND u.mail <> ''
      CROSS JOIN LATERAL (
            SELECT max(x.sent_at) AS told_at, count(*) FILTER (WHERE x.kind = 'reminder' AND x.state = 'sent') AS reminders,
                   coalesce(bool_or(x.state IN ('waiting', 'failed')), false) AS is_stuck
              FROM notifications_notice x WHERE x.about_id = a.about_id) n
     WHERE ctx_ok() AND ctx_kind() = 'system' AND a.association_id = ctx_tenant() AND NOT n.is_stuck
       AND NOT EXISTS (SELECT 1 FROM notifications_reminderstop t WHERE t.about_id = a.about_id AND t.ended_at IS NULL)
     ORDER BY 4, 2
$$;

-- The förbund in which somebody is silent: the clock passes the door once for each.
CREATE OR REPLACE FUNCTION silent_anywhere() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT a.association_id FROM wall_silent() a WHERE ctx_ok() AND ctx_kind() = 'system'
$$;

-- The same for those who hold the case: one thing that somebody in it has been asked and has not answered.
DROP FUNCTION IF EXISTS silence(uuid, uuid);
CREATE FUNCTION silence(the_case uuid, the_about uuid)
RETURNS TABLE (reminds_of text, about_id uuid, unit_id uuid, answer_by date, person_id uuid, asked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.reminds_of, a.about_id, a.unit_id, a.answer_by, x.person_id, a.asked_at
      FROM wall_about(the_about) x JOIN wall_silent() a ON a.about_id = the_about AND a.unit_id = x.unit_id
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND x.case_id = the_case AND wall_holds(x.case_id, x.person_id)
$$;

-- Has somebody in this case of mine been asked this at all, answered or not?
CREATE OR REPLACE FUNCTION was_asked(the_case uuid, the_about uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ctx_ok() AND ctx_kind() = 'professional' AND EXISTS (
        SELECT 1 FROM wall_about(the_about) x WHERE x.case_id = the_case AND wall_holds(x.case_id, x.person_id))
$$;

-- May the clock remind this unit of this? Only whoever it was said to, and never of somebody with protected identity.
CREATE OR REPLACE FUNCTION wall_may_remind(the_about uuid, the_unit uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM wall_about(the_about) x JOIN cases_case c ON c.id = x.case_id
                    WHERE ctx_ok() AND ctx_kind() = 'system' AND x.unit_id = the_unit
                      AND c.association_id = ctx_tenant() AND NOT c.is_protected)
$$;

CREATE POLICY reminded_or_collected ON notifications_notice FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'system' AND association_id = ctx_tenant() AND queued_by_id IS NULL
        AND queued_at = humla_now() AND leaves_at >= humla_now() AND state = 'waiting' AND NOT is_collected
        AND digest_id IS NULL
        AND (kind = 'reminder' AND wall_may_remind(about_id, unit_id)
             -- A collected letter is about the unit itself.
             OR kind = 'digest' AND about_id = unit_id
                AND EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = about_id)));

-- Reminders stopped by those who hold what they are about, who alone may see it.
CREATE POLICY held_or_due ON notifications_reminderstop FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND ctx_kind() = 'professional'
        AND wall_may_tell(about_id, unit_id));
CREATE POLICY stopped_by_holder ON notifications_reminderstop FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND ctx_kind() = 'professional'
        AND stopped_by_id = ctx_actor() AND stopped_at = humla_now() AND ended_at IS NULL
        AND wall_may_tell(about_id, unit_id));
CREATE POLICY begun_again_by_holder ON notifications_reminderstop FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND ctx_kind() = 'professional' AND ended_at IS NULL
        AND wall_may_tell(about_id, unit_id))
    WITH CHECK (ended_at = humla_now());

-- How a unit wants its letters: its own people and the administrator read it, its manager and the administrator choose.
CREATE POLICY own_unit_or_office ON notifications_delivery FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND association_id = ctx_tenant()
        AND (ctx_kind() IN ('system', 'admin') OR ctx_kind() = 'professional' AND unit_id = ctx_unit()));
CREATE POLICY chosen_by_manager_or_office ON notifications_delivery FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND association_id = ctx_tenant() AND chosen_by_id = ctx_actor()
        AND chosen_at = humla_now() AND EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = unit_id)
        AND (ctx_kind() = 'admin' OR ctx_kind() = 'professional' AND ctx_role() = 'manager' AND unit_id = ctx_unit()));
CREATE POLICY changed_by_manager_or_office ON notifications_delivery FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND association_id = ctx_tenant()
        AND (ctx_kind() = 'admin' OR ctx_kind() = 'professional' AND ctx_role() = 'manager' AND unit_id = ctx_unit()))
    WITH CHECK (chosen_by_id = ctx_actor() AND chosen_at = humla_now());

-- A mailbox that is not there is trusted less until a letter gets through again: whoever chooses the unit is told to
-- ring. The clock learns nothing by it.
CREATE OR REPLACE FUNCTION mail_got_there(the_unit uuid, got_there boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE organisation_unit SET mail_failed_at = CASE WHEN got_there THEN NULL ELSE humla_now() END
     WHERE id = the_unit AND association_id = ctx_tenant() AND ctx_ok() AND ctx_kind() = 'system'
       AND (NOT got_there OR mail_failed_at IS NOT NULL);
END $$;

-- When somebody at the unit first opened what a case of mine has asked it: signed in, or by asking for the code of an
-- opening link. Both are done by a person; that a mail filter follows a neutral link is nobody's reading, and leaves
-- nothing. The day, never who.
DROP FUNCTION IF EXISTS opened_in(uuid);
CREATE FUNCTION opened_in(the_case uuid) RETURNS TABLE (about_id uuid, opened_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, least(
               (SELECT min(e.at) FROM audit_event e
                 WHERE e.person_id = s.person_id AND e.case_id = s.case_id AND e.unit_id = s.unit_id
                   AND e.at >= s.leaves_at AND e.kind = 'professional' AND e.decision = 'allowed'
                   AND e.tag = 'meetings:summons:read'
                   AND e.items->0->>1 = s.id::text),
               (SELECT min(o.asked_at) FROM links_link l JOIN links_linkopening o ON o.link_id = l.id
                 WHERE l.subject_id = s.id AND l.unit_id = s.unit_id))
      FROM meetings_summons s
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND s.case_id = the_case AND s.unit_id IS NOT NULL
       AND wall_holds(s.case_id, s.person_id)
$$;

REVOKE ALL ON FUNCTION opened_in(uuid), was_asked(uuid, uuid), silent(), silent_anywhere(), silence(uuid, uuid), wall_may_remind(uuid, uuid),
    mail_got_there(uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION opened_in(uuid), was_asked(uuid, uuid), silent(), silent_anywhere(), silence(uuid, uuid), wall_may_remind(uuid, uuid),
    mail_got_there(uuid, boolean) TO humla_app;
