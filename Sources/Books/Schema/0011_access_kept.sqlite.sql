-- Nobody edits history.
CREATE TRIGGER access_acts_kept BEFORE UPDATE ON access_acts BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER access_acts_stay BEFORE DELETE ON access_acts BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
