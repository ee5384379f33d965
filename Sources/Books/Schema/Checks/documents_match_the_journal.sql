-- A document and its open item say the same amount, day and due day.
SELECT d.book AS book, d.document AS record, CAST(d.gross AS TEXT) || ' of ' || d.number AS expected,
    COALESCE(i.minor, 0) AS found
FROM documents d
LEFT JOIN open_items i ON i.book = d.book AND i.item = d.document AND i.account = 'receivables'
WHERE i.item IS NULL OR i.minor <> d.gross OR i.day <> d.issue_day OR i.due_day <> d.due_day
    OR i.currency <> d.currency OR i.customer <> d.customer
