-- Nobody edits history: these tables are inserted into and read, nothing else.
CREATE FUNCTION forbid_editing_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is never edited' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER commands_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON commands
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER undoings_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON undoings
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER entries_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER journal_lines_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_lines
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER document_numbers_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON document_numbers
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER audit_records_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_records
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER documents_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON documents
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER document_lines_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON document_lines
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER document_taxes_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON document_taxes
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER receipts_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON receipts
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER allocations_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON allocations
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER reminders_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reminders
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER reminder_items_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reminder_items
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER rule_versions_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_versions
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
