import { type AttemptStore, attemptStore } from './attempts';
import { type ChangeStore, changeStore } from './changes';
import { type OpenOptions, type OpenedDatabase, openDatabase } from './database';
import { type EvidenceStore, evidenceStore } from './evidence';
import { type ExperimentStore, experimentStore } from './experiments';
import { type FactStore, factStore } from './facts';
import { type HistoryStore, historyStore } from './history';
import { createJournal } from './journal';
import { type RunModelStore, runModelStore } from './loggedModels/links';
import { type LoggedModelMetricStore, loggedModelMetricStore } from './loggedModels/metrics';
import { type LoggedModelStore, loggedModelStore } from './loggedModels/models';
import { type LoggedModelSearchStore, loggedModelSearchStore } from './loggedModels/search';
import { type MetricStore, metricStore } from './metrics';
import { type PrintedStore, printedStore } from './printed';
import { type PrintedRuleStore, printedRuleStore } from './printedRules';
import { type PromotionStore, promotionStore } from './promotions';
import { type PurgeStore, purgeStore } from './purge';
import { type QueueStore, queueStore } from './queue';
import { type RegisteredModelStore, registeredModelStore } from './registry/models';
import { registryReader } from './registry/reader';
import { type RegistrySearchStore, registrySearchStore } from './registry/search';
import { type ModelVersionStore, modelVersionStore } from './registry/versions';
import { type RunStore, type RunStoreOptions, runStore } from './runs';
import { type RunTextStore, runTextStore } from './runTexts';
import { type SearchStore, searchStore } from './search/search';
import { type SeriesStore, seriesStore } from './series';
import type { RunFactStore } from './table/experimentFacts';
import { type TableStore, tableMemory, tableStore } from './table/table';
import { type AssessmentStore, assessmentStore } from './traces/assessments';
import { type TraceSearchStore, traceSearchStore } from './traces/search';
import { type TraceStore, traceStore } from './traces/traces';
import { type UsageStore, usageStore } from './usage';
import { type ViewStore, viewStore } from './views';

/** Whether a commit must survive a power cut ('full'), or only the end of the process ('normal': metrics). */
export type Durability = 'full' | 'normal';

/**
 * The store of one workspace folder. Every function is synchronous and short. Functions that write belong
 * inside `write`, which the ingest calls: nobody else writes.
 */
export interface Store
  extends
    ExperimentStore,
    RunStore,
    RunTextStore,
    FactStore,
    MetricStore,
    SeriesStore,
    HistoryStore,
    LoggedModelStore,
    LoggedModelMetricStore,
    LoggedModelSearchStore,
    RunModelStore,
    TraceStore,
    AssessmentStore,
    TraceSearchStore,
    AttemptStore,
    PrintedStore,
    PrintedRuleStore,
    EvidenceStore,
    PromotionStore,
    PurgeStore,
    QueueStore,
    RegisteredModelStore,
    ModelVersionStore,
    RegistrySearchStore,
    SearchStore,
    TableStore,
    RunFactStore,
    UsageStore,
    ViewStore,
    ChangeStore {
  readonly generation: string;
  readonly readOnly: string | null;
  readonly notices: readonly string[];
  /** Runs `work` in a transaction: all of it is written, or nothing when it throws. */
  write<T>(durability: Durability, work: () => T): T;
  /** Runs `work` inside a transaction that is open, so that its failure takes back its own part only. */
  part<T>(work: () => T): T;
  /** Empties the write-ahead log into the file; for idle moments. */
  checkpoint(): void;
  /** 'ok', or what SQLite found wrong. */
  integrity(): string;
  close(): void;
}

export type StoreOptions = OpenOptions & RunStoreOptions;

/** Opens the store's file; see `openDatabase` for what can go wrong. */
export function openStore(options: StoreOptions): Store {
  const opened = openDatabase(options);
  try {
    return storeOver(opened, options);
  } catch (error) {
    opened.db.close(); // Damage shows in the first reads of a file that was not checked: whoever asked tries again.
    throw error;
  }
}

function storeOver({ db, generation, readOnly, notices }: OpenedDatabase, options: StoreOptions): Store {
  const journal = createJournal(db);
  const experiments = experimentStore(db, journal);
  const runs = runStore(db, journal, options);
  const metrics = metricStore(db, journal);
  const loggedModels = loggedModelStore(db);
  const registry = registryReader(db);
  const table = tableMemory(db, journal);
  const transaction = db.transaction((work: () => unknown) => work());
  let durability: Durability = 'normal';

  function setDurability(wanted: Durability): void {
    if (wanted === durability) return;
    db.pragma(`synchronous = ${wanted}`); // Outside of a transaction only.
    durability = wanted;
  }

  return {
    ...experiments,
    ...runs,
    ...runTextStore(db),
    ...factStore(db, journal),
    ...metrics,
    ...printedStore(db, journal, metrics),
    ...printedRuleStore(db),
    ...seriesStore(db),
    ...historyStore(db),
    ...loggedModels,
    ...loggedModelMetricStore(db, loggedModels.loggedModelHead),
    ...loggedModelSearchStore(db),
    ...runModelStore(db, journal),
    ...traceStore(db),
    ...assessmentStore(db),
    ...traceSearchStore(db),
    ...attemptStore(db),
    ...evidenceStore(db, journal),
    ...promotionStore(db, journal),
    ...purgeStore(db, journal),
    ...queueStore(db, journal),
    ...registeredModelStore(db, registry),
    ...modelVersionStore(db, registry),
    ...registrySearchStore(db, registry),
    ...searchStore(db),
    ...tableStore(db, journal, table),
    ...usageStore(experiments, runs, table),
    ...viewStore(db, journal),
    ...changeStore(db, journal),
    generation,
    readOnly,
    notices,
    write<T>(wanted: Durability, work: () => T): T {
      setDurability(wanted);
      return transaction.immediate(work) as T;
    },
    part: <T>(work: () => T): T => transaction(work) as T,
    checkpoint: () => void db.pragma('wal_checkpoint(TRUNCATE)'),
    integrity: () => String(db.pragma('integrity_check(1)', { simple: true })),
    close: () => void db.close(),
  };
}
