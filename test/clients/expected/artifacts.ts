import type { Expectation } from '.';

export const artifacts: Readonly<Record<string, Expectation>> = {
  files: {
    facts: {
      top: [
        ['a folder', true, null],
        ['all', true, null],
        ['empty.txt', false, 0],
        ['texts', true, null],
        ['x.json', false, 46],
        ['x.yaml', false, 5],
      ],
      all: [
        ['all/big.bin', false, 10_240_000],
        ['all/deep', true, null],
        ['all/empty.txt', false, 0],
      ],
      odd: ['100% & more.txt', 'a b+c.txt', 'grüße 🎈.txt', "x=y;z,'quoted'.txt"],
      own: [['a folder/of its own/empty.txt', false, 0]],
      'of a file': [],
      nothing: [],
      texts: true,
      one: 'text of a b+c.txt',
      empty: 0,
      big: true,
      overwritten: 'hello again',
      dict: { x: [1, null, 'ü'] },
      there: [true, false],
    },
  },
  pictures: { facts: { figure: '89504e47', image: true } },
  image_steps: { since: '2.11.0', facts: { png: 3, webp: 3, tag: 'True', size: [[8, 8]] } },
  tables: {
    facts: {
      rows: [
        ['a', 1],
        ['b', 2],
        ['ü', 3],
      ],
      run: true,
      tag: '[{"path": "answers.json", "type": "table"}]',
    },
  },
};
