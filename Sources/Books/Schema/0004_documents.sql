-- Charges (something billable), drafts, and documents: invoices and credit notes. A document never changes.

CREATE TABLE charges (
    book        BIGINT NOT NULL,
    charge      BIGINT NOT NULL,
    customer    BIGINT NOT NULL,
    order_id    TEXT NOT NULL,
    line_no     BIGINT NOT NULL,
    day         TEXT NOT NULL CHECK (length(day) = 10),
    currency    TEXT NOT NULL CHECK (length(currency) = 3),
    po_number   TEXT NOT NULL,
    sku         TEXT NOT NULL,
    description TEXT NOT NULL,
    -- ×10^6
    quantity    BIGINT NOT NULL,
    -- ×10^10; null: from the price list
    unit_price  BIGINT,
    -- ×10^8
    discount    BIGINT NOT NULL,
    -- the document that bills it
    billed_by   BIGINT,
    command     TEXT NOT NULL,
    recorded    TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, charge),
    UNIQUE (book, order_id, line_no),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer)
);
CREATE INDEX charges_unbilled ON charges (book, day, order_id, line_no) WHERE billed_by IS NULL;
CREATE INDEX charges_by_customer ON charges (book, customer, day);
CREATE INDEX charges_by_document ON charges (book, billed_by) WHERE billed_by IS NOT NULL;

CREATE TABLE documents (
    book       BIGINT NOT NULL,
    document   BIGINT NOT NULL,
    customer   BIGINT NOT NULL,
    details    BIGINT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('invoice', 'credit-note')),
    origin     TEXT NOT NULL CHECK (origin IN ('own', 'imported')),
    number     TEXT NOT NULL,
    issue_day  TEXT NOT NULL CHECK (length(issue_day) = 10),
    due_day    TEXT NOT NULL CHECK (length(due_day) = 10),
    currency   TEXT NOT NULL CHECK (length(currency) = 3),
    -- null where an imported document did not say
    net        BIGINT,
    tax        BIGINT,
    gross      BIGINT NOT NULL,
    order_id   TEXT NOT NULL,
    po_number  TEXT NOT NULL,
    reference  TEXT NOT NULL,
    corrects   BIGINT,
    reason     TEXT NOT NULL,
    command    TEXT NOT NULL,
    recorded   TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, document),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer),
    FOREIGN KEY (book, command) REFERENCES commands (book, command),
    FOREIGN KEY (book, corrects) REFERENCES documents (book, document)
);
CREATE INDEX documents_by_number ON documents (book, number);
CREATE INDEX documents_by_customer ON documents (book, customer, issue_day);
CREATE INDEX documents_by_order ON documents (book, order_id);
CREATE INDEX documents_correcting ON documents (book, corrects) WHERE corrects IS NOT NULL;
CREATE INDEX documents_by_command ON documents (book, command);

CREATE TABLE document_lines (
    book          BIGINT NOT NULL,
    document      BIGINT NOT NULL,
    line          BIGINT NOT NULL,
    charge        BIGINT,
    corrects_line BIGINT,
    sku           TEXT NOT NULL,
    description   TEXT NOT NULL,
    -- ×10^6
    quantity      BIGINT NOT NULL,
    unit          TEXT NOT NULL,
    -- ×10^10
    unit_price    BIGINT NOT NULL,
    -- ×10^8
    discount      BIGINT NOT NULL,
    net           BIGINT NOT NULL,
    vat_category  TEXT NOT NULL,
    -- ×10^8
    vat_rate      BIGINT NOT NULL,
    trace         TEXT NOT NULL,
    PRIMARY KEY (book, document, line),
    FOREIGN KEY (book, document) REFERENCES documents (book, document)
);

CREATE TABLE document_taxes (
    book         BIGINT NOT NULL,
    document     BIGINT NOT NULL,
    vat_category TEXT NOT NULL,
    vat_rate     BIGINT NOT NULL,
    base         BIGINT NOT NULL,
    tax          BIGINT NOT NULL,
    trace        TEXT NOT NULL,
    PRIMARY KEY (book, document, vat_category, vat_rate),
    FOREIGN KEY (book, document) REFERENCES documents (book, document)
);

-- Numbers of imported documents that stand, without leading zeros: each once, and none of ours may be one of them.
-- (Numbers of ours are unique in document_numbers.) A row goes when the import is taken back.
CREATE TABLE imported_numbers (
    book       BIGINT NOT NULL,
    number_key TEXT NOT NULL,
    document   BIGINT NOT NULL,
    PRIMARY KEY (book, number_key),
    FOREIGN KEY (book, document) REFERENCES documents (book, document)
);

-- A draft: charges of one customer that will become one document, with what the checks said of it. It is priced anew when it
-- is issued; the totals here are those it was checked with.
CREATE TABLE drafts (
    book       BIGINT NOT NULL,
    draft      BIGINT NOT NULL,
    customer   BIGINT NOT NULL,
    group_key  TEXT NOT NULL,
    day        TEXT NOT NULL CHECK (length(day) = 10),
    currency   TEXT NOT NULL CHECK (length(currency) = 3),
    net        BIGINT NOT NULL,
    tax        BIGINT NOT NULL,
    gross      BIGINT NOT NULL,
    order_id   TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'held', 'issued', 'void')),
    approved   BIGINT NOT NULL CHECK (approved IN (0, 1)),
    document   BIGINT,
    command    TEXT NOT NULL,
    recorded   TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, draft),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer)
);
CREATE INDEX drafts_waiting ON drafts (book, day, draft) WHERE state IN ('open', 'held');

CREATE TABLE draft_charges (
    book   BIGINT NOT NULL,
    draft  BIGINT NOT NULL,
    charge BIGINT NOT NULL,
    PRIMARY KEY (book, draft, charge),
    FOREIGN KEY (book, draft) REFERENCES drafts (book, draft)
);
CREATE INDEX draft_charges_by_charge ON draft_charges (book, charge);

CREATE TABLE draft_findings (
    book     BIGINT NOT NULL,
    draft    BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    finding  TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('stop', 'warn')),
    why      TEXT NOT NULL,
    next     TEXT NOT NULL,
    PRIMARY KEY (book, draft, place),
    FOREIGN KEY (book, draft) REFERENCES drafts (book, draft)
);
