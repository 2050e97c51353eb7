// What runs log as files, by the names that mlflow gives them.
const text = (value) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const LABELS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

function curve(power) {
  const fpr = Array.from({ length: 41 }, (_, index) => (index / 40) ** 2);
  return {
    columns: ['fpr', 'tpr', 'thresholds'],
    data: fpr.map((x, index) => [x, x ** power, index === 0 ? null : 1 - x]),
  };
}

function matrix(share) {
  return LABELS.map((_, row) =>
    LABELS.map((__, column) =>
      row === column
        ? Math.round(36 * share)
        : (row * 7 + column * 3) % 11 === 0
          ? 1 + ((row + column) % 4)
          : 0,
    ),
  );
}

async function picture(step, run) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 96;
  const ctx = canvas.getContext('2d');
  for (let y = 0; y < 8; y += 1) {
    for (let x = 0; x < 8; x += 1) {
      const on = Math.hypot(x - 3.5, (y - 3.5) * 0.8) < 3.4 && Math.hypot(x - 3.5, (y - 3.5) * 0.8) > 1.6;
      const noise = ((x * 31 + y * 17 + run * 7) % 13) / 13;
      const sharp = Math.min(1, step / 40);
      const value = Math.round(255 * (on ? sharp + (1 - sharp) * noise : (1 - sharp) * noise));
      ctx.fillStyle = `rgb(${value},${value},${value})`;
      ctx.fillRect(x * 12, y * 12, 12, 12);
    }
  }
  const blob = await new Promise((resolve) => canvas.toBlob(resolve));
  return new Uint8Array(await blob.arrayBuffer());
}

/** Stands in for the window's listArtifacts and readArtifact. */
export function artifactsOf(runs) {
  const files = (runId) => {
    const index = Math.max(
      0,
      runs.findIndex((run) => run.runId === runId),
    );
    const made = {
      'confusion_matrix.json': () => text({ labels: LABELS, matrix: matrix(1 - index * 0.05) }),
      'roc_curve.json': () => text(curve(0.05 + index * 0.04)),
      'pr_curve.csv': () => text('precision,recall\n0.5,1\n0.8,0.9\n0.95,0.7\n1,0\n'),
      'histograms.json': () => text(histograms(index)),
    };
    if (index === 5) delete made['roc_curve.json'];
    for (const step of index === 2 ? [0, 10] : [0, 10, 20, 30, 40]) {
      made[
        `images/samples~grid+step+${step}+timestamp+17955813820${step}+fd84ec63-1ee1-46f5-981c-580d5b9fac2${index}.png`
      ] = () => picture(step, index);
    }
    return made;
  };
  return {
    async listArtifacts({ runId, folder }) {
      const prefix = folder === '' ? '' : `${folder}/`;
      const entries = new Map();
      for (const name of Object.keys(files(runId))) {
        if (!name.startsWith(prefix)) continue;
        const [first, ...rest] = name.slice(prefix.length).split('/');
        entries.set(first, { name: first, isFolder: rest.length > 0, sizeBytes: 100 });
      }
      return { entries: [...entries.values()], hasMore: false };
    },
    async readArtifact({ runId, path }) {
      const made = files(runId)[path];
      return made === undefined ? { bytes: null, sizeBytes: 0 } : { bytes: await made(), sizeBytes: 100 };
    },
  };
}

function histograms(run) {
  return Array.from({ length: 12 }, (_, index) => {
    const width = 0.6 - index * 0.03;
    const middle = index * 0.05 + run * 0.05;
    const edges = Array.from({ length: 31 }, (__, edge) => -1.5 + edge * 0.1);
    const counts = edges
      .slice(1)
      .map((edge) => Math.round(200 * Math.exp(-(((edge - 0.05 - middle) / width) ** 2))));
    return { step: index * 10, bin_edges: edges, counts };
  });
}
