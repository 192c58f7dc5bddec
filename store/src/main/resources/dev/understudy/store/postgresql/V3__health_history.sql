-- Changes of targets' health. A change without a target concerns all of them.
CREATE TABLE health (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    target TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL
);

CREATE INDEX health_by_time ON health (at);
