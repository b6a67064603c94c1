-- Everybody who is not looked at: they make the tables as long as in life.
--
-- Here: tenants, their organisation and agreements, and :people cases, by set-based statements. Ids are
-- md5 of what they name, so that one statement can refer to another's rows. Not here: those who are looked
-- at (hot.py). Nobody in the crowd has a number: they are registered by temporary codes.

CREATE TEMP TABLE tenant AS
    SELECT t, md5('association ' || t)::uuid AS id FROM generate_series(1, :tenants) t;

INSERT INTO organisation_association (id, name, short_name, contact)
    SELECT id, 'Samordningsförbundet ' || t, 'forbund-' || t, '' FROM tenant;

-- a: number of the authority; the kommuner have two each.
CREATE TEMP TABLE authority AS
    SELECT t, x.a, tenant.id AS association_id, x.kind, x.party, x.name,
           md5(concat_ws(' ', 'party', t, x.party))::uuid AS party_id,
           md5(concat_ws(' ', 'authority', t, x.a))::uuid AS id
      FROM tenant CROSS JOIN (VALUES
        (1, 'kommun', 'Åby kommun', 'Socialnämnden i Åby'),
        (2, 'kommun', 'Åby kommun', 'Arbetsmarknadsnämnden i Åby'),
        (3, 'kommun', 'Bro kommun', 'Socialnämnden i Bro'),
        (4, 'kommun', 'Bro kommun', 'Arbetsmarknadsnämnden i Bro'),
        (5, 'kommun', 'Ekby kommun', 'Socialnämnden i Ekby'),
        (6, 'kommun', 'Ekby kommun', 'Arbetsmarknadsnämnden i Ekby'),
        (7, 'af', 'Arbetsförmedlingen', 'Arbetsförmedlingen'),
        (8, 'fk', 'Försäkringskassan', 'Försäkringskassan'),
        (9, 'region', 'Regionen', 'Regionstyrelsen')) AS x (a, kind, party, name);
INSERT INTO organisation_party (id, association_id, kind, name)
    SELECT DISTINCT party_id, association_id, kind, party FROM authority;
INSERT INTO organisation_authority (id, association_id, party_id, name)
    SELECT id, association_id, party_id, name FROM authority;
INSERT INTO organisation_unit (id, association_id, authority_id, name, also_called, place, serves, takes_on, is_way_in,
                               phone, phone_hours, hours, code_phone, code_phone_before, mail, stand_in, stand_in_phone, version)
    SELECT md5(concat_ws(' ', 'unit', t, a, u))::uuid, association_id, id, name || ', enhet ' || u, '', '', '{}', '', false,
           '', '', '', '', '', '', '', '', 1
      FROM authority CROSS JOIN generate_series(1, 2) u;
INSERT INTO organisation_profession (id, association_id, name)
    SELECT md5(concat_ws(' ', 'profession', t, name))::uuid, id, name
      FROM tenant CROSS JOIN unnest(ARRAY['socialsekreterare', 'arbetsförmedlare', 'handläggare']) AS name;

INSERT INTO agreements_localagreement (id, association_id, title, version, target_group, from_age, starts_on,
                                       ends_on, answer_days, meeting_days, follow_up_months, reminder_days,
                                       reminders, request_days, times_days, input_days)
    SELECT md5('agreement ' || t)::uuid, id, 'Lokal överenskommelse', 1, 'Alla från 16 år.', 16, '2025-01-01',
           '2030-12-31', 5, 21, 3, 2, 2, 5, 3, 5 FROM tenant;
INSERT INTO agreements_agreementparty (id, association_id, agreement_id, party_id, duty, signed_on, signed_by)
    SELECT DISTINCT md5('signed ' || party_id)::uuid, association_id, md5('agreement ' || t)::uuid, party_id, 'obliged',
           '2024-12-01'::date, 'Chef Cederlund' FROM authority;
INSERT INTO agreements_initiatingprofession (id, association_id, agreement_id, profession_id)
    SELECT md5('starts ' || t)::uuid, id, md5('agreement ' || t)::uuid,
           md5(concat_ws(' ', 'profession', t, 'socialsekreterare'))::uuid FROM tenant;
