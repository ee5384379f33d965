-- The lines of a document of ours add up to its net.
SELECT d.book AS book, d.document AS record, CAST(d.net AS TEXT) || ' net of ' || d.number AS expected,
    CAST(sum(l.net) AS BIGINT) AS found
FROM documents d
JOIN document_lines l ON l.book = d.book AND l.document = d.document
GROUP BY d.book, d.document, d.net, d.number
HAVING sum(l.net) <> d.net
