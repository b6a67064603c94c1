-- Tenant tables: readable inside the förbund, in every context that has one. The person's own session has
-- no tenant (she may have cases in several), so she reads names through what is about her. A link has a tenant
-- and is anybody who got the mail: what it shows comes from linked_summons() alone, no staff and no agreements.

DO $$
DECLARE
    one text;
BEGIN
    FOREACH one IN ARRAY ARRAY['organisation_party', 'organisation_authority', 'organisation_unit',
        'organisation_profession', 'organisation_professional', 'organisation_unitassignment',
        'agreements_localagreement', 'agreements_agreementparty', 'agreements_initiatingprofession',
        'agreements_lifearea', 'agreements_needsgroup', 'agreements_lawreference',
        'agreements_legalground', 'agreements_agreementtext'] LOOP
        EXECUTE format(
            'CREATE POLICY same_tenant ON %I FOR SELECT TO humla_app
             USING ((SELECT ctx_ok()) AND (association_id = ctx_tenant() AND ctx_kind() <> ''link'' OR ctx_kind() = ''person''))', one);
    END LOOP;
END $$;

CREATE POLICY same_tenant ON organisation_association FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND (id = ctx_tenant() AND ctx_kind() <> 'link' OR ctx_kind() = 'person'));

CREATE POLICY written_by_administrator ON agreements_legalground FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant()
        AND written_by_id = ctx_actor() AND written_at = humla_now());

-- Asked of a function: a policy of the units that reads the units asks itself.
CREATE OR REPLACE FUNCTION wall_is_unit_here(the_unit uuid, tenant uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM organisation_unit u WHERE ctx_ok() AND u.id = the_unit AND u.association_id = tenant
                      AND tenant = ctx_tenant())
$$;

-- How a unit is reached is told by those who work there: its manager, whoever looks after it, or an administrator.
-- Where it belongs and what it is called stay as the förbund's file says; so does the telephone that codes come to,
-- which only set_code_phone() changes.
CREATE POLICY looked_after ON organisation_unit FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND association_id = ctx_tenant()
        AND (ctx_kind() = 'admin'
             OR ctx_kind() = 'professional' AND id = ctx_unit() AND (ctx_role() = 'manager' OR owner_id = ctx_actor())))
    -- Whoever looks after it works there; whoever answers instead is of the same förbund. A foreign key that passes
    -- would tell of another one's.
    WITH CHECK (association_id = ctx_tenant()
        AND (owner_id IS NULL OR EXISTS (
            SELECT 1 FROM organisation_professional p
             WHERE p.id = owner_id AND p.authority_id = organisation_unit.authority_id
               AND p.association_id = organisation_unit.association_id OFFSET 0))
        AND (stand_in_unit_id IS NULL OR wall_is_unit_here(stand_in_unit_id, association_id)));

-- A confirmation is signed by whoever makes it, now. A new mailbox has not failed yet.
CREATE OR REPLACE FUNCTION unit_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.mail <> OLD.mail THEN
        NEW.mail_failed_at := NULL;
    END IF;
    IF current_user = 'humla_app' AND (NEW.confirmed_at, NEW.confirmed_by_id)
                                      IS DISTINCT FROM (OLD.confirmed_at, OLD.confirmed_by_id) THEN
        NEW.confirmed_at := humla_now();
        NEW.confirmed_by_id := ctx_actor();
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER unit_is_signed BEFORE UPDATE ON organisation_unit
    FOR EACH ROW EXECUTE FUNCTION unit_is_signed();

-- Whoever holds this telephone opens what is sent to the unit: its manager and the administrator change it, and nobody
-- who only looks after the rest.
-- The old telephone is told (`tells`: where texts can be sent): two changes in a row tell the first of them.
CREATE OR REPLACE FUNCTION set_code_phone(the_unit uuid, the_phone text, the_version integer, tells boolean)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before organisation_unit;
BEGIN
    SELECT u.* INTO before FROM organisation_unit u
     WHERE u.id = the_unit AND u.version = the_version AND ctx_ok() AND u.association_id = ctx_tenant()
       AND (ctx_kind() = 'admin' OR ctx_kind() = 'professional' AND ctx_role() = 'manager' AND u.id = ctx_unit())
       FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE organisation_unit SET code_phone = the_phone, version = version + 1 WHERE id = the_unit;
    IF tells AND before.code_phone NOT IN ('', the_phone) AND NOT EXISTS (
        SELECT 1 FROM notifications_notice n
         WHERE n.unit_id = the_unit AND n.kind = 'code_phone' AND n.state = 'waiting') THEN
        UPDATE organisation_unit SET code_phone_before = before.code_phone WHERE id = the_unit;
        INSERT INTO notifications_notice (id, association_id, kind, unit_id, about_id, state, queued_at, queued_by_id,
                                          leaves_at, tries, fault)
        VALUES (gen_random_uuid(), before.association_id, 'code_phone', the_unit, the_unit, 'waiting', humla_now(),
                ctx_actor(), humla_now(), 0, '');
    END IF;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION wall_is_unit_here(uuid, uuid), set_code_phone(uuid, text, integer, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_is_unit_here(uuid, uuid), set_code_phone(uuid, text, integer, boolean) TO humla_app;
