-- Times are milliseconds since 1970, durations microseconds, costs picodollars.

CREATE TABLE settings (
    version BIGINT PRIMARY KEY,
    made BIGINT NOT NULL,
    author TEXT NOT NULL,
    note TEXT NOT NULL,
    changes TEXT NOT NULL, -- one a line
    layer TEXT NOT NULL
);

-- seq orders calls by their ends.
CREATE TABLE calls (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    arrived BIGINT NOT NULL,
    caller TEXT NOT NULL,
    model TEXT NOT NULL,
    vocabulary TEXT NOT NULL,
    stream BOOLEAN NOT NULL,
    ending TEXT NOT NULL,
    status INTEGER NOT NULL,
    target TEXT NOT NULL,
    duration BIGINT NOT NULL,
    first_content BIGINT,
    prompt_tokens BIGINT,
    completion_tokens BIGINT,
    cost BIGINT,
    added BIGINT, -- of rescued calls only
    trail TEXT NOT NULL -- JSON: an array for each step
);

CREATE INDEX calls_by_model ON calls (model, seq);
CREATE INDEX calls_by_caller ON calls (caller, seq);
CREATE INDEX calls_by_target ON calls (target, seq);
-- Nearly all calls are answered: to find those, no index is needed, and they pay for none.
CREATE INDEX calls_not_answered ON calls (ending, seq) WHERE ending <> 'answered';
CREATE INDEX calls_rescued ON calls (seq, arrived, added) WHERE added IS NOT NULL;

-- Targets in the trail of a call besides the one that answered.
CREATE TABLE other_targets (
    target TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (target, seq)
);

CREATE INDEX other_targets_by_seq ON other_targets (seq);

-- Sums by the minute in which calls ended, counted since 1970.
CREATE TABLE minutes (
    minute BIGINT PRIMARY KEY,
    calls BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    rescued BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    broken_off BIGINT NOT NULL,
    caller_left BIGINT NOT NULL,
    prompt_tokens BIGINT NOT NULL,
    completion_tokens BIGINT NOT NULL,
    cost BIGINT NOT NULL
);

CREATE TABLE target_minutes (
    minute BIGINT NOT NULL,
    target TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    prompt_tokens BIGINT NOT NULL,
    completion_tokens BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    PRIMARY KEY (minute, target)
);
