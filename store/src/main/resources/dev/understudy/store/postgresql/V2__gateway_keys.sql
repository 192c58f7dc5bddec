-- Keys that callers present, of which only digests are kept.
CREATE TABLE gateway_keys (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE, -- SHA-256, in hexadecimal
    hint TEXT NOT NULL, -- the end of the key
    name TEXT NOT NULL UNIQUE,
    limits TEXT NOT NULL, -- JSON
    made BIGINT NOT NULL,
    author TEXT NOT NULL,
    version BIGINT NOT NULL -- of all keys, when this one was last changed
);

-- One row, which each change of a key increments: so that a gateway that shares the database sees that there is something to read.
CREATE TABLE gateway_keys_version (version BIGINT NOT NULL);
INSERT INTO gateway_keys_version (version) VALUES (0);
