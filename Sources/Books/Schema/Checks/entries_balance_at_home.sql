-- Every entry balances in the seller's currency.
SELECT book, entry AS record, 'sum 0 in ' || home_currency AS expected, CAST(sum(home_minor) AS BIGINT) AS found
FROM journal_lines
GROUP BY book, entry, home_currency
HAVING sum(home_minor) <> 0
