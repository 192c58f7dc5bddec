-- Changes of targets' health. A change without a target concerns all of them.
CREATE TABLE health (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    target TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE INDEX health_by_time ON health (at);
