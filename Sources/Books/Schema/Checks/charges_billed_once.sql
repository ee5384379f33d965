-- No charge is billed by two documents that both stand.
SELECT l.book AS book, l.charge AS record, 'billed once' AS expected, CAST(count(*) AS BIGINT) AS found
FROM document_lines l
JOIN documents d ON d.book = l.book AND d.document = l.document
WHERE l.charge IS NOT NULL AND l.corrects_line IS NULL
    AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = d.book AND u.command = d.command)
GROUP BY l.book, l.charge
HAVING count(*) > 1
