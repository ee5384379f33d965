-- The numbers given by a series run from 1 to the one before its next, without a gap.
SELECT s.book AS book, s.next AS record, CAST(s.next - 1 AS TEXT) || ' numbers in ' || s.series AS expected,
    CAST(count(n.number) AS BIGINT) AS found
FROM number_series s
LEFT JOIN document_numbers n ON n.book = s.book AND n.series = s.series
GROUP BY s.book, s.series, s.next
HAVING count(n.number) <> s.next - 1 OR COALESCE(max(n.number), 0) <> s.next - 1
