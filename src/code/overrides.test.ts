import { describe, expect, test } from 'vitest';
import { UserError } from '../base/errors';
import { buildOverrides, effectiveParams } from './overrides';
import { type ScriptFiles, readScriptParams } from './params';
import { renderCommand } from './shellLine';

const among = (texts: Readonly<Record<string, string>>): ScriptFiles => ({
  read: (path) => Promise.resolve(texts[path] ?? null),
});

async function overriding(texts: Readonly<Record<string, string>>, values: Readonly<Record<string, string>>) {
  const files = among(texts);
  const { specs } = await readScriptParams('train.py', files);
  return buildOverrides(specs, values, files);
}

const LOADS =
  'import yaml\nc = yaml.safe_load(open("c.yaml"))\nimport json\nd = json.load(open("c.json"))\nimport tomllib\nt = tomllib.load(open("c.toml", "rb"))\n';

describe('a value of a file', () => {
  const expectEdit = (file: string, before: string, values: Record<string, string>) =>
    expect(
      overriding({ 'train.py': LOADS, [file]: before }, values).then(({ edits }) =>
        edits.map(({ content }) => content),
      ),
    ).resolves;

  test.each([
    [
      'c.yaml',
      '# top\na: 1  # one\nb:\n  c: 0.1\n',
      { 'b.c': '1e-5' },
      '# top\na: 1  # one\nb:\n  c: 1.0e-05\n',
    ],
    [
      'c.yaml',
      'a: "x" # one\r\nb: y\r\n',
      { a: 'it\'s "z"', b: 'yes' },
      'a: "it\'s \\"z\\"" # one\r\nb: "yes"\r\n',
    ],
    ['c.yaml', "a: 'x'\n", { a: "it's" }, "a: 'it''s'\n"],
    ['c.yaml', 'a: x\n', { a: '12' }, 'a: "12"\n'],
    ['c.yaml', 'a: null\nb:\nc: ~\n', { a: '0.5', b: 'x', c: '7' }, 'a: 0.5\nb: x\nc: 7\n'],
    ['c.yaml', 'a:\n- 1\n- 2 # two\n\n# end\nb: 3\n', { a: '4 5' }, 'a: [4, 5] # two\n\n# end\nb: 3\n'],
    ['c.yaml', '{a: 1, b: [x, y]}\n', { a: '2', b: '"p q" r' }, '{a: 2, b: [p q, r]}\n'],
    ['c.yaml', '\ufeffa: 1\nb: 2\n', { a: '3' }, '\ufeffa: 3\nb: 2\n'],
    ['c.json', '\ufeff{"a": 1}', { a: '3' }, '\ufeff{"a": 3}'],
    ['c.toml', '\ufeffa = 1\n', { a: '3' }, '\ufeffa = 3\n'],
    ['c.yaml', 'a: true\n', { a: 'no' }, 'a: false\n'],
    ['c.json', '{"a": 1, "b": {"c": "x"}}', { a: '2', 'b.c': 'y"' }, '{"a": 2, "b": {"c": "y\\""}}'],
    ['c.json', '{\n\t"a": 0.1,\n\t"b": [1, 2]\n}\n', { a: '1', b: '[3]' }, '{\n\t"a": 1.0,\n\t"b": [3]\n}\n'],
    ['c.json', '// why\n{"a": null, "b": true}', { a: '5', b: 'false' }, '// why\n{"a": 5, "b": false}'],
    [
      'c.toml',
      'a = 1 # one\n[b."c d"]\ne = \'x\'\n',
      { a: '2', 'b.c d.e': "it's" },
      'a = 2 # one\n[b."c d"]\ne = "it\'s"\n',
    ],
    [
      'c.toml',
      'a = { b = 0.1, c = [1, 2] }\nd.e = true\n',
      { 'a.b': '0.2', 'a.c': '3', 'd.e': 'off' },
      'a = { b = 0.2, c = [3] }\nd.e = false\n',
    ],
  ])('in %s, %j with %j', (file, before, values, after) =>
    expectEdit(file, before, values as unknown as Record<string, string>).toEqual([after]),
  );

  test.each([
    ['c.yaml', 'a: &x 1\nb: *x\nc: !!str 1\nd: |\n  long\ne: [1, [2]]\n<<: {f: 1}\n'],
    ['c.yaml', 'a: 1\n---\na: 2\n'],
    ['c.yaml', 'a: [\n'],
    ['c.json', '{"a": [{"b": 1}], "c": [1, "x"]}'],
    ['c.json', '{"a": 1'],
    ['c.toml', 'a = 2024-01-01\nb = """x"""\n[[c]]\nd = 1\n'],
    ['c.toml', 'a = \n'],
  ])('of %s in %j that cannot be typed is no param', async (file, text) => {
    const { specs } = await readScriptParams('train.py', among({ 'train.py': LOADS, [file]: text }));
    expect(specs).toEqual([]);
  });

  test('that a program writes is no config', async () => {
    const script =
      'json.dump(m, open("c.json", "w"))\nPath("c.json").write_text("")\npd.read_json("c.json")\nwith open("c.json", mode="w") as f: pass\n';
    const { specs } = await readScriptParams('train.py', among({ 'train.py': script, 'c.json': '{"a": 1}' }));
    expect(specs).toEqual([]);
  });

  test('goes into the config that the flag names', async () => {
    const script =
      'import argparse\np = argparse.ArgumentParser()\np.add_argument("--config", default="c.yaml")\n';
    const overrides = await overriding(
      { 'train.py': script, 'c.yaml': 'a: 1\n', 'other.yaml': 'b: 2\na: 3\n' },
      { config: 'other.yaml', a: '5' },
    );
    expect(overrides).toMatchObject({
      args: ['--config', 'other.yaml'],
      edits: [{ path: 'other.yaml', content: 'b: 2\na: 5\n' }],
    });
  });

  test('that is gone since is said', async () => {
    const { specs } = await readScriptParams('train.py', among({ 'train.py': LOADS, 'c.yaml': 'a: 1\n' }));
    const edit = (text: string | null) =>
      buildOverrides(specs, { a: '2' }, { read: () => Promise.resolve(text) });
    await expect(edit('b: 1\n')).rejects.toThrow(UserError);
    await expect(edit('a: 1\nb: \ufffd\n')).rejects.toThrow('c.yaml is not in UTF-8');
    await expect(edit(null)).rejects.toThrow('c.yaml cannot be read.');
  });

  test('with a flag of the same name is set by the flag alone', async () => {
    const script = `${LOADS}import argparse\np = argparse.ArgumentParser()\np.add_argument("--lr", type=float)\nLR = 1\n`;
    expect(await overriding({ 'train.py': script, 'c.yaml': 'lr: 0.1\n' }, { lr: '0.2' })).toEqual({
      args: ['--lr', '0.2'],
      variables: {},
      edits: [],
    });
  });
});

