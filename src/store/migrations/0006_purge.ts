/**
 * What is being purged: such a run is no longer there for anybody, while its points go bit by bit so that clients
 * do not wait. A server that ended in the middle goes on at its next start.
 */
export const sql = `
ALTER TABLE runs ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
CREATE INDEX runs_purged ON runs (purged) WHERE purged = 1;
CREATE INDEX runs_deleted ON runs (deleted_at) WHERE deleted_at IS NOT NULL;
`;
