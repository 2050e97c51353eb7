import tseslint from 'typescript-eslint';

/**
 * Who may import whom: a folder of src and the folders below it that it may use.
 * Arrows go down only; ARCHITECTURE.md draws the same table.
 */
const MAY_IMPORT = {
  base: [],
  model: ['base'],
  api: ['base', 'model'],
  platform: ['base', 'model', 'api'],
  code: ['base', 'model', 'api', 'platform'],
  printed: ['base', 'model'],
  store: ['base', 'model'],
  git: ['base', 'model', 'platform'],
  capture: ['base', 'model', 'platform', 'code', 'git'],
  executors: ['base', 'model', 'platform', 'code'],
  ingest: ['base', 'model', 'api', 'platform', 'code', 'store', 'capture'],
  queue: [
    'base',
    'model',
    'api',
    'platform',
    'code',
    'printed',
    'store',
    'ingest',
    'capture',
    'executors',
    'git',
  ],
  promotion: ['base', 'model', 'api', 'platform', 'code', 'store', 'ingest', 'capture', 'git'],
  runner: ['base', 'model', 'api', 'platform', 'printed'],
  tracking: [
    'base',
    'model',
    'api',
    'platform',
    'code',
    'printed',
    'store',
    'git',
    'capture',
    'executors',
    'ingest',
    'queue',
    'promotion',
  ],
  language: ['base', 'model', 'platform', 'code', 'api'],
  extension: ['base', 'model', 'platform', 'code', 'api', 'printed'],
  cli: ['base', 'model', 'platform', 'code', 'api'],
};

/** The one folder that may import a package that stands for a boundary. */
const OWNERS = {
  vscode: 'extension',
  'better-sqlite3': 'store',
  'vscode-languageserver': 'language',
  'vscode-languageclient': 'extension',
  'chart.js': 'webview/charts',
  child_process: 'platform',
};

const folders = Object.keys(MAY_IMPORT);

function packagesForbiddenIn(owner) {
  return Object.keys(OWNERS)
    .filter((name) => OWNERS[name] !== owner)
    .map((name) => ({
      regex: `^(node:)?${name}($|/)`,
      message: `Only ${OWNERS[name]} imports ${name}.`,
    }));
}

function boundaryOf(folder) {
  const forbidden = folders.filter((other) => other !== folder && !MAY_IMPORT[folder].includes(other));
  const patterns = packagesForbiddenIn(folder);
  if (forbidden.length > 0) {
    patterns.push({
      regex: `^(\\.\\./)+(${forbidden.join('|')})(/|$)`,
      message: `${folder} may import ${MAY_IMPORT[folder].join(', ') || 'nothing'} only.`,
    });
  }
  // Loading the whole zod costs each process 20 ms at its start; zod/mini has the same schemas as functions.
  patterns.push({ regex: '^zod$', message: 'Import zod/mini.' });
  patterns.push({ regex: 'webview/', message: 'Nothing in src imports a page.' });
  return {
    files: [`src/${folder}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      'dist',
      'out',
      '.vscode-test',
      '.cache',
      'test-results',
      'examples',
      '**/*.mjs',
      '**/*.mts',
      '**/*.cjs',
      '**/*.js',
    ],
  },
  {
    files: ['**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  ...folders.map(boundaryOf),
  {
    files: ['webview/**/*.ts'],
    ignores: ['webview/charts/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...packagesForbiddenIn('webview'),
            {
              regex: `^(\\.\\./)+src/(${folders.filter((f) => !['base', 'model', 'api'].includes(f)).join('|')})(/|$)`,
              message: 'A page knows base, model and api only.',
            },
          ],
        },
      ],
    },
  },
  { files: ['**/*.test.ts', 'test/**/*.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
);
