-- How long things take (SUM-8): days from one step to the next, in figures and never by case.
--
-- Counted over the cases that the reader's own authority holds: all of them for its coordinators, the unit's for its
-- manager, one's own for others. Cases about somebody with protected identity are not counted, and what fewer than
-- five cases stand behind is not told: no figure leaves the database that points at somebody.
CREATE OR REPLACE FUNCTION wall_counted_cases() RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id FROM cases_case c
     WHERE ctx_ok() AND ctx_kind() = 'professional' AND c.association_id = ctx_tenant()
       AND c.authority_id = ctx_authority() AND NOT c.is_protected
       AND CASE ctx_role()
           WHEN 'coordinator' THEN true
           WHEN 'manager' THEN c.unit_id = ctx_unit()
           ELSE EXISTS (SELECT 1 FROM cases_caseassignment a
                         WHERE a.case_id = c.id AND a.professional_id = ctx_actor() AND a.unit_id = ctx_unit()
                           AND a.authority_id = ctx_authority() AND a.role IN ('responsible', 'member')
                           AND a.starts_at <= humla_now() AND a.ends_at IS NULL)
           END
$$;

-- The middle and the ninth of ten, per step, and per receiving unit where a unit is waited for. A step is counted
-- where it ended.
DROP FUNCTION IF EXISTS lead_times(date, date);
CREATE FUNCTION lead_times(first_day date, last_day date)
RETURNS TABLE (step text, unit text, party text, cases bigint, middle numeric, ninth numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH mine AS MATERIALIZED (SELECT id FROM wall_counted_cases()),
    asked AS (  -- Each unit in each case: when it was first summoned, and when it first answered.
        SELECT s.case_id, s.unit_id, min(s.leaves_at) AS at,
               (SELECT min(a.answered_at) FROM meetings_summonsanswer a JOIN meetings_summons x ON x.id = a.summons_id
                 WHERE x.case_id = s.case_id AND x.unit_id = s.unit_id) AS answered_at
          FROM mine JOIN meetings_summons s ON s.case_id = mine.id JOIN meetings_meeting m ON m.id = s.meeting_id
         WHERE s.unit_id IS NOT NULL AND m.kind <> 'preparatory' AND s.leaves_at <= humla_now()
           AND (s.cancelled_at IS NULL OR s.cancelled_at >= s.leaves_at)
         GROUP BY s.case_id, s.unit_id),
    sent AS (  -- Each unit in each case: when the plan first came there.
        SELECT d.case_id, d.receiver_unit_id AS unit_id, min(d.opens_at) AS at
          FROM mine JOIN disclosures_disclosure d ON d.case_id = mine.id
          JOIN disclosures_document p ON p.id = d.document_id AND p.kind = 'plan'
         WHERE d.undone_at IS NULL AND d.opens_at <= humla_now() GROUP BY d.case_id, d.receiver_unit_id),
    course AS (
        SELECT mine.id AS case_id,
               (SELECT i.need_seen_on FROM cases_initiation i WHERE i.case_id = mine.id) AS need,
               (SELECT (min(k.given_at) AT TIME ZONE 'Europe/Stockholm')::date FROM consents_planconsent k
                 WHERE k.case_id = mine.id AND k.agrees) AS yes,
               (least((SELECT min(o.offered_at) FROM scheduling_timeoffer o
                        WHERE o.case_id = mine.id AND o.kind <> 'preparatory'),
                      first_asked.at)
                AT TIME ZONE 'Europe/Stockholm')::date AS asked,
               (SELECT (min(m.starts_at) AT TIME ZONE 'Europe/Stockholm')::date FROM meetings_meeting m
                 WHERE m.case_id = mine.id AND m.state = 'held' AND m.kind <> 'preparatory') AS met,
               (first_sent.at AT TIME ZONE 'Europe/Stockholm')::date AS sent,
               (SELECT min(f.held_on) FROM followups_followup f
                 WHERE f.case_id = mine.id AND f.state = 'done' AND NOT f.is_removed) AS followed
          FROM mine
          LEFT JOIN (SELECT case_id, min(at) AS at FROM asked GROUP BY case_id) first_asked
            ON first_asked.case_id = mine.id
          LEFT JOIN (SELECT case_id, min(at) AS at FROM sent GROUP BY case_id) first_sent
            ON first_sent.case_id = mine.id),
    taken (step, unit_id, case_id, began, ended) AS (
        SELECT 'consent', NULL::uuid, case_id, need, yes FROM course
        UNION ALL SELECT 'asked', NULL, case_id, yes, asked FROM course
        UNION ALL SELECT 'answer', unit_id, case_id, (at AT TIME ZONE 'Europe/Stockholm')::date,
                         (answered_at AT TIME ZONE 'Europe/Stockholm')::date FROM asked
        UNION ALL SELECT 'meeting', NULL, case_id, asked, met FROM course
        UNION ALL SELECT 'sent', s.unit_id, s.case_id, c.met, (s.at AT TIME ZONE 'Europe/Stockholm')::date
                    FROM sent s JOIN course c ON c.case_id = s.case_id
        UNION ALL SELECT 'follow_up', NULL, case_id, sent, followed FROM course
        UNION ALL SELECT 'whole', NULL, case_id, need, met FROM course)
    SELECT t.step, u.name, p.name, count(DISTINCT t.case_id),
           round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ended - t.began)::numeric, 1),
           round(percentile_cont(0.9) WITHIN GROUP (ORDER BY t.ended - t.began)::numeric, 1)
      FROM taken t LEFT JOIN organisation_unit u ON u.id = t.unit_id
      LEFT JOIN organisation_authority h ON h.id = u.authority_id LEFT JOIN organisation_party p ON p.id = h.party_id
     WHERE t.ended >= t.began AND t.ended BETWEEN first_day AND last_day
     GROUP BY GROUPING SETS ((t.step), (t.step, u.id, u.name, p.name))
    HAVING (grouping(u.id) = 1 OR u.id IS NOT NULL) AND count(DISTINCT t.case_id) >= 5
$$;

-- Why meetings were moved or called off, and which parties could not come to them. Under five is not told.
DROP FUNCTION IF EXISTS why_moved(date, date);
CREATE FUNCTION why_moved(first_day date, last_day date) RETURNS TABLE (cause text, party text, meetings bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.change_cause, p.name, count(DISTINCT m.id)
      FROM wall_counted_cases() mine JOIN meetings_meeting m ON m.case_id = mine.id
      LEFT JOIN meetings_summons s ON s.meeting_id = m.id AND EXISTS (
           SELECT 1 FROM meetings_summonsanswer a WHERE a.summons_id = s.id AND a.answer IN ('other_time', 'declined'))
      LEFT JOIN organisation_unit u ON u.id = s.unit_id LEFT JOIN organisation_authority h ON h.id = u.authority_id
      LEFT JOIN organisation_party p ON p.id = h.party_id
     WHERE m.state IN ('moved', 'cancelled')
       AND (m.changed_at AT TIME ZONE 'Europe/Stockholm')::date BETWEEN first_day AND last_day
     GROUP BY GROUPING SETS ((m.change_cause), (m.change_cause, p.id, p.name))
    HAVING (grouping(p.id) = 1 OR p.id IS NOT NULL) AND count(DISTINCT m.id) >= 5
$$;

REVOKE EXECUTE ON FUNCTION wall_counted_cases(), lead_times(date, date), why_moved(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lead_times(date, date), why_moved(date, date) TO humla_app;
