-- The tables of a class, form 1. {keeper}, {learners} and {teachers} are roles without a login;
-- whoever runs this stays out of all three. Each learner is a role of their own, whose name is a
-- pseudonym: names of roles are seen by all. Rows belong to SESSION_USER, which no function and
-- no SET ROLE changes.
CREATE ROLE {keeper} NOLOGIN;
CREATE ROLE {learners} NOLOGIN;
CREATE ROLE {teachers} NOLOGIN;

REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO {learners}, {teachers};

GRANT {keeper} TO CURRENT_USER;
CREATE SCHEMA tutor AUTHORIZATION {keeper};
SET LOCAL ROLE {keeper};
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA tutor TO {learners}, {teachers};

CREATE TABLE tutor.about (
  version integer NOT NULL,
  one boolean PRIMARY KEY DEFAULT true CHECK (one)
);
INSERT INTO tutor.about (version) VALUES (1);
GRANT SELECT ON tutor.about TO {learners}, {teachers};

-- A learner's chains: how many rows of each are here. A push locks the chain's line, so that two
-- machines of one learner wait for each other; a pull compares numbers, so that it needs neither
-- times nor sequences, which late commits would belie.
CREATE TABLE tutor.writer (
  learner name NOT NULL DEFAULT SESSION_USER,
  writer text COLLATE "C" NOT NULL CHECK (writer ~ '^[0-9a-f]{{16}}$'),
  rows bigint NOT NULL DEFAULT 0 CHECK (rows >= 0),
  PRIMARY KEY (learner, writer)
);
-- The rows as they travel. Their JSON is text: json types refuse or change what a row may hold.
-- Ids are not unique here: after a fork two chains may tell of one row, which each journal takes
-- once.
CREATE TABLE tutor.journal (
  learner name NOT NULL DEFAULT SESSION_USER,
  writer text COLLATE "C" NOT NULL,
  seq bigint NOT NULL CHECK (seq > 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  body text COLLATE "C" NOT NULL CHECK (octet_length(body) <= 25000000),
  PRIMARY KEY (learner, writer, seq)
);
-- What a learner's machine says of each topic that was met: until which day (since 1970) it is
-- known. NULL: not yet known once.
CREATE TABLE tutor.standing (
  learner name NOT NULL DEFAULT SESSION_USER,
  topic text COLLATE "C" NOT NULL CHECK (length(topic) BETWEEN 1 AND 200),
  known_until integer,
  PRIMARY KEY (learner, topic)
);
-- Which named slips a learner made, and on which day last.
CREATE TABLE tutor.slip (
  learner name NOT NULL DEFAULT SESSION_USER,
  topic text COLLATE "C" NOT NULL CHECK (length(topic) BETWEEN 1 AND 200),
  slip text COLLATE "C" NOT NULL CHECK (length(slip) BETWEEN 1 AND 200),
  last_day integer NOT NULL,
  PRIMARY KEY (learner, topic, slip)
);
-- Decks that the class shares, each text that one had as a revision.
CREATE TABLE tutor.deck (
  name text COLLATE "C" NOT NULL CHECK (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(name) <= 100),
  revision integer NOT NULL CHECK (revision > 0),
  text text COLLATE "C" NOT NULL CHECK (octet_length(text) <= 25000000),
  PRIMARY KEY (name, revision)
);

GRANT SELECT (writer, rows), INSERT (writer), UPDATE (rows) ON tutor.writer TO {learners};
GRANT SELECT (writer, seq, hash, body), INSERT (writer, seq, hash, body)
  ON tutor.journal TO {learners};
GRANT SELECT (learner, topic, known_until), INSERT (topic, known_until), UPDATE (known_until),
  DELETE ON tutor.standing TO {learners};
GRANT SELECT (learner, topic, slip, last_day), INSERT (topic, slip, last_day), UPDATE (last_day),
  DELETE ON tutor.slip TO {learners};
GRANT SELECT (name, revision, text) ON tutor.deck TO {learners}, {teachers};
GRANT INSERT (name, revision, text) ON tutor.deck TO {teachers};

ALTER TABLE tutor.writer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE tutor.journal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE tutor.standing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE tutor.slip ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON tutor.writer TO {learners}
  USING (learner = SESSION_USER) WITH CHECK (learner = SESSION_USER);
CREATE POLICY own ON tutor.journal TO {learners}
  USING (learner = SESSION_USER) WITH CHECK (learner = SESSION_USER);
CREATE POLICY own ON tutor.standing TO {learners}
  USING (learner = SESSION_USER) WITH CHECK (learner = SESSION_USER);
CREATE POLICY own ON tutor.slip TO {learners}
  USING (learner = SESSION_USER) WITH CHECK (learner = SESSION_USER);
-- The keeper has no login: its rights are those of the functions below.
CREATE POLICY counted ON tutor.standing FOR SELECT TO {keeper} USING (true);
CREATE POLICY counted ON tutor.slip FOR SELECT TO {keeper} USING (true);
CREATE POLICY forgotten ON tutor.writer TO {keeper} USING (true);
CREATE POLICY forgotten ON tutor.journal TO {keeper} USING (true);
CREATE POLICY forgotten ON tutor.standing FOR DELETE TO {keeper} USING (true);
CREATE POLICY forgotten ON tutor.slip FOR DELETE TO {keeper} USING (true);

-- What a teacher may know: lines about five learners and more, and nothing of one.
CREATE FUNCTION tutor.report()
RETURNS TABLE (topic text, slip text, met bigint, known bigint, forgotten bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT topic, NULL, count(*), count(*) FILTER (WHERE known_until >= CURRENT_DATE - date '1970-1-1'),
    count(*) FILTER (WHERE known_until < CURRENT_DATE - date '1970-1-1')
  FROM tutor.standing GROUP BY topic HAVING count(*) >= 5
  UNION ALL
  SELECT topic, slip, count(*), NULL, NULL
  FROM tutor.slip WHERE last_day >= CURRENT_DATE - date '1970-1-1' - 90
  GROUP BY topic, slip HAVING count(*) >= 5;
END;
GRANT EXECUTE ON FUNCTION tutor.report() TO {teachers};

-- Takes all rows of a learner away; for whoever keeps the class.
CREATE FUNCTION tutor.forget(gone name) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  DELETE FROM tutor.journal WHERE learner = gone;
  DELETE FROM tutor.writer WHERE learner = gone;
  DELETE FROM tutor.standing WHERE learner = gone;
  DELETE FROM tutor.slip WHERE learner = gone;
END;

RESET ROLE;
-- The one who runs this keeps the class.
GRANT USAGE ON SCHEMA tutor TO CURRENT_USER;
GRANT SELECT ON tutor.about TO CURRENT_USER;
GRANT SELECT (name, revision, text), INSERT (name, revision, text) ON tutor.deck TO CURRENT_USER;
GRANT EXECUTE ON FUNCTION tutor.forget(name), tutor.report() TO CURRENT_USER;
REVOKE {keeper} FROM CURRENT_USER;
