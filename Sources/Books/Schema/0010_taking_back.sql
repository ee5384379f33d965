-- Undo looks up what a command took back, and the reminders that a command wrote.
CREATE INDEX undoings_by_undoer ON undoings (book, undone_by);
CREATE INDEX reminders_by_command ON reminders (book, command);
