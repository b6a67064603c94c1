-- What a calendar is told of a summons: when, for how long, and whether it still holds. Never of whom.
--
-- The receiver's number is made of these two by the program (meetings/calendar.py), and is kept when the meeting
-- moves. The sequence grows with every letter to the same receiver, and never depends on when the letter was
-- carried: a server may be down for a week (RFC 5546, 2.1.4).
CREATE OR REPLACE FUNCTION wall_calendar(the_summons uuid)
RETURNS TABLE (uid uuid, receiver uuid, sequence integer, starts_at timestamptz, minutes smallint,
               is_cancelled boolean, is_obliged boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.calendar_uid, s.unit_id,
           m.calendar_sequence + 2 * (
               SELECT count(*)::integer FROM meetings_summons o JOIN meetings_meeting x ON x.id = o.meeting_id
                WHERE o.case_id = s.case_id AND o.unit_id = s.unit_id AND x.calendar_uid = m.calendar_uid
                  AND (o.sent_at, o.id) < (s.sent_at, s.id))
           + CASE WHEN s.cancelled_at IS NOT NULL OR m.state = 'cancelled' THEN 1 ELSE 0 END,
           m.starts_at, m.minutes, s.cancelled_at IS NOT NULL OR m.state = 'cancelled', s.duty = 'obliged'
      FROM meetings_summons s JOIN meetings_meeting m ON m.id = s.meeting_id
     WHERE s.id = the_summons AND s.unit_id IS NOT NULL
$$;

-- By the neutral link, to whoever may answer by it.
DROP FUNCTION IF EXISTS linked_calendar();
CREATE FUNCTION linked_calendar()
RETURNS TABLE (uid uuid, receiver uuid, sequence integer, starts_at timestamptz, minutes smallint,
               is_cancelled boolean, is_obliged boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.* FROM wall_linked() s CROSS JOIN LATERAL wall_calendar(s.id) e
     WHERE s.cancelled_at IS NULL AND NOT e.is_cancelled
$$;

-- For the letter that the clock is about to carry; whether it may leave at all is asked before (notice_holds()).
DROP FUNCTION IF EXISTS posted_calendar(uuid);
CREATE FUNCTION posted_calendar(the_notice uuid)
RETURNS TABLE (uid uuid, receiver uuid, sequence integer, starts_at timestamptz, minutes smallint,
               is_cancelled boolean, is_obliged boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.* FROM notifications_notice n
      JOIN meetings_summons s ON s.id = n.about_id AND s.unit_id = n.unit_id
      CROSS JOIN LATERAL wall_calendar(s.id) e
     WHERE ctx_ok() AND ctx_kind() = 'system' AND n.id = the_notice AND n.association_id = ctx_tenant()
       AND n.kind IN ('summons', 'summons_changed', 'summons_cancelled')
       AND e.is_cancelled = (n.kind = 'summons_cancelled') AND NOT wall_about_protected(n.about_id)
$$;

-- Signed in at the unit that was summoned: whoever may answer it there.
DROP FUNCTION IF EXISTS received_calendar(uuid);
CREATE FUNCTION received_calendar(the_summons uuid)
RETURNS TABLE (uid uuid, receiver uuid, sequence integer, starts_at timestamptz, minutes smallint,
               is_cancelled boolean, is_obliged boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.* FROM meetings_summons s CROSS JOIN LATERAL wall_calendar(s.id) e
     WHERE s.id = the_summons AND s.unit_id = ctx_unit() AND NOT e.is_cancelled
       AND wall_may_answer(s.id, s.case_id, s.person_id, s.authority_id, 'signed_in')
$$;

REVOKE EXECUTE ON FUNCTION wall_calendar(uuid), linked_calendar(), posted_calendar(uuid), received_calendar(uuid)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION linked_calendar(), posted_calendar(uuid), received_calendar(uuid) TO humla_app;
