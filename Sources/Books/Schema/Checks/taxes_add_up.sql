-- The taxes of a document add up to its tax, their bases to its net, and net and tax to gross.
SELECT d.book AS book, d.document AS record, CAST(d.tax AS TEXT) || ' tax of ' || d.number AS expected,
    CAST(sum(t.tax) AS BIGINT) AS found
FROM documents d
JOIN document_taxes t ON t.book = d.book AND t.document = d.document
GROUP BY d.book, d.document, d.net, d.tax, d.gross, d.number
HAVING sum(t.tax) <> d.tax OR sum(t.base) <> d.net OR d.net + d.tax <> d.gross
