-- The three lists: every table stands in exactly one of them, with what the running program may do to it.
--
-- Nothing is granted by default, so a table in no list is closed to everybody but its owner, and the build
-- fails on it. RLS is ENABLEd, not FORCEd: `app` owns nothing, and FORCE would refuse the owner's COPY.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM humla_app, humla_sealer, humla_counter;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM humla_app, humla_sealer, humla_counter;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM humla_sealer, humla_counter;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO humla_app, humla_sealer, humla_counter, humla_backup;

CREATE TABLE IF NOT EXISTS humla_list (
    name text PRIMARY KEY,
    list text NOT NULL CHECK (list IN ('person', 'tenant', 'open')),
    rights text NOT NULL,
    reason text NOT NULL
);
-- After the list is made, so that the first apply gives the same rights as the second.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO humla_backup;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO humla_backup;
REVOKE ALL ON humla_key FROM humla_backup;
DELETE FROM humla_list;
INSERT INTO humla_list VALUES
    ('people_person', 'person', 'SELECT, INSERT', 'who the person is'),
    ('people_personkey', 'person', 'SELECT, INSERT', 'the pseudonym of her own session'),
    ('people_personlink', 'person', 'SELECT, INSERT', 'two rows said to be one human'),
    ('cases_case', 'person', 'SELECT, INSERT', 'that there is a case'),
    ('cases_caseassignment', 'person', 'SELECT, INSERT', 'who works in it: the first fact of the rule'),
    ('access_accessrequest', 'person', 'SELECT', 'what somebody asked to read; written by ask_for_access()'),
    ('access_arrivedrequest', 'person', 'SELECT', 'the same as it came to a case'),
    ('access_manageropening', 'person', 'SELECT', 'a manager''s four hours; written by open_as_manager()'),
    ('access_logreview', 'person', 'SELECT, INSERT', 'what a log reviewer found'),
    ('access_lookquestion', 'person', 'SELECT, INSERT', 'the person asks about a look'),
    ('access_opennesspolicy', 'tenant', 'SELECT, INSERT', 'what an authority has decided about log review'),
    ('initiations_planrequest', 'person', 'SELECT', 'who asks for a plan; written by send_request() and its like'),
    ('representatives_mandate', 'person', 'SELECT, INSERT', 'who acts for the person, and how far'),
    ('representatives_mandatekey', 'person', 'SELECT, INSERT', 'the pseudonym of the representative''s own session'),
    ('representatives_withheld', 'person', 'SELECT, INSERT', 'what is kept from a representative'),
    ('representatives_guardianpolicy', 'tenant', 'SELECT, INSERT', 'whose yes an authority asks for about a child'),
    ('cases_initiation', 'person', 'SELECT, INSERT', 'who saw the need'),
    ('cases_handover', 'person', 'SELECT', 'who took over from whom; written by hand_over_case()'),
    ('cases_note', 'person', 'SELECT, INSERT', 'a unit''s own working notes'),
    ('consents_planconsent', 'person', 'SELECT, INSERT', 'the answer to making a plan'),
    ('consents_consent', 'person', 'SELECT, INSERT', 'the second fact of the rule'),
    ('consents_consentwording', 'tenant', 'SELECT, INSERT', 'the reviewed words of a consent'),
    ('consents_consentrequest', 'person', 'SELECT, INSERT', 'what the person is asked, and her answer'),
    ('consents_keptaway', 'person', 'SELECT, INSERT', 'who must not come to her meetings'),
    ('consents_surveyconsent', 'person', 'SELECT, INSERT', 'the answer to being asked afterwards'),
    ('consents_signedpaper', 'person', 'SELECT, INSERT', 'the signed paper, sealed'),
    ('disclosures_document', 'person', 'SELECT, INSERT', 'frozen documents'),
    ('disclosures_documentpart', 'person', 'SELECT, INSERT', 'their parts by category'),
    ('disclosures_disclosure', 'person', 'SELECT, INSERT', 'the third fact of the rule'),
    ('disclosures_receivedcopy', 'person', 'SELECT', 'what a receiver was given; laid and emptied by functions'),
    ('disclosures_reply', 'person', 'SELECT', 'what a unit without account wrote back; written by write_reply()'),
    ('plans_plan', 'person', 'SELECT, INSERT', 'the draft of the plan'),
    ('plans_goal', 'person', 'SELECT, INSERT', 'its goals'),
    ('plans_commitment', 'person', 'SELECT, INSERT', 'who does what by when'),
    ('plans_milestone', 'person', 'SELECT, INSERT', 'steps on the way to a goal'),
    ('plans_reservation', 'person', 'SELECT, INSERT', 'what a party does not undertake'),
    ('plans_unmetneed', 'person', 'SELECT, INSERT', 'needs that nobody meets'),
    ('plans_otherplan', 'person', 'SELECT, INSERT', 'other plans of the person, pointed at'),
    ('plans_leadtransfer', 'person', 'SELECT, INSERT', 'the lead offered to another authority'),
    ('meetings_meeting', 'person', 'SELECT, INSERT', 'meetings around the person'),
    ('meetings_summons', 'person', 'SELECT, INSERT', 'who is called to a meeting'),
    ('meetings_summonsanswer', 'person', 'SELECT, INSERT', 'what they answered'),
    ('meetings_attendance', 'person', 'SELECT, INSERT', 'who came'),
    ('scheduling_timeoffer', 'person', 'SELECT, INSERT', 'a time is looked for'),
    ('scheduling_slot', 'person', 'SELECT, INSERT', 'the times offered'),
    ('scheduling_invitee', 'person', 'SELECT, INSERT', 'who is asked which of them would do'),
    ('evidence_evidencerequest', 'person', 'SELECT, INSERT', 'which underlag is asked from whom by when'),
    ('evidence_evidenceanswer', 'person', 'SELECT, INSERT', 'what they answered; by link through answer_evidence()'),
    ('evidence_ownview', 'person', 'SELECT', 'a party''s own view before a meeting; written by write_view()'),
    ('scheduling_slotanswer', 'person', 'SELECT, INSERT', 'what they answered; by link through answer_times()'),
    ('meetings_placeapproval', 'person', 'SELECT, INSERT', 'that another has read a protected person''s place'),
    ('protection_marking', 'person', 'SELECT', 'that she is protected; written by protect_person() and its like'),
    ('protection_clearance', 'person', 'SELECT', 'who may work in a protected case; written by give_clearance()'),
    ('protection_protectedcontact', 'person', 'SELECT, INSERT', 'where she is, under a key of its own'),
    ('letters_addressee', 'person', 'SELECT, INSERT', 'how and where somebody without a mailbox is reached'),
    ('letters_paperletter', 'person', 'SELECT, INSERT', 'letters on paper that have been sent'),
    ('meetings_preparation', 'person', 'SELECT, INSERT', 'the person''s own words before a meeting'),
    ('followups_progress', 'person', 'SELECT, INSERT', 'what a party says of its own commitment'),
    ('followups_followup', 'person', 'SELECT, INSERT', 'follow-ups'),
    ('followups_commitmentresult', 'person', 'SELECT, INSERT', 'what was done'),
    ('followups_goalresult', 'person', 'SELECT, INSERT', 'how near a goal is'),
    ('followups_closing', 'person', 'SELECT, INSERT', 'how a case ended'),
    ('followups_livelihoodline', 'person', 'SELECT, INSERT', 'what the person lives on, before and after'),
    ('consultations_consultation', 'person', 'SELECT, INSERT', 'the coordinator''s own record; may be tied to a case'),
    ('notifications_notice', 'tenant', 'SELECT, INSERT', 'notices without anybody''s name'),
    ('notifications_reminderstop', 'tenant', 'SELECT, INSERT', 'what nobody is reminded of any more; ids only'),
    ('notifications_delivery', 'tenant', 'SELECT, INSERT', 'how a unit wants its letters'),
    ('links_linkopening', 'tenant', '', 'hashes of one-time codes; asked for and used by functions'),
    ('links_link', 'tenant', 'SELECT, INSERT', 'hashes of tokens'),
    ('drafts_draft', 'person', 'SELECT, INSERT, UPDATE, DELETE', 'sealed text of one user'),
    ('drafts_submission', 'person', 'SELECT, INSERT, UPDATE, DELETE', 'used keys of one user'),
    ('audit_event', 'person', 'SELECT, INSERT', 'the trail'),
    ('organisation_association', 'tenant', 'SELECT', 'the förbund'),
    ('organisation_party', 'tenant', 'SELECT', 'its parties'),
    ('organisation_authority', 'tenant', 'SELECT', 'their authorities'),
    ('organisation_unit', 'tenant', 'SELECT', 'their units'),
    ('organisation_profession', 'tenant', 'SELECT', 'the list of professions'),
    ('organisation_professional', 'tenant', 'SELECT', 'who works where'),
    ('organisation_unitassignment', 'tenant', 'SELECT', 'who acts for which unit'),
    ('agreements_localagreement', 'tenant', 'SELECT, INSERT', 'the agreement, and its next version while it is a draft'),
    ('agreements_agreementparty', 'tenant', 'SELECT, INSERT, DELETE', 'its parties and signatures'),
    ('agreements_initiatingprofession', 'tenant', 'SELECT, INSERT, DELETE', 'who may start'),
    ('agreements_lifearea', 'tenant', 'SELECT, INSERT, DELETE', 'life areas'),
    ('agreements_needsgroup', 'tenant', 'SELECT, INSERT, DELETE', 'groups that the förbund looks at'),
    ('agreements_agreementtext', 'tenant', 'SELECT, INSERT, DELETE', 'letters, guidance and questions in the förbund''s words'),
    ('agreements_lawreference', 'tenant', 'SELECT, INSERT, DELETE', 'references to law'),
    ('agreements_legalground', 'tenant', 'SELECT, INSERT', 'what the processing rests on'),
    ('accounts_account', 'open', 'SELECT, INSERT, UPDATE', 'sign-in comes before any context; ids and keyed look-up only'),
    ('accounts_identity', 'open', 'SELECT, INSERT', 'issuer and subject, no claims'),
    ('accounts_session', 'open', 'SELECT, INSERT, DELETE', 'hash of a token, no claims'),
    ('django_session', 'open', 'SELECT, INSERT, UPDATE, DELETE', 'state of a sign-in under way, ten minutes'),
    ('django_migrations', 'open', 'SELECT', 'names of migrations'),
    ('django_content_type', 'open', 'SELECT', 'names of models'),
    ('auth_group', 'open', '', 'made by the framework, not used'),
    ('auth_group_permissions', 'open', '', 'made by the framework, not used'),
    ('auth_permission', 'open', '', 'made by the framework, not used'),
    ('account_emailaddress', 'open', 'SELECT', 'of the sign-in library; nothing may be written there'),
    ('account_emailconfirmation', 'open', '', 'of the sign-in library; nothing may be written there'),
    ('socialaccount_socialaccount', 'open', 'SELECT', 'of the sign-in library; nothing may be written there'),
    ('socialaccount_socialapp', 'open', 'SELECT', 'of the sign-in library; nothing may be written there'),
    ('socialaccount_socialtoken', 'open', '', 'of the sign-in library; nothing may be written there'),
    ('humla_key', 'open', '', 'the key that signs contexts: its owner only'),
    ('humla_wall', 'open', 'SELECT', 'sums of the walls'),
    ('humla_list', 'open', 'SELECT', 'this list'),
    ('procrastinate_jobs', 'open', 'SELECT, INSERT, UPDATE, DELETE', 'jobs carry ids only'),
    ('procrastinate_events', 'open', 'SELECT, INSERT, UPDATE, DELETE', 'jobs carry ids only'),
    ('procrastinate_periodic_defers', 'open', 'SELECT, INSERT, UPDATE, DELETE', 'jobs carry ids only'),
    ('procrastinate_workers', 'open', 'SELECT, INSERT, UPDATE, DELETE', 'jobs carry ids only');

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT l.* FROM humla_list l JOIN pg_tables t ON t.schemaname = 'public' AND t.tablename = l.name LOOP
        IF one.list <> 'open' THEN
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', one.name);
        END IF;
        IF one.rights <> '' THEN
            EXECUTE format('GRANT %s ON %I TO humla_app', one.rights, one.name);
        END IF;
    END LOOP;
    FOR one IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public'
               AND sequencename LIKE 'procrastinate%' LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE %I TO humla_app', one.name);
    END LOOP;
