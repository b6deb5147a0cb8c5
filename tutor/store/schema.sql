CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
;
CREATE TABLE event (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT kind_known CHECK (kind IN ('review', 'undo', 'suspend', 'unsuspend', 'bury', 'flag', 'unflag', 'reset', 'set_due', 'known', 'unknown', 'params', 'prediction', 'anchor', 'accept', 'retime', 'exam', 'session')), 
	card_key TEXT NOT NULL, 
	at_utc_ms INTEGER NOT NULL, 
	utc_offset_min INTEGER NOT NULL, 
	study_day INTEGER NOT NULL, 
	rating INTEGER CONSTRAINT rating_range CHECK (rating BETWEEN 1 AND 4), 
	elapsed_ms INTEGER, 
	source TEXT CONSTRAINT source_known CHECK (source IN ('review', 'quiz', 'demo', 'import')), 
	answer TEXT, 
	correct INTEGER CONSTRAINT correct_flag CHECK (correct IN (0, 1)), 
	confidence TEXT CONSTRAINT confidence_known CHECK (confidence IN ('sure', 'unsure')), 
	hints INTEGER NOT NULL, 
	content_hash TEXT NOT NULL, 
	model TEXT NOT NULL, 
	due_utc_ms INTEGER, 
	undoes TEXT, 
	payload TEXT NOT NULL, 
	"after" TEXT, 
	"on" INTEGER, 
	retention REAL, 
	writer TEXT NOT NULL, 
	seq INTEGER NOT NULL CONSTRAINT seq_positive CHECK (seq > 0), 
	hash BLOB NOT NULL CONSTRAINT hash_length CHECK (length(hash) = 32), 
	PRIMARY KEY (id)
)
 STRICT


;
CREATE TABLE writer (
	name TEXT NOT NULL, 
	rows INTEGER NOT NULL, 
	tip BLOB NOT NULL, 
	home TEXT NOT NULL, 
	crc INTEGER NOT NULL, 
	PRIMARY KEY (name)
)
 WITHOUT ROWID,
 STRICT


;
CREATE TABLE card_state (
	"key" TEXT NOT NULL, 
	phase TEXT NOT NULL CONSTRAINT phase_known CHECK (phase IN ('new', 'learning', 'review', 'relearning')), 
	stability REAL NOT NULL, 
	difficulty REAL NOT NULL, 
	due_utc_ms INTEGER NOT NULL, 
	step INTEGER NOT NULL, 
	reps INTEGER NOT NULL, 
	lapses INTEGER NOT NULL, 
	first_day INTEGER, 
	last_day INTEGER, 
	model TEXT NOT NULL, 
	suspended INTEGER NOT NULL CONSTRAINT suspended_flag CHECK (suspended IN (0, 1)), 
	flagged INTEGER NOT NULL CONSTRAINT flagged_flag CHECK (flagged IN (0, 1)), 
	buried_until_day INTEGER, 
	passed INTEGER NOT NULL CONSTRAINT passed_flag CHECK (passed IN (0, 1)), 
	scored INTEGER NOT NULL, 
	remembered INTEGER NOT NULL, 
	last_event TEXT, 
	applied INTEGER NOT NULL, 
	crc INTEGER NOT NULL, 
	PRIMARY KEY ("key")
)
 WITHOUT ROWID,
 STRICT


;
CREATE TABLE day_count (
	study_day INTEGER NOT NULL, 
	reviews INTEGER NOT NULL, 
	elapsed_ms INTEGER NOT NULL, 
	crc INTEGER NOT NULL, 
	PRIMARY KEY (study_day)
)
 STRICT


;
CREATE TABLE glance (
	id INTEGER NOT NULL CONSTRAINT one_row CHECK (id = 1), 
	json TEXT NOT NULL, 
	crc INTEGER NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT


;
CREATE INDEX event_card_key ON event (card_key)
;
CREATE INDEX event_undoes ON event (undoes) WHERE undoes IS NOT NULL
;
CREATE UNIQUE INDEX event_writer_seq ON event (writer, seq)
;
CREATE INDEX event_seldom ON event (kind) WHERE kind IN ('params', 'accept', 'retime', 'exam', 'session')
;
CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
;
CREATE TRIGGER event_refuses_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
;
CREATE TRIGGER event_refuses_replace BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM event WHERE writer = NEW.writer AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
;
