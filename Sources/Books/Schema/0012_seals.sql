-- The audit chain (docs/audit-format.md, docs/decisions/0017): what waits for its seal, the seals, and the end of each chain.

-- The transactions whose audit record has no seal yet. Whoever writes an audit record puts it here in the same transaction, so
-- that a transaction that commits late with an earlier id waits like any other; a sealer takes it out when it seals it.
CREATE TABLE unsealed_records (
    book  BIGINT NOT NULL,
    audit BIGINT NOT NULL,
    PRIMARY KEY (book, audit)
);
INSERT INTO unsealed_records (book, audit) SELECT book, audit FROM audit_records;

-- Where the chain of a book ends. Sealers queue for this row; no command touches it. Empty root: nothing is sealed yet.
CREATE TABLE seal_chains (
    book         BIGINT NOT NULL PRIMARY KEY REFERENCES sellers (book),
    batches      BIGINT NOT NULL CHECK (batches >= 0),
    transactions BIGINT NOT NULL CHECK (transactions >= 0),
    records      BIGINT NOT NULL CHECK (records >= 0),
    root         TEXT NOT NULL CHECK (length(root) IN (0, 43))
);

-- One batch: the Merkle tree over its leaves, and the root that holds the tree and the previous root.
CREATE TABLE seals (
    book         BIGINT NOT NULL REFERENCES sellers (book),
    batch        BIGINT NOT NULL CHECK (batch > 0),
    sealed       TEXT NOT NULL CHECK (length(sealed) = 27),
    transactions BIGINT NOT NULL CHECK (transactions > 0),
    records      BIGINT NOT NULL CHECK (records > 0),
    tree         TEXT NOT NULL CHECK (length(tree) = 43),
    previous     TEXT NOT NULL CHECK (length(previous) IN (0, 43)),
    root         TEXT NOT NULL CHECK (length(root) = 43),
    PRIMARY KEY (book, batch)
);

-- Which transaction stands in which batch: in one, and once.
CREATE TABLE sealed_records (
    book  BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    audit BIGINT NOT NULL,
    PRIMARY KEY (book, batch, audit)
);
CREATE UNIQUE INDEX sealed_once ON sealed_records (book, audit);

-- Where several books are sealed, what ties their chains together: the roots they had reached, `BOOK BATCH ROOT` joined by
-- commas, under a root that holds the previous tie's. They stand in the book that was tied first.
CREATE TABLE seal_ties (
    book     BIGINT NOT NULL REFERENCES sellers (book),
    tie      BIGINT NOT NULL CHECK (tie > 0),
    sealed   TEXT NOT NULL CHECK (length(sealed) = 27),
    heads    TEXT NOT NULL,
    previous TEXT NOT NULL CHECK (length(previous) IN (0, 43)),
    root     TEXT NOT NULL CHECK (length(root) = 43),
    PRIMARY KEY (book, tie)
);

-- A statement that was issued: the salted hash of its figures, and the end of the book's chain before it. The code on the paper
-- is the beginning of that hash.
CREATE TABLE statements (
    book      BIGINT NOT NULL,
    statement BIGINT NOT NULL,
    customer  BIGINT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('open-item', 'balance-forward')),
    as_of     TEXT NOT NULL CHECK (length(as_of) = 10),
    known_at  TEXT NOT NULL CHECK (length(known_at) = 27),
    currency  TEXT NOT NULL CHECK (length(currency) = 3),
    net       BIGINT NOT NULL,
    salt      TEXT NOT NULL CHECK (length(salt) = 26),
    figures   TEXT NOT NULL CHECK (length(figures) = 43),
    batch     BIGINT NOT NULL CHECK (batch >= 0),
    head      TEXT NOT NULL CHECK (length(head) IN (0, 43)),
    command   TEXT NOT NULL,
    recorded  TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, statement),
    FOREIGN KEY (book, command) REFERENCES commands (book, command),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer)
);
CREATE INDEX statements_of_customer ON statements (book, customer, as_of);
