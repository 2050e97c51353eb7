import { expect, test } from 'vitest';
import { artifactKind, imageType, modelFlavours } from './artifactKind';

test.each([
  ['a.png', 'image'],
  ['A.JPG', 'image'],
  ['x.csv', 'table'],
  ['x.tar.gz', 'other'],
  ['MLmodel', 'text'],
  ['page.html', 'html'],
  ['constructor', 'other'],
  ['x.constructor', 'other'],
  ['x.__proto__', 'other'],
])('%s is %s', (name, kind) => expect(artifactKind(name)).toBe(kind));

test('a picture has its media type', () => {
  expect(imageType('a.svg')).toBe('image/svg+xml');
  expect(imageType('a.jpg')).toBe('image/jpeg');
  expect(imageType('a.txt')).toBeNull();
});

test('an MLmodel file names its libraries', () => {
  const text =
    'artifact_path: model\nflavors:\n  python_function:\n    loader_module: x\n    env:\n      conda: c\n  sklearn:\n    code: null\nmlflow_version: 3\n';
  expect(modelFlavours(text)).toEqual(['scikit-learn']);
  expect(modelFlavours('flavors:\n  python_function:\n    x: 1\n')).toEqual(['python_function']);
  expect(modelFlavours('nothing: here')).toEqual([]);
});
