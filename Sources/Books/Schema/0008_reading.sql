-- Indexes for reading: what ageing, the worklist and search walk, so that they find everything in the index itself.

-- Every open item, with all that ageing and the worklist ask of it.
DROP INDEX open_items_open;
CREATE INDEX open_items_open ON open_items
    (book, account, customer, currency, due_day, day, minor, open_minor, item, moved_day, moved_recorded)
    WHERE open_minor <> 0;

-- Every closed item by when it moved last: ageing of a past day finds in it those that were open then.
DROP INDEX open_items_closed;
CREATE INDEX open_items_closed ON open_items (book, moved_day, moved_recorded, day, item) WHERE open_minor = 0;

-- Search finds a document by the customer's order number and by its creditor reference.
CREATE INDEX documents_by_po_number ON documents (book, po_number) WHERE po_number <> '';
CREATE INDEX documents_by_reference ON documents (book, reference) WHERE reference <> '';
