-- Every entry balances in each document currency.
SELECT book, entry AS record, 'sum 0 in ' || currency AS expected, CAST(sum(minor) AS BIGINT) AS found
FROM journal_lines
GROUP BY book, entry, currency
HAVING sum(minor) <> 0