INSERT INTO agreements_lifearea (id, association_id, agreement_id, name, icf, position)
    SELECT md5(concat_ws(' ', 'area', t, position))::uuid, id, md5('agreement ' || t)::uuid, name, '', position
      FROM tenant CROSS JOIN unnest(ARRAY['Försörjning', 'Boende', 'Arbete', 'Utbildning', 'Familj', 'Hälsa'])
           WITH ORDINALITY AS area (name, position);
INSERT INTO agreements_lawreference (id, association_id, agreement_id, subject, text)
    SELECT md5('law ' || t)::uuid, id, md5('agreement ' || t)::uuid, 'plan_content',
           '10 kap. 9 § socialtjänstlagen (2025:400)' FROM tenant;

-- One handler for each forty cases, at the six kommun authorities (1-6) and at Arbetsförmedlingen (7).
CREATE TEMP TABLE handler AS
    SELECT authority.*, h, md5(concat_ws(' ', 'professional', t, a, h))::uuid AS professional_id,
           md5(concat_ws(' ', 'unit', t, a, h % 2 + 1))::uuid AS unit_id
      FROM authority CROSS JOIN LATERAL generate_series(0, CASE WHEN a = 7 THEN :receivers ELSE :handlers END - 1) h
     WHERE a <= 7;
INSERT INTO organisation_professional (id, association_id, authority_id, profession_id, name, phone)
    SELECT professional_id, association_id, id,
           md5(concat_ws(' ', 'profession', t, CASE WHEN a = 7 THEN 'arbetsförmedlare' ELSE 'socialsekreterare' END))::uuid,
           'Handläggare ' || a || '.' || h, '' FROM handler;
INSERT INTO organisation_unitassignment (id, association_id, professional_id, unit_id, role, starts_at)
    SELECT md5('acts ' || professional_id)::uuid, association_id, professional_id, unit_id,
           CASE WHEN a = 7 THEN 'receiver' ELSE 'handler' END, '2025-01-01' FROM handler;

CREATE TEMP TABLE crowd AS
    SELECT i, held.association_id, held.id AS authority_id, held.unit_id, held.professional_id AS by_id,
           given.id AS receiver_id, given.unit_id AS receiver_unit_id, given.professional_id AS reader_id, held.t,
           held.party_id, md5('person ' || i)::uuid AS person_id, md5('case ' || i)::uuid AS case_id,
           md5('consent ' || i)::uuid AS consent_id, md5('document ' || i)::uuid AS document_id,
           md5('plan ' || i)::uuid AS plan_id,
           transaction_timestamp() - make_interval(mins => (i::bigint * 7919 % 500000)::int) AS at
      FROM generate_series(1, :people) i
      JOIN handler held ON held.t = i % :tenants + 1 AND held.a = i / :tenants % 6 + 1 AND held.h = i / :tenants / 6 % :handlers
      JOIN handler given ON given.t = held.t AND given.a = 7 AND given.h = i / :tenants % :receivers;
ANALYZE crowd;

INSERT INTO people_person (id, association_id, authority_id, given_name, family_name, number_kind, number, number_lookup,
                           code, born_year, sex, household_role, language, needs_interpreter, communication_support,
                           wants_contact_by, is_protected, version)
    SELECT person_id, association_id, authority_id, 'Förnamn', 'Efternamn-' || i, 'code', '', '', 'T' || i, 1990, 'x',
           'none', 'sv', false, '', '', false, 1 FROM crowd;
INSERT INTO people_personkey (person_id, key)
    SELECT person_id, encode(sha256(convert_to('key ' || i, 'UTF8')), 'hex') FROM crowd;
INSERT INTO cases_case (id, association_id, authority_id, person_id, unit_id, reference, series, state, is_protected,
                        reason, resting_reason, opened_at, opened_by_id, version)
    SELECT case_id, association_id, authority_id, person_id, unit_id, 'K' || i, case_id, 'open', false, '', '', at,
           by_id, 1 FROM crowd;
