-- Every receipt stands on `unapplied` with its amount, and no more of it was used than came in.
SELECT r.book AS book, r.receipt AS record, CAST(-r.minor AS TEXT) || ' received' AS expected,
    COALESCE(i.minor, 0) AS found
FROM receipts r
LEFT JOIN open_items i ON i.book = r.book AND i.item = r.receipt AND i.account = 'unapplied'
WHERE i.item IS NULL OR i.minor <> -r.minor OR i.open_minor > 0 OR i.open_minor < -r.minor OR i.day <> r.day
    OR i.due_day <> r.day OR i.currency <> r.currency
