-- Every document of ours has one number of a series, and every number given has its document.
SELECT d.book AS book, d.document AS record, 'one number for ' || d.number AS expected,
    CAST(count(n.number) AS BIGINT) AS found
FROM documents d
LEFT JOIN document_numbers n ON n.book = d.book AND n.document = d.document
WHERE d.origin = 'own'
GROUP BY d.book, d.document, d.number
HAVING count(n.number) <> 1
UNION ALL
SELECT n.book, n.document, 'a document with number ' || CAST(n.number AS TEXT) || ' of ' || n.series, 0
FROM document_numbers n
LEFT JOIN documents d ON d.book = n.book AND d.document = n.document
WHERE d.document IS NULL