describe('a constant', () => {
  test.each([
    ['\ufeffLR = 0.1\n', { LR: '0.2' }, '\ufeffLR = 0.2\n'],
    ['LR = 1e-3  # rate\n', { LR: '0.01' }, 'LR = 0.01  # rate\n'],
    ["NAME = 'a'\n", { NAME: `it's "b"\\` }, `NAME = 'it\\'s "b"\\\\'\n`],
    ['SEED = None\n', { SEED: '7' }, 'SEED = 7\n'],
    ['HIDDEN = (1, 2)\n', { HIDDEN: '3' }, 'HIDDEN = (3,)\n'],
    ['HIDDEN = [\n    1,\n    2,\n]\n', { HIDDEN: '[3, 4]' }, 'HIDDEN = [3, 4]\n'],
    ['ON: bool = True\n', { ON: 'no' }, 'ON: bool = False\n'],
    ['LR = 0.1; EPOCHS = 1\n', { LR: '0.2', EPOCHS: '007' }, 'LR = 0.2; EPOCHS = 7\n'],
    ['class Config:\n    lr = -0.1\n', { lr: '0.3' }, 'class Config:\n    lr = 0.3\n'],
    ['args = SimpleNamespace(lr=0.1, seed=1)\n', { seed: '2' }, 'args = SimpleNamespace(lr=0.1, seed=2)\n'],
  ])('in %j with %j', async (source, values, changed) => {
    const { edits } = await overriding({ 'train.py': source }, values as unknown as Record<string, string>);
    expect(edits).toEqual([{ path: 'train.py', content: changed }]);
  });
});

