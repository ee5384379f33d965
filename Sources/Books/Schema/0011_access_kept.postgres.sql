-- Nobody edits history.
CREATE TRIGGER access_acts_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON access_acts
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_editing_history();
