-- Every line on the control accounts names an open item of that account.
SELECT l.book AS book, l.entry AS record, 'an open item' AS expected, COALESCE(l.item, 0) AS found
FROM journal_lines l
LEFT JOIN open_items i ON i.book = l.book AND i.item = l.item AND i.account = l.account
WHERE l.account IN ('receivables', 'unapplied') AND i.item IS NULL
