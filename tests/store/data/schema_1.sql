BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
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
	PRIMARY KEY ("key")
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "card_state" VALUES('d/1','review',3.1262,5.3146,1763726400000,0,1,0,20412,20412,'fsrs-6',0,0,NULL,0);
INSERT INTO "card_state" VALUES('d/6','learning',3.1262,5.3146,1763726400000,1,1,0,20412,20412,'fsrs-6',0,1,20413,0);
INSERT INTO "card_state" VALUES('padding','new',0.0,0.0,0,0,0,0,NULL,NULL,'',0,0,NULL,1);
CREATE TABLE event (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT kind_known CHECK (kind IN ('review', 'undo', 'suspend', 'unsuspend', 'bury', 'flag', 'unflag', 'reset', 'set_due', 'known', 'unknown', 'params', 'prediction')), 
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
	PRIMARY KEY (id)
)
 STRICT

;
INSERT INTO "event" VALUES('000001','review','d/1',1763640000001,60,20412,3,4200,'review','0.9 · Vₜ₋₁',1,'sure',0,'c0ffee','fsrs-6',1763726400000,NULL,'');
INSERT INTO "event" VALUES('000002','review','d/2',1763640000002,60,20412,1,4200,'review','0.9 · Vₜ₋₁',0,NULL,1,'c0ffee','fsrs-6',1763726400000,NULL,'');
INSERT INTO "event" VALUES('000003','undo','d/2',1763640000003,60,20412,NULL,NULL,NULL,NULL,NULL,NULL,0,'','',NULL,'000002','');
INSERT INTO "event" VALUES('000004','known','padding',1763640000004,-330,20412,NULL,NULL,NULL,NULL,NULL,NULL,0,'','',NULL,NULL,'');
INSERT INTO "event" VALUES('000005','params','',1763640000005,0,20412,NULL,NULL,NULL,NULL,NULL,NULL,0,'','',NULL,NULL,'{"weights":[0.212]}');
INSERT INTO "event" VALUES('000006','review','d/6',1763640000006,60,20412,3,NULL,'import',NULL,1,'sure',0,'c0ffee','fsrs-6',1763726400000,NULL,'');
CREATE TABLE glance (
	id INTEGER NOT NULL CONSTRAINT one_row CHECK (id = 1), 
	json TEXT NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT

;
INSERT INTO "glance" VALUES(1,'{"written_utc_ms":1763640000000,"study_day":20412,"due":[[1763640000000,2],[1763726400000,3]],"reviews":0,"new":0,"demos":0,"minutes":0,"topics":0,"known":0,"chapters":[{"number":8,"title":"Vision","topics":12,"known":4}],"next_topics":[["padding","Padding"]],"study_days":0,"streak":0,"answers":0,"retention":{"value":0.91,"low":0.86,"high":0.94,"n":211},"signature":"decks","schema":1}');
CREATE INDEX event_card_key ON event (card_key);
CREATE INDEX event_undoes ON event (undoes) WHERE undoes IS NOT NULL;
CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER event_refuses_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER event_refuses_replace BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
COMMIT;
