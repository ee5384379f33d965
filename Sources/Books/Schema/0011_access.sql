-- Who may come in, and what they looked at. Users belong to the books as a whole: what is read at the door stands in tables without a
-- book (reference tables of docs/decisions/0002). Secrets are kept as hashes only.

CREATE TABLE users (
    user_id   BIGINT NOT NULL PRIMARY KEY,
    -- what somebody signs in with, in lower case
    name      TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    email     TEXT NOT NULL,
    role      TEXT NOT NULL
        CHECK (role IN ('coordinator', 'manager', 'sales', 'finance', 'auditor', 'administrator')),
    -- '' is what the browser says
    language  TEXT NOT NULL CHECK (language IN ('', 'en', 'de')),
    -- Argon2id in its own notation; '' before an invitation was answered
    password  TEXT NOT NULL,
    -- the key of the authenticator program, sealed; '' without one
    totp      TEXT NOT NULL,
    -- one that was shown and not yet confirmed
    totp_next TEXT NOT NULL,
    -- the last code that was used, by its number: none is good twice
    totp_step BIGINT NOT NULL,
    active    BIGINT NOT NULL CHECK (active IN (0, 1)),
    -- 1: all sellers, those to come too; 0: those of user_books
    all_books BIGINT NOT NULL CHECK (all_books IN (0, 1)),
    -- only the customers of this portfolio
    portfolio BIGINT,
    created   TEXT NOT NULL CHECK (length(created) = 27)
);

CREATE TABLE user_books (
    user_id BIGINT NOT NULL REFERENCES users (user_id),
    seller  BIGINT NOT NULL REFERENCES sellers (seller),
    PRIMARY KEY (user_id, seller)
);

CREATE TABLE recovery_codes (
    user_id   BIGINT NOT NULL REFERENCES users (user_id),
    code_hash TEXT NOT NULL,
    used      TEXT,
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE sessions (
    session     BIGINT NOT NULL PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    user_id     BIGINT NOT NULL REFERENCES users (user_id),
    -- 'password': the code is still to come, and nothing may be seen
    stage       TEXT NOT NULL CHECK (stage IN ('password', 'whole')),
    device      TEXT NOT NULL,
    address     TEXT NOT NULL,
    created     TEXT NOT NULL CHECK (length(created) = 27),
    last_used   TEXT NOT NULL CHECK (length(last_used) = 27),
    expires     TEXT NOT NULL CHECK (length(expires) = 27)
);
CREATE INDEX sessions_of_user ON sessions (user_id, session);

CREATE TABLE tokens (
    token       BIGINT NOT NULL PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    user_id     BIGINT NOT NULL REFERENCES users (user_id),
    name        TEXT NOT NULL,
    -- separated by blanks
    scopes      TEXT NOT NULL,
    created     TEXT NOT NULL CHECK (length(created) = 27),
    expires     TEXT NOT NULL CHECK (length(expires) = 27),
    last_used   TEXT,
    revoked     TEXT
);
CREATE INDEX tokens_of_user ON tokens (user_id, token);

-- Links of invitations and resets: each good once.
CREATE TABLE invitations (
    invitation  BIGINT NOT NULL PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL CHECK (kind IN ('invitation', 'reset')),
    user_id     BIGINT NOT NULL REFERENCES users (user_id),
    created     TEXT NOT NULL CHECK (length(created) = 27),
    expires     TEXT NOT NULL CHECK (length(expires) = 27),
    used        TEXT
);
CREATE INDEX invitations_of_user ON invitations (user_id, invitation);

-- Attempts that failed in a row, by name and by address; both as hashes, since people type passwords into the wrong field.
CREATE TABLE sign_in_failures (
    source        TEXT NOT NULL PRIMARY KEY,
    failures      BIGINT NOT NULL CHECK (failures >= 0),
    blocked_until TEXT NOT NULL CHECK (length(blocked_until) = 27),
    changed       TEXT NOT NULL CHECK (length(changed) = 27)
);

-- Who did what about access: appended to, never edited.
CREATE TABLE access_acts (
    act     BIGINT NOT NULL PRIMARY KEY,
    at      TEXT NOT NULL CHECK (length(at) = 27),
    actor   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    -- whom it is about; no foreign key, so that the record outlives the user
    user_id BIGINT,
    detail  TEXT NOT NULL,
    address TEXT NOT NULL
);
CREATE INDEX access_acts_of_user ON access_acts (user_id, act);

-- Who looked at whose data, where.
CREATE TABLE views (
    book     BIGINT NOT NULL,
    viewing  BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    user_id  BIGINT NOT NULL,
    at       TEXT NOT NULL CHECK (length(at) = 27),
    place    TEXT NOT NULL,
    PRIMARY KEY (book, viewing),
    FOREIGN KEY (book, customer) REFERENCES customers (book, customer)
);
CREATE INDEX views_of_customer ON views (book, customer, viewing);
CREATE INDEX views_by_user ON views (book, user_id, viewing);