END $$;

-- Rights narrower than a table: what may be changed at all. Whom a row is about, who holds it and whether
-- it is protected never change: the check of an UPDATE sees the new row only, so a case could be turned
-- towards another authority's person, and a foreign key that passes tells that she exists.
GRANT UPDATE (state, reason, resting_until, resting_reason, closed_at, version) ON cases_case TO humla_app;
DO $$
DECLARE
    one text;
BEGIN
    FOREACH one IN ARRAY ARRAY['people_person', 'cases_initiation', 'plans_plan', 'plans_goal', 'plans_commitment',
        'plans_milestone', 'plans_reservation', 'plans_unmetneed', 'plans_otherplan', 'meetings_meeting',
        'followups_followup', 'followups_commitmentresult', 'followups_goalresult', 'consultations_consultation'] LOOP
        EXECUTE (SELECT format('GRANT UPDATE (%s) ON %I TO humla_app', string_agg(quote_ident(attname), ', '), one)
                   FROM pg_attribute
                  WHERE attrelid = one::regclass AND attnum > 0 AND NOT attisdropped
                    AND attname NOT IN ('id', 'association_id', 'authority_id', 'person_id', 'case_id', 'plan_id',
                                        'meeting_id', 'follow_up_id', 'unit_id',
                                        -- Who said it and when stands too.
                                        'registered_by_id', 'registered_at', 'planned_by_id', 'planned_at',
                                        'begun_by_id', 'begun_at',
                                        -- Set for all of her cases at once, by protect_person() alone.
                                        'is_protected',
                                        -- Whoever wrote the place, by a trigger.
                                        'place_by_id'));
    END LOOP;
