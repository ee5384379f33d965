-- Bank statements, receipts, allocations. What the bank wrote about a payer stands apart and can be erased.

CREATE TABLE bank_statements (
    book        BIGINT NOT NULL REFERENCES sellers (book),
    statement   BIGINT NOT NULL,
    account     TEXT NOT NULL,
    format      TEXT NOT NULL,
    name        TEXT NOT NULL,
    currency    TEXT NOT NULL,
    opening_day TEXT,
    opening     BIGINT,
    closing_day TEXT,
    closing     BIGINT,
    balanced    BIGINT NOT NULL CHECK (balanced IN (0, 1)),
    lines       BIGINT NOT NULL,
    command     TEXT NOT NULL,
    recorded    TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, statement)
);
CREATE INDEX bank_statements_by_account ON bank_statements (book, account, closing_day);

-- One line of a bank statement, or one detail of a batch line. fingerprint is what makes it the same line in another file.
CREATE TABLE bank_lines (
    book          BIGINT NOT NULL,
    bank_line     BIGINT NOT NULL,
    statement     BIGINT NOT NULL,
    account       TEXT NOT NULL,
    fingerprint   TEXT NOT NULL CHECK (length(fingerprint) = 43),
    occurrence    BIGINT NOT NULL,
    booking_day   TEXT NOT NULL CHECK (length(booking_day) = 10),
    value_day     TEXT NOT NULL CHECK (length(value_day) = 10),
    minor         BIGINT NOT NULL,
    currency      TEXT NOT NULL CHECK (length(currency) = 3),
    payment_id    TEXT NOT NULL,
    reference     TEXT NOT NULL,
    return_reason TEXT NOT NULL,
    receipt       BIGINT,
    text_hash     TEXT NOT NULL,
    command       TEXT NOT NULL,
    recorded      TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, bank_line),
    UNIQUE (book, account, fingerprint, occurrence),
    FOREIGN KEY (book, statement) REFERENCES bank_statements (book, statement)
);
CREATE INDEX bank_lines_by_payment ON bank_lines (book, payment_id);
CREATE INDEX bank_lines_by_command ON bank_lines (book, command);

-- Money in. The open part is the item of the same id on the account `unapplied`.
CREATE TABLE receipts (
    book       BIGINT NOT NULL,
    receipt    BIGINT NOT NULL,
    bank_line  BIGINT,
    day        TEXT NOT NULL CHECK (length(day) = 10),
    value_day  TEXT NOT NULL CHECK (length(value_day) = 10),
    minor      BIGINT NOT NULL CHECK (minor > 0),
    currency   TEXT NOT NULL CHECK (length(currency) = 3),
    account    TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    reference  TEXT NOT NULL,
    text_hash  TEXT NOT NULL,
    command    TEXT NOT NULL,
    recorded   TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, receipt),
    FOREIGN KEY (book, command) REFERENCES commands (book, command)
);
CREATE INDEX receipts_by_payment ON receipts (book, payment_id);
CREATE INDEX receipts_by_command ON receipts (book, command);
CREATE INDEX receipts_by_day ON receipts (book, day);

-- What the bank said about a payer. Erasable; text_hash of the line and the receipt is its salted hash.
CREATE TABLE bank_texts (
    book        BIGINT NOT NULL,
    bank_line   BIGINT NOT NULL,
    payer       TEXT NOT NULL,
    account_key TEXT NOT NULL,
    sealed      TEXT NOT NULL,
    text        TEXT NOT NULL,
    end_to_end  TEXT NOT NULL,
    salt        TEXT NOT NULL,
    PRIMARY KEY (book, bank_line)
);

-- Which receipt paid which document, in the currency of both; a used credit note is a negative row. receipt is null where a
-- credit note was set against an invoice without money. The journal holds the money, this says why.
CREATE TABLE allocations (
    book       BIGINT NOT NULL,
    allocation BIGINT NOT NULL,
    command    TEXT NOT NULL,
    entry      BIGINT NOT NULL,
    receipt    BIGINT,
    document   BIGINT NOT NULL,
    customer   BIGINT NOT NULL,
    day        TEXT NOT NULL CHECK (length(day) = 10),
    minor      BIGINT NOT NULL,
    write_off  BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    -- ×10^4; null: by hand
    confidence BIGINT,
    recorded   TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, allocation),
    FOREIGN KEY (book, command) REFERENCES commands (book, command),
    FOREIGN KEY (book, entry) REFERENCES entries (book, entry),
    FOREIGN KEY (book, document) REFERENCES documents (book, document)
);
CREATE INDEX allocations_by_document ON allocations (book, document);
CREATE INDEX allocations_by_receipt ON allocations (book, receipt);
CREATE INDEX allocations_by_command ON allocations (book, command);

-- What the last matching would do but did not book: replaced by each run, droppable at will.
CREATE TABLE match_proposals (
    book       BIGINT NOT NULL,
    receipt    BIGINT NOT NULL,
    place      BIGINT NOT NULL,
    document   BIGINT,
    minor      BIGINT NOT NULL,
    write_off  BIGINT NOT NULL,
    confidence BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    runner_up  TEXT NOT NULL,
    PRIMARY KEY (book, receipt, place)
);

-- A customer disagrees with part of a document: the amount in question, until it is settled.
CREATE TABLE disputes (
    book       BIGINT NOT NULL,
    dispute    BIGINT NOT NULL,
    document   BIGINT NOT NULL,
    customer   BIGINT NOT NULL,
    minor      BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    opened     TEXT NOT NULL CHECK (length(opened) = 10),
    closed     TEXT,
    command    TEXT NOT NULL,
    recorded   TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, dispute),
    FOREIGN KEY (book, document) REFERENCES documents (book, document)
);
CREATE INDEX disputes_by_document ON disputes (book, document);
