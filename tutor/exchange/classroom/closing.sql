-- What PostgreSQL tells everybody about everybody: how many rows were written, who else is there.
-- Only a superuser can take that back; it holds for this database, and the two that every server
-- has are closed to learners.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;
REVOKE SELECT ON pg_catalog.pg_roles, pg_catalog.pg_user, pg_catalog.pg_group,
  pg_catalog.pg_auth_members FROM PUBLIC;
DO $$
DECLARE each record;
BEGIN
  FOR each IN SELECT datname FROM pg_catalog.pg_database WHERE datname IN ('postgres', 'template1')
  LOOP
    EXECUTE 'REVOKE CONNECT ON DATABASE ' || quote_ident(each.datname) || ' FROM PUBLIC';
  END LOOP;
  FOR each IN
    SELECT oid::regprocedure AS called FROM pg_catalog.pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND (
      proname ~ '^(pg_stat_get_|pg_(total_)?relation_size|pg_(table|indexes|database|tablespace)_size)'
      OR proname ~ '^(lo_|loread$|lowrite$|pg_lock_status$|pg_current_wal|pg_notify$|database_to_xml)'
      OR proname ~ '^(pg_prepared_xact|pg_ls_|pg_read_|pg_stat_file|pg_visible_in|pg_get_userbyid$)'
    )
  LOOP
    EXECUTE 'REVOKE EXECUTE ON FUNCTION ' || each.called || ' FROM PUBLIC';
  END LOOP;
  EXECUTE 'REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC';
  EXECUTE (
    SELECT 'GRANT SELECT (' || string_agg(quote_ident(attname), ', ') || ') ON pg_catalog.pg_class TO PUBLIC'
    FROM pg_catalog.pg_attribute
    WHERE attrelid = 'pg_catalog.pg_class'::regclass AND NOT attisdropped
      AND attname <> ALL ('{reltuples,relpages,relallvisible,relallfrozen,relfrozenxid,relminmxid}')
      AND (attnum > 0 OR attname IN ('oid', 'tableoid'))
  );
END $$;
