-- An item with nothing open has nothing open at home either: the exchange difference was posted.
SELECT book, item AS record, '0 at home' AS expected, open_home AS found
FROM open_items
WHERE open_minor = 0 AND open_home <> 0
