-- What callers sent and received, of gateways that are configured to keep it; without what was redacted. A column with bytes has
-- the length of the whole, of which the text may be the beginning.
CREATE TABLE call_contents (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, -- of the call
    arrived INTEGER NOT NULL,
    sent_type TEXT NOT NULL,
    sent TEXT NOT NULL,
    sent_bytes INTEGER NOT NULL,
    sent_cut INTEGER NOT NULL,
    received_type TEXT NOT NULL,
    received TEXT NOT NULL,
    received_bytes INTEGER NOT NULL,
    received_cut INTEGER NOT NULL
) STRICT;
