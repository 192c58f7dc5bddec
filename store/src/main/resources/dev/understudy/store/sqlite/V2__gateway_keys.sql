-- Keys that callers present, of which only digests are kept.
CREATE TABLE gateway_keys (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE, -- SHA-256, in hexadecimal
    hint TEXT NOT NULL, -- the end of the key
    name TEXT NOT NULL UNIQUE,
    limits TEXT NOT NULL, -- JSON
    made INTEGER NOT NULL,
    author TEXT NOT NULL,
    version INTEGER NOT NULL -- of all keys, when this one was last changed
) STRICT;

-- One row, which each change of a key increments: so that a gateway that shares the database sees that there is something to read.
CREATE TABLE gateway_keys_version (version INTEGER NOT NULL) STRICT;
INSERT INTO gateway_keys_version (version) VALUES (0);