END $$;
-- Which unit does it is part of what is written; whose the row is stands in authority_id.
GRANT UPDATE (unit_id) ON plans_commitment, plans_reservation TO humla_app;
GRANT UPDATE (case_id) ON consultations_consultation TO humla_app;
GRANT UPDATE (text, stage, is_removed, version) ON cases_note TO humla_app;
GRANT UPDATE (answer, why, answered_at, answered_by_id) ON access_arrivedrequest TO humla_app;
GRANT UPDATE (answer, answered_at, answered_by_id, taken_back_at) ON access_lookquestion TO humla_app;
GRANT UPDATE (names_staff, answer_days, weekly_sample, version) ON access_opennesspolicy TO humla_app;
GRANT UPDATE (answer, answered_at, answered_by_id, ground, why, instead, case_id, version)
    ON initiations_planrequest TO humla_app;
GRANT UPDATE (cancelled_at) ON meetings_summons TO humla_app;
GRANT UPDATE (closed_at, close_reason, settled_meeting_id, answer_by) ON scheduling_timeoffer TO humla_app;
GRANT UPDATE (withdrawn_at) ON scheduling_slot, scheduling_invitee TO humla_app;
GRANT UPDATE (by_when, where_it_lies, withdrawn_at, version) ON evidence_evidencerequest TO humla_app;
GRANT UPDATE (way, address, written_at, written_by_id, version) ON letters_addressee TO humla_app;
GRANT UPDATE (way, sent_on, sent_by_id, withdrawn_at) ON letters_paperletter TO humla_app;
GRANT UPDATE (was_present, form, cause, name) ON meetings_attendance TO humla_app;
GRANT UPDATE (important, strengths, questions, should_come, should_not_come, worries, practical, written_at,
    handed_in_at, version) ON meetings_preparation TO humla_app;
