-- Who has been asked something and has not answered: what the reminders find, and nobody else may ask.
--
-- Here: the silent of each kind, and all of them together. Not here: who is reminded and when (49_notices.sql,
-- humla.notifications.ladder), nor the times and the evidence that are asked for, whose silence is told beside their
-- own tables: silent_times(), silent_evidence().

-- A summons to a meeting ahead, which has left, is not taken back, whose yes still stands, and which nobody has
-- answered.
DROP FUNCTION IF EXISTS silent_summonses();
CREATE FUNCTION silent_summonses()
RETURNS TABLE (about_id uuid, unit_id uuid, association_id uuid, asked_at timestamptz, answer_by date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.unit_id, s.association_id, s.leaves_at, m.answer_by
      FROM meetings_meeting m
      JOIN meetings_summons s ON s.meeting_id = m.id
      JOIN cases_case c ON c.id = s.case_id
      LEFT JOIN disclosures_disclosure d ON d.id = s.disclosure_id
      LEFT JOIN consents_consent k ON k.id = d.consent_id
     WHERE m.state = 'planned' AND m.starts_at > humla_now() AND c.state = 'open' AND NOT c.is_protected
       AND (c.resting_until IS NULL OR c.resting_until <= (humla_now() AT TIME ZONE 'Europe/Stockholm')::date)
       AND s.unit_id IS NOT NULL AND s.cancelled_at IS NULL AND s.leaves_at <= humla_now()
       AND (d.id IS NULL OR d.undone_at IS NULL AND d.recalled_at IS NULL)
       AND (k.id IS NULL OR k.withdrawn_at IS NULL AND k.ends_at > humla_now())
       AND NOT EXISTS (SELECT 1 FROM meetings_summonsanswer a WHERE a.summons_id = s.id)
$$;

-- All the silent, each with the kind of the letter that it has not answered. (In plpgsql: the two other kinds are told
-- in files that are read after this one, and 45_course.sql asks for all of them.)
DROP FUNCTION IF EXISTS wall_silent();
CREATE FUNCTION wall_silent()
RETURNS TABLE (reminds_of text, about_id uuid, unit_id uuid, association_id uuid, asked_at timestamptz, answer_by date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT 'summons', x.* FROM silent_summonses() x;
    RETURN QUERY SELECT 'times_offered', x.* FROM silent_times() x;
    RETURN QUERY SELECT 'evidence_asked', x.* FROM silent_evidence() x;
END $$;
REVOKE ALL ON FUNCTION silent_summonses(), wall_silent() FROM PUBLIC;
