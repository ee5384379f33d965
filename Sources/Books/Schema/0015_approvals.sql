-- What waits for a second person. The command is kept as it was asked for, sealed, in a table of its own: it may name bank accounts and
-- people, and can be erased without touching who asked, who decided and when. The events of asking and deciding stand in `commands`.

CREATE TABLE approvals (
    book         BIGINT NOT NULL REFERENCES sellers (book),
    approval     BIGINT NOT NULL,
    -- the id under which the command is carried out, and its name, such as `invoice credit`
    command      TEXT NOT NULL CHECK (length(command) BETWEEN 1 AND 64),
    name         TEXT NOT NULL,
    -- the rule that it falls under: of `cash apply` with a write-off that is `cash write-off`
    rule         TEXT NOT NULL,
    -- tells a repeat from another command under the same id
    salt         TEXT NOT NULL,
    hash         TEXT NOT NULL CHECK (length(hash) = 43),
    -- whose document it is about, where it is about one customer's
    customer     BIGINT,
    -- what it gives away, and the same as it counts against limits; both 0 where it is about no amount
    minor        BIGINT NOT NULL,
    currency     TEXT NOT NULL CHECK (length(currency) = 3),
    counted      BIGINT NOT NULL,
    counted_in   TEXT NOT NULL CHECK (length(counted_in) = 3),
    asked_by     BIGINT NOT NULL,
    asked_name   TEXT NOT NULL,
    asked        TEXT NOT NULL CHECK (length(asked) = 27),
    day          TEXT NOT NULL CHECK (length(day) = 10),
    -- agreed: a second person agreed, and it is not known yet what came of the command
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'agreed', 'done', 'failed', 'refused', 'withdrawn')),
    decided_by   BIGINT,
    decided_name TEXT,
    decided      TEXT CHECK (length(decided) = 27),
    PRIMARY KEY (book, approval),
    UNIQUE (book, command),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer),
    -- the second person is never the asker, whatever a program says
    CHECK (state NOT IN ('agreed', 'done', 'failed', 'refused') OR (decided_by IS NOT NULL AND decided_by <> asked_by))
);
CREATE INDEX approvals_by_state ON approvals (book, state, approval);
CREATE INDEX approvals_of_customer ON approvals (book, customer);

CREATE TABLE approval_texts (
    book     BIGINT NOT NULL,
    approval BIGINT NOT NULL,
    -- the command with its values and files, sealed under the master key; '' once erased
    sealed   TEXT NOT NULL,
    -- why it was refused, or what the books said, sealed too
    answer   TEXT NOT NULL,
    PRIMARY KEY (book, approval),
    FOREIGN KEY (book, approval) REFERENCES approvals (book, approval)
);

-- What an administrator set in place of the limits that hold without: whole units of the seller's currency, `none` or `any`.
CREATE TABLE approval_limits (
    rule   TEXT NOT NULL,
    role   TEXT NOT NULL,
    alone  TEXT NOT NULL,
    agrees TEXT NOT NULL,
    PRIMARY KEY (rule, role)
);
