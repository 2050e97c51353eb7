// Stands in for window and server of the runs table: sorts, filters and groups in the page, with all of the language.
import { parseFilter } from '../../src/model/filterText';

/** Calls are noted in `calls`, the newest last. `delayMs` is how long the server takes. */
export function fakeTableHost(runs, { delayMs = 0 } = {}) {
  const calls = [];
  const orders = new Map();
  const columnValues = new Map();
  const state = { views: [], away: false, on: new Map(), name: 'Mine', stars: new Map() };

  function valuesOf(column) {
    const key = JSON.stringify(column);
    let known = columnValues.get(key);
    if (known === undefined) {
      known = Array.from({ length: runs.count }, (_, index) => runs.value(index, column));
      columnValues.set(key, known);
    }
    return known;
  }

  function fulfils(index, node) {
    switch (node.kind) {
      case 'all':
        return node.parts.every((part) => fulfils(index, part));
      case 'any':
        return node.parts.some((part) => fulfils(index, part));
      case 'not':
        return !fulfils(index, node.part);
      case 'word':
        return runs.name(index).includes(node.text);
      default:
        return test(value(index, node.name), node.test);
    }
  }
  function value(index, name) {
    if (name.kind === 'attribute' && name.name === 'name') return runs.name(index);
    const own = runs.value(index, name);
    return own === null && name.otherwise ? runs.value(index, { kind: 'metric', ...name.otherwise }) : own;
  }
  function test(cell, { kind, operator, number, text, texts, isIn, isThere }) {
    if (kind === 'there') return (cell !== null) === isThere;
    if (cell === null) return false;
    if (kind === 'number') {
      const own = Number(cell);
      return {
        '=': own === number,
        '!=': own !== number,
        '<': own < number,
        '<=': own <= number,
        '>': own > number,
        '>=': own >= number,
      }[operator];
    }
    if (kind === 'list') return texts.includes(String(cell)) === isIn;
    if (kind === 'text') {
      if (operator === '=') return String(cell) === text;
      if (operator === '!=') return String(cell) !== text;
      return String(cell).toLowerCase().includes(text.replaceAll('%', '').toLowerCase());
    }
    return true;
  }

  /** Numbers before texts before nothing, in both directions. */
  function compare(a, b, descending) {
    const [x, y] = [rank(a), rank(b)];
    if (x !== y) return x - y;
    if (x === 2) return 0;
    const order = x === 0 ? Number(a) - Number(b) : String(a) < String(b) ? -1 : Number(a !== b);
    return descending ? -order : order;
  }
  const rank = (cell) => (cell === null ? 2 : Number.isNaN(Number(cell)) ? 1 : 0);

  function orderOf({ filter, sort }) {
    const key = JSON.stringify([filter, sort]);
    let known = orders.get(key);
    if (known === undefined) {
      const node = filter === '' ? null : parseFilter(filter, Date.now());
      known = [];
      for (let index = 0; index < runs.count; index += 1)
        if (node === null || fulfils(index, node)) known.push(index);
      const keys = sort.map(({ column, descending }) => ({ values: valuesOf(column), descending }));
      if (keys.length > 0) {
        known.sort((a, b) => {
          for (const { values, descending } of keys) {
            const order = compare(values[a], values[b], descending);
            if (order !== 0) return order;
          }
          return a - b;
        });
      }
      orders.set(key, known);
    }
    return known;
  }

  function rowsOf(query) {
    const order = orderOf(query);
    if (query.groupBy === null)
      return { runCount: order.length, rowCount: order.length, at: (n) => order[n] };
    const groups = new Map();
    for (const index of order) {
      const key = String(runs.value(index, query.groupBy) ?? '');
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(index);
    }
    const rows = [...groups].flatMap(([key, own]) => {
      const isFolded = query.folded.includes(key);
      return [{ key, own, isFolded }, ...(isFolded ? [] : own)];
    });
    return { runCount: order.length, rowCount: rows.length, at: (n) => rows[n] };
  }

  function groupRow({ key, own, isFolded }, columns) {
    return {
      ...{ kind: 'group', value: key, runCount: own.length, isFolded },
      seedCount: new Set(own.map((index) => runs.value(index, { kind: 'param', name: 'seed' }))).size,
      cells: columns.map((column) => {
        const all = own.map((index) => runs.value(index, column)).filter((cell) => cell !== null);
        if (all.length > 0 && new Set(all).size === 1 && column.kind === 'param')
          return { kind: 'same', text: String(all[0]) };
        const numbers = all.map(Number).filter(Number.isFinite);
        if (numbers.length === 0) return { kind: 'none' };
        const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
        const square = numbers.reduce((sum, one) => sum + (one - mean) ** 2, 0);
        return {
          ...{ kind: 'numbers', mean, count: numbers.length },
          deviation: numbers.length < 2 ? null : Math.sqrt(square / (numbers.length - 1)),
          ...{ min: Math.min(...numbers), max: Math.max(...numbers) },
        };
      }),
    };
  }

  // Made at once: what a server takes for it is not the page's.
  const listed = runs.columns.map((column) => {
    const sample = Array.from({ length: Math.min(runs.count, 200) }, (_, index) => runs.value(index, column));
    const there = sample.filter((cell) => cell !== null);
    const numbers = there.map(Number).filter(Number.isFinite);
    return {
      ...{ column, runCount: there.length, differs: new Set(there).size > 1 },
      isNumeric: there.every((cell) => !Number.isNaN(Number(cell)) || cell === 'NaN'),
      min: numbers.length === 0 ? null : Math.min(...numbers),
      max: numbers.length === 0 ? null : Math.max(...numbers),
    };
  });

  const methods = {
    readTable: ({ query, columns, from, count }) => {
      if (state.away) throw new Error('The tracking server does not answer. It is being started again.');
      const rows = rowsOf(query);
      const found = [];
      for (let n = from; n < Math.min(rows.rowCount, from + count); n += 1) {
        const row = rows.at(n);
        if (typeof row !== 'number') found.push(groupRow(row, columns));
        else {
          const run = runs.run(row, columns);
          found.push({ ...run, starred: state.stars.get(run.runId) ?? run.starred });
        }
      }
      return {
        from,
        rows: found,
        rowCount: rows.rowCount,
        runCount: rows.runCount,
        allCount: runs.count,
        seq: 1,
      };
    },
    listColumns: () => ({ columns: listed }),
    listValues: ({ column, containing, limit }) => {
      const counts = new Map();
      for (let index = 0; index < runs.count; index += 1) {
        const cell = runs.value(index, column);
        if (cell !== null && String(cell).includes(containing))
          counts.set(String(cell), (counts.get(String(cell)) ?? 0) + 1);
      }
      const values = [...counts].sort((a, b) => b[1] - a[1]).slice(0, limit);
      return { values: values.map(([text, runCount]) => ({ text, runCount })) };
    },
    findRow: ({ query, runId }) => {
      const rows = rowsOf(query);
      for (let n = 0; n < rows.rowCount; n += 1) if (rows.at(n) === runs.indexOf(runId)) return { index: n };
      return { index: null };
    },
    listRunIds: ({ query, limit }) => ({ runIds: orderOf(query).slice(0, limit).map(runs.id) }),
    setOn: ({ runIds, on }) => {
      for (const runId of runIds) {
        if (!on) state.on.delete(runId);
        else if (!state.on.has(runId)) {
          const used = new Set(state.on.values());
          let slot = 1;
          while (used.has(slot)) slot += 1;
          state.on.set(runId, slot);
        }
      }
      host.recoloured();
    },
    setStar: ({ runIds, starred }) => {
      for (const runId of runIds) state.stars.set(runId, starred);
      host.changed();
    },
    askName: () => state.name,
    saveView: (view) => {
      state.views = [...state.views.filter(({ name }) => name !== view.name), view];
      return { views: state.views };
    },
    renameView: ({ name, to }) => {
      state.views = state.views.map((view) => (view.name === name ? { ...view, name: to } : view));
      return { views: state.views };
    },
    deleteView: ({ name }) => {
      state.views = state.views.filter((view) => view.name !== name);
      return { views: state.views };
    },
  };

  const host = { recoloured: () => {}, changed: () => {} };
  const call = (method) => async (request) => {
    calls.push({ method, request });
    if (calls.length > 5000) calls.splice(0, 1000);
    if (delayMs > 0) await new Promise((done) => setTimeout(done, delayMs));
    return methods[method]?.(request);
  };
  const names =
    'readTable listColumns listValues findRow listRunIds setOn setStar setArchived editTags openRun act run saveView renameView deleteView askName shareViews exportRuns copy'.split(
      ' ',
    );
  return {
    ...{ calls, state, events: host },
    host: Object.fromEntries(names.map((name) => [name, call(name)])),
    forgetAll: () => {
      orders.clear();
      columnValues.clear();
    },
  };
}
