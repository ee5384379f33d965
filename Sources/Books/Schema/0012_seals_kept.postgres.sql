-- Nobody edits history: these tables are inserted into and read, nothing else.
CREATE TRIGGER seals_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER sealed_records_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON sealed_records
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER seal_ties_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON seal_ties
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
CREATE TRIGGER statements_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON statements
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
