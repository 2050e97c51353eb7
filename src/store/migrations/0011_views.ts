/** How people left an experiment's page: columns, filter, order and charts as JSON, under a name. */
export const sql = `
CREATE TABLE views (
  experiment_id INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  definition TEXT NOT NULL,
  PRIMARY KEY (experiment_id, name)
) STRICT, WITHOUT ROWID;
`;
