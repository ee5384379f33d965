-- Reference data, shared by all sellers: products, prices, tax rates, exchange rates. A changed price is a new row.

CREATE TABLE products (
    product      BIGINT NOT NULL PRIMARY KEY,
    sku          TEXT NOT NULL UNIQUE,
    name_de      TEXT NOT NULL,
    name_en      TEXT NOT NULL,
    -- code of UN/ECE Recommendation 20
    unit         TEXT NOT NULL,
    tax_category TEXT NOT NULL,
    -- a service is taxed where the customer is: AE instead of K within the EU
    service      BIGINT NOT NULL CHECK (service IN (0, 1)),
    recorded     TEXT NOT NULL CHECK (length(recorded) = 27)
);

CREATE TABLE prices (
    price      BIGINT NOT NULL PRIMARY KEY,
    price_list TEXT NOT NULL,
    sku        TEXT NOT NULL,
    currency   TEXT NOT NULL CHECK (length(currency) = 3),
    -- ×10^6
    min_qty    BIGINT NOT NULL CHECK (min_qty >= 0),
    -- ×10^10
    unit_price BIGINT NOT NULL,
    valid_from TEXT NOT NULL CHECK (length(valid_from) = 10),
    recorded   TEXT NOT NULL CHECK (length(recorded) = 27),
    UNIQUE (price_list, sku, currency, valid_from, min_qty)
);

CREATE TABLE tax_rates (
    tax_rate     BIGINT NOT NULL PRIMARY KEY,
    country      TEXT NOT NULL CHECK (length(country) = 2),
    state        TEXT NOT NULL,
    tax_category TEXT NOT NULL,
    -- UNCL 5305: S, Z, E, AE, K, G, O
    vat_category TEXT NOT NULL,
    -- ×10^8
    rate         BIGINT NOT NULL CHECK (rate >= 0),
    valid_from   TEXT NOT NULL CHECK (length(valid_from) = 10),
    recorded     TEXT NOT NULL CHECK (length(recorded) = 27),
    UNIQUE (country, state, tax_category, valid_from)
);

CREATE TABLE exchange_rates (
    currency      TEXT NOT NULL CHECK (length(currency) = 3),
    home_currency TEXT NOT NULL CHECK (length(home_currency) = 3),
    day           TEXT NOT NULL CHECK (length(day) = 10),
    -- units of the home currency for one of the other, ×10^10
    rate          BIGINT NOT NULL CHECK (rate > 0),
    source        TEXT NOT NULL,
    recorded      TEXT NOT NULL CHECK (length(recorded) = 27),
    PRIMARY KEY (currency, home_currency, day)
);

-- How a policy reads from a day on, as JSON; a changed policy is a new row. book 0 is every seller.
CREATE TABLE policies (
    policy     BIGINT NOT NULL PRIMARY KEY,
    kind       TEXT NOT NULL,
    seller     TEXT NOT NULL,
    valid_from TEXT NOT NULL CHECK (length(valid_from) = 10),
    content    TEXT NOT NULL,
    recorded   TEXT NOT NULL CHECK (length(recorded) = 27)
);

-- The rules by which amounts are found, each version for ever: a trace names them.
CREATE TABLE rule_versions (
    rule    TEXT NOT NULL,
    version BIGINT NOT NULL,
    words   TEXT NOT NULL,
    PRIMARY KEY (rule, version)
);
