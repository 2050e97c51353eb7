import type { Attribute, Column, MetricFacet } from '../../src/model/table';
import { t } from '../ui/l10n';

/** A column's heading. */
export function columnTitle(column: Column): string {
  return column.kind === 'attribute' ? attributeWord(column.name) : column.name;
}

/** The second line of its heading: which value it has, or what it is. */
export function columnSubtitle(column: Column): string {
  switch (column.kind) {
    case 'metric':
      return facetWord(column.of);
    case 'param':
      return t('param');
    case 'tag':
      return t('tag');
    case 'attribute':
      return '';
  }
}

/** A column in a sentence: `val_loss, last`. */
export function columnWord(column: Column): string {
  const subtitle = column.kind === 'metric' ? columnSubtitle(column) : '';
  return subtitle === '' ? columnTitle(column) : `${columnTitle(column)}, ${subtitle}`;
}

export function facetWord(of: MetricFacet): string {
  switch (of) {
    case 'last':
      return t('last');
    case 'best':
      return t('best');
    case 'min':
      return t('min');
    case 'max':
      return t('max');
    case 'first':
      return t('first');
    case 'count':
      return t('points');
    case 'lastStep':
      return t('last step');
  }
}

export function attributeWord(name: Attribute): string {
  switch (name) {
    case 'state':
      return t('state');
    case 'started':
      return t('started');
    case 'ended':
      return t('ended');
    case 'duration':
      return t('duration');
    case 'cost':
      return t('cost');
    case 'energy':
      return t('energy');
    case 'branch':
      return t('branch');
    case 'commit':
      return t('commit');
    case 'dirty':
      return t('changed files');
    case 'data':
      return t('data');
    case 'user':
      return t('user');
    case 'script':
      return t('script');
    case 'note':
      return t('note');
  }
}