INSERT INTO cases_initiation (id, association_id, authority_id, person_id, case_id, initiator, initiator_profession_id,
                              initiator_unit_id, via_coordinator, sex_then, version)
    SELECT md5('began ' || i)::uuid, association_id, authority_id, person_id, case_id, 'professional',
           md5(concat_ws(' ', 'profession', t, 'socialsekreterare'))::uuid, unit_id, false, 'x', 1 FROM crowd;
INSERT INTO cases_caseassignment (id, association_id, authority_id, person_id, case_id, professional_id, unit_id, role,
                                  is_protected, starts_at, assigned_by_id)
    SELECT md5('works ' || i)::uuid, association_id, authority_id, person_id, case_id, by_id, unit_id, 'responsible',
           false, at, by_id FROM crowd
     UNION ALL
    SELECT md5('reads ' || i)::uuid, association_id, receiver_id, person_id, case_id, reader_id, receiver_unit_id, 'member',
           false, at, reader_id FROM crowd;
INSERT INTO consents_planconsent (id, association_id, authority_id, person_id, case_id, manner, heard_by, language,
                                  with_interpreter, given_at, given_by, childs_view, recorded_by_id, agrees, instead)
    SELECT md5('answer ' || i)::uuid, association_id, authority_id, person_id, case_id, 'oral', 'Handläggaren', 'sv', false,
           at, 'person', '', by_id, true, '' FROM crowd;
INSERT INTO consents_consent (id, association_id, authority_id, person_id, case_id, manner, heard_by, language,
                              with_interpreter, given_at, given_by, childs_view, recorded_by_id, receiver_id,
                              receiver_unit_id, categories, exceptions, starts_at, ends_at)
    SELECT consent_id, association_id, authority_id, person_id, case_id, 'oral', 'Handläggaren', 'sv', false, at,
           'person', '', by_id, receiver_id, receiver_unit_id, ARRAY['IDENTITY', 'PLANNING', 'NEEDS'], '', at, at + interval '2 years' FROM crowd;
INSERT INTO disclosures_document (id, association_id, authority_id, person_id, case_id, kind, version, title, sha256,
                                  frozen_at, frozen_by_id)
    SELECT document_id, association_id, authority_id, person_id, case_id, 'plan', 1, 'Samordnad individuell plan',
           encode(sha256(convert_to('document ' || i, 'UTF8')), 'hex'), at, by_id FROM crowd;
INSERT INTO disclosures_documentpart (id, association_id, authority_id, person_id, case_id, document_id, kind, version,
                                      title, category, content)
    SELECT md5(concat_ws(' ', 'part', i, category))::uuid, association_id, authority_id, person_id, case_id, document_id,
           'plan', 1, 'Samordnad individuell plan', category,
           jsonb_build_object('blocks', jsonb_build_array(
               jsonb_build_object('kind', 'goal', 'id', plan_id, 'area', 'Arbete', 'situation', 'Utan arbete sedan två år.',
                                  'text', 'En egen inkomst, och ork kvar till barnen när dagen är slut.'),
               jsonb_build_object('kind', 'commitment', 'id', case_id, 'goal', plan_id, 'doer', 'unit', 'who', 'Enheten',
                                  'party', 'Arbetsförmedlingen', 'responsible', '', 'what', 'Boka och följa med på studiebesök.',
                                  'starts_on', '', 'due_on', '2027-01-15', 'known_by', '', 'person_does', '', 'area', '')))
      FROM crowd CROSS JOIN unnest(ARRAY['IDENTITY', 'PLANNING', 'NEEDS', 'HEALTH', 'ECONOMY']) AS category;
INSERT INTO disclosures_disclosure (id, association_id, authority_id, person_id, case_id, document_id, receiver_id,
                                    receiver_unit_id, categories, ground, consent_id, law, disclosed_at, disclosed_by_id,
                                    opens_at, recalled_why)
    SELECT md5('disclosure ' || i)::uuid, association_id, authority_id, person_id, case_id, document_id, receiver_id,
           receiver_unit_id, ARRAY['IDENTITY', 'PLANNING', 'NEEDS'], 'consent', consent_id, '', at, by_id, at, ''
      FROM crowd;
