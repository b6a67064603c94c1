-- What the walls look like right now, in one sum.
--
-- Lives here: the function that sums up live tables, policies, grants, functions, triggers and roles. Not
-- here: the walls themselves and the table of sums (the other files), the comparison (humla.ops.walls).
--
-- The sum of the files says that the right files were applied; this one says that nobody has altered the
-- result by hand since. Both are compared when web and worker start.

-- The search path is fixed: policies and views are written out with or without schema depending on it,
-- and the sum must be the same for every role. Order is by "C", whatever the database's own locale. No
-- grants and the default grants written out mean the same, so they are summed up the same.
CREATE OR REPLACE FUNCTION wall_fingerprint() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT md5(string_agg(line, E'\n' ORDER BY line COLLATE "C"))
    FROM (
        SELECT concat_ws('|', 'table', c.relname, c.relkind, c.relowner::regrole, c.relrowsecurity,
                         c.relforcerowsecurity, c.reloptions, granted.acl,
                         CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END) AS line
        FROM pg_class c
        LEFT JOIN LATERAL (
            SELECT string_agg(one::text, ',' ORDER BY one::text COLLATE "C") AS acl
            FROM unnest(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) AS one
        ) AS granted ON true
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
      UNION ALL
        SELECT concat_ws('|', 'column', a.attrelid::regclass, a.attname, a.attacl)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL
      UNION ALL
        SELECT concat_ws('|', 'policy', p.tablename, p.policyname, p.permissive, p.roles, p.cmd, p.qual, p.with_check)
        FROM pg_policies p WHERE p.schemaname = 'public'
      UNION ALL
        SELECT concat_ws('|', 'function', f.oid::regprocedure, f.proowner::regrole, f.prosecdef, f.proconfig,
                         f.provolatile, granted.acl, f.prosrc, pg_get_function_sqlbody(f.oid))
        FROM pg_proc f
        LEFT JOIN LATERAL (
            SELECT string_agg(one::text, ',' ORDER BY one::text COLLATE "C") AS acl
            FROM unnest(coalesce(f.proacl, acldefault('f', f.proowner))) AS one
        ) AS granted ON true
        WHERE f.pronamespace = 'public'::regnamespace
      UNION ALL
        SELECT concat_ws('|', 'trigger', t.tgenabled, pg_get_triggerdef(t.oid))
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
      UNION ALL
        SELECT concat_ws('|', 'rule', r.ev_class::regclass, r.rulename, r.ev_enabled, pg_get_ruledef(r.oid))
        FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        WHERE c.relnamespace = 'public'::regnamespace AND r.rulename <> '_RETURN'
      UNION ALL
        SELECT concat_ws('|', 'schema', n.nspname, n.nspowner::regrole, n.nspacl)
        FROM pg_namespace n WHERE n.nspname = 'public'
      UNION ALL
        SELECT concat_ws('|', 'default', d.defaclrole::regrole, d.defaclobjtype, d.defaclacl) FROM pg_default_acl d
      UNION ALL
        SELECT concat_ws('|', 'role', r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolreplication)
        FROM pg_roles r WHERE r.rolname IN ('humla_app', 'humla_sealer', 'humla_counter')
      UNION ALL
        SELECT concat_ws('|', 'member', m.member::regrole, m.roleid::regrole)
        FROM pg_auth_members m
        WHERE m.member::regrole::text IN ('humla_app', 'humla_sealer', 'humla_counter')
    ) AS everything
$$;
REVOKE ALL ON FUNCTION wall_fingerprint() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall_fingerprint() TO humla_app, humla_sealer, humla_counter;
