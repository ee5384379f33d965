-- Nobody edits history: these tables are inserted into and read, nothing else.
CREATE TRIGGER commands_kept BEFORE UPDATE ON commands BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER commands_stay BEFORE DELETE ON commands BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER entries_kept BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER journal_lines_kept BEFORE UPDATE ON journal_lines BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER journal_lines_stay BEFORE DELETE ON journal_lines BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER document_numbers_kept BEFORE UPDATE ON document_numbers BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER document_numbers_stay BEFORE DELETE ON document_numbers BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER audit_records_kept BEFORE UPDATE ON audit_records BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
CREATE TRIGGER audit_records_stay BEFORE DELETE ON audit_records BEGIN SELECT RAISE(ABORT, 'history is never edited'); END;