describe('Hydra takes', () => {
  const script = 'import hydra\n@hydra.main(config_path=".", config_name="c")\ndef main(c): pass\n';
  const texts = { 'train.py': script, 'c.yaml': 'lr: 0.1\nname: a\nhidden: [1]\nnote: null\nneeded: ???\n' };
  test.each([
    [{ lr: '1e-3' }, ['lr=1e-3']],
    [{ name: 'b' }, ['name=b']],
    [{ name: '1' }, ["name='1'"]],
    [{ name: 'true' }, ["name='true'"]],
    [{ name: 'a b, c' }, ["name='a b, c'"]],
    [{ name: "it's" }, [String.raw`name='it\'s'`]],
    [{ name: 'a\\' }, [String.raw`name='a\\'`]],
    [{ name: 'a\\b c' }, [String.raw`name='a\b c'`]],
    [{ hidden: '2 3' }, ['hidden=[2,3]']],
    [{ note: 'None', needed: '5' }, ['note=null', 'needed=5']],
    [{ note: 'x y' }, ["note='x y'"]],
    [{ other: '1', 'model.new': 'a b' }, ['+other=1', "+model.new='a b'"]],
  ])('%j as %j', async (values, args) =>
    expect((await overriding(texts, values as unknown as Record<string, string>)).args).toEqual(args),
  );
});

test('a notebook has its parameters from the cell with the tag', async () => {
  const cell = (source: string, tags: readonly string[]) => ({
    cell_type: 'code',
    metadata: { tags },
    source: [source],
  });
  const text = JSON.stringify({
    cells: [
      cell('x = 1', []),
      cell('lr = 0.1  # type: float the rate\nepochs: int = 3\nname = "a"\nhidden = [1, 2]\nlast = None', [
        'parameters',
      ]),
    ],
  });
  const files = among({ 'n.ipynb': text });
  const { specs, sources } = await readScriptParams('n.ipynb', files);
  expect(sources).toEqual(['notebook']);
  expect(specs.map(({ name, type, defaultValue, help }) => [name, type, defaultValue, help])).toEqual([
    ['lr', 'float', '0.1', 'the rate'],
    ['epochs', 'int', '3', null],
    ['name', 'str', 'a', null],
    ['hidden', 'int', '1 2', null],
    ['last', 'str', null, null],
  ]);
  const overrides = await buildOverrides(specs, { lr: '1e-3', name: '5', hidden: '3 4', last: '2' }, files);
  expect(overrides).toEqual({
    args: [...['-p', 'lr', '0.001'], '-r', 'name', '5', '-y', '{"hidden":[3,4]}', '-p', 'last', '2'],
    variables: {},
    edits: [],
    parameters: { lr: 0.001, name: '5', hidden: [3, 4], last: 2 },
  });
});

test('the params of a run are what is given and the defaults of what is chosen', async () => {
  const { specs } = await readScriptParams(
    'train.py',
    among({ 'train.py': 'LR = 0.1\nSEED = None\nNAME = "a"' }),
  );
  expect(effectiveParams(specs, { NAME: 'b', LR: ' ' })).toEqual({ LR: '0.1', NAME: 'b' });
});

test('a command is shown as a shell takes it', () =>
  expect(
    renderCommand('python', 'train.py', {
      args: ['--name', "it's"],
      variables: { LR: '0.1', A: 'b c' },
      edits: [],
    }),
  ).toBe(String.raw`LR=0.1 A='b c' python train.py --name 'it'\''s'`));
