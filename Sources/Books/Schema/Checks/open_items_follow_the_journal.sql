-- What an item is open for is the sum of its movements, in its currency and at home: the control account is the open items.
-- It moved last on the latest day, and at the latest instant, of its movements; nothing moved it before its own day.
SELECT i.book AS book, i.item AS record, CAST(i.open_minor AS TEXT) || ' open' AS expected,
    CAST(COALESCE(sum(l.minor), 0) AS BIGINT) AS found
FROM open_items i
LEFT JOIN journal_lines l ON l.book = i.book AND l.item = i.item AND l.account = i.account
GROUP BY i.book, i.item, i.open_minor, i.open_home, i.day, i.moved_day, i.moved_recorded
HAVING COALESCE(sum(l.minor), 0) <> i.open_minor OR COALESCE(sum(l.home_minor), 0) <> i.open_home
    OR COALESCE(min(l.day), i.day) < i.day OR COALESCE(max(l.day), i.day) <> i.moved_day OR COALESCE(max(l.recorded), i.moved_recorded) <> i.moved_recorded
