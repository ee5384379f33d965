-- Reminders that were sent: one letter per customer and run, with the items it named and their levels.

CREATE TABLE reminders (
    book     BIGINT NOT NULL,
    reminder BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    details  BIGINT NOT NULL,
    level    BIGINT NOT NULL CHECK (level BETWEEN 1 AND 9),
    day      TEXT NOT NULL CHECK (length(day) = 10),
    pay_by   TEXT NOT NULL CHECK (length(pay_by) = 10),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    total    BIGINT NOT NULL,
    command  TEXT NOT NULL,
    recorded TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (book, reminder),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer),
    FOREIGN KEY (book, command) REFERENCES commands (book, command)
);
CREATE INDEX reminders_by_customer ON reminders (book, customer, day);

CREATE TABLE reminder_items (
    book     BIGINT NOT NULL,
    reminder BIGINT NOT NULL,
    document BIGINT NOT NULL,
    level    BIGINT NOT NULL CHECK (level BETWEEN 1 AND 9),
    minor    BIGINT NOT NULL,
    PRIMARY KEY (book, reminder, document),
    FOREIGN KEY (book, reminder) REFERENCES reminders (book, reminder)
);
CREATE INDEX reminder_items_by_document ON reminder_items (book, document);
