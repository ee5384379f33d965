-- Nobody edits history: these tables are inserted into and read, nothing else.
CREATE TRIGGER seals_kept BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER seals_stay BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER sealed_records_kept BEFORE UPDATE ON sealed_records BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER sealed_records_stay BEFORE DELETE ON sealed_records BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER seal_ties_kept BEFORE UPDATE ON seal_ties BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER seal_ties_stay BEFORE DELETE ON seal_ties BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER statements_kept BEFORE UPDATE ON statements BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER statements_stay BEFORE DELETE ON statements BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