INSERT INTO plans_plan (id, association_id, authority_id, person_id, case_id, own_goal, own_goal_said_on, own_goal_told_to,
                        own_goal_category, nothing_by_others, accountable_party_id, lead_id, if_worse, if_worse_category, follow_up_on,
                        no_follow_up_by, person_says, person_says_why, adopted_version, is_changed, version)
    SELECT plan_id, association_id, authority_id, person_id, case_id, 'Jag vill orka.', '2026-11-01', 'Handläggaren',
           'NEEDS', true, party_id, by_id, '', 'NEEDS', '2027-02-01', '', 'yes', '', 1, false, 4 FROM crowd;
INSERT INTO plans_goal (id, association_id, authority_id, person_id, case_id, plan_id, life_area_id, situation, text,
                        category, position, is_removed, version)
    SELECT md5('goal ' || i)::uuid, association_id, authority_id, person_id, case_id, plan_id,
           md5(concat_ws(' ', 'area', t, i % 6 + 1))::uuid, 'Utan arbete sedan två år.', 'En egen inkomst.', 'NEEDS', 1, false, 1
      FROM crowd;
INSERT INTO plans_commitment (id, association_id, authority_id, person_id, case_id, plan_id, goal_id, doer, unit_id, other,
                              responsible, what, category, starts_when, due_on, known_by, person_does, position, is_removed, version)
    SELECT md5(concat_ws(' ', 'commitment', i, c))::uuid, association_id, authority_id, person_id, case_id, plan_id,
           md5('goal ' || i)::uuid, 'unit', unit_id, '', '', 'Boka och följa med på studiebesök.', 'PLANNING', '', '2027-01-15',
           '', '', c, false, 1 FROM crowd CROSS JOIN generate_series(1, 3) c;
INSERT INTO audit_event (id, at, association_id, kind, actor_id, authority_id, unit_id, role, person_id, case_id, tag,
                         items, allowed_by, decision, request_id)
    SELECT md5(concat_ws(' ', 'event', i, e))::uuid, at + make_interval(hours => e), association_id, 'professional', by_id,
           authority_id, unit_id, 'handler', person_id, case_id, 'plans:plan:read',
           jsonb_build_array(jsonb_build_array('plan', plan_id, 4)), '[]', 'allowed', md5(concat_ws(' ', 'request', i, e))::uuid
      FROM crowd CROSS JOIN generate_series(1, 4) e;
INSERT INTO meetings_meeting (id, association_id, authority_id, person_id, case_id, kind, state, starts_at, minutes, form,
                              place, video_link, interpreter, purpose, questions, health_questions, chair_id, note_taker_id,
                              planned_at, planned_by_id, held_at, change_cause, result, no_next_by, sex_then, version,
                              calendar_uid, calendar_sequence)
    SELECT md5('meeting ' || i)::uuid, association_id, authority_id, person_id, case_id, 'first', 'held', at, 60, 'in_person',
           'Rum 2', '', '', '', '', '', by_id, by_id, at, by_id, at, '', '', 'Personen', 'x', 1,
           md5('calendar ' || i)::uuid, 0 FROM crowd;
INSERT INTO meetings_summons (id, association_id, authority_id, person_id, case_id, meeting_id, called, unit_id, name, duty,
                              bring, form, sent_at, leaves_at, sent_by_id)
    SELECT md5('summons ' || i)::uuid, association_id, authority_id, person_id, case_id, md5('meeting ' || i)::uuid, 'unit',
           receiver_unit_id, '', 'obliged', '', '', at, at, by_id FROM crowd;
INSERT INTO followups_progress (id, association_id, authority_id, person_id, case_id, commitment_id, unit_id, status, hinder,
                                note, reported_at, reported_by_id)
    SELECT md5('progress ' || i)::uuid, association_id, authority_id, person_id, case_id,
           md5(concat_ws(' ', 'commitment', i, 1))::uuid, unit_id, 'under_way', '', '', at, by_id FROM crowd;
