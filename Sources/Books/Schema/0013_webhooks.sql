-- Where events are posted to as they happen. A webhook belongs to no book: it may hear of all sellers. Its bookmark says how far
-- into the events it has come; whoever delivers holds the claim, and after it has run out anybody may.
CREATE TABLE webhooks (
    webhook       BIGINT NOT NULL PRIMARY KEY,
    url           TEXT NOT NULL,
    -- kinds of events with a blank between, such as `invoice.issue cash.*`; empty is every kind
    kinds         TEXT NOT NULL,
    -- the code of a seller; empty is every seller
    seller        TEXT NOT NULL,
    -- sealed under the master key
    secret        TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('active', 'paused', 'failed')),
    bookmark      TEXT NOT NULL,
    -- failures since the last success, and when they began
    attempts      BIGINT NOT NULL CHECK (attempts >= 0),
    failing_since TEXT CHECK (length(failing_since) = 27),
    next_at       TEXT NOT NULL CHECK (length(next_at) = 27),
    claim         TEXT NOT NULL,
    claimed_until TEXT NOT NULL CHECK (length(claimed_until) = 27),
    -- what the receiver answered last
    answer        TEXT NOT NULL,
    actor         TEXT NOT NULL,
    recorded      TEXT NOT NULL CHECK (length(recorded) = 27),
    changed       TEXT NOT NULL CHECK (length(changed) = 27)
);

-- What holds for these books as a whole: `demo` marks those of an example company, `today` is the day that its test clock shows.
CREATE TABLE settings (
    name    TEXT NOT NULL PRIMARY KEY,
    value   TEXT NOT NULL,
    changed TEXT NOT NULL CHECK (length(changed) = 27)
);
