-- Customers: a debtor of one seller. What is personal (names, addresses, mail, bank details) stands apart and can be erased;
-- permanent records carry its salted hash only.

CREATE TABLE customers (
    book         BIGINT NOT NULL REFERENCES sellers (book),
    customer     BIGINT NOT NULL,
    -- the number the firm uses
    number       TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    -- the details in force
    details      BIGINT NOT NULL,
    country      TEXT NOT NULL,
    state        TEXT NOT NULL,
    currency     TEXT NOT NULL CHECK (length(currency) = 3),
    language     TEXT NOT NULL,
    consumer     BIGINT NOT NULL CHECK (consumer IN (0, 1)),
    has_vat_id   BIGINT NOT NULL CHECK (has_vat_id IN (0, 1)),
    terms_days   BIGINT NOT NULL CHECK (terms_days BETWEEN 0 AND 3650),
    price_list   TEXT NOT NULL,
    credit_limit BIGINT,
    -- set where an import made the customer from a bare number
    to_complete  BIGINT NOT NULL CHECK (to_complete IN (0, 1)),
    command      TEXT NOT NULL,
    recorded     TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, customer),
    UNIQUE (book, number)
);

-- Name and address as they were at a time: a document points at the version it was issued to. Erasing empties the texts.
CREATE TABLE customer_details (
    book      BIGINT NOT NULL,
    details   BIGINT NOT NULL,
    customer  BIGINT NOT NULL,
    name      TEXT NOT NULL,
    sort_key  TEXT NOT NULL,
    street    TEXT NOT NULL,
    postcode  TEXT NOT NULL,
    city      TEXT NOT NULL,
    vat_id    TEXT NOT NULL,
    salt      TEXT NOT NULL,
    -- salted SHA-256 of the texts, base64url
    hash      TEXT NOT NULL,
    recorded  TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, details),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer)
);
CREATE INDEX customer_details_by_customer ON customer_details (book, customer);

CREATE TABLE contacts (
    book     BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    purpose  TEXT NOT NULL CHECK (purpose IN ('invoice', 'statement', 'reminder', 'escalation')),
    place    BIGINT NOT NULL,
    name     TEXT NOT NULL,
    email    TEXT NOT NULL,
    phone    TEXT NOT NULL,
    PRIMARY KEY (book, customer, purpose, place),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer)
);

-- Bank accounts a customer pays from: encrypted under the master key; account_key is a keyed hash to find it by.
CREATE TABLE customer_accounts (
    book        BIGINT NOT NULL,
    account_key TEXT NOT NULL,
    customer    BIGINT NOT NULL,
    sealed      TEXT NOT NULL,
    learnt      BIGINT NOT NULL CHECK (learnt IN (0, 1)),
    PRIMARY KEY (book, account_key, customer),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer)
);
CREATE INDEX customer_accounts_by_customer ON customer_accounts (book, customer);

-- A reason not to write to a customer, or not about a document: until a day, or until it is lifted.
CREATE TABLE holds (
    book     BIGINT NOT NULL,
    hold     BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    document BIGINT,
    reason   TEXT NOT NULL,
    from_day TEXT NOT NULL CHECK (length(from_day) = 10),
    to_day   TEXT,
    command  TEXT NOT NULL,
    recorded TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, hold),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer)
);
CREATE INDEX holds_by_customer ON holds (book, customer);
