/**
 * Points thinned beside the raw ones, so that a long series is drawn as soon as a short one. A block stands for points
 * of a metric that follow each other in the order of their key: 16 of them at level 0, four blocks of the level below
 * at each level above, and those that came late besides. It knows its first and its last point, its smallest and its
 * largest, and its last NaN. Only long series have blocks, and their newest points have none yet.
 */
export const sql = `
CREATE TABLE point_blocks (
  metric_key INTEGER NOT NULL REFERENCES metrics ON DELETE CASCADE,
  level INTEGER NOT NULL,
  step INTEGER NOT NULL,
  timestamp INTEGER NOT NULL,
  value REAL NOT NULL,
  is_nan INTEGER NOT NULL,
  end_step INTEGER NOT NULL,
  end_timestamp INTEGER NOT NULL,
  end_value REAL NOT NULL,
  end_is_nan INTEGER NOT NULL,
  count INTEGER NOT NULL,
  low_step INTEGER,
  low_timestamp INTEGER,
  low_value REAL,
  high_step INTEGER,
  high_timestamp INTEGER,
  high_value REAL,
  nan_step INTEGER,
  nan_timestamp INTEGER,
  PRIMARY KEY (metric_key, level, step, timestamp, value, is_nan)
) STRICT, WITHOUT ROWID;
`;
