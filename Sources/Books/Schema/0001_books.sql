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
    language    TEXT NOT NULL,
    street      TEXT NOT NULL,
    postcode    TEXT NOT NULL,
    city        TEXT NOT NULL,
    vat_id      TEXT NOT NULL,
    email       TEXT NOT NULL,
    phone       TEXT NOT NULL,
    -- days until an invoice is due, where the customer has no terms of its own
    terms_days  BIGINT NOT NULL CHECK (terms_days BETWEEN 0 AND 3650)
);

-- The seller's own bank accounts: an IBAN or any bank's id.
CREATE TABLE seller_accounts (
    book      BIGINT NOT NULL REFERENCES sellers (book),
    account   TEXT NOT NULL,
    currency  TEXT NOT NULL CHECK (length(currency) = 3),
    bic       TEXT NOT NULL,
    place     BIGINT NOT NULL,
    PRIMARY KEY (book, account)
);

-- The first open day of each book, and the instant up to which reports have already been printed or transactions recorded.
CREATE TABLE book_clocks (
    book            BIGINT NOT NULL PRIMARY KEY REFERENCES sellers (book),
    open_from       TEXT NOT NULL CHECK (length(open_from) = 10),
    horizon         TEXT NOT NULL CHECK (length(horizon) = 27),
    revision        BIGINT NOT NULL
);

-- One row per command that was carried out: its id, what it was (fingerprint), by whom, for which day, and what came of it.
-- A piece of a run has the id RUN/KEY.
CREATE TABLE commands (
    book        BIGINT NOT NULL REFERENCES sellers (book),
    command     TEXT NOT NULL CHECK (length(command) BETWEEN 1 AND 64),
    kind        TEXT NOT NULL,
    fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 43),
    actor       TEXT NOT NULL,
    day         TEXT NOT NULL CHECK (length(day) = 10),
    recorded    TEXT NOT NULL CHECK (length(recorded) = 27),
    outcome     TEXT NOT NULL,
    PRIMARY KEY (book, command)
);
CREATE INDEX commands_by_time ON commands (book, recorded);

-- Which command took back which.
CREATE TABLE undoings (
    book      BIGINT NOT NULL,
    command   TEXT NOT NULL,
    undone_by TEXT NOT NULL,
    recorded  TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, command),
    FOREIGN KEY (book, command) REFERENCES commands (book, command),
    FOREIGN KEY (book, undone_by) REFERENCES commands (book, command)
);

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
CREATE UNIQUE INDEX entries_reversed_once ON entries (book, reverses) WHERE reverses IS NOT NULL;

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
CREATE INDEX item_movements ON journal_lines (book, item, day, recorded, account, customer, minor, home_minor)
    WHERE item IS NOT NULL;

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
-- message_id is written, and the state is `sending`, before the first byte leaves.
CREATE TABLE outbox (
    book       BIGINT NOT NULL,
    message    BIGINT NOT NULL,
    command    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    document   BIGINT NOT NULL,
    customer   BIGINT NOT NULL,
    channel    TEXT NOT NULL CHECK (channel IN ('email', 'post')),
    state      TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'refused', 'uncertain', 'withdrawn')),
    attempts   BIGINT NOT NULL CHECK (attempts >= 0),
    next_at    TEXT NOT NULL CHECK (length(next_at) = 27),
    message_id TEXT,
    answer     TEXT NOT NULL,
    recorded   TEXT NOT NULL CHECK (length(recorded) = 27),
    changed    TEXT NOT NULL CHECK (length(changed) = 27),
    PRIMARY KEY (book, message),
    FOREIGN KEY (book, command) REFERENCES commands (book, command)
);
CREATE INDEX outbox_waiting ON outbox (book, channel, next_at, message) WHERE state <> 'sent';
CREATE INDEX outbox_by_document ON outbox (book, document);

-- Commands that a decision asks for in another slice: run right after the commit, and again by the worker if that failed.
CREATE TABLE follow_ups (
    book      BIGINT NOT NULL,
    follow_up TEXT NOT NULL,
    command   TEXT NOT NULL,
    kind      TEXT NOT NULL,
    content   TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'stuck')),
    attempts  BIGINT NOT NULL CHECK (attempts >= 0),
    next_at   TEXT NOT NULL CHECK (length(next_at) = 27),
    problem   TEXT NOT NULL,
    recorded  TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, follow_up),
    FOREIGN KEY (book, command) REFERENCES commands (book, command)
);

-- The hashes of every permanent record of one transaction, a line each: `kind id sha256` (base64url, 43 characters).
CREATE TABLE audit_records (
    book     BIGINT NOT NULL,
    audit    BIGINT NOT NULL,
    recorded TEXT NOT NULL CHECK (length(recorded) = 27),
    hashes   TEXT NOT NULL,
    PRIMARY KEY (book, audit)
);

-- The open amount of every item of the accounts `receivables` (documents) and `unapplied` (receipts): a projection of the
-- journal alone, kept in the recording transaction, rebuilt from it at will. `moved_day` and `moved_recorded` are the latest
-- day and instant of its movements: an item that is closed needs no counting in a report as of that day, known then.
CREATE TABLE open_items (
    book             BIGINT NOT NULL,
    item             BIGINT NOT NULL,
    account          TEXT NOT NULL CHECK (account IN ('receivables', 'unapplied')),
    customer         BIGINT,
    currency         TEXT NOT NULL CHECK (length(currency) = 3),
    day              TEXT NOT NULL CHECK (length(day) = 10),
    due_day          TEXT NOT NULL CHECK (length(due_day) = 10),
    minor            BIGINT NOT NULL,
    open_minor       BIGINT NOT NULL,
    open_home        BIGINT NOT NULL,
    moved_day        TEXT NOT NULL CHECK (length(moved_day) = 10),
    moved_recorded   TEXT NOT NULL CHECK (length(moved_recorded) = 27),
    PRIMARY KEY (book, item)
);
CREATE INDEX open_items_open ON open_items (book, account, customer, due_day) WHERE open_minor <> 0;
CREATE INDEX open_items_closed ON open_items (book, moved_day, moved_recorded) WHERE open_minor = 0;

-- Text to find things by: folded, transliterated, CJK in pairs. Erasable.
CREATE TABLE search_terms (
    book   BIGINT NOT NULL,
    term   TEXT NOT NULL,
    kind   TEXT NOT NULL,
    target BIGINT NOT NULL,
    PRIMARY KEY (book, term, kind, target)
);
CREATE INDEX search_terms_by_target ON search_terms (book, kind, target);

-- How far a slice's projection has followed the books.
CREATE TABLE bookmarks (
    book     BIGINT NOT NULL REFERENCES sellers (book),
    reader   TEXT NOT NULL,
    recorded TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, reader)
);
