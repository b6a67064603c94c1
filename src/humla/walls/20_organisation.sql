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
        'agreements_legalground'] LOOP
        EXECUTE format(
            'CREATE POLICY same_tenant ON %I FOR SELECT TO humla_app
             USING ((SELECT ctx_ok()) AND (association_id = ctx_tenant() AND ctx_kind() <> ''link'' OR ctx_kind() = ''person''))', one);
    END LOOP;
END $$;

CREATE POLICY same_tenant ON organisation_association FOR SELECT TO humla_app
    USING ((SELECT ctx_ok()) AND (id = ctx_tenant() AND ctx_kind() <> 'link' OR ctx_kind() = 'person'));

CREATE POLICY signed_by_administrator ON agreements_agreementparty FOR UPDATE TO humla_app
    USING ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant() AND signed_on IS NULL)
    WITH CHECK (association_id = ctx_tenant() AND signed_on IS NOT NULL);

CREATE POLICY written_by_administrator ON agreements_legalground FOR INSERT TO humla_app
    WITH CHECK ((SELECT ctx_ok()) AND ctx_kind() = 'admin' AND association_id = ctx_tenant()
        AND written_by_id = ctx_actor() AND written_at = humla_now());