GRANT UPDATE (answered_at, answered_by_id, is_accepted, declined_why, taken_back_at) ON plans_leadtransfer TO humla_app;
GRANT UPDATE (reopened_at, reopened_why) ON followups_closing TO humla_app;
GRANT UPDATE (reached_by, phone, address, school, workplace, written_at, written_by_id, version)
    ON protection_protectedcontact TO humla_app;
GRANT UPDATE (percent, decided_on, is_pending) ON followups_livelihoodline TO humla_app;
GRANT UPDATE (undone_at) ON disclosures_disclosure TO humla_app;
GRANT UPDATE (state, leaves_at, sent_at, tries, fault, is_collected, digest_id) ON notifications_notice TO humla_app;
GRANT UPDATE (ended_at) ON notifications_reminderstop TO humla_app;
GRANT UPDATE (is_collected, urgent_days, chosen_at, chosen_by_id, version) ON notifications_delivery TO humla_app;
GRANT UPDATE (ends_at) ON cases_caseassignment TO humla_app;
GRANT UPDATE (withdrawn_at, withdrawn_by_id) ON consents_consent, consents_surveyconsent TO humla_app;
GRANT UPDATE (reviewed_by_name, reviewed_by_role, reviewed_on, ended_at) ON consents_consentwording TO humla_app;
GRANT UPDATE (taken_back_at, answered_at, answered_by_id, manner, heard_by, consent_id) ON consents_consentrequest
    TO humla_app;
