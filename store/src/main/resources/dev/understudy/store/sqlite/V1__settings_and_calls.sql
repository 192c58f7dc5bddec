-- Times are milliseconds since 1970, durations microseconds, costs picodollars.

CREATE TABLE settings (
    version INTEGER PRIMARY KEY,
    made INTEGER NOT NULL,
    author TEXT NOT NULL,
    note TEXT NOT NULL,
    changes TEXT NOT NULL, -- one a line
    layer TEXT NOT NULL
) STRICT;

-- seq orders calls by their ends. Every index ends with it, since it is the row's number.
CREATE TABLE calls (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    arrived INTEGER NOT NULL,
    caller TEXT NOT NULL,
    model TEXT NOT NULL,
    vocabulary TEXT NOT NULL,
    stream INTEGER NOT NULL,
    ending TEXT NOT NULL,
    status INTEGER NOT NULL,
    target TEXT NOT NULL,
    duration INTEGER NOT NULL,
    first_content INTEGER,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    cost INTEGER,
    added INTEGER, -- of rescued calls only
    trail TEXT NOT NULL -- JSON: an array for each step
) STRICT;

CREATE INDEX calls_by_model ON calls (model);
CREATE INDEX calls_by_caller ON calls (caller);
CREATE INDEX calls_by_target ON calls (target);
-- Nearly all calls are answered: to find those, no index is needed, and they pay for none.
CREATE INDEX calls_not_answered ON calls (ending) WHERE ending <> 'answered';
CREATE INDEX calls_rescued ON calls (seq, arrived, added) WHERE added IS NOT NULL;

-- Targets in the trail of a call besides the one that answered.
CREATE TABLE other_targets (
    target TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (target, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX other_targets_by_seq ON other_targets (seq);

-- Sums by the minute in which calls ended, counted since 1970.
CREATE TABLE minutes (
    minute INTEGER PRIMARY KEY,
    calls INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    rescued INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    broken_off INTEGER NOT NULL,
    caller_left INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cost INTEGER NOT NULL
) STRICT;

CREATE TABLE target_minutes (
    minute INTEGER NOT NULL,
    target TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (minute, target)
) STRICT, WITHOUT ROWID;
