-- The books themselves: sellers, commands and their outcomes, the journal, number series, the outbox, the audit record.
-- `book` stands first in every key of a booked table (docs/decisions/0002).

CREATE TABLE sellers (
    seller      BIGINT NOT NULL PRIMARY KEY,
    book        BIGINT NOT NULL UNIQUE,
    code        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    country     TEXT NOT NULL CHECK (length(country) = 2),
    currency    TEXT NOT NULL CHECK (length(currency) = 3),
    time_zone   TEXT NOT NULL,
    language    TEXT NOT NULL
);

-- The first open day of each book, and the instant before which reports have already been printed.
CREATE TABLE book_clocks (
    book            BIGINT NOT NULL PRIMARY KEY REFERENCES sellers (book),
    open_from       TEXT NOT NULL CHECK (length(open_from) = 10),
    horizon         TEXT NOT NULL CHECK (length(horizon) = 27)
);

-- One row per command that was carried out: its id, what it was (fingerprint), by whom, for which day, and what came of it.
CREATE TABLE commands (
    book        BIGINT NOT NULL REFERENCES sellers (book),
    command     TEXT NOT NULL CHECK (length(command) BETWEEN 1 AND 64),
    kind        TEXT NOT NULL,
    fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
    actor       TEXT NOT NULL,
    day         TEXT NOT NULL CHECK (length(day) = 10),
    recorded    TEXT NOT NULL CHECK (length(recorded) = 27),
    outcome     TEXT NOT NULL,
    PRIMARY KEY (book, command)
);
CREATE INDEX commands_by_time ON commands (book, recorded);

CREATE TABLE entries (
    book        BIGINT NOT NULL,
    entry       BIGINT NOT NULL,
    command     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    day         TEXT NOT NULL CHECK (length(day) = 10),
    recorded    TEXT NOT NULL CHECK (length(recorded) = 27),
    reverses    BIGINT,
    PRIMARY KEY (book, entry),
    FOREIGN KEY (book, command) REFERENCES commands (book, command),
    FOREIGN KEY (book, reverses) REFERENCES entries (book, entry)
);
CREATE INDEX entries_by_command ON entries (book, command);
CREATE UNIQUE INDEX entries_reversed_once ON entries (book, reverses);

-- Debit is positive, credit negative. minor is in the document's currency, home_minor in the seller's;
-- home = document × rate / 10^10, adjusted for the decimals of the two currencies.
CREATE TABLE journal_lines (
    book          BIGINT NOT NULL,
    entry         BIGINT NOT NULL,
    line          BIGINT NOT NULL,
    account       TEXT NOT NULL,
    customer      BIGINT,
    item          BIGINT,
    minor         BIGINT NOT NULL,
    currency      TEXT NOT NULL CHECK (length(currency) = 3),
    home_minor    BIGINT NOT NULL,
    home_currency TEXT NOT NULL CHECK (length(home_currency) = 3),
    rate          BIGINT NOT NULL CHECK (rate > 0),
    rate_day      TEXT NOT NULL CHECK (length(rate_day) = 10),
    rate_source   TEXT NOT NULL,
    day           TEXT NOT NULL CHECK (length(day) = 10),
    recorded      TEXT NOT NULL CHECK (length(recorded) = 27),
    CHECK (minor <> 0 OR home_minor <> 0),
    PRIMARY KEY (book, entry, line),
    FOREIGN KEY (book, entry) REFERENCES entries (book, entry)
);
-- Ageing as of a day, known at an instant, reads this index alone.
CREATE INDEX item_movements ON journal_lines (book, item, day, recorded, account, minor, home_minor);

CREATE TABLE number_series (
    book    BIGINT NOT NULL REFERENCES sellers (book),
    series  TEXT NOT NULL,
    pattern TEXT NOT NULL,
    next    BIGINT NOT NULL CHECK (next > 0),
    PRIMARY KEY (book, series)
);

CREATE TABLE document_numbers (
    book     BIGINT NOT NULL,
    series   TEXT NOT NULL,
    number   BIGINT NOT NULL CHECK (number > 0),
    document BIGINT NOT NULL,
    PRIMARY KEY (book, series, number),
    FOREIGN KEY (book, series) REFERENCES number_series (book, series)
);

-- What is to leave the house. The text of a letter is made when it is sent; here is only what and to whom.
CREATE TABLE outbox (
    book     BIGINT NOT NULL,
    message  BIGINT NOT NULL,
    command  TEXT NOT NULL,
    kind     TEXT NOT NULL,
    document BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'refused', 'uncertain')),
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    recorded TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, message),
    FOREIGN KEY (book, command) REFERENCES commands (book, command)
);
CREATE INDEX outbox_by_state ON outbox (book, state, message);

-- The hashes of every permanent record of a command: one line each, `kind id sha256`.
CREATE TABLE audit_records (
    book     BIGINT NOT NULL,
    audit    BIGINT NOT NULL,
    command  TEXT NOT NULL,
    recorded TEXT NOT NULL CHECK (length(recorded) = 27),
    hashes   TEXT NOT NULL,
    PRIMARY KEY (book, audit),
    UNIQUE (book, command),
    FOREIGN KEY (book, command) REFERENCES commands (book, command)
);