GRANT UPDATE (ended_at, ended_by_id) ON consents_keptaway TO humla_app;
GRANT UPDATE (content, removed_at, removed_by_id) ON consents_signedpaper TO humla_app;
GRANT UPDATE (undone_at, undone_by_id) ON people_personlink TO humla_app;
GRANT UPDATE (rested_at, rested_by_id, rested_why, decided_why, ended_at, ended_by_id) ON representatives_mandate
    TO humla_app;
GRANT UPDATE (undone_at, undone_by_id) ON representatives_withheld TO humla_app;
-- What a session acts as is chosen through signin_choose() and signin_choose_person() alone.
GRANT UPDATE (seen_at, ends_at, language) ON accounts_session TO humla_app;
GRANT UPDATE (signed_on, signed_by) ON agreements_agreementparty TO humla_app;
GRANT UPDATE (also_called, place, serves, takes_on, from_age, to_age, is_way_in, phone, phone_hours, hours, mail,
    stand_in_unit_id, stand_in, stand_in_phone, owner_id, confirmed_at, confirmed_by_id, version)
    ON organisation_unit TO humla_app;
GRANT UPDATE (title, target_group, from_age, starts_on, ends_on, renewal_decided_by, answer_days, meeting_days,
    follow_up_months, reminder_days, reminders, request_days, times_days, input_days, is_draft, sent_at, sent_by_id,
    thrown_at) ON agreements_localagreement TO humla_app;

-- Definer functions answer only the program.
REVOKE ALL ON FUNCTION wall_set_key(text), wall_mac(text), wall_session_seal(text, uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION enter(text, uuid), signin_assignments(text), signin_choose(text, uuid),
    signin_choose_person(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enter(text, uuid), signin_assignments(text), signin_choose(text, uuid),
    signin_choose_person(text) TO humla_app;
