-- Portfolios: customers that somebody looks after. Who may see a portfolio sees these customers and no others.

CREATE TABLE portfolios (
    portfolio BIGINT NOT NULL PRIMARY KEY,
    -- as people say it; found whatever the case
    name      TEXT NOT NULL UNIQUE,
    recorded  TEXT NOT NULL CHECK (length(recorded) = 27)
);

CREATE TABLE portfolio_customers (
    book      BIGINT NOT NULL,
    portfolio BIGINT NOT NULL,
    customer  BIGINT NOT NULL,
    PRIMARY KEY (book, portfolio, customer),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer)
);
CREATE INDEX portfolio_customers_by_customer ON portfolio_customers (book, customer);

-- Whether a command left something that is seen is asked of what it left.
CREATE INDEX holds_by_command ON holds (book, command);
CREATE INDEX disputes_by_command ON disputes (book, command);
CREATE INDEX customers_by_command ON customers (book, command);
