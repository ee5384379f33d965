-- What corrects a document, and stands, never exceeds it.
SELECT o.book AS book, o.document AS record, CAST(o.gross AS TEXT) || ' at most for ' || o.number AS expected,
    CAST(sum(c.gross) AS BIGINT) AS found
FROM documents o
JOIN documents c ON c.book = o.book AND c.corrects = o.document
WHERE o.origin = 'own' AND c.origin = 'own'
    AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = c.book AND u.command = c.command)
GROUP BY o.book, o.document, o.gross, o.number
HAVING (o.gross >= 0 AND (-sum(c.gross) > o.gross OR sum(c.gross) > 0))
    OR (o.gross < 0 AND (-sum(c.gross) < o.gross OR sum(c.gross) < 0))
